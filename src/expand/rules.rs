//! What a component demands: capabilities, constraints, chart values that are not the user's to set.

use super::evaluate::Context;
use super::plan::{Instance, Origin};
use super::roles::{SECRETS, provider};
use super::wishes::offer;
use crate::component::Catalog;
use crate::component::catalog::{Declared, Word};
use crate::component::expression::{Reads, Scope};
use crate::component::interface::{By, ChartValue, Constraint, ConstraintSeverity, Requirement};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::typed::typed;
use crate::source::{Node, NodePath, Span};

/// Capabilities that an instance cannot do without.
pub fn requirements(
    catalog: &Catalog,
    instances: &[Instance],
    instance: &Instance,
    context: &Context,
    sink: &mut Sink,
) {
    for declared in &instance.component.requires {
        for evaluated in context.evaluate(declared, sink) {
            let origin = context.origin(&evaluated.reads, declared.span);
            let Some(requirement) = context.typed::<Requirement>(&evaluated, &origin, sink) else { continue };
            if provider(instances, &requirement.capability).is_none() && !is_about_secrets(instance, &requirement) {
                sink.push(missing(catalog, &requirement.capability, instance, &origin));
            }
        }
    }
}

/// Each Secret that nothing provides is told by its own name, with its keys; one that is made by hand needs nothing.
fn is_about_secrets(instance: &Instance, requirement: &Requirement) -> bool {
    let is_ours = |by: Option<By>| matches!(by, None | Some(By::Files));
    requirement.capability == SECRETS && instance.secrets.values().any(|secret| is_ours(secret.is.by))
}

fn missing(catalog: &Catalog, capability: &str, instance: &Instance, origin: &Origin) -> Diagnostic {
    let message = format!("`{}` needs `{capability}`, and nothing provides it", instance.used.name);
    origin.fault(Code::MissingCapability, &message).help(offer(catalog, capability))
}

/// The component's own rules about its options; answers whether one is broken.
pub fn constraints(instance: &Instance, context: &Context, sink: &mut Sink) -> bool {
    let mut found = Sink::default();
    for declared in instance.component.word(Word::Constraints) {
        context.each(declared, &mut found, |_, scope, mut reads, sink| {
            if !required(declared, context, scope, &mut reads, sink) {
                broken(instance, context, declared, scope, sink);
            }
        });
    }
    found.iter().for_each(|fault| sink.push(fault.clone()));
    found.has_errors()
}

/// A constraint without `require` speaks whenever its `when` holds.
fn required(declared: &Declared, context: &Context, scope: &Scope, reads: &mut Reads, sink: &mut Sink) -> bool {
    let Some(require) = &declared.require else { return false };
    let before = sink.len();
    context.holds(Some(require), scope, reads, sink) || sink.len() > before
}

fn broken(instance: &Instance, context: &Context, declared: &Declared, scope: &Scope, sink: &mut Sink) {
    let mut reads = Reads::default();
    let Ok(Some(node)) = declared.body.evaluate(scope, &mut reads) else { return };
    let constraint: Constraint = match typed(&node) {
        Ok(constraint) => constraint,
        Err(error) => return sink.push(Diagnostic::new(Code::Component, error.message).at(error.span, "")),
    };
    let code = match constraint.severity {
        ConstraintSeverity::Error => Code::Constraint,
        ConstraintSeverity::Warning => Code::ConstraintWarning,
        ConstraintSeverity::Note => Code::ConstraintNote,
    };
    let place = place_of(instance, context, constraint.option.as_deref());
    sink.push(Diagnostic::new(code, constraint.message).at(place, ""));
}

/// The option's value where the user wrote it, else the nearest above it.
fn place_of(instance: &Instance, context: &Context, option: Option<&str>) -> Span {
    let path = option.map(NodePath::dotted).unwrap_or_default();
    let path = instance.used.path.join(&path);
    let merged = &context.platform.merged;
    match merged.at(&path) {
        Some(node) if option.is_some() && node.as_map().is_none() => node.span,
        _ => merged.nearest(&path),
    }
}

/// Keys of the user's `values:` that the interface depends on; one fault for each value that was written.
pub fn fixed_values(instance: &Instance, context: &Context, sink: &mut Sink) {
    let Some(values) = &instance.used.values else { return };
    let mut told: Vec<Span> = vec![];
    for (path, value) in context.entries::<ChartValue>(instance.component.word(Word::Values), sink) {
        let Some((set, node)) = set_by(values, &path) else { continue };
        if !told.contains(&node.span) {
            told.push(node.span);
            sink.push(fixed(instance, set, &path, &value.is, node));
        }
    }
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
