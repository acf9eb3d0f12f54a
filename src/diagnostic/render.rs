//! Diagnostics as text: one file per format.
//!
//! Takes diagnostics in the order they are to be shown. Any text and any span gets an answer.

mod github;
mod human;
mod json;
mod place;
mod sarif;
mod short;
mod summary;

pub use self::sarif::uri;
use super::{Diagnostic, Severity};
use crate::source::Sources;

/// How diagnostics are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For people, as rustc and cargo draw them; on standard error.
    #[default]
    Human,
    /// One line for each, `file:line:column: error[E0201]: …`; this and all that follow on standard output.
    Short,
    /// For programs, as one JSON document.
    Json,
    /// For code scanners: SARIF 2.1.0.
    Sarif,
    /// For workflows on GitHub, which shows them beside the lines.
    Github,
}

/// Whether colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    #[default]
    Plain,
    Coloured,
}

/// All diagnostics as one text.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, format: Format, style: Style) -> String {
    match format {
        Format::Human => human::render(diagnostics, sources, style),
        Format::Short => short::render(diagnostics, sources),
        Format::Json => json::render(diagnostics, sources),
        Format::Sarif => sarif::render(diagnostics, sources),
        Format::Github => github::render(diagnostics, sources),
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// All that is said of a fault, but for what stands beside its places.
fn whole(diagnostic: &Diagnostic) -> String {
    let notes = diagnostic.notes.iter().map(|note| format!("\nnote: {note}"));
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    std::iter::once(diagnostic.message.clone()).chain(notes).chain(help).collect()
}

/// Some texts are drawn as they are (source lines are not), so what a terminal would obey is taken out of them here.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if obeyed(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Control characters, and those that turn the direction of writing.
fn obeyed(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostic::Code;
    use crate::source::{FileId, Span};

    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[a-z]{0,9}: [a-z]{0,9}",
            "\\PC{0,12}",
            Just("\t".to_owned()),
            Just("\r\n".to_owned()),
            Just("\n".to_owned()),
            Just("\r".to_owned()),
            Just("\u{feff}".to_owned()),
            Just("\u{1b}[31m\u{0}\u{7f}\u{85}\u{2028}\u{202e}".to_owned()),
            Just("漢字👩‍👩‍👧e\u{301}".to_owned()),
            "[ ]{0,40}",
            "[x]{0,300}",
        ];
        prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
    }

    /// Any pair of bytes, inside the text and far outside, the right way round and the wrong one.
    fn span() -> impl Strategy<Value = (u32, u32)> {
        let byte = prop_oneof![0_u32..40, 0_u32..400, Just(u32::MAX)];
        (byte.clone(), byte)
    }

    const ESCAPE: char = '\u{1b}';

    proptest! {
        #[test]
        fn any_text_and_any_span_can_be_shown(
            texts in prop::collection::vec(text(), 1..3),
            labels in prop::collection::vec((any::<prop::sample::Index>(), span(), text()), 0..5),
            message in text(),
        ) {
            let mut sources = Sources::default();
            let files: Vec<FileId> = texts.into_iter().map(|text| sources.add("platform.yaml", text)).collect();
            let mut diagnostic = Diagnostic::new(Code::UnknownKey, message.clone()).note(message.clone()).help(message);
            for (file, (start, end), text) in labels {
                diagnostic = diagnostic.at(Span { file: *file.get(&files), start, end }, text);
            }
            let diagnostics = [diagnostic];
            let plain = render(&diagnostics, &sources, Format::Human, Style::Plain);
            prop_assert!(plain.starts_with("error[E0201]"));
            prop_assert!(!plain.contains(ESCAPE));
            render(&diagnostics, &sources, Format::Human, Style::Coloured);
            for format in [Format::Json, Format::Sarif] {
                let json = render(&diagnostics, &sources, format, Style::Plain);
                prop_assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
            }
            for format in [Format::Short, Format::Github] {
                let shown = render(&diagnostics, &sources, format, Style::Plain);
                prop_assert_eq!(shown.matches(['\n', '\r']).count(), 1, "one line: {:?}", shown);
                prop_assert!(format == Format::Github || !shown.contains(ESCAPE));
            }
        }
    }
}
