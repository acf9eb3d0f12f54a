//! The catalog: every component that can be used, built-in and the user's own.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::expression::Expression;
use super::interface::{Chart, PodSecurity, Provides};
use super::pattern::Pattern;
use crate::diagnostic::Sink;
use crate::schema::Schema;
use crate::source::{FileId, Sources, Span};
use crate::world::World;

/// Components by id, capabilities by name.
#[derive(Debug, Default)]
pub struct Catalog {
    pub components: BTreeMap<String, Component>,
    /// In the order of `capabilities.yaml`, then those that a user's components add.
    pub capabilities: IndexMap<String, Capability>,
    /// Templates that belong to no component: `kubernetes/ingress.yaml.j2`, `platform/helmfile.yaml.j2`.
    pub templates: BTreeMap<String, FileId>,
}

/// What each provider of a capability must export.
#[derive(Debug, Clone, Default)]
pub struct Capability {
    pub summary: String,
    pub services: Vec<String>,
    pub workloads: Vec<String>,
    pub secrets: Vec<String>,
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
    pub release: Option<Pattern>,
    pub namespace: Option<Pattern>,
    pub isolate: bool,
    pub pod_security: PodSecurity,
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
}

/// The words of the interface that are maps of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Word {
    Workloads,
    Outside,
    Services,
    Flows,
    Webhooks,
    Secrets,
    Routes,
    Metrics,
    Scaling,
    Disruption,
    Values,
    Constraints,
    Notes,
    Files,
}

/// One entry of a word, before its expressions are evaluated.
#[derive(Debug, Clone)]
pub struct Declared {
    /// Its key (or, in a list, its position).
    pub id: String,
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
        let _ = (world, sources, sink);
        Catalog::default()
    }
}

impl Component {
    pub fn word(&self, word: Word) -> impl Iterator<Item = &Declared> {
        self.words.get(&word).into_iter().flat_map(IndexMap::values)
    }
}
