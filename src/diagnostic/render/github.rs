//! Workflow commands, which GitHub shows beside the lines of a pull request (GitHub docs, "Workflow commands").
//!
//! Columns are only told of a fault that stays in one line: GitHub takes no others.

use super::place::Place;
use super::whole;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Sources, Span};

pub fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    diagnostics.iter().map(|diagnostic| command(diagnostic, sources) + "\n").collect()
}

fn command(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let name = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let at = diagnostic.primary().map_or(vec![], |span| place(span, sources));
    let title = ("title", format!("{}: {}", diagnostic.code, diagnostic.code.title()));
    let properties = at.into_iter().chain([title]);
    let properties: Vec<String> = properties.map(|(name, value)| format!("{name}={}", property(&value))).collect();
    format!("::{name} {}::{}", properties.join(","), data(&whole(diagnostic)))
}

fn place(span: Span, sources: &Sources) -> Vec<(&'static str, String)> {
    let file = sources.file(span.file);
    let Place { start, end, .. } = Place::of(file, span.range());
    let mut place =
        vec![("file", file.path.to_string()), ("line", start.line.to_string()), ("endLine", end.line.to_string())];
    if start.line == end.line {
        place.extend([("col", start.column.to_string()), ("endColumn", end.column.to_string())]);
    }
    place
}

/// What a line break or a percent sign would otherwise end.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn what_ends_a_command_or_a_property_is_escaped() {
        let mut sources = Sources::default();
        let file = sources.add("a,b:c%.yaml", "x: 1\nyy: 2\n");
        let fault = Diagnostic::new(Code::UnknownKey, "100 %, so:\r\nyes").at(Span::new(file, 5, 7), "").help("do");
        let expected = "::error file=a%2Cb%3Ac%25.yaml,line=2,endLine=2,col=1,endColumn=3,\
                        title=E0201%3A a key is not known here::100 %25, so:%0D%0Ayes%0Ahelp: do\n";
        assert_eq!(render(&[fault], &sources), expected);
    }

    #[test]
    fn several_lines_have_no_columns_and_no_place_has_neither() {
        let mut sources = Sources::default();
        let file = sources.add("a.yaml", "x:\n  y: 2\n");
        let faults = [
            Diagnostic::new(Code::OpenRange, "wide").at(Span::new(file, 0, 9), ""),
            Diagnostic::new(Code::UnservedNote, "nowhere"),
        ];
        let shown = render(&faults, &sources);
        let expected = "::warning file=a.yaml,line=1,endLine=2,title=W0314%3A the ranges of the cluster are not known::wide\n\
                        ::notice title=N0307%3A a component's wish falls away::nowhere\n";
        assert_eq!(shown, expected);
    }
}
