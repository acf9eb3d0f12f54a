//! What binds to one value: literals, brackets, paths, filters, tests.

use serde_json::Value as Json;

use super::hints::{self, KEYWORDS};
use super::{Parsed, Parser};
use crate::component::expression::filter::Filter;
use crate::component::expression::term::{Access, Path, Root, Term, Test, To, What};
use crate::component::expression::token::Sort;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{NodePath, Span};

impl Parser<'_> {
    /// A value with everything that binds to it.
    pub(super) fn value(&mut self) -> Parsed {
        let mut term = self.path()?;
        loop {
            if self.take_sign("|") {
                term = self.filtered(term)?;
            } else if self.take_name("is") {
                term = self.tested(term)?;
            } else {
                return Ok(term);
            }
        }
    }

    fn path(&mut self) -> Parsed {
        let start = self.span();
        let name = self.name().filter(|name| !KEYWORDS.contains(name)).map(str::to_owned);
        let root = match name {
            Some(name) => {
                self.known_name(&name)?;
                self.at += 1;
                Root::Name(name, start)
            }
            None => Root::Term(Box::new(self.single()?)),
        };
        let steps = self.steps()?;
        match root {
            Root::Term(term) if steps.is_empty() => Ok(*term),
            root => Ok(Term { span: start.to(self.last_span()), what: What::Path(path(root, steps)) }),
        }
    }

    fn steps(&mut self) -> Parsed<Vec<Access>> {
        let mut steps = vec![];
        loop {
            let open = self.span();
            if self.take_sign(".") {
                steps.push(self.member()?);
            } else if self.take_sign("[") {
                steps.push(self.bracketed(open)?);
            } else {
                self.no_dash()?;
                return Ok(steps);
            }
        }
    }

    fn member(&mut self) -> Parsed<Access> {
        let span = self.span();
        match *self.sort() {
            Sort::Name(name) => {
                self.at += 1;
                Ok(Access { span, to: To::Member(name.to_owned()) })
            }
            Sort::Integer(_) | Sort::Number(_) => Err(self.expected("a name", "a place in a list is written `x[0]`")),
            _ => Err(self.expected("a name", "")),
        }
    }

    fn bracketed(&mut self, open: Span) -> Parsed<Access> {
        let term = self.choice()?;
        self.close("]", "[", open)?;
        let span = term.span;
        let to = match term.what {
            What::Literal(Json::String(name)) => To::Member(name),
            What::Literal(Json::Number(number)) => To::Place(hints::place(&number, span)?),
            _ => To::Computed(term),
        };
        Ok(Access { span, to })
    }

    /// A literal, a list or something in parentheses.
    fn single(&mut self) -> Parsed {
        let span = self.span();
        let value = match self.sort() {
            Sort::Text(text) => Json::from(text.as_str()),
            Sort::Integer(integer) => Json::from(*integer),
            Sort::Number(number) => Json::from(*number),
            Sort::Name("true") => Json::Bool(true),
            Sort::Name("false") => Json::Bool(false),
            Sort::Name("none") => Json::Null,
            Sort::Sign("-") => return self.negative(),
            Sort::Sign("(") => return self.parenthesised(),
            Sort::Sign("[") => return self.list(),
            _ => return Err(self.no_value()),
        };
        self.at += 1;
        Ok(Term::literal(span, value))
    }

    /// A minus belongs to a number only.
    fn negative(&mut self) -> Parsed {
        let sign = self.span();
        self.at += 1;
        let value = match self.sort() {
            Sort::Integer(integer) => Json::from(-integer),
            Sort::Number(number) => Json::from(-number),
            _ => return Err(self.expected("a number", "there is no arithmetic in expressions")),
        };
        let span = sign.to(self.span());
        self.at += 1;
        Ok(Term::literal(span, value))
    }

    fn parenthesised(&mut self) -> Parsed {
        let open = self.span();
        self.at += 1;
        let term = self.choice()?;
        self.close(")", "(", open)?;
        Ok(Term { span: open.to(self.last_span()), ..term })
    }

    fn list(&mut self) -> Parsed {
        let open = self.span();
        self.at += 1;
        let items = self.items("]", "[", open)?;
        Ok(Term { span: open.to(self.last_span()), what: What::List(items) })
    }

    /// Terms with commas between, up to the closing sign; a last comma is fine.
    fn items(&mut self, close: &str, opening: &str, open: Span) -> Parsed<Vec<Term>> {
        let mut items = vec![];
        while !self.take_sign(close) {
            items.push(self.choice()?);
            if !self.take_sign(",") {
                self.close(close, opening, open)?;
                break;
            }
        }
        Ok(items)
    }

    fn filtered(&mut self, of: Term) -> Parsed {
        let at = self.span();
        let Some(name) = self.name() else { return Err(self.expected("the name of a filter", "")) };
        let Some(filter) = Filter::named(name) else { return Err(hints::unknown_filter(name, at)) };
        self.at += 1;
        let open = self.span();
        let arguments = if self.take_sign("(") { self.items(")", "(", open)? } else { vec![] };
        let wanted = filter.arguments();
        if arguments.len() != wanted.len() {
            let message = format!("`{name}` takes {}, not {}", hints::arguments(wanted), arguments.len());
            return Err(Box::new(Diagnostic::new(Code::Expression, message).at(at.to(self.last_span()), "")));
        }
        Ok(Term { span: of.span.to(self.last_span()), what: What::Filtered { filter, of: Box::new(of), arguments } })
    }

    fn tested(&mut self, of: Term) -> Parsed {
        let negated = self.take_name("not");
        let Some(name) = self.name() else { return Err(self.expected("the name of a test", "")) };
        let Some((_, test)) = Test::ALL.iter().find(|(known, _)| *known == name) else {
            return Err(hints::unknown_test(name, negated, self.span()));
        };
        self.at += 1;
        Ok(Term { span: of.span.to(self.last_span()), what: What::Test { negated, test: *test, of: Box::new(of) } })
    }
}

fn path(root: Root, steps: Vec<Access>) -> Path {
    let known = steps.iter().map_while(|step| match &step.to {
        To::Member(name) => Some(NodePath::root().key(name)),
        To::Place(index) => Some(NodePath::root().index(*index)),
        To::Computed(_) => None,
    });
    let tail = known.fold(NodePath::root(), |path, step| path.join(&step));
    Path { root, steps, tail }
}
