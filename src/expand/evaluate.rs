//! From declared entries to typed ones: `for`, `when`, the expressions, the type.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::plan::{Entries, Entry, Origin};
use crate::component::catalog::Declared;
use crate::component::expression::{Expression, Reads, Scope, Turn};
use crate::component::pattern::Pattern;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::resolve::{Platform, Use};
use crate::source::typed::{TypedError, typed};
use crate::source::{Node, NodePath, Span};

/// Where expressions of one instance are evaluated.
pub struct Context<'a> {
    pub platform: &'a Platform,
    pub used: &'a Use,
    pub scope: Scope<'static>,
}

/// An entry whose `when` holds, before it is a type.
pub struct Evaluated<'d> {
    pub id: String,
    pub node: Node,
    pub reads: Reads,
    /// `key` and `entry`, under a `for`.
    pub item: Option<(Json, Json)>,
    /// What it was evaluated from.
    pub from: &'d Pattern,
}

impl Context<'_> {
    /// Every entry of a word that is there, as `T`.
    pub fn entries<'d, T: DeserializeOwned>(
        &self,
        declared: impl Iterator<Item = &'d Declared>,
        sink: &mut Sink,
    ) -> Entries<T> {
        let mut entries = Entries::new();
        for declared in declared {
            for evaluated in self.evaluate(declared, sink) {
                let origin = self.origin(&evaluated.reads, declared.span);
                if let Some(is) = self.typed(&evaluated, &origin, sink) {
                    entries.insert(evaluated.id, Entry { is, origin });
                }
            }
        }
        entries
    }

    /// An evaluated entry as a type; none after a fault.
    pub fn typed<T: DeserializeOwned>(&self, evaluated: &Evaluated, origin: &Origin, sink: &mut Sink) -> Option<T> {
        let wrong = |error: TypedError| {
            let message = format!("`{}`: {}", evaluated.id, error.message);
            let place = self.written(evaluated, error.span).or(origin.place());
            let fault = Diagnostic::new(Code::Evaluation, message);
            place.into_iter().fold(fault, |fault, span| fault.at(span, "")).at(error.span, "in this entry")
        };
        typed(&evaluated.node).map_err(|error| sink.push(wrong(error))).ok()
    }

    /// The first value of the user's that a part of an entry was made from.
    fn written(&self, evaluated: &Evaluated, part: Span) -> Option<Span> {
        let inside = |at: Span| at.file == part.file && part.start <= at.start && at.end <= part.end;
        let expressions = evaluated.from.expressions().into_iter().filter(|expression| inside(expression.span));
        let option = |path: NodePath| path.below("options").map(|path| self.used.path.join(&path));
        let mut paths = expressions.flat_map(|expression| expression.paths()).filter_map(option);
        paths.find_map(|path| self.platform.merged.at(&path)).map(|node| node.span)
    }

    /// Every instance of one declared entry: one, or one for each item of its `for`; those whose `when` holds.
    pub fn evaluate<'d>(&self, declared: &'d Declared, sink: &mut Sink) -> Vec<Evaluated<'d>> {
        let mut all = vec![];
        self.each(declared, sink, |turn, scope, mut reads, sink| {
            let id = turn.map_or_else(|| declared.id.clone(), |turn| format!("{}.{}", declared.id, key_of(turn)));
            match declared.body.evaluate(scope, &mut reads) {
                Ok(Some(node)) => {
                    let item = turn.map(|turn| (turn.key.clone(), turn.entry.clone().into_owned()));
                    all.push(Evaluated { id, node, reads, item, from: &declared.body });
                }
                Ok(None) => {}
                Err(fault) => sink.push(self.asked_for(*fault, &reads)),
            }
        });
        all
    }

    /// Runs once, or once for each item of the entry's `for`, where its `when` holds.
    pub fn each(
        &self,
        declared: &Declared,
        sink: &mut Sink,
        mut then: impl FnMut(Option<&Turn>, &Scope, Reads, &mut Sink),
    ) {
        self.turns(declared, sink, |turn, scope, mut reads, sink| {
            if self.holds(declared.when.as_ref(), scope, &mut reads, sink) {
                then(turn, scope, reads, sink);
            }
        });
    }

    /// Runs once, or once for each item of the entry's `for`, whatever its `when` says.
    pub fn turns(
        &self,
        declared: &Declared,
        sink: &mut Sink,
        mut run: impl FnMut(Option<&Turn>, &Scope, Reads, &mut Sink),
    ) {
        let Some(each) = &declared.each else { return run(None, &self.scope, Reads::default(), sink) };
        let mut reads = Reads::default();
        match each.turns(&self.scope, &mut reads) {
            Ok(turns) => turns.iter().for_each(|turn| {
                let mut scope = self.scope.child();
                scope.set_turn(turn);
                run(Some(turn), &scope, reads.clone(), sink);
            }),
            Err(fault) => sink.push(self.asked_for(*fault, &reads)),
        }
    }

    /// Whether a condition is true here; a fault counts as false.
    pub fn holds(&self, condition: Option<&Expression>, scope: &Scope, reads: &mut Reads, sink: &mut Sink) -> bool {
        let Some(condition) = condition else { return true };
        match condition.holds(scope, reads) {
            Ok(holds) => holds,
            Err(fault) => {
                sink.push(self.asked_for(*fault, reads));
                false
            }
        }
    }

    /// The text that a pattern gives, and what it was made from.
    pub fn text(&self, pattern: &Pattern, sink: &mut Sink) -> Option<(String, Origin)> {
        let mut reads = Reads::default();
        match pattern.evaluate(&self.scope, &mut reads) {
            Ok(node) => {
                let text = node.as_ref().and_then(Node::as_str)?.to_owned();
                Some((text, self.origin(&reads, pattern.span)))
            }
            Err(fault) => {
                sink.push(self.asked_for(*fault, &reads));
                None
            }
        }
    }

    /// Where the things that were read stand in platform.yaml; what the user wrote comes first.
    pub fn origin(&self, reads: &Reads, declared: Span) -> Origin {
        let written = |path: &NodePath| self.platform.merged.at(&self.used.path.join(path)).is_some();
        let place = |path: &NodePath| self.platform.merged.nearest(&self.used.path.join(path));
        let mut asked: Vec<Span> = vec![];
        let (by_user, by_default): (Vec<_>, Vec<_>) = reads.paths.iter().partition(|path| written(path));
        for span in by_user.iter().chain(&by_default).map(|path| place(path)).chain([self.used.span]) {
            if !asked.contains(&span) {
                asked.push(span);
            }
        }
        Origin { instance: self.used.path.to_string(), asked, declared: Some(declared), by_user: !by_user.is_empty() }
    }

    /// Everything in sight, for a template.
    pub fn names(&self, item: Option<&(Json, Json)>) -> Map<String, Json> {
        let value = |name: &str| self.scope.get(name).cloned().unwrap_or(Json::Null);
        let mut names: Map<String, Json> =
            self.scope.names().into_iter().map(|name| (name.to_owned(), value(name))).collect();
        if let Some((key, entry)) = item {
            names.insert("key".into(), key.clone());
            names.insert("entry".into(), entry.clone());
        }
        names
    }

    fn asked_for(&self, fault: Diagnostic, reads: &Reads) -> Diagnostic {
        let origin = self.origin(reads, self.used.span);
        match origin.place() {
            Some(span) => fault.at(span, "asked for here"),
            None => fault,
        }
    }
}

/// The key of a map's entry, or a list's index.
fn key_of(turn: &Turn) -> String {
    turn.key.as_str().map_or_else(|| turn.key.to_string(), str::to_owned)
}
