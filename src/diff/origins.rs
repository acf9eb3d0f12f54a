//! Where the input asks for what stands in a file.

use super::change::Place;
use crate::render::RenderedFile;
use crate::source::{Sources, Span};

/// The places of one file, by the byte from which on they hold.
#[derive(Debug, Clone, Default)]
pub struct Origins(Vec<(usize, Place)>);

impl Origins {
    pub fn of(file: &RenderedFile, sources: &Sources) -> Self {
        if let Some(source) = file.source {
            let at = |node: &crate::source::Node| {
                (node.span.range().start, place(Span { file: source, ..node.span }, sources))
            };
            return Self(file.documents.iter().filter_map(|node| Some((at(node).0, at(node).1?))).collect());
        }
        let starts = line_starts(&file.text);
        let found = file.parts.iter().filter_map(|part| {
            let start = starts.get(part.first_line.checked_sub(1)?)?;
            Some((*start, place(part.origin.place()?, sources)?))
        });
        Self(found.collect())
    }

    /// The last place before a span of the file.
    pub fn at(&self, span: Span) -> Option<Place> {
        let before = self.0.iter().rev().find(|(start, _)| *start <= span.range().start);
        before.or(self.0.first()).map(|(_, place)| place.clone())
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(breaks).collect()
}

fn place(span: Span, sources: &Sources) -> Option<Place> {
    let file = sources.get(span.file)?;
    let position = file.position(span.start);
    Some(Place { file: file.path.clone(), line: position.line, column: position.column })
}
