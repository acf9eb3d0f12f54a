//! The expressions of a component, checked before there is any platform.yaml.
//!
//! Takes a component and the capabilities; raises E0214 for every expression that could go wrong, in every branch. The
//! stages are those in which `expand` evaluates: an instance's identity knows its own options alone, everything else knows
//! every identity and what others export. Conditions (`when`, `for`) never see derived facts.

mod kinds;

use super::describe::DESCRIPTION;
use super::{Capability, Catalog, Component, Declared, Word};
use crate::component::expression::{Kind, Names};
use crate::diagnostic::{Diagnostic, Sink};
use crate::schema::Schema;
use crate::source::NodePath;

/// Words that are evaluated once every identity is known.
const DERIVED: &[Word] = &[
    Word::Flows,
    Word::Webhooks,
    Word::Metrics,
    Word::Alerts,
    Word::Scaling,
    Word::Disruption,
    Word::Values,
    Word::Environment,
    Word::Ignores,
    Word::Constraints,
    Word::Prerequisites,
    Word::Notes,
    Word::Files,
];

pub(super) fn check(component: &Component, catalog: &Catalog, sink: &mut Sink) {
    let mut stages = Stages { component, catalog, conditions: Names::new(), names: Names::new(), sink };
    stages.identity();
    stages.exports();
    stages.derived();
}

struct Stages<'a> {
    component: &'a Component,
    catalog: &'a Catalog,
    /// What conditions may read.
    conditions: Names,
    /// What everything else may read.
    names: Names,
    sink: &'a mut Sink,
}

impl Stages<'_> {
    /// From the instance's own options and collections alone.
    fn identity(&mut self) {
        self.set("name", Kind::Text);
        self.set("platform", kinds::platform(&self.catalog.capabilities, false));
        self.set("options", kinds::options(&self.component.options));
        for (name, schema) in &self.component.collections {
            self.set(name, Kind::map(Kind::of(schema)));
        }
        self.pattern("release", Kind::Text);
        self.pattern("namespace", Kind::Text);
        [Word::Workloads, Word::ServiceAccounts, Word::Outside].into_iter().for_each(|word| self.word(word));
        self.see(Word::Workloads);
        [Word::Services, Word::Secrets, Word::Routes].into_iter().for_each(|word| self.word(word));
        [Word::Services, Word::Secrets, Word::Routes].into_iter().for_each(|word| self.see(word));
    }

    fn exports(&mut self) {
        let capability = self.component.provides.capability.as_ref();
        let capability = capability.and_then(|name| self.catalog.capabilities.get(name));
        let expected = capability.zip(DESCRIPTION.properties.get("exports")).map(|(of, schema)| exported(of, schema));
        if let Some(pattern) = &self.component.exports {
            pattern.check(&self.names, expected.as_ref(), self.sink);
        }
        if let Some(pattern) = &self.component.pod_security {
            pattern.check(&self.names, DESCRIPTION.properties.get("podSecurity"), self.sink);
        }
    }

    /// With every identity, and what others export.
    fn derived(&mut self) {
        self.names.set("platform", kinds::platform(&self.catalog.capabilities, true));
        let templated = |declared: &&Declared| declared.body.has_key("template");
        for declared in self.component.word(Word::Secrets).filter(templated) {
            let mut names = self.names.clone();
            names.set("keys", kinds::keys(declared));
            self.entry(declared, &names, entry_schema(Word::Secrets));
        }
        let required = DESCRIPTION.properties.get("requires").and_then(|list| list.items.as_deref());
        let names = self.names.clone();
        self.component.requires.iter().for_each(|declared| self.entry(declared, &names, required));
        DERIVED.iter().for_each(|word| self.word(*word));
    }

    /// A name for conditions and all else.
    fn set(&mut self, name: &str, kind: Kind) {
        self.conditions.set(name, kind.clone());
        self.names.set(name, kind);
    }

    /// `release` and `namespace`, each known to what comes behind it.
    fn pattern(&mut self, name: &str, kind: Kind) {
        let pattern = if name == "release" { &self.component.release } else { &self.component.namespace };
        if let Some(pattern) = pattern {
            pattern.check(&self.names, DESCRIPTION.properties.get(name), self.sink);
        }
        self.set(name, kind);
    }

    /// Makes the entries of a word known by id.
    fn see(&mut self, word: Word) {
        self.names.set(word.as_str(), kinds::word(self.component, word));
        for declared in self.component.word(word).filter(|declared| declared.each.is_none()) {
            if let Some(when) = declared.when.as_ref().filter(|_| word != Word::Routes) {
                let path = NodePath::root().key(word.as_str()).key(&declared.id);
                self.names.set_condition(path, when.clone());
            }
        }
    }

    fn word(&mut self, word: Word) {
        let names = self.names.clone();
        // Templates of secrets read other components: they come later.
        let now = |declared: &&Declared| word != Word::Secrets || !declared.body.has_key("template");
        self.component.word(word).filter(now).for_each(|declared| self.entry(declared, &names, entry_schema(word)));
    }

    fn entry(&mut self, declared: &Declared, names: &Names, expected: Option<&Schema>) {
        let (mut names, mut conditions) = (names.clone(), self.conditions.clone());
        if let Some(each) = &declared.each {
            let Some((key, entry)) = self.heard(each.check_turns(&conditions)) else { return };
            for names in [&mut names, &mut conditions] {
                names.set("key", key.clone());
                names.set("entry", entry.clone());
            }
        }
        if let Some(when) = &declared.when {
            let Some(()) = self.heard(when.check_boolean(&conditions)) else { return };
            names = names.given(when);
        }
        if let Some(require) = &declared.require {
            self.heard(require.check_boolean(&names));
        }
        declared.body.check(&names, expected, self.sink);
    }

    /// The answer of a check, its faults told.
    fn heard<T>(&mut self, answer: Result<T, Vec<Diagnostic>>) -> Option<T> {
        let told = |faults: Vec<Diagnostic>| faults.into_iter().for_each(|fault| self.sink.push(fault));
        answer.map_err(told).ok()
    }
}

fn entry_schema(word: Word) -> Option<&'static Schema> {
    let schema = DESCRIPTION.properties.get(word.as_str())?;
    schema.additional.as_deref().or(schema.items.as_deref())
}

/// The schema of a provider's exports: what its capability promises is never none.
fn exported(capability: &Capability, exports: &Schema) -> Schema {
    let values = Schema {
        properties: capability.values.clone(),
        required: capability.values.keys().cloned().collect(),
        additional: Some(Box::default()),
        ..Schema::default()
    };
    let mut schema = exports.clone();
    schema.properties.insert("values".into(), values);
    schema
}
