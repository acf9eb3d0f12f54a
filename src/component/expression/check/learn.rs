//! What a condition says about the paths in it.
//!
//! Only plain paths and literals are understood, so that the work grows with the text and never doubles with its depth.

use super::path::{self, Facts as Known};
use crate::component::expression::kind::Kind;
use crate::component::expression::names::Names;
use crate::component::expression::term::{Comparison, Logic, Term, Test, What};
use crate::source::NodePath;
use crate::source::path::Step;

/// Paths of which more is known than the names say.
pub(in crate::component::expression) type Facts = Known;

/// What is known behind a condition that came out as `truth`, on top of `facts`.
pub(in crate::component::expression) fn learn(term: &Term, truth: bool, names: &Names, facts: Facts) -> Facts {
    match &term.what {
        What::Not(term) => learn(term, !truth, names, facts),
        What::Logic(logic, terms) => of_logic(*logic, terms, truth, names, facts),
        What::Compare(Comparison::Equal, sides) => of_equal(sides, truth, names, facts),
        What::Compare(Comparison::Unequal, sides) => of_equal(sides, !truth, names, facts),
        What::Within { negated, sides } if truth != *negated => of_within(sides, names, facts),
        What::Test { negated, test, of } => of_test(*test, truth != *negated, of, names, facts),
        _ => facts,
    }
}

/// Where `and` is true (or `or` false), all operands say something; else, what each of them says.
fn of_logic(logic: Logic, terms: &[Term], truth: bool, names: &Names, facts: Facts) -> Facts {
    if truth != logic.decisive() {
        return terms.iter().fold(facts, |facts, term| learn(term, truth, names, facts));
    }
    let each = terms.iter().map(|term| learn(term, truth, names, facts.clone()));
    each.reduce(|all, one| common(&all, &one)).unwrap_or(facts)
}

fn common(left: &Facts, right: &Facts) -> Facts {
    let both = left.iter().filter_map(|(path, kind)| {
        let (_, other) = right.iter().find(|(known, _)| known == path)?;
        Some((path.clone(), kind.either(other)?))
    });
    both.collect()
}

fn of_equal(sides: &[Term; 2], equal: bool, names: &Names, facts: Facts) -> Facts {
    let [left, right] = sides;
    let facts = of_side(left, right, equal, names, facts);
    of_side(right, left, equal, names, facts)
}

/// What `side == other` says about `side`.
fn of_side(side: &Term, other: &Term, equal: bool, names: &Names, facts: Facts) -> Facts {
    let (Some(path), Some(kind)) = (plain(side), simple(other, names, &facts)) else { return facts };
    match (&other.what, equal) {
        (What::Literal(serde_json::Value::String(text)), true) => {
            let facts = there(&path, names, facts);
            of_variant(&path, text, names, facts)
        }
        _ if equal && kind.is_there() => there(&path, names, facts),
        _ if !equal && kind == Kind::None => there(&path, names, facts),
        _ => facts,
    }
}

fn of_within(sides: &[Term; 2], names: &Names, facts: Facts) -> Facts {
    let [item, whole] = sides;
    let Some(path) = plain(item) else { return facts };
    let holds_none = match &whole.what {
        What::List(items) => !items.iter().all(|item| simple(item, names, &facts).is_some_and(|kind| kind.is_there())),
        _ => match simple(whole, names, &facts) {
            Some(Kind::List(items)) => !items.is_there(),
            Some(Kind::Map(_) | Kind::Text | Kind::Choice(_)) => false,
            _ => true,
        },
    };
    if holds_none { facts } else { there(&path, names, facts) }
}

fn of_test(test: Test, passed: bool, of: &Term, names: &Names, facts: Facts) -> Facts {
    let Some(path) = plain(of) else { return facts };
    let facts = if passed { there(&path, names, facts) } else { facts };
    let Some(kind) = path::kind(&path, names, &facts) else { return facts };
    let Some(scalars) = kind.required().scalars() else { return facts };
    let left = scalars.into_iter().filter_map(|scalar| test.leaves(scalar, passed)).collect();
    let left = Kind::one_of(left);
    let unchanged = left == Kind::Never || matches!(kind.required(), Kind::Choice(_));
    if unchanged { facts } else { with(facts, path, if kind.is_optional() { left.optional() } else { left }) }
}

impl Test {
    /// What is left of a scalar type where the test passed, or did not.
    fn leaves(self, scalar: Kind, passed: bool) -> Option<Kind> {
        let wanted = match self {
            Test::Boolean => Kind::Boolean,
            Test::Integer => Kind::Integer,
            Test::Number => Kind::Number,
            Test::Text => Kind::Text,
        };
        let inside = scalar == wanted || (wanted, &scalar) == (Kind::Number, &Kind::Integer);
        match (self, &scalar) {
            (Test::Integer, Kind::Number) if passed => Some(Kind::Integer),
            (Test::Integer, Kind::Number) => Some(scalar),
            _ => (inside == passed).then_some(scalar),
        }
    }
}

/// `x.type == 's3'` says which variant `x` is.
fn of_variant(path: &NodePath, text: &str, names: &Names, facts: Facts) -> Facts {
    let [above @ .., Step::Key(last)] = path.steps() else { return facts };
    if last != "type" {
        return facts;
    }
    match path::kind_above(path, names, &facts) {
        Some(Kind::Record(record)) => match record.variant(text) {
            Some(variant) => with(facts, path_of(above), Kind::Record(variant)),
            None => facts,
        },
        _ => facts,
    }
}

/// The path is not none, and so is nothing above it.
pub(in crate::component::expression) fn there(path: &NodePath, names: &Names, facts: Facts) -> Facts {
    path::optional(path, names, &facts).into_iter().fold(facts, |facts, (depth, kind)| {
        let above = path.steps().get(..=depth).unwrap_or_default();
        with(facts, path_of(above), kind)
    })
}

fn with(mut facts: Facts, path: NodePath, kind: Kind) -> Facts {
    facts.retain(|(known, _)| *known != path);
    facts.push((path, kind));
    facts
}

fn path_of(steps: &[Step]) -> NodePath {
    steps.iter().fold(NodePath::root(), |path, step| match step {
        Step::Key(key) => path.key(key),
        Step::Index(index) => path.index(*index),
    })
}

fn plain(term: &Term) -> Option<NodePath> {
    match &term.what {
        What::Path(path) => path.known(),
        _ => None,
    }
}

/// The kind of a literal or a plain path.
fn simple(term: &Term, names: &Names, facts: &Facts) -> Option<Kind> {
    match &term.what {
        What::Literal(value) => Some(super::literal(value)),
        _ => path::kind(&plain(term)?, names, facts),
    }
}
