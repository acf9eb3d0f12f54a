//! [`Pattern`] × [`Names`] → faults: every expression is checked, and held against the schema of what it stands for.

mod fit;

use super::{Form, Member, Pattern, Piece};
use crate::component::expression::{Expression, Kind, Names};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::schema::Schema;

impl Pattern {
    /// Checks all expressions (E0214). With a schema, also that each whole value can stand where it does, and that what is
    /// required is never none. What is plain is left to the check of the evaluated tree.
    pub fn check(&self, names: &Names, expected: Option<&Schema>, sink: &mut Sink) {
        self.check_at(names, expected, true, sink);
    }

    fn check_at(&self, names: &Names, expected: Option<&Schema>, may_go: bool, sink: &mut Sink) {
        match &self.form {
            Form::Plain(_) => {}
            Form::Whole(expression) => check_whole(expression, names, expected, may_go, sink),
            Form::Text(pieces) => self.check_text(pieces, names, expected, sink),
            Form::List(items) => {
                let below = expected.and_then(|schema| schema.items.as_deref());
                items.iter().for_each(|item| item.check_at(names, below, true, sink));
            }
            Form::Map(members) => members.iter().for_each(|member| member.check(names, expected, sink)),
        }
    }

    fn check_text(&self, pieces: &[Piece], names: &Names, expected: Option<&Schema>, sink: &mut Sink) {
        let sound = check_pieces(pieces, names, sink);
        if let (true, Some(why)) = (sound, expected.and_then(|schema| fit::unfit(&Kind::Text, schema))) {
            sink.push(Diagnostic::new(Code::Expression, why).at(self.span, ""));
        }
    }
}

impl Member {
    fn check(&self, names: &Names, expected: Option<&Schema>, sink: &mut Sink) {
        check_pieces(self.key.pieces(), names, sink);
        let known = expected.zip(self.key.as_plain());
        let below = known.and_then(|(schema, key)| schema.properties.get(key));
        let below = below.or_else(|| expected.and_then(|schema| schema.additional.as_deref()));
        let required = known.is_some_and(|(schema, key)| is_required(schema, key));
        self.value.check_at(names, below, !required, sink);
    }
}

/// Of keys of which only one may stand there, none is required by itself.
fn is_required(schema: &Schema, key: &str) -> bool {
    let names = |names: &[String]| names.iter().any(|name| name == key);
    names(&schema.required) && !names(&schema.one_of)
}

fn check_pieces(pieces: &[Piece], names: &Names, sink: &mut Sink) -> bool {
    let checked = pieces.iter().filter_map(Piece::expression).map(|expression| expression.check_text(names));
    let faults = checked.filter_map(Result::err).flatten().collect::<Vec<_>>();
    let sound = faults.is_empty();
    faults.into_iter().for_each(|fault| sink.push(fault));
    sound
}

fn check_whole(expression: &Expression, names: &Names, expected: Option<&Schema>, may_go: bool, sink: &mut Sink) {
    let kind = match expression.check(names) {
        Ok(kind) => kind,
        Err(faults) => return faults.into_iter().for_each(|fault| sink.push(fault)),
    };
    let Some(schema) = expected else { return };
    if kind.is_optional() && !may_go {
        let fault =
            Diagnostic::new(Code::Expression, format!("a value is required here, and this is {}", kind.called()));
        sink.push(fault.at(expression.span, "").help("say in `when` that it is there, or write `x | default(…)`"));
    } else if let Some(why) = fit::unfit(kind.required(), schema) {
        sink.push(Diagnostic::new(Code::Expression, why).at(expression.span, ""));
    }
}
