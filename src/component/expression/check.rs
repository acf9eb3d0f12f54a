//! [`Term`] × [`Names`] → [`Kind`]: everything that can be wrong is found before there is a value.
//!
//! Every branch is checked, each fault (E0214) stands at the narrowest term, and one mistake gives one fault: what is faulty
//! has no kind, and nothing more is said about it. What a condition says is known behind it: in `x != none and x.port > 0`
//! the second `x` is there.

mod compare;
mod learn;
mod path;

use super::kind::Kind;
use super::names::Names;
use super::term::{Choice, Logic, Term, What};
use crate::diagnostic::{Code, Diagnostic};

pub(super) use learn::{Facts, learn, there};

/// The kind of a term, or all that is wrong with it.
pub(super) fn check(term: &Term, names: &Names) -> Result<Kind, Vec<Diagnostic>> {
    decided(names, |checker| checker.kind(term, names.facts()))
}

/// That a term is exactly a boolean.
pub(super) fn check_boolean(term: &Term, names: &Names) -> Result<(), Vec<Diagnostic>> {
    decided(names, |checker| checker.boolean(term, names.facts()))
}

/// That a term may stand inside a text.
pub(super) fn check_text(term: &Term, names: &Names) -> Result<(), Vec<Diagnostic>> {
    decided(names, |checker| checker.text(term, names.facts()))
}

fn decided<V>(names: &Names, check: impl FnOnce(&mut Checker) -> Option<V>) -> Result<V, Vec<Diagnostic>> {
    let mut checker = Checker { names, faults: vec![] };
    let found = check(&mut checker);
    found.filter(|_| checker.faults.is_empty()).ok_or(checker.faults)
}

struct Checker<'n> {
    names: &'n Names,
    faults: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn fault(&mut self, term: &Term, message: impl Into<String>, help: Option<&str>) {
        let fault = Diagnostic::new(Code::Expression, message).at(term.span, "");
        self.faults.push(help.iter().fold(fault, |fault, help| fault.help(*help)));
    }

    /// None where a fault was found.
    fn kind(&mut self, term: &Term, facts: &Facts) -> Option<Kind> {
        match &term.what {
            What::Literal(value) => Some(literal(value)),
            What::Path(path) => self.path(path, facts),
            What::List(items) => self.list(items, facts),
            What::Joined(terms) => self.joined(terms, facts),
            What::Choice(choice) => self.choice(term, choice, facts),
            What::Filtered { .. } => self.filtered(term, facts),
            _ => self.decision(term, facts).map(|()| Kind::Boolean),
        }
    }

    fn decision(&mut self, term: &Term, facts: &Facts) -> Option<()> {
        match &term.what {
            What::Not(term) => self.boolean(term, facts),
            What::Logic(logic, terms) => self.logic(*logic, terms, facts),
            What::Compare(comparison, sides) => self.compare(*comparison, sides, facts),
            What::Within { sides, .. } => self.within(sides, facts),
            What::Test { of, .. } => self.tested(of, facts),
            _ => None,
        }
    }

    /// All operands, each with what is known if those before it did not decide.
    fn logic(&mut self, logic: Logic, terms: &[Term], facts: &Facts) -> Option<()> {
        let (mut facts, mut sound) = (facts.clone(), Some(()));
        for term in terms {
            sound = self.boolean(term, &facts).and(sound);
            facts = learn(term, !logic.decisive(), self.names, facts);
        }
        sound
    }

    fn choice(&mut self, term: &Term, choice: &Choice, facts: &Facts) -> Option<Kind> {
        let condition = self.boolean(&choice.condition, facts);
        let yes = self.kind(&choice.yes, &learn(&choice.condition, true, self.names, facts.clone()));
        let no = self.kind(&choice.no, &learn(&choice.condition, false, self.names, facts.clone()));
        let (yes, no) = condition.and(yes.zip(no))?;
        let either = yes.either(&no);
        if either.is_none() {
            let message = format!("the branches are unlike: {}, and {}", yes.called(), no.called());
            self.fault(term, message, None);
        }
        either
    }

    fn list(&mut self, items: &[Term], facts: &Facts) -> Option<Kind> {
        let kinds = items.iter().map(|item| self.kind(item, facts)).collect::<Vec<_>>();
        let mut all = Kind::Never;
        for (item, kind) in items.iter().zip(kinds.into_iter().collect::<Option<Vec<_>>>()?) {
            let Some(both) = all.either(&kind) else {
                let message = format!("the items of a list are alike: this is {}, not {}", kind.called(), all.called());
                self.fault(item, message, None);
                return None;
            };
            all = both;
        }
        Some(Kind::list(all))
    }

    fn joined(&mut self, terms: &[Term], facts: &Facts) -> Option<Kind> {
        let sound = terms.iter().map(|term| self.text(term, facts)).collect::<Vec<_>>();
        sound.into_iter().collect::<Option<()>>().map(|()| Kind::Text)
    }

    /// Behind `is`: only a scalar can be one type or another.
    fn tested(&mut self, of: &Term, facts: &Facts) -> Option<()> {
        let kind = self.kind(of, facts)?;
        let scalar = kind.required().scalars().is_some() || matches!(kind.required(), Kind::Any | Kind::Never);
        if !scalar {
            self.fault(of, format!("`is` asks for the type of a scalar, and this is {}", kind.called()), None);
        }
        scalar.then_some(())
    }

    fn filtered(&mut self, term: &Term, facts: &Facts) -> Option<Kind> {
        let What::Filtered { filter, of, arguments } = &term.what else { return None };
        let kind = self.kind(of, facts);
        let given = arguments.iter().map(|argument| self.kind(argument, facts)).collect::<Vec<_>>();
        let given = given.into_iter().collect::<Option<Vec<_>>>()?;
        match filter.kind(&kind?, &given) {
            Ok(kind) => Some(kind),
            Err(wrong) => {
                let at = wrong.argument.and_then(|position| arguments.get(position)).unwrap_or(of);
                self.fault(at, wrong.message, wrong.help);
                None
            }
        }
    }
}

/// Where one kind is wanted.
impl Checker<'_> {
    fn boolean(&mut self, term: &Term, facts: &Facts) -> Option<()> {
        let kind = self.kind(term, facts)?;
        let help = match (&kind, kind.required()) {
            (Kind::Boolean | Kind::Never, _) => return Some(()),
            (_, Kind::Boolean | Kind::Any) => "write `x == true`",
            (Kind::Optional(_) | Kind::None, _) => "write `x != none`",
            (_, Kind::List(_) | Kind::Map(_)) => "write `x | length > 0`",
            _ => "there is no truthiness: compare it with something",
        };
        self.fault(term, format!("expected a boolean, and this is {}", kind.called()), Some(help));
        None
    }

    fn text(&mut self, term: &Term, facts: &Facts) -> Option<()> {
        let kind = self.kind(term, facts)?;
        let scalars = kind.scalars().unwrap_or_default();
        let textual = |kind: &Kind| matches!(kind, Kind::Text | Kind::Integer);
        let help = match kind.required() {
            Kind::Any | Kind::Never if !kind.is_optional() => return Some(()),
            _ if !scalars.is_empty() && scalars.iter().all(textual) => return Some(()),
            _ if kind.is_optional() => "test it first (`x != none`), or write `x | default(…)`",
            Kind::List(_) => "write `x | join(', ')`",
            Kind::Boolean | Kind::Number | Kind::OneOf(_) => "write `x | text`",
            _ => "name the part of it that is meant",
        };
        self.fault(term, format!("only texts and integers make a text, and this is {}", kind.called()), Some(help));
        None
    }
}

fn literal(value: &serde_json::Value) -> Kind {
    match value {
        serde_json::Value::Null => Kind::None,
        serde_json::Value::Bool(_) => Kind::Boolean,
        serde_json::Value::Number(number) if number.is_f64() => Kind::Number,
        serde_json::Value::Number(_) => Kind::Integer,
        serde_json::Value::String(text) => Kind::Choice(vec![text.clone()]),
        _ => Kind::Any,
    }
}
