//! YAML in: text → [`Node`] trees in which every key and value knows its bytes.
//!
//! Takes a text of any number of documents. Faults: E0102 (not YAML), E0103 (a key twice; the first value is kept), E0104
//! (tags, directives, merge keys, keys that are no text), E0105 (too large or too deep, aliases included). A document
//! whose syntax is broken, or that is too large, is left out; the others are given.
//!
//! A plain scalar is a boolean, number or null only where YAML 1.1 and 1.2 agree that it is (`read/plain.rs`). Manifests
//! are written for kubectl and read as it reads them (`read/kubectl.rs`): tags, directives and merge keys are taken, and of
//! two equal keys the last counts.
//! Only this file and those below it know the YAML crate. What the keys mean is not known here.

mod alias;
mod dialect;
mod fault;
mod key;
mod kubectl;
mod plain;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span as Place, StrInput, StructureStyle, Tag};
use indexmap::map::Entry as Slot;

use self::alias::Anchors;
use self::dialect::Dialect;
use self::key::{Key, bring, merge};
use super::node::{Entry, Map, Node, Value};
use super::span::{FileId, Span};
use crate::diagnostic::{Code, Diagnostic, Sink};

/// The documents of a text; faults E0102–E0105. A text with faults may give fewer documents, never a wrong one.
pub fn read(file: FileId, text: &str, sink: &mut Sink) -> Vec<Node> {
    read_as(Dialect::Plain, file, text, sink)
}

/// The same of manifests that people wrote, or tools for kubectl, YAML or JSON.
pub fn read_manifests(file: FileId, text: &str, sink: &mut Sink) -> Vec<Node> {
    // In JSON a tab may stand wherever a space may, and nowhere else.
    let is_json = text.trim_start_matches('\u{FEFF}').trim_ascii_start().starts_with('{');
    let text = if is_json { Cow::Owned(text.replace('\t', " ")) } else { Cow::Borrowed(text) };
    read_as(Dialect::Kubectl, file, &text, sink)
}

fn read_as(dialect: Dialect, file: FileId, text: &str, sink: &mut Sink) -> Vec<Node> {
    if let Some(fault) = dialect.too_large(file, text).or_else(|| fault::control_character(file, text)) {
        sink.push(fault);
        return vec![];
    }
    let parser = Parser::new_from_str_with_options(text, dialect.options());
    let tabs = text.contains('\t');
    Reader { parser, dialect, file, text, tabs, open: vec![], last: 0..0, anchors: Anchors::default(), sink }
        .documents()
}

const DEEPEST: usize = 100;

/// Why a document is given up.
enum Stop {
    Syntax(ScanError),
    /// The fault was pushed.
    Told,
    /// The events ended early, which the crate does not do.
    Ended,
}

struct Reader<'t, 's> {
    parser: Parser<'t, StrInput<'t>>,
    dialect: Dialect,
    file: FileId,
    text: &'t str,
    /// Whether the text holds a tab anywhere.
    tabs: bool,
    /// Where each open collection starts: what a syntax fault is seen against.
    open: Vec<std::ops::Range<usize>>,
    /// The scalar read last.
    last: std::ops::Range<usize>,
    anchors: Anchors,
    sink: &'s mut Sink,
}

impl<'t> Reader<'t, '_> {
    fn documents(mut self) -> Vec<Node> {
        let mut documents = vec![];
        loop {
            match self.document() {
                Ok(Some(node)) => documents.push(node),
                Ok(None) => return documents,
                Err(stop) => {
                    if !self.give_up(stop) {
                        return documents;
                    }
                }
            }
        }
    }

    /// The next document; none at the end of the text.
    fn document(&mut self) -> Result<Option<Node>, Stop> {
        loop {
            match self.next()? {
                (Event::DocumentStart(..), _) => break,
                (Event::StreamEnd, _) => return Ok(None),
                _ => {}
            }
        }
        self.anchors = Anchors::default();
        let (event, place) = self.next()?;
        let node = self.node(event, place)?;
        self.next()?;
        Ok(Some(node))
    }

    /// Says why a document ends here and goes to the next one; false where there is none.
    fn give_up(&mut self, stop: Stop) -> bool {
        match stop {
            Stop::Syntax(error) => {
                let at = error.marker().byte_offset().unwrap_or(0);
                if self.was_told(at) {
                    return self.go_on();
                }
                let seen = fault::Seen { file: self.file, text: self.text, open: &self.open, last: self.last.clone() };
                self.sink.push(fault::syntax(error.kind(), at, &seen));
            }
            Stop::Told => {}
            Stop::Ended => return false,
        }
        self.go_on()
    }

    /// Whether the line of a syntax fault has one already that says why: `{{ x }}-y` without quotes.
    fn was_told(&self, at: usize) -> bool {
        let line = |at: usize| self.text.get(..at).map(|text| text.matches('\n').count());
        let told = self.sink.iter().filter(|fault| fault.code == Code::UnsupportedYaml).filter_map(Diagnostic::primary);
        told.filter(|span| span.file == self.file).any(|span| line(span.range().start) == line(at))
    }

    fn go_on(&mut self) -> bool {
        self.open.clear();
        self.last = 0..0;
        self.parser.proceed_next_document().unwrap_or(false)
    }

    fn next(&mut self) -> Result<(Event<'t>, Place), Stop> {
        self.parser.next().ok_or(Stop::Ended)?.map_err(Stop::Syntax)
    }

    fn node(&mut self, event: Event<'t>, place: Place) -> Result<Node, Stop> {
        let span = self.span(&place);
        if let Some(tag) = event.tag().filter(|_| self.dialect == Dialect::Plain) {
            self.sink.push(fault::tag(&tag.original(), span));
        }
        let anchor = event.anchor_id();
        let node = match event {
            Event::Scalar(text, _, _, Some(tag)) if self.dialect == Dialect::Kubectl => self.tagged(text, &tag, span),
            Event::Scalar(text, style, ..) => self.scalar(text, style, span),
            Event::SequenceStart(style, ..) => self.list(style, span)?,
            Event::MappingStart(style, ..) => self.map(style, span)?,
            Event::Alias(anchor) => return self.alias(anchor, span),
            Event::UnresolvedAlias(name) => self.unknown_alias(&name, span),
            _ => return Err(Stop::Ended),
        };
        if let Some(anchor) = anchor {
            self.anchors.define(anchor, &node);
        }
        Ok(node)
    }

    fn scalar(&mut self, text: Cow<'t, str>, style: ScalarStyle, span: Span) -> Node {
        let span = match style {
            // The crate counts the line breaks behind a block scalar to it.
            ScalarStyle::Literal | ScalarStyle::Folded => self.trimmed(span),
            _ => span,
        };
        self.last = span.range();
        if style != ScalarStyle::Plain {
            return Node::text(span, text);
        }
        if span.start == span.end {
            return Node::new(span, Value::Null);
        }
        match self.dialect.resolve(&text) {
            Some(value) => Node { span, value, written: Some(text.into()) },
            None => Node::text(span, text),
        }
    }

    fn tagged(&mut self, text: Cow<'t, str>, tag: &Tag, span: Span) -> Node {
        self.last = span.range();
        match kubectl::tagged(tag.core_suffix(), &text) {
            Some(value) => Node::new(span, value),
            None => Node::text(span, text),
        }
    }

    fn trimmed(&self, span: Span) -> Span {
        let text = self.text.get(span.range()).unwrap_or("");
        Span::new(span.file, span.range().start, span.range().start + text.trim_end().len())
    }

    fn list(&mut self, style: StructureStyle, start: Span) -> Result<Node, Stop> {
        self.enter(start)?;
        let mut items = vec![];
        let end = loop {
            match self.next()? {
                (Event::SequenceEnd, place) => break self.span(&place),
                (event, place) => items.push(self.node(event, place)?),
            }
        };
        self.open.pop();
        let last = items.last().map(|node| node.span);
        Ok(Node::new(whole(style, start, last, end), Value::List(items)))
    }

    fn map(&mut self, style: StructureStyle, start: Span) -> Result<Node, Stop> {
        self.enter(start)?;
        let (mut map, mut merged) = (Map::new(), Map::new());
        let mut last = None;
        let end = loop {
            match self.next()? {
                (Event::MappingEnd, place) => break self.span(&place),
                (event, place) => last = Some(self.entry(&mut map, &mut merged, event, place)?),
            }
        };
        self.open.pop();
        merge(&mut map, merged);
        let span = whole(style, start, last, end);
        Ok(self.unquoted(span).unwrap_or_else(|| Node::new(span, Value::Map(map))))
    }

    /// `{{ x }}` was meant as a text, which was told; as one it gives no further faults.
    fn unquoted(&self, span: Span) -> Option<Node> {
        let text = self.text.get(span.range()).filter(|text| text.starts_with("{{") && text.ends_with("}}"))?;
        Some(Node::text(span, text))
    }

    /// Reads a key and its value; gives the place of both.
    fn entry(&mut self, map: &mut Map, merged: &mut Map, event: Event<'t>, place: Place) -> Result<Span, Stop> {
        let span = self.span(&place);
        let key = self.key(event, place)?;
        let (event, place) = self.next()?;
        let node = self.node(event, place)?;
        let whole = span.to(node.span);
        match key {
            Key::Text(key) => match map.entry(key) {
                Slot::Vacant(slot) => drop(slot.insert(Entry { key: span, node })),
                Slot::Occupied(mut first) => {
                    self.sink.push(self.twice(first.key(), span, first.get().key));
                    // To kubectl the last one counts.
                    if self.dialect == Dialect::Kubectl {
                        first.insert(Entry { key: span, node });
                    }
                }
            },
            Key::Merge => bring(merged, node),
            Key::Faulty => {}
        }
        Ok(whole)
    }

    fn twice(&self, key: &str, second: Span, first: Span) -> Diagnostic {
        let fault = fault::duplicate(key, second, first);
        fault.help(match self.dialect {
            Dialect::Plain => "keep one of the two; the first is the one that was used",
            Dialect::Kubectl => "keep one of the two; kubectl uses the last and says nothing",
        })
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<Node, Stop> {
        match self.anchors.expand(anchor, span, DEEPEST.saturating_sub(self.open.len())) {
            Ok(node) => Ok(node),
            Err(fault) => {
                self.sink.push(*fault);
                Err(Stop::Told)
            }
        }
    }

    fn unknown_alias(&mut self, name: &str, span: Span) -> Node {
        self.sink.push(fault::unknown_alias(name, span));
        Node::text(span, format!("*{name}"))
    }

    fn enter(&mut self, start: Span) -> Result<(), Stop> {
        self.open.push(start.range());
        if self.open.len() <= DEEPEST {
            return Ok(());
        }
        self.sink.push(fault::too_deep(start));
        Err(Stop::Told)
    }

    fn span(&self, place: &Place) -> Span {
        let range = place.byte_range().unwrap_or(0..0);
        Span::new(self.file, range.start, range.end)
    }
}

/// A block collection has no end of its own: it reaches to the end of its last entry.
fn whole(style: StructureStyle, start: Span, last: Option<Span>, end: Span) -> Span {
    match style {
        StructureStyle::Flow => start.to(end),
        StructureStyle::Block => start.to(last.unwrap_or(start)),
    }
}
