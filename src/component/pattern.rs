//! A tree with expressions in it: the body of an interface entry.
//!
//! Takes a node of `component.yaml`; gives a [`Pattern`] that is compiled once and evaluated for each instance. A scalar that
//! is exactly one `{{ … }}` keeps its type; inside a text only texts and integers may stand; a value of none takes its key
//! (in a list: its item) away. Faults: E0214 while compiling, E0304 while evaluating. It does not know which keys an entry
//! may have.

mod check;
mod compile;
mod evaluate;
#[cfg(test)]
mod tests;
mod written;

use std::sync::Arc;

use super::expression::Expression;
use crate::source::{Node, NodePath, Span};

pub use compile::bare;

/// A tree whose scalars and keys may be expressions; cheap to clone.
#[derive(Debug, Clone)]
pub struct Pattern {
    pub span: Span,
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    /// No expressions inside.
    Plain(Arc<Node>),
    /// `"{{ options.port }}"`
    Whole(Expression),
    /// `"{{ release }}-server"`
    Text(Arc<[Piece]>),
    List(Arc<[Pattern]>),
    Map(Arc<[Member]>),
}

/// A part of a text.
#[derive(Debug, Clone)]
enum Piece {
    Plain(String),
    Value(Expression),
}

#[derive(Debug, Clone)]
struct Member {
    span: Span,
    key: Key,
    value: Pattern,
}

#[derive(Debug, Clone)]
enum Key {
    Plain(String),
    Text(Vec<Piece>),
}

impl Pattern {
    /// All paths that its expressions mention, each from its first name on.
    pub fn paths(&self) -> Vec<NodePath> {
        self.expressions().into_iter().flat_map(Expression::paths).collect()
    }

    /// All its expressions, in the order of the text.
    pub fn expressions(&self) -> Vec<&Expression> {
        match &self.form {
            Form::Plain(_) => vec![],
            Form::Whole(expression) => vec![expression],
            Form::Text(pieces) => pieces.iter().filter_map(Piece::expression).collect(),
            Form::List(items) => items.iter().flat_map(Pattern::expressions).collect(),
            Form::Map(members) => members.iter().flat_map(Member::expressions).collect(),
        }
    }
}

impl Member {
    fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.key.pieces().iter().filter_map(Piece::expression).chain(self.value.expressions())
    }
}

impl Key {
    fn pieces(&self) -> &[Piece] {
        match self {
            Key::Plain(_) => &[],
            Key::Text(pieces) => pieces,
        }
    }
}

impl Piece {
    fn expression(&self) -> Option<&Expression> {
        match self {
            Piece::Plain(_) => None,
            Piece::Value(expression) => Some(expression),
        }
    }
}
