//! Diagnostics for people, drawn as rustc and cargo draw them.
//!
//! Only the lines between a fault's labels are handed to the drawing, so that a fault in a long file costs no more than
//! one in a short file.

use annotate_snippets::renderer::{DEFAULT_EMPHASIS_STYLE, Renderer};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Snippet};

use super::place::Place;
use super::summary::Count;
use super::{Style, harmless};
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::source::{FileId, Sources};

/// Wide enough for most lines, and the same on every terminal.
const WIDTH: usize = 120;

pub fn render(diagnostics: &[Diagnostic], sources: &Sources, style: Style) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let renderer = renderer.term_width(WIDTH);
    let drawn = diagnostics.iter().map(|diagnostic| renderer.render(&[group(diagnostic, sources)]) + "\n\n");
    without_trailing_blanks(&drawn.collect::<String>()) + &closing(diagnostics, style)
}

/// A text of several lines is drawn with an indent before its empty lines, too.
fn without_trailing_blanks(text: &str) -> String {
    text.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

fn closing(diagnostics: &[Diagnostic], style: Style) -> String {
    let count = emphasised(&Count::of(diagnostics).to_string(), style);
    let first = diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
    match first {
        Some(first) => format!("{count}\nfor more about an error: platformc explain {}\n", first.code),
        None => format!("{count}\n"),
    }
}

fn emphasised(text: &str, style: Style) -> String {
    match style {
        Style::Plain => text.to_owned(),
        Style::Coloured => format!("{DEFAULT_EMPHASIS_STYLE}{text}{DEFAULT_EMPHASIS_STYLE:#}"),
    }
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let title = level(diagnostic.severity).primary_title(harmless(&diagnostic.message)).id(diagnostic.code.as_str());
    let notes = diagnostic.notes.iter().map(|note| Level::NOTE.message(harmless(note)));
    let help = diagnostic.help.iter().map(|help| Level::HELP.message(harmless(help)));
    Group::with_title(title).elements(snippets(diagnostic, sources)).elements(notes).elements(help)
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// One snippet per file, the file of the first label first.
fn snippets<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Vec<Snippet<'a, Annotation<'a>>> {
    let mut files: Vec<FileId> = vec![];
    for label in &diagnostic.labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    files.into_iter().map(|file| snippet(file, &diagnostic.labels, sources)).collect()
}

fn snippet<'a>(id: FileId, labels: &'a [Label], sources: &'a Sources) -> Snippet<'a, Annotation<'a>> {
    let file = sources.file(id);
    let here = labels.iter().enumerate().filter(|(_, label)| label.span.file == id);
    let marks: Vec<(usize, &Label, Place)> =
        here.map(|(at, label)| (at, label, Place::of(file, label.span.range()))).collect();
    let window = window(&file.text, marks.iter().map(|(_, _, place)| place));
    let annotations = marks.into_iter().map(|(at, label, place)| {
        let kind = if at == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        let bytes = place.bytes.start - window.start..place.bytes.end - window.start;
        kind.span(bytes).label((!label.text.is_empty()).then(|| harmless(&label.text)))
    });
    Snippet::source(window.text).line_start(window.line).path(harmless(file.path.as_str())).annotations(annotations)
}

/// Whole lines of a text.
struct Window<'a> {
    /// The byte it starts at.
    start: usize,
    /// Its first line, from 1.
    line: usize,
    text: &'a str,
}

/// The lines that hold all of `places`.
fn window<'a, 'p>(text: &'a str, places: impl Iterator<Item = &'p Place> + Clone) -> Window<'a> {
    let first = places.clone().min_by_key(|place| place.bytes.start);
    let (start, line) = first.map_or((0, 1), |place| (place.line_start(text), place.start.line));
    let end = places.map(|place| place.line_end(text)).max().unwrap_or_default();
    Window { start, line, text: text.get(start..end).unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::source::Span;

    fn one(text: &str, diagnostic: impl FnOnce(FileId) -> Diagnostic) -> String {
        let mut sources = Sources::default();
        let file = sources.add("platform.yaml", text);
        let shown = render(&[diagnostic(file)], &sources, Style::Plain);
        shown.split("\n\n").next().unwrap().to_owned()
    }

    fn unknown(file: FileId, bytes: std::ops::Range<usize>) -> Diagnostic {
        Diagnostic::new(Code::UnknownKey, "`nmae` is not known here")
            .at(Span::new(file, bytes.start, bytes.end), "here")
    }

    #[test]
    fn a_fault_shows_its_line_the_reasons_and_the_way_out() {
        let shown = one("name: acme\n\n\n\nnmae: acme\n", |file| {
            unknown(file, 14..18)
                .at(Span::new(file, 0, 4), "the known one")
                .note("so it is")
                .help("did you mean `name`?")
        });
        let expected = "\
error[E0201]: `nmae` is not known here
 --> platform.yaml:5:1
  |
1 | name: acme
  | ---- the known one
...
5 | nmae: acme
  | ^^^^ here
  |
  = note: so it is
  = help: did you mean `name`?";
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_fault_in_two_files_starts_with_the_first_label() {
        let mut sources = Sources::default();
        let (first, second) = (sources.add("a.yaml", "a: b\n"), sources.add("b.yaml", "c: d\n"));
        let diagnostic = unknown(second, 3..4).at(Span::new(first, 0, 1), "because of this");
        let expected = "\
error[E0201]: `nmae` is not known here
 --> b.yaml:1:4
  |
1 | c: d
  |    ^ here
  |
 ::: a.yaml:1:1
  |
1 | a: b
  | - because of this

1 error
for more about an error: platformc explain E0201
";
        assert_eq!(render(&[diagnostic], &sources, Style::Plain), expected);
    }

    #[test]
    fn tabs_wide_characters_and_windows_lines_keep_the_carets_in_place() {
        let shown = one("\u{feff}\tx: 漢字 y\r\nb: c\r\n", |file| unknown(file, 14..15));
        let expected = "\
error[E0201]: `nmae` is not known here
 --> platform.yaml:1:8
  |
1 |     x: 漢字 y
  |             ^ here";
        assert_eq!(shown, expected);
    }

    #[test]
    fn the_end_of_a_file_is_shown_behind_its_last_line() {
        let shown = one("a:\n", |file| unknown(file, 3..3));
        assert_eq!(shown.lines().nth(1), Some(" --> platform.yaml:1:3"));
        assert_eq!(one("", |file| unknown(file, 0..0)).lines().nth(1), Some(" --> platform.yaml:1:1"));
    }

    #[test]
    fn a_long_line_is_cut_around_the_fault() {
        let text = format!("{}: y{}\n", "x".repeat(500), "z".repeat(500));
        let shown = one(&text, |file| unknown(file, 502..503));
        assert!(shown.lines().all(|line| line.chars().count() < 140), "{shown}");
        assert!(shown.contains("...") && shown.contains(": yz"), "{shown}");
    }

    #[test]
    fn only_coloured_diagnostics_have_colours_and_only_errors_the_hint() {
        let note = [Diagnostic::new(Code::UnservedNote, "it falls away")];
        let plain = render(&note, &Sources::default(), Style::Plain);
        assert_eq!(plain, "note[N0307]: it falls away\n\n1 note\n");
        assert!(render(&note, &Sources::default(), Style::Coloured).contains("\u{1b}[1m1 note\u{1b}[0m\n"));
    }

    #[test]
    fn a_help_of_several_lines_has_no_trailing_blanks() {
        let shown = one("", |_| Diagnostic::new(Code::UnknownKey, "so").help("write:\n\nname: acme"));
        assert!(shown.lines().all(|line| line == line.trim_end()), "{shown:?}");
    }

    #[test]
    fn a_message_cannot_command_the_terminal() {
        let shown = one("", |_| Diagnostic::new(Code::UnknownKey, "a \u{1b}[31m key"));
        assert_eq!(shown, "error[E0201]: a \u{fffd}[31m key");
    }
}
