//! YAML in: text → [`Node`] trees in which every key and value knows its bytes.
//!
//! Takes a text of any number of documents. Faults: E0102 (not YAML), E0103 (a key twice; the first value is kept), E0104
//! (tags, directives, merge keys, keys that are no text), E0105 (too large or too deep, aliases included). A document
//! whose syntax is broken, or that is too large, is left out; the others are given.
//!
//! A plain scalar is a boolean, number or null only where YAML 1.1 and 1.2 agree that it is (`plain.rs`).
//! Only this file and `fault/` know the YAML crate. What the keys mean is not known here.

mod alias;
mod fault;
mod plain;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span as Place, StrInput, StructureStyle, options};
use indexmap::map::Entry as Slot;

use self::alias::Anchors;
use super::node::{Entry, Map, Node, Value};
use super::span::{FileId, Span};
use crate::diagnostic::{Code, Diagnostic, Sink};

const LARGEST_TEXT: usize = 8 << 20;
const DEEPEST: usize = 100;

/// The documents of a text; faults E0102–E0105. A text with faults may give fewer documents, never a wrong one.
pub fn read(file: FileId, text: &str, sink: &mut Sink) -> Vec<Node> {
    if let Some(fault) = too_large(file, text).or_else(|| fault::control_character(file, text)) {
        sink.push(fault);
        return vec![];
    }
    let mut options = options! { emit_unresolved_aliases: true, disallow_directives: true };
    options.set_emit_comments(false);
    let parser = Parser::new_from_str_with_options(text, options);
    let tabs = text.contains('\t');
    Reader { parser, file, text, tabs, open: vec![], last: 0..0, anchors: Anchors::default(), sink }.documents()
}

fn too_large(file: FileId, text: &str) -> Option<Diagnostic> {
    (text.len() > LARGEST_TEXT).then(|| {
        let message = format!("this file is larger than {} MiB", LARGEST_TEXT >> 20);
        Diagnostic::new(Code::TooLarge, message).at(Span::new(file, 0, 0), format!("{} bytes", text.len()))
    })
}

/// Why a document is given up.
enum Stop {
    Syntax(Box<ScanError>),
    /// The fault was pushed.
    Told,
    /// The events ended early, which the crate does not do.
    Ended,
}

struct Reader<'t, 's> {
    parser: Parser<'t, StrInput<'t>>,
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
        let (event, span) = self.next()?;
        let node = self.node(event, span)?;
        self.next()?;
        Ok(Some(node))
    }

    /// Says why a document ends here and goes to the next one; false where there is none.
    fn give_up(&mut self, stop: Stop) -> bool {
        match stop {
            Stop::Syntax(error) => {
                let at = error.marker().byte_offset().unwrap_or(0);
                let seen = fault::Seen { file: self.file, text: self.text, open: &self.open, last: self.last.clone() };
                self.sink.push(fault::syntax(error.kind(), at, &seen));
            }
            Stop::Told => {}
            Stop::Ended => return false,
        }
        self.open.clear();
        self.last = 0..0;
        self.parser.proceed_next_document().unwrap_or(false)
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), Stop> {
        match self.parser.next() {
            Some(Ok((event, place))) => Ok((event, self.span(&place))),
            Some(Err(error)) => Err(Stop::Syntax(Box::new(error))),
            None => Err(Stop::Ended),
        }
    }

    fn node(&mut self, event: Event<'t>, span: Span) -> Result<Node, Stop> {
        if let Some(tag) = event.tag() {
            self.sink.push(fault::tag(&tag.original(), span));
        }
        let anchor = event.anchor_id();
        let node = match event {
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
        match plain::resolve(&text) {
            Some(value) => Node { span, value, written: Some(text.into()) },
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
                (Event::SequenceEnd, end) => break end,
                (event, span) => items.push(self.node(event, span)?),
            }
        };
        self.open.pop();
        let last = items.last().map(|node| node.span);
        Ok(Node::new(whole(style, start, last, end), Value::List(items)))
    }

    fn map(&mut self, style: StructureStyle, start: Span) -> Result<Node, Stop> {
        self.enter(start)?;
        let mut map = Map::new();
        let mut last = None;
        let end = loop {
            match self.next()? {
                (Event::MappingEnd, end) => break end,
                (event, span) => last = Some(self.entry(&mut map, event, span)?),
            }
        };
        self.open.pop();
        Ok(Node::new(whole(style, start, last, end), Value::Map(map)))
    }

    /// Reads a key and its value; gives the place of both.
    fn entry(&mut self, map: &mut Map, event: Event<'t>, span: Span) -> Result<Span, Stop> {
        let key = self.key(event, span)?;
        let (event, start) = self.next()?;
        let node = self.node(event, start)?;
        let whole = span.to(node.span);
        if let Some(key) = key {
            match map.entry(key) {
                Slot::Vacant(slot) => drop(slot.insert(Entry { key: span, node })),
                Slot::Occupied(first) => self.sink.push(fault::duplicate(first.key(), span, first.get().key)),
            }
        }
        Ok(whole)
    }

    /// The text of a key; none if it is no text, which is a fault.
    fn key(&mut self, event: Event<'t>, span: Span) -> Result<Option<String>, Stop> {
        if self.tabs
            && let Some(fault) = fault::tab_before(self.file, self.text, span.range().start)
        {
            self.sink.push(fault);
            return Err(Stop::Told);
        }
        let plain = matches!(event, Event::Scalar(_, ScalarStyle::Plain, ..));
        let before = self.sink.len();
        let node = self.node(event, span)?;
        let fault = match node.value {
            Value::Text(text) if plain && text == "<<" => fault::merge(span),
            Value::Text(text) => return Ok(Some(text)),
            // In a key that is no text, one fault is enough.
            Value::Map(_) | Value::List(_) if self.sink.len() > before => return Ok(None),
            Value::Map(_) | Value::List(_) => fault::complex_key(self.text, node.span),
            _ => match node.written {
                Some(written) => return Ok(Some(written.into())),
                None => fault::empty_key(span),
            },
        };
        self.sink.push(fault);
        Ok(None)
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
