//! What a change of the input does to a cluster.
//!
//! Takes the trees of both sides; gives [`Change`]s, each with its [`Class`], the most dangerous first. Objects are compared
//! by field and matched by what the API server tells them apart by, so that order and formatting are no change. What a class
//! means and which changes are of it stands in `rules.yaml`. Only files that differ are read. Fault E0901 (there is nothing
//! to compare with). It asks no cluster.

pub mod before;
mod budgets;
mod change;
pub mod class;
mod combine;
mod fields;
mod network;
mod objects;
mod origins;
mod path;
mod releases;
pub mod rules;
mod side;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use crate::emit::Tree;
use crate::link::symbols::Symbols;
use crate::render::RENDERED;
use crate::source::{Node, Span};
use crate::validate::Object;
use crate::validate::pods::way_to_pod;
use crate::validate::schemas::Schemas;

pub use change::{Change, Event, Finding, ObjectName, Place, Subject};
pub use class::Class;
pub use network::Elsewhere;
pub use origins::Origins;
pub use path::{FieldPath, Step};
use side::{Files, Side};

/// What is different.
#[derive(Debug, Default)]
pub struct Diff {
    /// Those that were compared; empty where the platform has none.
    pub environments: Vec<String>,
    pub changes: Vec<Change>,
    /// Lists of pod templates that only stand in another order: no change, but Kubernetes replaces the pods.
    pub reordered: Vec<Reordered>,
}

impl Diff {
    /// Whether any change falls under a rule of a class.
    pub fn has(&self, class: Class) -> bool {
        self.changes.iter().any(|change| change.is(class))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reordered {
    pub subject: Subject,
    pub path: FieldPath,
}

/// A tree, and what is known of it beside its files.
#[derive(Debug, Default)]
pub struct Compiled {
    pub tree: Tree,
    /// By path: where the input asks for what stands in a file.
    pub origins: BTreeMap<Utf8PathBuf, Origins>,
    /// What runs in the cluster beside the pods of its manifests.
    pub elsewhere: Vec<Elsewhere>,
}

impl Compiled {
    /// What is known of a tree that is yet to come.
    pub fn of(symbols: &Symbols) -> Self {
        let origins = symbols.files.iter().map(|file| (file.path.clone(), Origins::of(file, symbols.sources)));
        Self { origins: origins.collect(), elsewhere: Elsewhere::all(symbols), ..Self::default() }
    }
}

/// Both sides of one environment, as far as they differ.
struct Comparison<'t> {
    old: Side<'t>,
    new: Side<'t>,
    trees: (&'t Tree, &'t Compiled),
    schemas: &'t Schemas,
}

/// Compares trees, each with that of its environment.
pub fn diff(old: &[Tree], new: &[Compiled], schemas: &Schemas) -> Diff {
    let mut diff = Diff { environments: environments(old, new), ..Diff::default() };
    let mut found = vec![];
    for (before, after) in pairs(old, new) {
        let environment = after.map_or_else(|| before.and_then(|tree| tree.environment.clone()), environment_of);
        let changes = match (before, after) {
            (Some(before), Some(after)) => {
                let comparison = Comparison::of(before, after, schemas);
                comparison.changes(&mut diff.reordered)
            }
            (before, after) => whole(before, after.map(|after| &after.tree), schemas),
        };
        found.push((environment, changes));
    }
    diff.changes = combine::combine(found);
    diff.reordered.sort();
    diff.reordered.dedup();
    diff
}

fn environment_of(compiled: &Compiled) -> Option<String> {
    compiled.tree.environment.clone()
}

/// In the order of the new side, then those that are no more.
fn environments(old: &[Tree], new: &[Compiled]) -> Vec<String> {
    let all = new.iter().map(|compiled| &compiled.tree).chain(old);
    let all: indexmap::IndexSet<&String> = all.filter_map(|tree| tree.environment.as_ref()).collect();
    all.into_iter().cloned().collect()
}

/// Each tree with that of its environment. Two that stand alone belong together, whatever they are called.
fn pairs<'t>(old: &'t [Tree], new: &'t [Compiled]) -> Vec<(Option<&'t Tree>, Option<&'t Compiled>)> {
    if let ([before @ Tree { environment: None, .. }], [after]) = (old, new) {
        return vec![(Some(before), Some(after))];
    }
    let before = |after: &Compiled| old.iter().find(|tree| tree.environment == after.tree.environment);
    let is_gone = |tree: &&Tree| !new.iter().any(|after| after.tree.environment == tree.environment);
    let gone = old.iter().filter(is_gone).map(|tree| (Some(tree), None));
    new.iter().map(|after| (before(after), Some(after))).chain(gone).collect()
}

/// A whole environment that came or went.
fn whole(old: Option<&Tree>, new: Option<&Tree>, schemas: &Schemas) -> Vec<Change> {
    let side = |tree: &Tree| Side::read(&texts(&tree.files), schemas).objects().len();
    let Some(tree) = new.or(old) else { return vec![] };
    let name = tree.environment.clone().unwrap_or_default();
    let subject = Subject::Environment { name, objects: side(tree) };
    let node = Node::text(Span::new(RENDERED, 0, 0), "");
    let pair = objects::Pair { subject: &subject, old: old.map(|_| &node), new: new.map(|_| &node) };
    pair.whole().into_iter().collect()
}

fn texts(files: &Files) -> Vec<(&Utf8Path, &str)> {
    files.iter().map(|(path, text)| (path.as_path(), text.as_str())).collect()
}

impl<'t> Comparison<'t> {
    /// What is the same to the byte is not read.
    fn of(old: &'t Tree, new: &'t Compiled, schemas: &'t Schemas) -> Self {
        let differing = |files: &'t Files, others: &'t Files| -> Vec<(&'t Utf8Path, &'t str)> {
            let mut files = texts(files);
            files.retain(|(path, text)| others.get(*path).is_none_or(|other| other != text));
            files
        };
        let (before, after) = (&old.files, &new.tree.files);
        Self {
            old: Side::read(&differing(before, after), schemas),
            new: Side::read(&differing(after, before), schemas),
            trees: (old, new),
            schemas,
        }
    }

    fn changes(&self, reordered: &mut Vec<Reordered>) -> Vec<Change> {
        let mut changes = objects::compare(self, reordered);
        changes.extend(releases::compare(self));
        let (is_scaling, may_reach) = (changes.iter().any(budgets::is_scaling), self.may_reach_others());
        if !is_scaling && !may_reach {
            return changes;
        }
        // What else stands in the trees decides.
        let (old, new) = self.trees;
        let new_side = Side::read(&texts(&new.tree.files), self.schemas);
        budgets::judge(&mut changes, &new_side);
        if may_reach {
            let old_side = Side::read(&texts(&old.files), self.schemas);
            changes.extend(network::compare(&old_side, &new_side, &new.elsewhere));
        }
        changes
    }

    /// Whether what differs can change who reaches whom.
    fn may_reach_others(&self) -> bool {
        let decides = |object: &Object| {
            object.is("NetworkPolicy.networking.k8s.io")
                || object.is("Namespace")
                || way_to_pod(object.group(), object.kind).is_some()
        };
        let sides = [&self.old, &self.new];
        sides.iter().any(|side| !side.helmfiles.is_empty() || side.objects().iter().any(decides))
    }

    /// Where the input asks for what a change of an object is about.
    fn place(&self, object: &Object) -> Option<Place> {
        self.trees.1.origins.get(&object.file.path)?.at(object.node.span)
    }
}
