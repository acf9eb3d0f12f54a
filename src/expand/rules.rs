//! What a component demands: capabilities, and rules of its own.

use super::evaluate::Context;
use super::plan::{Instance, Origin};
use super::roles::{SECRETS, provider};
use super::wishes::offer;
use crate::component::Catalog;
use crate::component::catalog::{Declared, Word};
use crate::component::expression::{Reads, Scope};
use crate::component::interface::{By, Constraint, ConstraintSeverity, Requirement};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::typed::typed;
use crate::source::{NodePath, Span};

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
