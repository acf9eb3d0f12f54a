//! The user's own `values:`: what the interface depends on is not theirs to set, and the chart must take the rest.

use super::evaluate::Context;
use super::plan::Instance;
use crate::component::catalog::Word;
use crate::component::interface::ChartValue;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::{Node, Span};
use crate::validate::values::of_user;

/// The user's `values:` of an instance.
pub fn check(instance: &Instance, context: &Context, sink: &mut Sink) {
    let told = fixed_values(instance, context, sink);
    of_user(instance, &told, sink);
}

/// Keys that the interface depends on; one fault for each value that was written. Gives their places.
fn fixed_values(instance: &Instance, context: &Context, sink: &mut Sink) -> Vec<Span> {
    let Some(values) = &instance.used.values else { return vec![] };
    let mut told: Vec<Span> = vec![];
    for (path, value) in context.entries::<ChartValue>(instance.component.word(Word::Values), sink) {
        let Some((set, node)) = set_by(values, &path) else { continue };
        if !told.contains(&node.span) {
            told.push(node.span);
            sink.push(fixed(instance, set, &path, &value.is, node));
        }
    }
    told
}

/// The path and node of `values` that sets `path`: the one there, or a scalar or list in the place of a parent.
fn set_by<'n, 'p>(values: &'n Node, path: &'p str) -> Option<(&'p str, &'n Node)> {
    let mut node = values;
    let mut length = 0;
    for key in path.split('.') {
        match node.get(key) {
            Some(below) => node = below,
            None if node.as_map().is_some() => return None,
            None => return Some((path.get(..length)?, node)),
        }
        length += key.len() + usize::from(length > 0);
    }
    Some((path, node))
}

fn fixed(instance: &Instance, set: &str, path: &str, value: &ChartValue, node: &Node) -> Diagnostic {
    let what = if set == path { "is set by platformc" } else { "holds values that platformc sets" };
    let message = format!("`{set}` {what}, and what it knows of `{}` depends on it", instance.used.name);
    let fault = Diagnostic::new(Code::FixedValue, message).at(node.span, "");
    let fault = if set == path { fault } else { fault.note(format!("`{path}` is one of them")) };
    match &value.option {
        Some(option) => fault.help(format!("use the option `{}.{option}` instead", instance.used.path)),
        None => fault.help("take it away"),
    }
}
