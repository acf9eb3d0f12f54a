//! Keys of maps, and merge keys.

use granit_parser::{Event, ScalarStyle, Span as Place};

use super::{Dialect, Reader, Stop, fault};
use crate::source::node::{Map, Node, Value};

pub enum Key {
    Text(String),
    /// `<<`, told where it is not taken; what it brings counts even then, so that it is not missed.
    Merge,
    /// It was told.
    Faulty,
}

impl<'t> Reader<'t, '_> {
    /// A key; one that is no text is a fault.
    pub(super) fn key(&mut self, event: Event<'t>, place: Place) -> Result<Key, Stop> {
        let span = self.span(&place);
        if self.tabs
            && let Some(fault) = fault::tab_before(self.file, self.text, span.range().start)
        {
            self.sink.push(fault);
            return Err(Stop::Told);
        }
        let plain = matches!(event, Event::Scalar(_, ScalarStyle::Plain, ..));
        let before = self.sink.len();
        let node = self.node(event, place)?;
        let fault = match node.value {
            Value::Text(text) if plain && text == "<<" => {
                if self.dialect == Dialect::Plain {
                    self.sink.push(fault::merge(span));
                }
                return Ok(Key::Merge);
            }
            Value::Text(text) => return Ok(Key::Text(text)),
            // JSON has no other keys than texts.
            Value::Bool(_) | Value::Integer(_) | Value::Float(_) if self.dialect == Dialect::Kubectl => {
                return Ok(Key::Text(node.to_json().to_string()));
            }
            // In a key that is no text, one fault is enough.
            Value::Map(_) | Value::List(_) if self.sink.len() > before => return Ok(Key::Faulty),
            Value::Map(_) | Value::List(_) => fault::complex_key(self.text, node.span),
            _ => match node.written {
                Some(written) => return Ok(Key::Text(written.into())),
                None => fault::empty_key(span),
            },
        };
        self.sink.push(fault);
        Ok(Key::Faulty)
    }
}

/// What a merge key brings: the entries of a map, or of each in a list of maps.
pub fn bring(merged: &mut Map, node: Node) {
    match node.value {
        Value::Map(map) => merge(merged, map),
        Value::List(list) => list.into_iter().for_each(|item| bring(merged, item)),
        _ => {}
    }
}

/// What is there already stays.
pub fn merge(map: &mut Map, more: Map) {
    for (key, entry) in more {
        map.entry(key).or_insert(entry);
    }
}
