//! Who makes a thing, and where that is said.

use crate::component::interface::By;
use crate::diagnostic::Diagnostic;
use crate::expand::Origin;
use crate::source::Span;
use crate::validate::Object;

#[derive(Debug, Clone, Copy)]
pub enum Made<'a> {
    /// It is an object of ours, or follows from one.
    Object(&'a Object<'a>),
    /// An interface says that a chart or something that runs makes it.
    Interface(By, &'a Origin),
    /// `external` says that it is there.
    External,
}

impl<'a> Made<'a> {
    pub fn object(self) -> Option<&'a Object<'a>> {
        match self {
            Made::Object(object) => Some(object),
            _ => None,
        }
    }

    pub fn is_external(self) -> bool {
        matches!(self, Made::External)
    }

    /// Shows the other end of a reference beside it.
    pub fn beside(self, fault: Diagnostic, text: &str) -> Diagnostic {
        match (self, self.place()) {
            (Made::External, _) => fault.note(format!("{text}: `external` says that it is there")),
            (_, Some(place)) => fault.at(place, text),
            (Made::Object(object), None) => {
                fault.note(format!("{text}: {} in {}", object.identity(), object.file.path))
            }
            (Made::Interface(..), None) => fault,
        }
    }

    fn place(self) -> Option<Span> {
        match self {
            Made::Object(object) if object.file.source.is_some() => Some(object.metadata("name")),
            Made::Object(object) => object.file.origin(object.node.span).and_then(Origin::place),
            Made::Interface(_, origin) => origin.declared.or(origin.place()),
            Made::External => None,
        }
    }
}
