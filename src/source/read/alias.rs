//! Anchors and aliases: an alias is a copy of what its anchor names, within bounds.

use std::collections::BTreeMap;

use super::fault;
use crate::diagnostic::Diagnostic;
use crate::source::node::{Node, Value};
use crate::source::span::Span;

/// The most that all copies of a document may weigh; see [`Size`].
const HEAVIEST: usize = 100_000;

/// The anchors of one document, by the crate's number.
#[derive(Default)]
pub struct Anchors {
    known: BTreeMap<usize, (Option<Node>, Size)>,
    copied: usize,
}

impl Anchors {
    /// Keeps a copy of the node, unless there are too many already: then its aliases are faults.
    pub fn define(&mut self, anchor: usize, node: &Node) {
        let size = Size::of(node);
        let copy = self.copy(size).then(|| node.clone());
        self.known.insert(anchor, (copy, size));
    }

    /// A copy of the anchor's node, standing at the alias; its parts stand where they were written.
    pub fn expand(&mut self, anchor: usize, at: Span, deepest: usize) -> Result<Node, Box<Diagnostic>> {
        let Some(&(_, size)) = self.known.get(&anchor) else { return Err(Box::new(fault::alias_in_itself(at))) };
        if size.depth > deepest {
            return Err(Box::new(fault::too_deep(at)));
        }
        let fits = self.copy(size);
        match self.known.get(&anchor) {
            Some((Some(node), _)) if fits => Ok(Node { span: at, ..node.clone() }),
            _ => Err(Box::new(fault::alias_bomb(at))),
        }
    }

    /// Counts one more copy; false if that is one too many.
    fn copy(&mut self, size: Size) -> bool {
        self.copied = self.copied.saturating_add(size.weight);
        self.copied <= HEAVIEST
    }
}

/// How much a copy of a node costs.
#[derive(Clone, Copy)]
struct Size {
    /// Its nodes, and one more for every 32 bytes of text.
    weight: usize,
    /// The collections inside one another.
    depth: usize,
}

impl Size {
    fn of(node: &Node) -> Size {
        match &node.value {
            Value::Text(text) => Size { weight: 1 + text.len() / 32, depth: 0 },
            Value::List(list) => Size::around(list.iter().map(Size::of)),
            Value::Map(map) => Size::around(map.iter().map(|(key, entry)| {
                let below = Size::of(&entry.node);
                Size { weight: below.weight + key.len() / 32, ..below }
            })),
            _ => Size { weight: 1, depth: 0 },
        }
    }

    fn around(parts: impl Iterator<Item = Size>) -> Size {
        let inside = parts.fold(Size { weight: 0, depth: 0 }, |sum, part| Size {
            weight: sum.weight + part.weight,
            depth: sum.depth.max(part.depth),
        });
        Size { weight: inside.weight + 1, depth: inside.depth + 1 }
    }
}
