//! `==`, `<`, `in`: only between like kinds, and never with a value that cannot be.

use super::{Checker, Facts};
use crate::component::expression::kind::Kind;
use crate::component::expression::term::{Comparison, Term, What};
use crate::diagnostic::{Code, Diagnostic};

const ASK_TYPE: &str = "ask for its type first: `x is integer and …`";
const ASK_NONE: &str = "test it first: `x != none and …`";

impl Checker<'_> {
    pub(super) fn compare(&mut self, by: Comparison, sides: &[Term; 2], facts: &Facts) -> Option<()> {
        let [left, right] = sides;
        let kinds = (self.kind(left, facts), self.kind(right, facts));
        let (Some(left_kind), Some(right_kind)) = kinds else { return None };
        match by {
            Comparison::Equal | Comparison::Unequal => self.equal((left, &left_kind), (right, &right_kind)),
            _ => {
                let left = self.ordered(by, left, &left_kind);
                self.ordered(by, right, &right_kind).and(left)
            }
        }
    }

    fn ordered(&mut self, by: Comparison, side: &Term, kind: &Kind) -> Option<()> {
        let numeric = |kind: &Kind| matches!(kind, Kind::Integer | Kind::Number);
        let help = match kind {
            Kind::Integer | Kind::Number | Kind::Any | Kind::Never => return Some(()),
            Kind::Optional(kind) if numeric(kind) => Some(ASK_NONE),
            Kind::OneOf(kinds) if kinds.iter().any(numeric) => Some(ASK_TYPE),
            _ => None,
        };
        self.fault(side, format!("`{}` compares numbers, and this is {}", by.sign(), kind.called()), help);
        None
    }

    /// Anything may be compared with none.
    fn equal(&mut self, left: (&Term, &Kind), right: (&Term, &Kind)) -> Option<()> {
        match (left.1, right.1) {
            (Kind::None, _) | (_, Kind::None) => Some(()),
            _ => self.alike(left, right).and_then(|()| self.possible(left, right)),
        }
    }

    /// Both are of one scalar type.
    fn alike(&mut self, left: (&Term, &Kind), right: (&Term, &Kind)) -> Option<()> {
        let (wide, narrow) = if is_written(left.0) { (right, left) } else { (left, right) };
        if like(wide.1.required(), narrow.1.required()) {
            return Some(());
        }
        let help = [wide, narrow].iter().find_map(|(_, kind)| way_out(kind.required()));
        let fault = Diagnostic::new(Code::Expression, "unlike things cannot be compared")
            .at(narrow.0.span, format!("this is {}", narrow.1.called()))
            .at(wide.0.span, format!("this is {}", wide.1.called()));
        self.faults.push(help.iter().fold(fault, |fault, help| fault.help(*help)));
        None
    }

    /// A text that is compared with one of several must be among them.
    fn possible(&mut self, left: (&Term, &Kind), right: (&Term, &Kind)) -> Option<()> {
        let (wide, narrow) = if is_written(left.0) { (right, left) } else { (left, right) };
        let (Kind::Choice(known), Kind::Choice(wanted)) = (wide.1.required(), narrow.1.required()) else {
            return Some(());
        };
        if wanted.iter().any(|text| known.contains(text)) {
            return Some(());
        }
        self.impossible(narrow.0, known, wanted);
        None
    }

    fn impossible(&mut self, term: &Term, known: &[String], wanted: &[String]) {
        let quoted = |texts: &[String]| texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ");
        let message = format!("this is never {}", quoted(wanted));
        let fault = Diagnostic::new(Code::Expression, message).at(term.span, "");
        let wrong = wanted.first().map_or("", String::as_str);
        let fault = fault.suggest(wrong, known.iter().map(String::as_str));
        self.faults.push(fault.note(format!("the other side is one of {}", quoted(known))));
    }

    pub(super) fn within(&mut self, sides: &[Term; 2], facts: &Facts) -> Option<()> {
        let [item, whole] = sides;
        let (item_kind, whole_kind) = (self.kind(item, facts), self.kind(whole, facts));
        let (item_kind, whole_kind) = (item_kind?, whole_kind?);
        match &whole_kind {
            Kind::Any | Kind::Never => Some(()),
            Kind::List(_) if matches!(whole.what, What::List(_)) => self.among(item, &item_kind, whole, facts),
            Kind::List(items) => self.equal((item, &item_kind), (whole, items)),
            Kind::Map(_) | Kind::Text | Kind::Choice(_) => self.searched(item, &item_kind),
            other => {
                let help = if other.is_optional() { Some("test it first, or write `x | default([])`") } else { None };
                let message = format!("`in` looks into a list, a map or a text, and this is {}", other.called());
                self.fault(whole, message, help);
                None
            }
        }
    }

    /// Each item of a written list is compared by itself, so that each can be pointed at.
    fn among(&mut self, item: &Term, kind: &Kind, whole: &Term, facts: &Facts) -> Option<()> {
        let What::List(others) = &whole.what else { return None };
        let mut sound = Some(());
        for other in others {
            let other_kind = self.kind(other, facts)?;
            sound = self.equal((item, kind), (other, &other_kind)).and(sound);
        }
        sound
    }

    /// What is looked for in a map or a text is a text.
    fn searched(&mut self, item: &Term, kind: &Kind) -> Option<()> {
        let textual = matches!(kind.required(), Kind::Text | Kind::Choice(_) | Kind::Any | Kind::Never);
        if !textual {
            self.fault(item, format!("`in` looks for a text here, and this is {}", kind.called()), None);
        }
        textual.then_some(())
    }
}

/// Whether it stands there as it is.
fn is_written(term: &Term) -> bool {
    matches!(term.what, What::Literal(_))
}

fn like(left: &Kind, right: &Kind) -> bool {
    if [left, right].iter().any(|kind| matches!(kind, Kind::Any | Kind::Never)) {
        return true;
    }
    left.scalars().zip(right.scalars()).is_some_and(|(left, right)| match (left.as_slice(), right.as_slice()) {
        ([left], [right]) => {
            matches!(Kind::one_of(vec![left.clone(), right.clone()]), ref one if !matches!(one, Kind::OneOf(_)))
        }
        _ => false,
    })
}

fn way_out(kind: &Kind) -> Option<&'static str> {
    match kind {
        Kind::OneOf(_) => Some(ASK_TYPE),
        Kind::List(_) | Kind::Map(_) => Some("lists and maps are not compared; ask for `x | length` or `y in x`"),
        _ => None,
    }
}
