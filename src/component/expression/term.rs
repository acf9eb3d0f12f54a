//! A parsed expression. Two terms are equal where they say the same, wherever they stand.

use serde_json::Value as Json;

use super::filter::Filter;
use crate::source::{NodePath, Span};

/// A part of an expression that has a value, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Term {
    pub span: Span,
    pub what: What,
}

impl PartialEq for Term {
    fn eq(&self, other: &Self) -> bool {
        self.what == other.what
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    /// `'text'`, `3`, `true`, `none`
    Literal(Json),
    /// `[a, b]`
    List(Vec<Term>),
    /// `options.database.host`
    Path(Path),
    /// `not a`
    Not(Box<Term>),
    /// `a and b and c`, `a or b`
    Logic(Logic, Vec<Term>),
    /// `a < b`
    Compare(Comparison, Box<[Term; 2]>),
    /// `a in b`, `a not in b`
    Within { negated: bool, sides: Box<[Term; 2]> },
    /// `a is integer`, `a is not string`
    Test { negated: bool, test: Test, of: Box<Term> },
    /// `a ~ b ~ c`
    Joined(Vec<Term>),
    /// `yes if condition else no`
    Choice(Box<Choice>),
    /// `a | join(', ')`
    Filtered { filter: Filter, of: Box<Term>, arguments: Vec<Term> },
}

/// A name or a value, and the way down from there.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Path {
    pub root: Root,
    pub steps: Vec<Access>,
    /// The steps as far as the text alone tells them.
    pub tail: NodePath,
}

#[derive(Debug, Clone)]
pub(super) enum Root {
    Name(String, Span),
    Term(Box<Term>),
}

impl PartialEq for Root {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Root::Name(left, _), Root::Name(right, _)) => left == right,
            (Root::Term(left), Root::Term(right)) => left == right,
            _ => false,
        }
    }
}

/// One step of a path; its span is that of the member without the dot, or of what stands in the brackets.
#[derive(Debug, Clone)]
pub(super) struct Access {
    pub span: Span,
    pub to: To,
}

impl PartialEq for Access {
    fn eq(&self, other: &Self) -> bool {
        self.to == other.to
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum To {
    /// `.host`, `['kpis-api']`
    Member(String),
    /// `[0]`
    Place(usize),
    /// `[key]`
    Computed(Term),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choice {
    pub yes: Term,
    pub condition: Term,
    pub no: Term,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Logic {
    And,
    Or,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What `is` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    Boolean,
    Integer,
    Number,
    Text,
}

impl Logic {
    pub fn sign(self) -> &'static str {
        match self {
            Logic::And => "and",
            Logic::Or => "or",
        }
    }

    /// The operand's value that decides without the others.
    pub fn decisive(self) -> bool {
        self == Logic::Or
    }
}

impl Comparison {
    pub const ALL: &'static [(&'static str, Comparison)] = &[
        ("==", Comparison::Equal),
        ("!=", Comparison::Unequal),
        ("<", Comparison::Less),
        ("<=", Comparison::LessOrEqual),
        (">", Comparison::Greater),
        (">=", Comparison::GreaterOrEqual),
    ];

    pub fn sign(self) -> &'static str {
        Self::ALL.iter().find(|(_, comparison)| *comparison == self).map_or("", |(sign, _)| sign)
    }
}

impl Test {
    /// By Jinja's names.
    pub const ALL: &'static [(&'static str, Test)] =
        &[("boolean", Test::Boolean), ("integer", Test::Integer), ("number", Test::Number), ("string", Test::Text)];
}

impl Term {
    pub fn literal(span: Span, value: impl Into<Json>) -> Term {
        Term { span, what: What::Literal(value.into()) }
    }

    /// What all must be true for this to be true.
    pub fn conjuncts(&self) -> Vec<&Term> {
        match &self.what {
            What::Logic(Logic::And, terms) => terms.iter().flat_map(Term::conjuncts).collect(),
            _ => vec![self],
        }
    }

    /// The parts, from left to right.
    pub fn parts(&self) -> Vec<&Term> {
        match &self.what {
            What::Literal(_) => vec![],
            What::List(terms) | What::Logic(_, terms) | What::Joined(terms) => terms.iter().collect(),
            What::Not(term) | What::Test { of: term, .. } => vec![term],
            What::Compare(_, sides) | What::Within { sides, .. } => sides.iter().collect(),
            What::Choice(choice) => vec![&choice.yes, &choice.condition, &choice.no],
            What::Filtered { of, arguments, .. } => std::iter::once(&**of).chain(arguments).collect(),
            What::Path(path) => path.parts(),
        }
    }
}

impl Path {
    fn parts(&self) -> Vec<&Term> {
        let root = match &self.root {
            Root::Term(term) => Some(&**term),
            Root::Name(..) => None,
        };
        let computed = self.steps.iter().filter_map(|step| match &step.to {
            To::Computed(term) => Some(term),
            _ => None,
        });
        root.into_iter().chain(computed).collect()
    }

    /// The whole path, where the text alone tells it.
    pub fn known(&self) -> Option<NodePath> {
        self.mentioned().filter(|_| self.tail.steps().len() == self.steps.len())
    }

    /// The path from its name on, as far as the text alone tells it.
    pub fn mentioned(&self) -> Option<NodePath> {
        match &self.root {
            Root::Name(name, _) => Some(NodePath::root().key(name).join(&self.tail)),
            Root::Term(_) => None,
        }
    }
}
