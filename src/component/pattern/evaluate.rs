//! [`Pattern`] × [`Scope`] → node.

use indexmap::map::Entry as Slot;

use super::{Form, Key, Member, Pattern, Piece};
use crate::component::expression::{Reads, Scope};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Entry, Map, Node, Span, Value};

type Outcome<V> = Result<V, Box<Diagnostic>>;

impl Pattern {
    /// The tree with every expression replaced by its value; a value of none takes its key away. None at the root: none.
    /// Spans are those of the description.
    pub fn evaluate(&self, scope: &Scope, reads: &mut Reads) -> Result<Option<Node>, Box<Diagnostic>> {
        let value = match &self.form {
            Form::Plain(node) => return Ok(Some(Node::clone(node))),
            Form::Whole(expression) => {
                let value = expression.value(scope, reads)?;
                return Ok((!value.is_null()).then(|| Node::from_json(&value, self.span)));
            }
            Form::Text(pieces) => Value::Text(text(pieces, scope, reads)?),
            Form::List(items) => Value::List(list(items, scope, reads)?),
            Form::Map(members) => Value::Map(map(members, scope, reads)?),
        };
        Ok(Some(Node::new(self.span, value)))
    }
}

fn text(pieces: &[Piece], scope: &Scope, reads: &mut Reads) -> Outcome<String> {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Plain(plain) => text.push_str(plain),
            Piece::Value(expression) => text.push_str(&expression.text(scope, reads)?),
        }
    }
    Ok(text)
}

fn list(items: &[Pattern], scope: &Scope, reads: &mut Reads) -> Outcome<Vec<Node>> {
    items.iter().filter_map(|item| item.evaluate(scope, reads).transpose()).collect()
}

fn map(members: &[Member], scope: &Scope, reads: &mut Reads) -> Outcome<Map> {
    let mut map = Map::with_capacity(members.len());
    for member in members {
        let Some(node) = member.value.evaluate(scope, reads)? else { continue };
        let key = member.key.evaluate(scope, reads)?;
        match map.entry(key) {
            Slot::Occupied(taken) => return Err(twice(taken.key(), member.span, taken.get().key)),
            Slot::Vacant(free) => free.insert(Entry { key: member.span, node }),
        };
    }
    Ok(map)
}

impl Key {
    fn evaluate(&self, scope: &Scope, reads: &mut Reads) -> Outcome<String> {
        match self {
            Key::Plain(key) => Ok(key.clone()),
            Key::Text(pieces) => text(pieces, scope, reads),
        }
    }
}

fn twice(key: &str, again: Span, first: Span) -> Box<Diagnostic> {
    let fault = Diagnostic::new(Code::Evaluation, format!("two keys of one map are `{key}` here"));
    Box::new(fault.at(again, "").at(first, "the first one"))
}
