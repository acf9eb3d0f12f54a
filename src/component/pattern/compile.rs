//! Node → [`Pattern`]: finds the `{{ … }}` in every scalar and key.

use std::sync::Arc;

use super::{Form, Key, Member, Pattern, Piece};
use crate::component::expression::{Expression, Place};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::{Entry, Map, Node, Sources, Span, Value};

const OPEN: &str = "{{";

impl Pattern {
    /// Parses every expression in the tree; faults go to the sink, and what is faulty is plain in the result.
    pub fn compile(node: &Node, sources: &Sources, sink: &mut Sink) -> Pattern {
        Compiler { sources, sink }.pattern(node)
    }
}

/// The bare expression of a `when`, `for` or `require`.
pub fn bare(node: &Node, sources: &Sources, sink: &mut Sink) -> Option<Expression> {
    let parsed = match &node.value {
        Value::Bool(value) => return Some(Expression::literal(node.span, *value)),
        Value::Text(text) if text.trim_start().starts_with(OPEN) => Err(in_braces(text, node.span)),
        Value::Text(text) => Expression::parse(text, &Place::of(node.span, text, sources)),
        Value::Map(_) if is_unquoted(node, sources) => Err(in_braces(sources.text(node.span), node.span)),
        _ => Err(no_expression(node)),
    };
    parsed.map_err(|fault| sink.push(*fault)).ok()
}

fn in_braces(text: &str, span: Span) -> Box<Diagnostic> {
    let inner = text.trim().trim_matches(['{', '}']).trim();
    let fault = Diagnostic::new(Code::Expression, "a bare expression is expected here, without `{{ }}`");
    Box::new(fault.at(span, "").help(format!("write `{inner}`")))
}

fn no_expression(node: &Node) -> Box<Diagnostic> {
    let message = format!("expected an expression, not {}", node.describe());
    Box::new(Diagnostic::new(Code::Expression, message).at(node.span, "expected an expression"))
}

/// `name: {{ release }}` is a map of a map to YAML.
fn is_unquoted(node: &Node, sources: &Sources) -> bool {
    sources.text(node.span).starts_with(OPEN)
}

struct Compiler<'c> {
    sources: &'c Sources,
    sink: &'c mut Sink,
}

impl Compiler<'_> {
    fn pattern(&mut self, node: &Node) -> Pattern {
        let form = match &node.value {
            Value::Text(text) if text.contains(OPEN) => self.text(text, node.span),
            Value::List(items) => self.list(items),
            Value::Map(_) if is_unquoted(node, self.sources) => self.unquoted(node.span),
            Value::Map(map) => self.map(map),
            _ => None,
        };
        Pattern { span: node.span, form: form.unwrap_or_else(|| Form::Plain(Arc::new(node.clone()))) }
    }

    fn unquoted(&mut self, span: Span) -> Option<Form> {
        let fault = Diagnostic::new(Code::Expression, "an expression without quotes is a map to YAML");
        self.sink.push(fault.at(span, "").help("put quotes around it: `\"{{ … }}\"`"));
        None
    }

    fn list(&mut self, items: &[Node]) -> Option<Form> {
        let items = items.iter().map(|item| self.pattern(item)).collect::<Arc<[_]>>();
        items.iter().any(|item| item.as_plain().is_none()).then_some(Form::List(items))
    }

    fn map(&mut self, map: &Map) -> Option<Form> {
        let members = map.iter().map(|(key, entry)| self.member(key, entry)).collect::<Arc<[_]>>();
        let plain = |member: &Member| matches!(member.key, Key::Plain(_)) && member.value.as_plain().is_some();
        (!members.iter().all(plain)).then_some(Form::Map(members))
    }

    fn member(&mut self, key: &str, entry: &Entry) -> Member {
        let pieces = if key.contains(OPEN) { self.pieces(key, entry.key) } else { None };
        let name = pieces.map_or_else(|| Key::Plain(key.to_owned()), Key::Text);
        Member { span: entry.key, key: name, value: self.pattern(&entry.node) }
    }

    fn text(&mut self, text: &str, span: Span) -> Option<Form> {
        let pieces = self.pieces(text, span)?;
        Some(match pieces.as_slice() {
            [Piece::Value(alone)] => Form::Whole(alone.clone()),
            _ => Form::Text(pieces.into()),
        })
    }

    /// The parts of a text; none where one of them is at fault.
    fn pieces(&mut self, text: &str, span: Span) -> Option<Vec<Piece>> {
        let place = Place::of(span, text, self.sources);
        let (mut pieces, mut at, mut sound) = (vec![], 0, true);
        while let Some(start) = text.get(at..).and_then(|rest| rest.find(OPEN)).map(|found| at + found) {
            pieces.extend(plain(text, at, start));
            at = match Expression::parse_braced(text, start + OPEN.len(), &place) {
                Ok((expression, end)) => {
                    pieces.push(Piece::Value(expression));
                    end
                }
                Err(fault) => {
                    self.sink.push(*fault);
                    sound = false;
                    behind(text, start)
                }
            };
        }
        pieces.extend(plain(text, at, text.len()));
        sound.then_some(pieces)
    }
}

fn plain(text: &str, start: usize, end: usize) -> Option<Piece> {
    text.get(start..end).filter(|part| !part.is_empty()).map(|part| Piece::Plain(part.to_owned()))
}

/// Where to go on after a faulty expression that starts at `start`.
fn behind(text: &str, start: usize) -> usize {
    text.get(start..).and_then(|rest| rest.find("}}")).map_or(text.len(), |found| start + found + 2)
}
