//! The expression language: a small typed subset of Jinja's.
//!
//! Takes a text of `component.yaml`; gives an [`Expression`] that is parsed once, checked once against the kinds of the
//! names it may use, and evaluated often. Faults: E0214 for what is wrong whatever the options are, E0304 for what has no
//! value here. It renders no templates and never reads `platform.yaml` itself.
//!
//! There is no truthiness, and unlike types are never compared: each is a fault. What is absent is `none`, and so is what
//! lies below it, as far as a schema knows the path.

mod check;
mod evaluate;
mod filter;
mod kind;
mod names;
mod parse;
mod place;
mod scope;
mod term;
#[cfg(test)]
mod tests;
mod token;

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value as Json;

pub use filter::Filter;
pub use kind::{Kind, Record};
pub use names::Names;
pub use place::Place;
pub use scope::{Reads, Scope};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{NodePath, Span};
use term::{Root, Term, What};

/// A parsed expression; cheap to clone.
#[derive(Debug, Clone)]
pub struct Expression {
    pub span: Span,
    term: Arc<Term>,
}

/// One turn of a `for`.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn<'v> {
    /// The entry's key, or its place in a list.
    pub key: Json,
    pub entry: Cow<'v, Json>,
    /// Where the entry stands below `options`, if it comes from there: give it to [`Scope::set_from`].
    pub from: Option<NodePath>,
}

impl Expression {
    /// Reads a whole text as one expression.
    pub fn parse(text: &str, place: &Place) -> Result<Expression, Box<Diagnostic>> {
        parse::whole(text, place).map(Expression::from)
    }

    /// Reads what stands behind a `{{` that ends at byte `from`; gives the byte behind its `}}` too.
    pub(super) fn parse_braced(text: &str, from: usize, place: &Place) -> Result<(Expression, usize), Box<Diagnostic>> {
        parse::braced(text, from, place).map(|(term, end)| (term.into(), end))
    }

    /// A value that is written out.
    pub fn literal(span: Span, value: impl Into<Json>) -> Expression {
        Term::literal(span, value).into()
    }

    /// What it gives, whatever the values are; or all that is wrong with it.
    pub fn check(&self, names: &Names) -> Result<Kind, Vec<Diagnostic>> {
        check::check(&self.term, names)
    }

    /// That it is exactly a boolean: a `when` or `require`.
    pub fn check_boolean(&self, names: &Names) -> Result<(), Vec<Diagnostic>> {
        check::check_boolean(&self.term, names)
    }

    /// That it may stand inside a text.
    pub fn check_text(&self, names: &Names) -> Result<(), Vec<Diagnostic>> {
        check::check_text(&self.term, names)
    }

    /// The kinds of `key` and `entry` in a `for` over it.
    pub fn check_turns(&self, names: &Names) -> Result<(Kind, Kind), Vec<Diagnostic>> {
        let kind = self.check(names)?;
        kind.turn().ok_or_else(|| {
            let message = format!("`for` takes a map or a list, and this is {}", kind.called());
            vec![Diagnostic::new(Code::Expression, message).at(self.span, "")]
        })
    }

    pub fn evaluate(&self, scope: &Scope, reads: &mut Reads) -> Result<Json, Box<Diagnostic>> {
        self.value(scope, reads).map(Cow::into_owned)
    }

    /// The value without a copy, where it stands in the scope as it is.
    pub fn value<'v>(&'v self, scope: &'v Scope<'v>, reads: &mut Reads) -> Result<Cow<'v, Json>, Box<Diagnostic>> {
        self.term.evaluate(scope, reads)
    }

    /// The value of a `when` or `require`.
    pub fn holds(&self, scope: &Scope, reads: &mut Reads) -> Result<bool, Box<Diagnostic>> {
        self.term.holds(scope, reads)
    }

    /// What may stand inside a text.
    pub fn text(&self, scope: &Scope, reads: &mut Reads) -> Result<String, Box<Diagnostic>> {
        self.term.text(scope, reads)
    }

    /// The entries of the map or list of a `for`; of none, nothing.
    pub fn turns<'v>(&'v self, scope: &'v Scope<'v>, reads: &mut Reads) -> Result<Vec<Turn<'v>>, Box<Diagnostic>> {
        let value = self.value(scope, reads)?;
        let from = self.origin(scope);
        evaluate::turns(value, from.as_ref()).map_err(|message| evaluate::fault(self.span, message))
    }

    /// The paths it mentions, each from its first name on, as far as the text tells them.
    pub fn paths(&self) -> Vec<NodePath> {
        let mut paths = vec![];
        collect(&self.term, &mut paths);
        paths
    }

    /// The path below `options` that the whole expression is.
    fn origin(&self, scope: &Scope) -> Option<NodePath> {
        let What::Path(path) = &self.term.what else { return None };
        let Root::Name(name, _) = &path.root else { return None };
        path.known()?;
        Some(scope.origin(name)?.join(&path.tail))
    }
}

impl From<Term> for Expression {
    fn from(term: Term) -> Self {
        Self { span: term.span, term: Arc::new(term) }
    }
}

fn collect(term: &Term, paths: &mut Vec<NodePath>) {
    if let What::Path(path) = &term.what {
        paths.extend(path.mentioned());
    }
    term.parts().into_iter().for_each(|part| collect(part, paths));
}
