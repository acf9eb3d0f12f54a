//! Phase 3, `expand`: [`Platform`] → [`Plan`].
//!
//! Takes one valid environment; gives component instances and everything derived from their interfaces: Namespaces,
//! NetworkPolicies, ExternalSecrets, routes, Certificates, monitors, alerts, autoscalers, budgets, Helm releases. First each
//! instance's identity is computed from its own options alone, then everything else with every identity in sight. Faults
//! E03xx. It renders nothing.

mod alerts;
pub mod asked;
mod by_hand;
mod charts;
pub mod conditions;
mod ends;
mod evaluate;
mod files;
mod flows;
mod identity;
mod monitors;
mod names;
mod namespaces;
mod network;
pub mod plan;
pub mod pod_security;
mod policies;
mod ranges;
mod roles;
mod routes;
mod rules;
mod scale;
mod scope;
mod secrets;
mod values;
mod wishes;

pub use ends::Port;
pub use plan::{
    Awaited, ChartRelease, DeclaredFlow, DeclaredMetric, Embeds, Entry, Facts, FlowEnd, Instance, Origin, Plan,
    PlannedFile,
};

pub use roles::{CERTIFICATES, INGRESS, MONITORING, provider};

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use crate::component::Catalog;
use crate::component::catalog::Word;
use crate::component::interface::{Alert, Disruption, Metric, Note, Prerequisite, Scaling, Secret};
use crate::diagnostic::{Code, Sink};
use crate::resolve::Platform;
use evaluate::Context;
use secrets::ExternalSecrets;

/// Everything that one environment comes to.
pub fn expand<'a>(platform: &'a Platform, catalog: &'a Catalog, sink: &mut Sink) -> Plan<'a> {
    let (mut instances, faults) = identity::instances(platform, catalog);
    let names = names(platform, catalog, &instances);
    templated_secrets(platform, &names, &mut instances, sink);
    let contexts = sink.on_all_cores(&instances, |instance, _| context(platform, &names, instance));
    let mut plan = Plan::new(platform);
    let mut expansion = Expansion { plan: &mut plan, catalog, instances: &instances, contexts: &contexts, sink };
    let broken = expansion.rules();
    expansion.unless_it_follows(&broken, faults);
    expansion.namespaces();
    names::taken(&platform.input.external, expansion.instances, expansion.sink);
    let readers = expansion.secrets();
    expansion.network();
    let each: Vec<_> = instances.iter().zip(&contexts).collect();
    let parts = sink.on_all_cores(&each, |(instance, context), sink| {
        let mut part = Plan::new(platform);
        let (instances, contexts) = (instances.as_slice(), contexts.as_slice());
        let mut expansion = Expansion { plan: &mut part, catalog, instances, contexts, sink };
        expansion.monitors(instance, context);
        if !broken.contains(&instance.id()) {
            expansion.scaling(instance, context);
            expansion.alerts(instance, context);
        }
        expansion.files(instance, context, readers.contains(&instance.id()));
        part
    });
    parts.into_iter().for_each(|part| plan.append(part));
    drop(contexts);
    plan.instances = instances;
    plan
}

/// What everybody knows of the platform: the exports of each capability's provider.
fn names(platform: &Platform, catalog: &Catalog, instances: &[Instance]) -> Map<String, Json> {
    let mut names = scope::platform_names(platform, catalog);
    for instance in instances.iter().filter(|instance| instance.component.provides.capability.is_some()) {
        let capability = catalog.capabilities.get(&instance.used.slot);
        names.insert(instance.used.slot.clone(), scope::exported(instance, capability));
    }
    names
}

/// An instance's own scope.
fn context<'a>(platform: &'a Platform, names: &Map<String, Json>, instance: &Instance<'a>) -> Context<'a> {
    let has = |capability: &str| names.get(capability).is_some_and(|value| !value.is_null());
    let (ingress, certificates) = (has(roles::INGRESS), has(CERTIFICATES));
    let own = scope::own_names(platform, names, instance.used, instance.component, &instance.options);
    let mut scope = identity::scope_of(own);
    for (name, value) in scope::identity(instance, ingress, certificates, &platform.domain) {
        scope.set_value(name, value);
    }
    Context { platform, used: instance.used, scope }
}

/// Secrets made of several keys may read what other components export.
fn templated_secrets(platform: &Platform, names: &Map<String, Json>, instances: &mut [Instance], sink: &mut Sink) {
    for instance in instances {
        for declared in instance.component.word(Word::Secrets).filter(|declared| identity::needs_others(declared)) {
            let mut context = context(platform, names, instance);
            let keys = declared.body.names_at("keys");
            context.scope.set_value("keys", secrets::placeholders(keys.iter().map(String::as_str)));
            instance.secrets.extend(context.entries::<Secret>(std::iter::once(declared), sink));
        }
    }
}

/// The second pass: with every identity in sight. What an instance has by itself is planned by itself.
struct Expansion<'s, 'a> {
    plan: &'s mut Plan<'a>,
    catalog: &'a Catalog,
    instances: &'s [Instance<'a>],
    contexts: &'s [Context<'a>],
    sink: &'s mut Sink,
}

impl Expansion<'_, '_> {
    fn namespaces(&mut self) {
        self.plan.namespaces = namespaces::namespaces(self.plan.platform, self.instances, self.contexts, self.sink);
        self.plan.files = namespaces::files(self.plan.platform, &self.plan.namespaces);
    }

    /// Plans the ExternalSecrets; answers which instances wait for one.
    fn secrets(&mut self) -> BTreeSet<String> {
        let (platform, catalog, instances) = (self.plan.platform, self.catalog, self.instances);
        let (shared, by_hand) = Default::default();
        let mut secrets = ExternalSecrets { platform, catalog, instances, shared, by_hand };
        let mut readers = BTreeSet::new();
        for instance in instances {
            for secret in instance.secrets.values() {
                if secrets.add(instance, secret, self.sink) {
                    readers.insert(instance.id());
                }
            }
        }
        secrets.put_into(self.plan);
        readers
    }

    /// Routes, Certificates and policies.
    fn network(&mut self) {
        let platform = self.plan.platform;
        let served = routes::served(platform, self.catalog, self.instances, self.sink);
        self.plan.files.extend(routes::files(platform, self.instances, &served, self.sink));
        self.plan.facts.tls = roles::provider(self.instances, CERTIFICATES).is_some();
        self.plan.facts.routes = served.iter().map(|route| route.fact(self.plan.facts.tls)).collect();
        self.plan.facts.gateway = routes::gateway(self.instances);
        let certificates = routes::certificate_namespaces(self.instances, &served);
        self.plan.within.insert(CERTIFICATES.into(), certificates);
        let by_hand = by_hand::ByHand::of(platform, self.instances);
        policies::add(self.plan, self.instances, self.contexts, &by_hand, self.sink);
    }

    /// What components demand; answers which instances break a rule of their own.
    fn rules(&mut self) -> BTreeSet<String> {
        let (catalog, instances) = (self.catalog, self.instances);
        let each: Vec<_> = instances.iter().zip(self.contexts).collect();
        let broken = self.sink.on_all_cores(&each, |(instance, context), sink| {
            rules::requirements(catalog, instances, instance, context, sink);
            values::check(instance, context, sink);
            rules::constraints(instance, context, sink).then(|| instance.id())
        });
        broken.into_iter().flatten().collect()
    }

    /// Where options do not fit together, expressions made for those that do have no value: that was told by the rule.
    fn unless_it_follows(&mut self, broken: &BTreeSet<String>, faults: Vec<(String, Sink)>) {
        for (id, found) in faults {
            let told = found.iter().filter(|fault| fault.code != Code::Evaluation || !broken.contains(&id));
            told.for_each(|fault| self.sink.push(fault.clone()));
        }
    }

    fn monitors(&mut self, instance: &Instance, context: &Context) {
        let mut files: Vec<PlannedFile> = vec![];
        for metric in context.entries::<Metric>(instance.component.word(Word::Metrics), self.sink).into_values() {
            let file = monitors::file(self.plan.platform, self.catalog, self.instances, instance, &metric, self.sink);
            let Some(file) = file else { continue };
            self.plan.metrics.extend(monitors::declared(instance, &metric));
            let monitor = file.context.pointer("/object/name");
            self.plan
                .facts
                .metrics
                .push(json!({ "of": instance.used.name, "path": metric.is.path, "monitor": monitor }));
            monitors::join(&mut files, file);
        }
        self.plan.files.extend(files);
    }

    fn scaling(&mut self, instance: &Instance, context: &Context) {
        let platform = self.plan.platform;
        for scaling in context.entries::<Scaling>(instance.component.word(Word::Scaling), self.sink).into_values() {
            let file = scale::autoscaler(platform, instance, &scaling, self.sink);
            let fact = |file: &PlannedFile| json!({ "of": instance.used.name, "facts": file.context });
            self.plan.facts.scaling.extend(file.as_ref().map(fact));
            self.plan.scaled.extend(scale::scaled(instance, scaling));
            self.plan.files.extend(file);
        }
        for disruption in
            context.entries::<Disruption>(instance.component.word(Word::Disruption), self.sink).into_values()
        {
            self.plan.files.extend(scale::budget(platform, instance, &disruption, self.sink));
        }
    }

    fn alerts(&mut self, instance: &Instance, context: &Context) {
        let alerts = context.entries::<Alert>(instance.component.word(Word::Alerts), self.sink);
        let scaled: Vec<_> = self.plan.scaled.iter().collect();
        let file = alerts::file(self.plan.platform, self.instances, instance, &alerts, &scaled, self.sink);
        self.plan.files.extend(file);
    }

    fn files(&mut self, instance: &Instance, context: &Context, reads_secrets: bool) {
        for note in context.entries::<Note>(instance.component.word(Word::Notes), self.sink).into_values() {
            self.plan.facts.notes.entry(instance.id()).or_default().push(note.is.text);
        }
        for needed in
            context.entries::<Prerequisite>(instance.component.word(Word::Prerequisites), self.sink).into_values()
        {
            self.plan.facts.prerequisites.push(json!({ "text": needed.is.text, "command": needed.is.command }));
        }
        let files = files::declared(instance, context, reads_secrets, self.sink);
        if let Some((release, overrides)) = charts::release(instance, context, &files, reads_secrets, self.sink) {
            self.plan.releases.push(release);
            self.plan.files.extend(overrides);
        }
        self.plan.files.extend(files);
    }
}
