//! Paths: each step is known to the schema, or is a fault with the nearest name.

use super::Checker;
use crate::component::expression::kind::{Kind, Record};
use crate::component::expression::names::Names;
use crate::component::expression::term::{Access, Path, Root, To};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::path::Step;
use crate::source::{NodePath, Span};

/// Paths of which more is known than the names say.
pub(in crate::component::expression) type Facts = Vec<(NodePath, Kind)>;

/// A kind without its none.
#[derive(Clone, Copy)]
struct Seen<'k> {
    kind: &'k Kind,
    optional: bool,
}

impl<'k> Seen<'k> {
    fn of(kind: &'k Kind) -> Self {
        Self { kind: kind.required(), optional: kind.is_optional() }
    }

    fn below(self, kind: &'k Kind, optional: bool) -> Self {
        Self { kind: kind.required(), optional: self.optional || optional || kind.is_optional() }
    }

    fn kind(self) -> Kind {
        if self.optional { self.kind.clone().optional() } else { self.kind.clone() }
    }

    /// What stands one step below; none where nothing can.
    fn step(self, step: &Step) -> Option<Seen<'k>> {
        match (self.kind, step) {
            (Kind::Any | Kind::Never, _) => Some(self),
            (Kind::Map(values), Step::Key(_)) => Some(self.below(values, true)),
            (Kind::List(items), Step::Index(_)) => Some(self.below(items, true)),
            (Kind::Record(record), Step::Key(name)) => match (record.members.get(name), &record.further) {
                (Some(member), _) => Some(self.below(member, false)),
                (None, further) => further.as_deref().map(|further| self.below(further, true)),
            },
            _ => None,
        }
    }

    /// What stands below at a step that only evaluation will know.
    fn computed(self, index: &Kind) -> Option<Seen<'k>> {
        match (self.kind, index) {
            (Kind::Any | Kind::Never, Kind::Text | Kind::Choice(_) | Kind::Integer | Kind::Any) => Some(self),
            (Kind::Map(values), Kind::Text | Kind::Choice(_) | Kind::Any) => Some(self.below(values, true)),
            (Kind::List(items), Kind::Integer | Kind::Any) => Some(self.below(items, true)),
            _ => None,
        }
    }
}

/// What may be none along a path: how many steps behind the name, and the kind where it is there.
pub(super) fn optional(path: &NodePath, names: &Names, facts: &Facts) -> Vec<(usize, Kind)> {
    let along = along(path, names, facts).into_iter().enumerate();
    let optional = along.filter(|(_, seen)| seen.optional && !matches!(seen.kind, Kind::Never));
    optional.map(|(depth, seen)| (depth, seen.kind.clone())).collect()
}

/// The kind at a path.
pub(super) fn kind(path: &NodePath, names: &Names, facts: &Facts) -> Option<Kind> {
    let depth = path.steps().len().checked_sub(1)?;
    along(path, names, facts).get(depth).map(|seen| seen.kind())
}

/// The kind one step above a path.
pub(super) fn kind_above(path: &NodePath, names: &Names, facts: &Facts) -> Option<Kind> {
    let depth = path.steps().len().checked_sub(2)?;
    along(path, names, facts).get(depth).map(|seen| seen.kind())
}

fn along<'k>(path: &NodePath, names: &'k Names, facts: &'k Facts) -> Vec<Seen<'k>> {
    let mut seen: Vec<Seen> = vec![];
    for (depth, step) in path.steps().iter().enumerate() {
        let known = match (seen.last(), step) {
            (Some(above), step) => above.step(step),
            (None, Step::Key(name)) => names.get(name).map(Seen::of),
            (None, Step::Index(_)) => None,
        };
        let fact = facts.iter().find(|(known, _)| Some(known.steps()) == path.steps().get(..=depth));
        let Some(next) = fact.map(|(_, kind)| Seen::of(kind)).or(known) else { break };
        seen.push(next);
    }
    seen
}

impl Checker<'_> {
    pub(super) fn path(&mut self, path: &Path, facts: &Facts) -> Option<Kind> {
        let names = self.names;
        let (root, plain) = match &path.root {
            Root::Term(term) => (self.kind(term, facts)?, vec![]),
            Root::Name(name, at) if names.get(name).is_none() => return self.unknown_name(name, *at),
            Root::Name(..) => {
                (Kind::Never, path.mentioned().map(|path| along(&path, names, facts)).unwrap_or_default())
            }
        };
        let mut seen = plain.last().copied().unwrap_or(Seen::of(&root));
        for (depth, access) in path.steps.iter().enumerate().skip(plain.len().saturating_sub(1)) {
            seen = self.access(seen, access, facts, || shown(path, depth))?;
        }
        Some(seen.kind())
    }

    fn access<'k>(
        &mut self,
        seen: Seen<'k>,
        access: &Access,
        facts: &Facts,
        shown: impl Fn() -> String,
    ) -> Option<Seen<'k>> {
        let step = match &access.to {
            To::Member(name) => Step::Key(name.clone()),
            To::Place(place) => Step::Index(*place),
            To::Computed(term) => {
                let index = self.kind(term, facts)?;
                let below = seen.computed(&index);
                if below.is_none() {
                    self.faults.push(no_index(&shown(), seen.kind, &index, access.span));
                }
                return below;
            }
        };
        let below = seen.step(&step);
        if below.is_none() {
            self.faults.push(no_member(&shown(), seen.kind, &step, access.span));
        }
        below
    }

    fn unknown_name(&mut self, name: &str, at: Span) -> Option<Kind> {
        let fault = Diagnostic::new(Code::Expression, format!("no name `{name}` is known here")).at(at, "");
        self.faults.push(match self.is_option(name) {
            true => fault.help(format!("did you mean `options.{name}`?")),
            false => fault.suggest_or_list(name, self.names.known()),
        });
        None
    }

    fn is_option(&self, name: &str) -> bool {
        let options = self.names.get("options").map(Kind::required);
        matches!(options, Some(Kind::Record(options)) if options.members.contains_key(name))
    }
}

/// The path as far as `depth` steps, for a sentence.
fn shown(path: &Path, depth: usize) -> String {
    let steps = path.tail.steps().get(..depth).unwrap_or(path.tail.steps());
    let root = match &path.root {
        Root::Name(name, _) => NodePath::root().key(name),
        Root::Term(_) => return "this".into(),
    };
    let path = steps.iter().fold(root, |path, step| match step {
        Step::Key(key) => path.key(key),
        Step::Index(index) => path.index(*index),
    });
    format!("`{path}`")
}

fn no_member(shown: &str, kind: &Kind, step: &Step, span: Span) -> Diagnostic {
    let fault = |message: String| Diagnostic::new(Code::Expression, message).at(span, "");
    match (kind, step) {
        (Kind::Record(record), Step::Key(name)) => {
            fault(format!("{shown} has no member `{name}`")).suggest_or_list(name, members(record))
        }
        (Kind::List(_), Step::Key(_)) => {
            fault(format!("{shown} is a list and has no members")).help("an item is reached by its place: `x[0]`")
        }
        (Kind::Map(_) | Kind::Record(_), Step::Index(_)) => {
            fault(format!("{shown} is a map and has no places")).help("a value is reached by its key: `x['key']`")
        }
        (other, _) => fault(format!("{shown} is {} and has no members", other.called())),
    }
}

fn no_index(shown: &str, kind: &Kind, index: &Kind, span: Span) -> Diagnostic {
    let fault = |message: String| Diagnostic::new(Code::Expression, message).at(span, "");
    match kind {
        Kind::Map(_) | Kind::Any => fault(format!("{shown} is reached by a text, and this is {}", index.called())),
        Kind::List(_) => fault(format!("{shown} is reached by an integer, and this is {}", index.called())),
        Kind::Record(_) => fault(format!("{shown} has fixed keys: write the one that is meant")),
        other => fault(format!("{shown} is {} and has no members", other.called())),
    }
}

fn members(record: &Record) -> impl Iterator<Item = &str> {
    record.members.keys().map(String::as_str)
}
