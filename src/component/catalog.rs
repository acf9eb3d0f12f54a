//! The catalog: every component that can be used, built-in and the user's own.
//!
//! Takes the embedded `templates/` and the user's folder of that name, which adds components and replaces single files;
//! gives [`Component`]s. Faults: E0101 (a file cannot be read), E0102–E0105 (it is not YAML), E0201–E0204 and E0213 (a
//! description is wrong), E0214 (an expression is). A faulty component is set aside, and what depends on it is skipped
//! quietly. It evaluates no expression and renders no template.

mod capabilities;
mod describe;
mod files;
mod read;
mod references;
mod rules;
mod scope;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::expression::Expression;
use super::interface::{Chart, Provides};
use super::pattern::Pattern;
use super::values::ValuesSchema;
use crate::diagnostic::Sink;
use crate::schema::Schema;
use crate::source::{FileId, Node, Sources, Span};
use crate::world::World;

pub use describe::{DESCRIPTION, component_schema};
pub use files::examples;

/// Components by id, capabilities by name.
#[derive(Debug, Default)]
pub struct Catalog {
    pub components: BTreeMap<String, Component>,
    /// In the order of `capabilities.yaml`, then those that a user's components add.
    pub capabilities: IndexMap<String, Capability>,
    /// Templates that belong to no component: `kubernetes/ingress.yaml.j2`, `platform/helmfile.yaml.j2`.
    pub templates: BTreeMap<String, FileId>,
    /// Components that are wrong, each with the top-level keys that it would bring: they are not to be blamed again.
    pub set_aside: BTreeMap<String, BTreeSet<String>>,
}

/// What each provider of a capability must export; each export with what it is for.
#[derive(Debug, Clone, Default)]
pub struct Capability {
    pub summary: String,
    pub services: IndexMap<String, String>,
    pub workloads: IndexMap<String, String>,
    pub secrets: IndexMap<String, String>,
    pub values: IndexMap<String, Schema>,
}

/// One folder of `templates/`.
#[derive(Debug)]
pub struct Component {
    pub id: String,
    /// Of `component.yaml`.
    pub file: FileId,
    pub provides: Provides,
    pub summary: String,
    pub chart: Option<Chart>,
    /// What the chart's values may be; none: anything.
    pub values_schema: Option<ValuesSchema>,
    pub release: Option<Pattern>,
    pub namespace: Option<Pattern>,
    pub isolate: bool,
    /// The level that its pods need; none: restricted.
    pub pod_security: Option<Pattern>,
    pub requires: Vec<Declared>,
    pub uses: Vec<String>,
    pub collections: IndexMap<String, Schema>,
    pub options: Schema,
    pub brings: Vec<String>,
    /// `workloads`, `services`, … each a map by id (`files` by position: `0`, `1`, …).
    pub words: BTreeMap<Word, IndexMap<String, Declared>>,
    /// `exports`, expressions and all.
    pub exports: Option<Pattern>,
    /// The component's templates by file name.
    pub templates: BTreeMap<String, FileId>,
    /// `component.yaml` as it was checked, for spans.
    pub description: Node,
}

/// The words of the interface that are maps of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Word {
    Workloads,
    ServiceAccounts,
    Outside,
    Services,
    Flows,
    Webhooks,
    Secrets,
    Routes,
    Metrics,
    Alerts,
    Scaling,
    Disruption,
    Values,
    Environment,
    Ignores,
    Constraints,
    Prerequisites,
    Notes,
    Files,
}

impl Word {
    pub const ALL: &'static [Word] = &[
        Word::Workloads,
        Word::ServiceAccounts,
        Word::Outside,
        Word::Services,
        Word::Flows,
        Word::Webhooks,
        Word::Secrets,
        Word::Routes,
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

    /// Its key in `component.yaml`.
    pub fn as_str(self) -> &'static str {
        match self {
            Word::Workloads => "workloads",
            Word::ServiceAccounts => "serviceAccounts",
            Word::Outside => "outside",
            Word::Services => "services",
            Word::Flows => "flows",
            Word::Webhooks => "webhooks",
            Word::Secrets => "secrets",
            Word::Routes => "routes",
            Word::Metrics => "metrics",
            Word::Alerts => "alerts",
            Word::Scaling => "scaling",
            Word::Disruption => "disruption",
            Word::Values => "values",
            Word::Environment => "environment",
            Word::Ignores => "ignores",
            Word::Constraints => "constraints",
            Word::Prerequisites => "prerequisites",
            Word::Notes => "notes",
            Word::Files => "files",
        }
    }
}

/// One entry of a word, before its expressions are evaluated.
#[derive(Debug, Clone)]
pub struct Declared {
    /// Its key (or, in a list, its position).
    pub id: String,
    /// Of its key (in a list: of the item).
    pub span: Span,
    pub when: Option<Expression>,
    /// `for`
    pub each: Option<Expression>,
    /// `require`, in constraints only.
    pub require: Option<Expression>,
    /// Everything else.
    pub body: Pattern,
}

impl Catalog {
    /// Reads the built-in components and those in the user's `templates/` (which may replace single files).
    pub fn load(world: &dyn World, sources: &mut Sources, sink: &mut Sink) -> Catalog {
        let files = files::gather(world, sources, sink);
        Self::read(&files, sources, sink)
    }

    /// The user's components alone, so that tests need no real ones.
    #[cfg(test)]
    pub(crate) fn of_user(world: &dyn World, sources: &mut Sources, sink: &mut Sink) -> Catalog {
        let files = files::gather_users(world, sources, sink);
        Self::read(&files, sources, sink)
    }

    fn read(files: &files::Files, sources: &Sources, sink: &mut Sink) -> Catalog {
        let mut catalog = Catalog { capabilities: capabilities::read(files, sources, sink), ..Catalog::default() };
        let folders: Vec<_> = files.folders().collect();
        let read = sink.on_all_cores(&folders, |(folder, held), sink| {
            held.contains_key(files::DESCRIPTION).then(|| read::component(folder, held, sources, sink))
        });
        for ((folder, held), read) in folders.into_iter().zip(read) {
            match read {
                Some(Ok(component)) => {
                    rules::never_rendered(folder, held, Some(&component), sink);
                    catalog.components.insert(folder.to_owned(), component);
                }
                Some(Err(keys)) => drop(catalog.set_aside.insert(folder.to_owned(), keys)),
                None => catalog.share(folder, held, sink),
            }
        }
        rules::across(&mut catalog, sink);
        catalog
    }

    /// Every template with its path below `templates/` and its text.
    pub fn all_templates<'s>(&self, sources: &'s Sources) -> Vec<(String, FileId, &'s str)> {
        let of_component = |component: &Component| {
            let id = component.id.clone();
            let path = move |(name, file): (&String, &FileId)| (format!("{id}/{name}"), *file);
            component.templates.iter().map(path).collect::<Vec<_>>()
        };
        let shared = self.templates.iter().map(|(path, file)| (path.clone(), *file));
        let all = self.components.values().flat_map(of_component).chain(shared);
        all.filter(|(path, _)| path.ends_with(files::TEMPLATE))
            .map(|(path, file)| (path, file, &*sources.file(file).text))
            .collect()
    }

    /// The component behind each entry of a collection, such as `services`.
    pub fn behind(&self, collection: &str) -> Option<&Component> {
        self.components.values().find(|component| component.provides.collection.as_deref() == Some(collection))
    }

    /// The components that provide a capability.
    pub fn providers(&self, capability: &str) -> impl Iterator<Item = &Component> {
        self.components.values().filter(move |component| component.provides.capability.as_deref() == Some(capability))
    }

    /// Templates of a folder that is no component.
    fn share(&mut self, folder: &str, held: &files::Folder, sink: &mut Sink) {
        if held.values().all(|file| file.added) {
            sink.push(rules::no_description(folder, held));
            return;
        }
        rules::never_rendered(folder, held, None, sink);
        self.templates.extend(held.iter().map(|(name, file)| (format!("{folder}/{name}"), file.id)));
    }
}

impl Component {
    pub fn word(&self, word: Word) -> impl Iterator<Item = &Declared> {
        self.words.get(&word).into_iter().flat_map(IndexMap::values)
    }

    /// The top-level keys of platform.yaml that come with it.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.provides.capability.iter().chain(&self.provides.collection).chain(self.collections.keys())
    }
}
