//! Names that are not there: which part of a path is unknown, and what stands there instead.

use std::ops::Range;

use minijinja::value::ValueKind;
use minijinja::{Error, Value};

use super::place::without_filter;
use super::{Fault, detail};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// The fault of an undefined value somewhere in `range` of the template.
pub fn fault(error: &Error, file: FileId, text: &str, range: Range<usize>, context: &Value) -> Diagnostic {
    let detail = detail(error);
    let expression = text.get(range.clone()).unwrap_or_default();
    let path = described(&detail).unwrap_or(without_filter(expression));
    let quoted = path.strip_suffix("']").and_then(|path| path.rsplit_once("['"));
    let fault = match quoted.or(path.rsplit_once('.')) {
        Some((parent, name)) => of_key(parent, name, context),
        None if path.contains(['[', '(', ' ']) => Fault::new(format!("`{path}` is not there")),
        None => suggest(Fault::new(format!("the name `{path}` is not known here")), path, context),
    };
    let range = last_part(path, text, &range).unwrap_or(range);
    Fault { label: "not known", ..fault }.at(Span::new(file, range.start, range.end))
}

/// The path in the engine's "`a.b` is undefined".
fn described(detail: &str) -> Option<&str> {
    let (before, _) = detail.split_once("` is undefined")?;
    before.rsplit_once('`').map_or(Some(before), |(_, path)| Some(path))
}

/// Where the last name of the path stands, in the expression or in its line before it.
fn last_part(path: &str, text: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let line = text.get(..range.start)?.rfind('\n').map_or(0, |line_break| line_break + 1);
    let end = line + text.get(line..range.end)?.rfind(path)? + path.len();
    let name = path.rsplit('.').next().unwrap_or(path);
    Some(end - name.len()..end)
}

fn of_key(parent: &str, name: &str, context: &Value) -> Fault {
    let value = parent.split('.').try_fold(context.clone(), |value, key| value.get_attr(key).ok());
    match value.as_ref().map(Value::kind) {
        Some(ValueKind::None) => Fault::new(format!("`{parent}` is none here, so it has no `{name}`"))
            .help(format!("ask first: `{{% if {parent} != none %}}`")),
        Some(ValueKind::Map) => {
            suggest(Fault::new(format!("`{parent}` has no `{name}`")), name, &value.unwrap_or_default())
        }
        Some(ValueKind::Undefined) | None => Fault::new(format!("`{parent}` has no `{name}`")),
        Some(kind) => Fault::new(format!("`{parent}` is a {kind}, so it has no `{name}`")),
    }
}

fn suggest(fault: Fault, wrong: &str, map: &Value) -> Fault {
    let keys: Vec<Value> = map.try_iter().map(Iterator::collect).unwrap_or_default();
    let known = keys.iter().filter_map(Value::as_str);
    Fault { diagnostic: fault.diagnostic.suggest_or_list(wrong, known), ..fault }
}
