//! A schema's fault, told at the place in the object that has it.

use super::Object;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::json_schema::Fault;
use crate::render::RENDERED;
use crate::source::{Node, Sources};

pub fn told(of: &Fault, object: &Object, sources: &Sources) -> Diagnostic {
    let place = match object.node.at(&of.path) {
        Some(node) if !of.about_key && node.as_map().is_none() && node.as_list().is_none() => node.span,
        _ => object.node.nearest(&of.path),
    };
    let message = format!("{}: `{}`: {}", object.identity(), of.path, of.message);
    let fault = object.file.fault(code(of), message, place, sources);
    let mut fault = of.help.iter().fold(fault, |fault, help| fault.help(help));
    if let Some(written) = unquoted(of, object) {
        fault = fault.help(format!("put quotes around it: `\"{written}\"`"));
    }
    let is_filled_in = object.node.at(&of.path).and_then(Node::as_str).is_some_and(is_placeholder);
    if object.file.source.is_some() && (of.is_taken || is_filled_in) {
        fault.severity = Severity::Warning;
    }
    match is_filled_in {
        true => fault.note("it looks like a placeholder, to be filled in before it is applied"),
        false => fault,
    }
}

/// What was written where a text was meant, and is none: `yes`, `1.10`.
fn unquoted<'o>(fault: &Fault, object: &'o Object) -> Option<&'o str> {
    let node = object.node.at(&fault.path)?;
    let by_people = object.file.source.is_some() || node.span.file != RENDERED;
    node.written.as_deref().filter(|_| by_people && fault.message.starts_with("expected string,"))
}

fn code(fault: &Fault) -> Code {
    let path = fault.path.to_string();
    let named = ["metadata.name", "metadata.labels", "metadata.annotations", "metadata.namespace"];
    if named.iter().any(|prefix| path.starts_with(prefix)) {
        return Code::InvalidName;
    }
    if fault.measure { Code::InvalidQuantity } else { Code::InvalidObject }
}

/// `${DOMAIN}`, `{{ domain }}`: no value of Kubernetes' own is written so.
fn is_placeholder(text: &str) -> bool {
    text.contains("${") || text.contains("{{")
}
