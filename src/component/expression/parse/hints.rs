//! Faults of the grammar, and what to write instead.

use serde_json::Number;

use super::{Parsed, Parser};
use crate::component::expression::filter::Filter;
use crate::component::expression::term::Test;
use crate::component::expression::token::Sort;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

pub(super) const KEYWORDS: &[&str] = &["and", "or", "not", "in", "is", "if", "else", "true", "false", "none"];

/// Names from other languages, and ours.
const FOREIGN: &[(&str, &str)] = &[
    ("True", "true"),
    ("TRUE", "true"),
    ("False", "false"),
    ("FALSE", "false"),
    ("None", "none"),
    ("NONE", "none"),
    ("null", "none"),
    ("nil", "none"),
    ("undefined", "none"),
    ("AND", "and"),
    ("OR", "or"),
    ("NOT", "not"),
    ("IN", "in"),
    ("IF", "if"),
    ("ELSE", "else"),
];

/// Words that stand between two values in other languages, and what to write here.
const BETWEEN: &[(&str, &str)] = &[
    ("equals", "write `==`"),
    ("eq", "write `==`"),
    ("ne", "write `!=`"),
    ("lt", "write `<`"),
    ("gt", "write `>`"),
    ("le", "write `<=`"),
    ("ge", "write `>=`"),
    ("contains", "write `x in y`"),
    ("elif", "write `x if a else y if b else z`"),
    ("then", "write `x if condition else y`"),
];

/// Tests of Jinja's that are said otherwise here: `(name, is, is not)`.
const TESTS: &[(&str, &str, &str)] = &[
    ("defined", "!= none", "== none"),
    ("undefined", "== none", "!= none"),
    ("none", "== none", "!= none"),
    ("null", "== none", "!= none"),
    ("empty", "| length == 0", "| length > 0"),
    ("true", "== true", "== false"),
    ("false", "== false", "== true"),
    ("text", "is string", "is not string"),
    ("int", "is integer", "is not integer"),
    ("float", "is number", "is not number"),
];

fn fault(message: impl Into<String>, span: Span, label: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(Code::Expression, message).at(span, label))
}

fn with_help(fault: Box<Diagnostic>, help: &str) -> Box<Diagnostic> {
    if help.is_empty() { fault } else { Box::new(fault.help(help)) }
}

impl Parser<'_> {
    pub(super) fn expected(&self, what: &str, help: &str) -> Box<Diagnostic> {
        let message = match self.sort() {
            Sort::End => format!("expected {what}, and the expression ends"),
            _ => format!("expected {what}, not {}", self.described()),
        };
        with_help(fault(message, self.span(), &format!("expected {what}")), help)
    }

    /// Where a value should start and none does.
    pub(super) fn no_value(&self) -> Box<Diagnostic> {
        let help = match self.sort() {
            Sort::Name("not") => "put parentheses round it: `(not x)`",
            _ => "",
        };
        self.expected("a value", help)
    }

    /// After an expression that was complete.
    pub(super) fn left_over(&self) -> Box<Diagnostic> {
        let found = self.described();
        match self.sort() {
            Sort::Name(name) => with_help(
                fault(format!("an operator is missing before `{name}`"), self.span(), ""),
                &BETWEEN
                    .iter()
                    .find(|(word, _)| word == name)
                    .map_or_else(|| foreign(name), |(_, help)| (*help).into()),
            ),
            Sort::Sign(")" | "]") => fault(format!("{found} closes nothing"), self.span(), ""),
            Sort::Sign("-") => with_help(
                fault("there is no arithmetic in expressions", self.span(), ""),
                "a name with a dash is reached by `['the-name']`",
            ),
            Sort::Sign(_) => fault(format!("{found} cannot stand here"), self.span(), ""),
            _ => fault(format!("an operator is missing before {found}"), self.span(), ""),
        }
    }

    pub(super) fn close(&mut self, sign: &str, opening: &str, open: Span) -> Parsed<()> {
        if self.take_sign(sign) {
            return Ok(());
        }
        match self.sort() {
            Sort::End => Err(fault(format!("`{opening}` is never closed"), open, &format!("`{sign}` is missing"))),
            _ => Err(Box::new(self.left_over().at(open, format!("`{opening}` is open here")))),
        }
    }

    pub(super) fn chained(&self, second: Span) -> Box<Diagnostic> {
        with_help(fault("comparisons cannot be chained", second, ""), "write `a < b and b < c`, or put parentheses")
    }

    /// `services.kpis-api` reads as a difference, and was meant as a name.
    pub(super) fn no_dash(&self) -> Parsed<()> {
        match self.sort() {
            Sort::Sign("-") => Err(self.left_over()),
            _ => Ok(()),
        }
    }

    pub(super) fn known_name(&self, name: &str) -> Parsed<()> {
        match foreign(name).as_str() {
            "" => Ok(()),
            help => Err(with_help(fault(format!("`{name}` means nothing in an expression"), self.span(), ""), help)),
        }
    }

    fn described(&self) -> String {
        match self.sort() {
            Sort::Name(name) => format!("`{name}`"),
            Sort::Text(_) => "a text".into(),
            Sort::Integer(number) => format!("`{number}`"),
            Sort::Number(number) => format!("`{number}`"),
            Sort::Sign(sign) => format!("`{sign}`"),
            Sort::End => "the end".into(),
        }
    }
}

fn foreign(name: &str) -> String {
    FOREIGN.iter().find(|(word, _)| *word == name).map_or(String::new(), |(_, ours)| format!("write `{ours}`"))
}

pub(super) fn unknown_filter(name: &str, at: Span) -> Box<Diagnostic> {
    let known = Filter::names().collect::<Vec<_>>();
    let fault = fault(format!("no filter is called `{name}`"), at, "");
    let fault = match name {
        "string" | "str" => fault.help("write `text`"),
        "count" | "size" => fault.help("write `length`"),
        "int" | "float" => fault.help("there are no conversions to numbers: give the option the type it needs"),
        _ => fault.suggest(name, known.iter().copied()),
    };
    Box::new(fault.note(format!("the filters are {}", known.join(", "))))
}

pub(super) fn unknown_test(name: &str, negated: bool, at: Span) -> Box<Diagnostic> {
    let fault = fault(format!("no test is called `{name}`"), at, "");
    Box::new(match TESTS.iter().find(|(test, ..)| *test == name) {
        Some((_, plain, opposite)) => fault.help(format!("write `x {}`", if negated { opposite } else { plain })),
        None => fault.suggest(name, Test::ALL.iter().map(|(known, _)| *known)),
    })
}

/// A literal in brackets as a place in a list.
pub(super) fn place(number: &Number, span: Span) -> Parsed<usize> {
    let place = number.as_u64().and_then(|place| usize::try_from(place).ok());
    place.ok_or_else(|| fault("places in a list are 0, 1, 2, …", span, "expected an integer of 0 or more"))
}

pub(super) fn arguments(wanted: &[&str]) -> String {
    match wanted {
        [] => "no arguments".into(),
        [one] => format!("one argument ({one})"),
        several => format!("{} arguments ({})", several.len(), several.join(", ")),
    }
}
