//! The names an expression may use, before they have values.

use std::sync::Arc;

use indexmap::IndexMap;

use super::Expression;
use super::check::{Facts, learn, there};
use super::kind::Kind;
use super::term::Term;
use crate::source::NodePath;
use crate::source::path::Step;

/// Kinds by name: the static side of a [`Scope`](super::Scope). Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Names {
    kinds: IndexMap<String, Arc<Kind>>,
    facts: Facts,
    /// What is there wherever an expression is true.
    conditions: Vec<(NodePath, Expression)>,
    /// What is true here.
    held: Vec<Expression>,
}

impl Names {
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a name; what was known of an earlier one is forgotten.
    pub fn set(&mut self, name: impl Into<String>, kind: Kind) {
        let name = name.into();
        let root = [Step::Key(name.clone())];
        let other = |path: &NodePath| !path.steps().starts_with(&root);
        self.facts.retain(|(path, _)| other(path));
        self.conditions.retain(|(path, _)| other(path));
        self.held.retain(|condition| condition.paths().iter().all(other));
        self.kinds.insert(name, Arc::new(kind));
    }

    /// Says that what stands at `path` (from its name on) is there wherever `when` is true: an entry with a `when`. It is
    /// used behind a [`given`](Names::given) that says the same.
    pub fn set_condition(&mut self, path: NodePath, when: Expression) {
        self.conditions.push((path, when));
    }

    pub fn get(&self, name: &str) -> Option<&Kind> {
        self.kinds.get(name).map(Arc::as_ref)
    }

    /// What is known where the expression is true: behind its entry's `when`.
    #[must_use]
    pub fn given(&self, condition: &Expression) -> Names {
        let mut names = self.clone();
        names.facts = learn(&condition.term, true, self, names.facts);
        names.held.push(condition.clone());
        for (path, when) in &self.conditions {
            if names.holds(when) {
                names.facts = there(path, self, names.facts);
            }
        }
        names
    }

    /// Whether all that a condition asks for is among what is true here.
    fn holds(&self, condition: &Expression) -> bool {
        let held = self.held.iter().flat_map(|held| held.term.conjuncts()).collect::<Vec<&Term>>();
        condition.term.conjuncts().iter().all(|asked| held.contains(asked))
    }

    pub(super) fn facts(&self) -> &Facts {
        &self.facts
    }

    pub(super) fn known(&self) -> impl Iterator<Item = &str> {
        self.kinds.keys().map(String::as_str)
    }
}
