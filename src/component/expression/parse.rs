//! Tokens → [`Term`], with Jinja's precedence.
//!
//! From loose to tight: `x if c else y`, `or`, `and`, `not`, comparisons and `in`, `~`, then what binds to one value:
//! `.member`, `[…]`, `| filter`, `is test`. Faults: whatever does not fit, at the narrowest token; the first one of an
//! expression ends it.

mod hints;
mod value;

use super::place::Place;
use super::term::{Choice, Comparison, Logic, Term, What};
use super::token::{Sort, Token, tokens};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// How deep brackets and `not` may nest; bounds the recursion.
const DEEPEST: usize = 40;

type Parsed<T = Term> = Result<T, Box<Diagnostic>>;

/// The whole text as one expression.
pub(super) fn whole(text: &str, place: &Place) -> Parsed {
    Parser::new(text, 0, false, place)?.finish().map(|(term, _)| term)
}

/// The expression behind a `{{` that ends at byte `from`, and the byte behind its `}}`.
pub(super) fn braced(text: &str, from: usize, place: &Place) -> Parsed<(Term, usize)> {
    Parser::new(text, from, true, place)?.finish()
}

struct Parser<'t> {
    place: &'t Place,
    tokens: Vec<Token<'t>>,
    at: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, from: usize, braced: bool, place: &'t Place) -> Parsed<Self> {
        Ok(Self { place, tokens: tokens(text, from, braced, place)?, at: 0, depth: 0 })
    }

    fn finish(mut self) -> Parsed<(Term, usize)> {
        if self.sort() == &Sort::End {
            return Err(self.place.fault(self.part(), "an expression is missing", "expected an expression here"));
        }
        let term = self.choice()?;
        match self.sort() {
            Sort::End => Ok((term, self.part().end)),
            _ => Err(self.left_over()),
        }
    }

    /// `yes if condition else no`
    fn choice(&mut self) -> Parsed {
        self.deeper()?;
        let mut term = self.or()?;
        if self.take_name("if") {
            let condition = self.or()?;
            if !self.take_name("else") {
                return Err(self.expected("`else`", "both branches are needed: `x if condition else y`"));
            }
            let no = self.choice()?;
            let span = term.span.to(no.span);
            term = Term { span, what: What::Choice(Box::new(Choice { yes: term, condition, no })) };
        }
        self.depth -= 1;
        Ok(term)
    }

    fn or(&mut self) -> Parsed {
        self.logic(Logic::Or, Self::and)
    }

    fn and(&mut self) -> Parsed {
        self.logic(Logic::And, Self::not)
    }

    fn logic(&mut self, logic: Logic, operand: fn(&mut Self) -> Parsed) -> Parsed {
        self.chain(|parser| parser.take_name(logic.sign()), operand, |terms| What::Logic(logic, terms))
    }

    /// One operand, or several with a sign between each two.
    fn chain(
        &mut self,
        sign: impl Fn(&mut Self) -> bool,
        operand: fn(&mut Self) -> Parsed,
        joined: impl Fn(Vec<Term>) -> What,
    ) -> Parsed {
        let first = operand(self)?;
        let mut span = first.span;
        let mut terms = vec![first];
        while sign(self) {
            let next = operand(self)?;
            span = span.to(next.span);
            terms.push(next);
        }
        match <[Term; 1]>::try_from(terms) {
            Ok([alone]) => Ok(alone),
            Err(terms) => Ok(Term { span, what: joined(terms) }),
        }
    }

    fn not(&mut self) -> Parsed {
        let start = self.span();
        if !self.take_name("not") {
            return self.comparison();
        }
        self.deeper()?;
        let term = self.not()?;
        self.depth -= 1;
        Ok(Term { span: start.to(term.span), what: What::Not(Box::new(term)) })
    }

    fn comparison(&mut self) -> Parsed {
        let left = self.joined()?;
        let Some(relation) = self.relation() else { return Ok(left) };
        let right = self.joined()?;
        let span = left.span.to(right.span);
        let second = self.span();
        if self.relation().is_some() {
            return Err(self.chained(second));
        }
        Ok(Term { span, what: relation.between(left, right) })
    }

    fn relation(&mut self) -> Option<Relation> {
        if self.name() == Some("not") && self.name_behind() == Some("in") {
            self.at += 2;
            return Some(Relation::Within { negated: true });
        }
        if self.take_name("in") {
            return Some(Relation::Within { negated: false });
        }
        let found = Comparison::ALL.iter().find(|(sign, _)| self.take_sign(sign));
        found.map(|(_, comparison)| Relation::Compare(*comparison))
    }

    /// `a ~ b ~ c`
    fn joined(&mut self) -> Parsed {
        self.chain(|parser| parser.take_sign("~"), Self::value, What::Joined)
    }

    fn deeper(&mut self) -> Parsed<()> {
        self.depth += 1;
        match self.depth {
            0..=DEEPEST => Ok(()),
            _ => Err(self.place.fault(self.part(), "an expression is nested too deep", "more than 40 levels")),
        }
    }
}

/// What stands between the two sides of a comparison.
enum Relation {
    Compare(Comparison),
    Within { negated: bool },
}

impl Relation {
    fn between(self, left: Term, right: Term) -> What {
        let sides = Box::new([left, right]);
        match self {
            Relation::Compare(comparison) => What::Compare(comparison, sides),
            Relation::Within { negated } => What::Within { negated, sides },
        }
    }
}

/// Looking at the next token, and taking it.
impl<'t> Parser<'t> {
    fn sort(&self) -> &Sort<'t> {
        self.tokens.get(self.at).map_or(&Sort::End, |token| &token.sort)
    }

    fn part(&self) -> std::ops::Range<usize> {
        self.tokens.get(self.at).map_or(0..0, |token| token.part.clone())
    }

    fn span(&self) -> Span {
        self.place.span(self.part())
    }

    /// Of the token taken last.
    fn last_span(&self) -> Span {
        self.tokens.get(self.at.wrapping_sub(1)).map_or(self.span(), |token| self.place.span(token.part.clone()))
    }

    fn name(&self) -> Option<&'t str> {
        name_of(self.tokens.get(self.at))
    }

    fn name_behind(&self) -> Option<&'t str> {
        name_of(self.tokens.get(self.at + 1))
    }

    fn take_name(&mut self, name: &str) -> bool {
        let found = self.name() == Some(name);
        self.at += usize::from(found);
        found
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.sort(), Sort::Sign(next) if *next == sign);
        self.at += usize::from(found);
        found
    }
}

fn name_of<'t>(token: Option<&Token<'t>>) -> Option<&'t str> {
    match token?.sort {
        Sort::Name(name) => Some(name),
        _ => None,
    }
}
