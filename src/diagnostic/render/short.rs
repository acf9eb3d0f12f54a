//! One line for each fault, as compilers tell editors: `web.yaml:12:5: error[E0612]: …`.

use super::{harmless, place::Place, word};
use crate::diagnostic::Diagnostic;
use crate::source::Sources;

pub fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    diagnostics.iter().map(|diagnostic| line(diagnostic, sources) + "\n").collect()
}

/// A fault without a place is told without one.
fn line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let message: Vec<&str> = diagnostic.message.split_whitespace().collect();
    let told = format!("{}[{}]: {}", word(diagnostic.severity), diagnostic.code, message.join(" "));
    let at = diagnostic.primary().map(|span| {
        let file = sources.file(span.file);
        let start = Place::of(file, span.range()).start;
        format!("{}:{}:{}: ", file.path, start.line, start.column)
    });
    harmless(&(at.unwrap_or_default() + &told)).replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::source::Span;

    #[test]
    fn a_fault_is_one_line_with_its_place_if_it_has_one() {
        let mut sources = Sources::default();
        let file = sources.add("a/b.yaml", "x: 1\ny: é z\n");
        let fault = Diagnostic::new(Code::UnknownKey, "two\nlines").at(Span::new(file, 11, 12), "").note("not told");
        let shown = render(&[fault, Diagnostic::new(Code::OpenRange, "nowhere")], &sources);
        assert_eq!(shown, "a/b.yaml:2:6: error[E0201]: two lines\nwarning[W0314]: nowhere\n");
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(render(&[], &Sources::default()), "");
    }
}
