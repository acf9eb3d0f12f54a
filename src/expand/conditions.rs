//! Which conditions of the interfaces hold in a platform.
//!
//! No phase needs it: it is how one sees whether the examples of a component try every `when` both ways.

use super::identity;
use crate::component::catalog::{Declared, Word};
use crate::component::{Catalog, Component};
use crate::diagnostic::Sink;
use crate::resolve::Platform;

/// The `when` of one entry of an interface.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    pub component: String,
    /// `workloads`, `files`, `requires`, …
    pub word: &'static str,
    /// The entry's key; in a list its position.
    pub id: String,
}

/// Every condition of a component.
pub fn of(component: &Component) -> impl Iterator<Item = (Condition, &Declared)> {
    let words = Word::ALL.iter().flat_map(|word| component.word(*word).map(|entry| (word.as_str(), entry)));
    let all = words.chain(component.requires.iter().map(|entry| ("requires", entry)));
    all.filter(|(_, entry)| entry.when.is_some())
        .map(|(word, entry)| (Condition { component: component.id.clone(), word, id: entry.id.clone() }, entry))
}

/// Whether each holds: one answer for every instance, and under a `for` for every item. Faults are left to
/// [`expand`](super::expand).
pub fn held(platform: &Platform, catalog: &Catalog) -> Vec<(Condition, bool)> {
    let sink = &mut Sink::default();
    let (instances, _) = identity::instances(platform, catalog);
    let names = super::names(platform, catalog, &instances);
    let mut held = vec![];
    for instance in &instances {
        let context = super::context(platform, &names, instance);
        for (condition, declared) in of(instance.component) {
            context.turns(declared, sink, |_, scope, mut reads, sink| {
                let holds = context.holds(declared.when.as_ref(), scope, &mut reads, sink);
                held.push((condition.clone(), holds));
            });
        }
    }
    held
}
