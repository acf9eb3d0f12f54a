//! What the language promises, sentence by sentence.

mod check;
mod evaluate;
mod kind;
mod parse;
mod properties;

use serde_json::{Value as Json, json};

use super::{Expression, Place, Reads, Scope};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Sources, Span};

/// A file that holds nothing but one scalar.
fn source(text: &str) -> (Sources, Span) {
    let mut sources = Sources::default();
    let file = sources.add("component.yaml", text);
    (sources, Span::new(file, 0, text.len()))
}

/// The blank keeps a text that starts with a quote from being a quoted scalar.
fn parse(text: &str) -> Result<Expression, Diagnostic> {
    let (sources, span) = source(&format!(" {text}"));
    Expression::parse(text, &Place::of(span, text, &sources)).map_err(|fault| *fault)
}

fn parsed(text: &str) -> Expression {
    parse(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"))
}

/// The text under the first label.
fn spanned<'t>(text: &'t str, fault: &Diagnostic) -> &'t str {
    let part = fault.primary().expect("a fault has a place").range();
    text.get(part.start - 1..part.end - 1).expect("a place lies in its file")
}

/// The options that the examples of this module are evaluated on.
fn options() -> Json {
    json!({
        "host": "airbyte", "replicas": 3, "share": 0.5, "rootless": true,
        "database": { "host": "pg.internal", "port": 5432, "cidrs": ["10.30.0.0/16", "10.31.0.0/16"] },
        "storage": { "type": "s3" },
        "connects": { "database": { "host": "postgres", "port": 5432 }, "kpis-api": { "to": "services.kpis-api" } },
        "secrets": {}, "empty": [],
    })
}

fn evaluate(text: &str) -> Result<(Json, Vec<String>), Diagnostic> {
    let options = options();
    let mut scope = Scope::new();
    scope.set("options", &options);
    scope.set_value("release", "airbyte");
    scope.set_value("platform", json!({ "name": "acme", "monitoring": null }));
    let mut reads = Reads::default();
    let value = parsed(text).evaluate(&scope, &mut reads).map_err(|fault| *fault)?;
    Ok((value, reads.paths.iter().map(ToString::to_string).collect()))
}

fn value(text: &str) -> Json {
    evaluate(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}")).0
}

fn expect(fault: &Diagnostic, code: Code, text: &str, at: &str, message: &str) {
    assert_eq!((fault.code, fault.message.as_str(), spanned(text, fault)), (code, message, at), "{text}");
}
