//! Two kinds of YAML: that of platformc, and whatever kubectl takes.

use granit_parser::{Options, options};

use super::{kubectl, plain};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::node::Value;
use crate::source::span::{FileId, Span};

/// Whose YAML it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// What reads the same to a person and every tool.
    Plain,
    /// Whatever kubectl takes.
    Kubectl,
}

impl Dialect {
    /// The most that is read, in MiB. The CRDs of an operator alone may have a few.
    fn largest(self) -> usize {
        match self {
            Dialect::Plain => 8,
            Dialect::Kubectl => 64,
        }
    }

    pub fn options(self) -> Options {
        let is_plain = self == Dialect::Plain;
        let mut options = options! {
            emit_unresolved_aliases: true,
            disallow_directives: is_plain,
            block_scalar_eof_without_line_feed: !is_plain,
        };
        options.set_emit_comments(false);
        options
    }

    /// What a plain scalar is; none: a text.
    pub fn resolve(self, text: &str) -> Option<Value> {
        match self {
            Dialect::Plain => plain::resolve(text),
            Dialect::Kubectl => kubectl::resolve(text),
        }
    }

    pub fn too_large(self, file: FileId, text: &str) -> Option<Diagnostic> {
        let (size, largest) = (text.len() >> 20, self.largest());
        (text.len() > largest << 20).then(|| {
            let message = format!("this file has {size} MiB, and {largest} MiB is the most that is read");
            Diagnostic::new(Code::TooLarge, message).at(Span::new(file, 0, 0), "")
        })
    }
}
