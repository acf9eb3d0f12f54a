//! The identity pass: what each instance is called and where it listens, from its own options alone.

use serde_json::{Map, Value as Json};

use super::evaluate::Context;
use super::plan::{Entries, Instance, Origin};
use super::scope::{identity, own_names, platform_names, with_absent};
use crate::component::catalog::Word;
use crate::component::expression::{Reads, Scope};
use crate::component::interface::{Exports, Route, Secret, Service, Workload};
use crate::component::{Catalog, Component};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::resolve::{Platform, Use};
use crate::source::typed::typed;

/// Every use of a component as an instance, in the platform's order, with the faults of each.
pub fn instances<'a>(platform: &'a Platform, catalog: &'a Catalog) -> (Vec<Instance<'a>>, Vec<(String, Sink)>) {
    let names = platform_names(platform, catalog);
    let each = Sink::default().on_all_cores(&platform.uses, |used, _| {
        let mut sink = Sink::default();
        let component = catalog.components.get(&used.component)?;
        let instance = instance(platform, component, used, &names, &mut sink);
        Some((instance, (used.path.to_string(), sink)))
    });
    let (instances, faults): (Vec<_>, Vec<_>) = each.into_iter().flatten().unzip();
    (instances.into_iter().flatten().collect(), faults)
}

fn instance<'a>(
    platform: &'a Platform,
    component: &'a Component,
    used: &'a Use,
    names: &Map<String, Json>,
    sink: &mut Sink,
) -> Option<Instance<'a>> {
    let options = with_absent(&used.options.to_json(), &component.options);
    let scope = scope_of(own_names(platform, names, used, component, &options));
    let mut context = Context { platform, used, scope };
    let (release, _) = match &component.release {
        Some(pattern) => context.text(pattern, sink)?,
        None => (used.name.clone(), platform_origin()),
    };
    context.scope.set_value("release", Json::String(release.clone()));
    let namespace = namespace(&context, component, sink)?;
    context.scope.set_value("namespace", Json::String(namespace.clone()));
    let mut instance = Instance {
        component,
        used,
        release,
        namespace,
        options,
        workloads: Entries::new(),
        outside: Entries::new(),
        services: Entries::new(),
        secrets: Entries::new(),
        service_accounts: Entries::new(),
        routes: Entries::new(),
        exports: Exports::default(),
    };
    fill(&mut instance, &mut context, names, sink);
    Some(instance)
}

/// Workloads first, since services, secrets and routes may name what stands before them.
fn fill(instance: &mut Instance, context: &mut Context, names: &Map<String, Json>, sink: &mut Sink) {
    let component = instance.component;
    let has = |capability: &str| names.get(capability).is_some_and(|value| !value.is_null());
    let (ingress, certificates) = (has("ingress"), has("certificates"));
    let domain = context.platform.domain.clone();
    let see = |instance: &Instance, context: &mut Context| {
        for (name, value) in identity(instance, ingress, certificates, &domain) {
            context.scope.set_value(name, value);
        }
    };
    instance.workloads = context.entries::<Workload>(component.word(Word::Workloads), sink);
    instance.service_accounts = context.entries(component.word(Word::ServiceAccounts), sink);
    instance.outside = context.entries(component.word(Word::Outside), sink);
    see(instance, context);
    instance.services = context.entries::<Service>(component.word(Word::Services), sink);
    instance.secrets = context.entries::<Secret>(component.word(Word::Secrets).filter(|d| !needs_others(d)), sink);
    instance.routes = context.entries::<Route>(component.word(Word::Routes), sink);
    see(instance, context);
    instance.exports = exports(component, context, sink);
}

/// A secret with a `template` may read other components; its name and keys do not, but they stand in one body.
/// Such a secret is evaluated in the second pass.
pub fn needs_others(declared: &crate::component::catalog::Declared) -> bool {
    declared.body.has_key("template")
}

fn exports(component: &Component, context: &Context, sink: &mut Sink) -> Exports {
    let Some(pattern) = &component.exports else { return Exports::default() };
    let mut reads = Reads::default();
    let node = match pattern.evaluate(&context.scope, &mut reads) {
        Ok(Some(node)) => node,
        Ok(None) => return Exports::default(),
        Err(fault) => {
            sink.push(*fault);
            return Exports::default();
        }
    };
    typed(&node).unwrap_or_else(|error| {
        sink.push(Diagnostic::new(Code::Evaluation, format!("`exports`: {}", error.message)).at(error.span, ""));
        Exports::default()
    })
}

/// What the user says, else the component, else the component's id.
fn namespace(context: &Context, component: &Component, sink: &mut Sink) -> Option<String> {
    if let Some(node) = &context.used.namespace {
        return node.as_str().map(str::to_owned);
    }
    match &component.namespace {
        Some(pattern) => context.text(pattern, sink).map(|(text, _)| text),
        None => Some(component.id.clone()),
    }
}

pub fn platform_origin() -> Origin {
    Origin { instance: "platform".into(), asked: vec![], declared: None, by_user: false }
}

/// Names as a scope of their own.
pub fn scope_of(names: Map<String, Json>) -> Scope<'static> {
    let mut scope = Scope::new();
    names.into_iter().for_each(|(name, value)| scope.set_value(name, value));
    scope
}
