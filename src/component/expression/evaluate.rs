//! [`Term`] × [`Scope`] → value.
//!
//! Values are borrowed from the scope as long as possible: a path clones nothing. Faults E0304: what `check` would have
//! found in an expression it did not see, and values that no schema describes.

mod compare;
mod path;

use std::borrow::Cow;

use serde_json::Value as Json;

use super::Turn;
use super::scope::{Reads, Scope};
use super::term::{Choice, Comparison, Logic, Term, Test, What};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{NodePath, Span};

pub(super) type Value<'v> = Cow<'v, Json>;
pub(super) type Outcome<V> = Result<V, Box<Diagnostic>>;

impl Term {
    pub(super) fn evaluate<'v>(&'v self, scope: &'v Scope<'v>, reads: &mut Reads) -> Outcome<Value<'v>> {
        match &self.what {
            What::Literal(value) => Ok(Cow::Borrowed(value)),
            What::Path(path) => path.evaluate(scope, reads),
            What::List(items) => list(items, scope, reads),
            What::Joined(terms) => joined(terms, scope, reads),
            What::Choice(choice) => choice.branch(scope, reads)?.evaluate(scope, reads),
            What::Filtered { filter, of, arguments } => {
                let value = of.evaluate(scope, reads)?;
                let arguments = each(arguments, scope, reads)?;
                filter.apply(value, &arguments).map_err(|message| fault(of.span, message))
            }
            _ => self.decide(scope, reads).map(|decided| Cow::Owned(Json::Bool(decided))),
        }
    }

    /// The value of a term that must be a boolean.
    pub(super) fn holds(&self, scope: &Scope, reads: &mut Reads) -> Outcome<bool> {
        match &*self.evaluate(scope, reads)? {
            Json::Bool(value) => Ok(*value),
            other => Err(fault(self.span, format!("expected a boolean, and this is {}", described(other)))),
        }
    }

    /// The text of a term that stands inside a text.
    pub(super) fn text(&self, scope: &Scope, reads: &mut Reads) -> Outcome<String> {
        let value = self.evaluate(scope, reads)?;
        text_of(&value).map(Cow::into_owned).ok_or_else(|| {
            fault(self.span, format!("only texts and integers make a text, and this is {}", described(&value)))
        })
    }

    fn decide(&self, scope: &Scope, reads: &mut Reads) -> Outcome<bool> {
        match &self.what {
            What::Not(term) => term.holds(scope, reads).map(|value| !value),
            What::Logic(logic, terms) => logic.decide(terms, scope, reads),
            What::Compare(comparison, sides) => self.compare(*comparison, sides, scope, reads),
            What::Within { negated, sides } => self.within(sides, scope, reads).map(|found| found != *negated),
            What::Test { negated, test, of } => Ok(test.passes(&*of.evaluate(scope, reads)?) != *negated),
            _ => self.holds(scope, reads),
        }
    }

    fn compare(&self, by: Comparison, sides: &[Term; 2], scope: &Scope, reads: &mut Reads) -> Outcome<bool> {
        let [left, right] = sides;
        let (left, right) = (left.evaluate(scope, reads)?, right.evaluate(scope, reads)?);
        compare::compare(by, &left, &right).map_err(|message| fault(self.span, message))
    }

    fn within(&self, sides: &[Term; 2], scope: &Scope, reads: &mut Reads) -> Outcome<bool> {
        let [left, right] = sides;
        let (left, right) = (left.evaluate(scope, reads)?, right.evaluate(scope, reads)?);
        compare::within(&left, &right).map_err(|message| fault(self.span, message))
    }
}

impl Choice {
    fn branch(&self, scope: &Scope, reads: &mut Reads) -> Outcome<&Term> {
        Ok(if self.condition.holds(scope, reads)? { &self.yes } else { &self.no })
    }
}

impl Logic {
    fn decide(self, terms: &[Term], scope: &Scope, reads: &mut Reads) -> Outcome<bool> {
        for term in terms {
            if term.holds(scope, reads)? == self.decisive() {
                return Ok(self.decisive());
            }
        }
        Ok(!self.decisive())
    }
}

impl Test {
    fn passes(self, value: &Json) -> bool {
        match self {
            Test::Boolean => value.is_boolean(),
            Test::Integer => value.is_i64() || value.is_u64(),
            Test::Number => value.is_number(),
            Test::Text => value.is_string(),
        }
    }
}

fn each<'v>(terms: &'v [Term], scope: &'v Scope<'v>, reads: &mut Reads) -> Outcome<Vec<Value<'v>>> {
    terms.iter().map(|term| term.evaluate(scope, reads)).collect()
}

fn list<'v>(items: &'v [Term], scope: &'v Scope<'v>, reads: &mut Reads) -> Outcome<Value<'v>> {
    let items = each(items, scope, reads)?;
    Ok(Cow::Owned(items.into_iter().map(Cow::into_owned).collect()))
}

fn joined<'v>(terms: &[Term], scope: &Scope, reads: &mut Reads) -> Outcome<Value<'v>> {
    let texts = terms.iter().map(|term| term.text(scope, reads)).collect::<Outcome<Vec<_>>>()?;
    Ok(Cow::Owned(Json::String(texts.concat())))
}

/// The entries of a map or list; `from` is where it stands below the options.
pub(super) fn turns<'v>(value: Value<'v>, from: Option<&NodePath>) -> Result<Vec<Turn<'v>>, String> {
    let turn = |key: Json, entry, step: &dyn Fn(&NodePath) -> NodePath| Turn { key, entry, from: from.map(step) };
    let item = |at: usize, entry| turn(Json::from(at), entry, &|path| path.index(at));
    let named = |key: &str, entry| turn(Json::from(key), entry, &|path| path.key(key));
    match value {
        Cow::Borrowed(Json::Object(map)) => Ok(map.iter().map(|(k, v)| named(k, Cow::Borrowed(v))).collect()),
        Cow::Owned(Json::Object(map)) => Ok(map.into_iter().map(|(k, v)| named(&k, Cow::Owned(v))).collect()),
        Cow::Borrowed(Json::Array(list)) => {
            Ok(list.iter().enumerate().map(|(at, v)| item(at, Cow::Borrowed(v))).collect())
        }
        Cow::Owned(Json::Array(list)) => {
            Ok(list.into_iter().enumerate().map(|(at, v)| item(at, Cow::Owned(v))).collect())
        }
        other if other.is_null() => Ok(vec![]),
        other => Err(format!("`for` takes a map or a list, not {}", described(&other))),
    }
}

pub(super) fn fault(span: Span, message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(Code::Evaluation, message).at(span, ""))
}

/// What a text holds of a value: texts and integers only.
pub(super) fn text_of(value: &Json) -> Option<Cow<'_, str>> {
    match value {
        Json::String(text) => Some(Cow::Borrowed(text)),
        Json::Number(number) if !number.is_f64() => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}

/// What a value is called in a sentence.
pub(super) fn described(value: &Json) -> String {
    match value {
        Json::Null => "none".into(),
        Json::Bool(value) => format!("the boolean `{value}`"),
        Json::Number(number) => format!("the number `{number}`"),
        Json::String(text) if text.chars().count() > 40 || text.contains('\n') => "a text".into(),
        Json::String(text) => format!("the text `{text}`"),
        Json::Array(_) => "a list".into(),
        Json::Object(_) => "a map".into(),
    }
}
