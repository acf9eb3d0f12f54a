//! The schemas that components give of the values of their charts (`valuesSchema`).
//!
//! Takes the schema's text and a tree of values; gives what the chart does not take, each at its place. A schema is parsed
//! when it is first asked, and compiled then: one that travels with us, as far as the values go. A tree says some of the
//! values and the chart's own defaults the rest, so what must be there is not judged; null takes a value away, so it may
//! stand anywhere (Helm docs, "Values Files").

mod partial;
mod wording;

#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};

use jsonschema::{ValidationError, Validator};
use serde_json::Value as Json;

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::json_schema::fault::path_of;
use crate::json_schema::{Fault, Parts};
use crate::source::read::read;
use crate::source::{FileId, Node, NodePath, Span};

/// In a schema: the chart's values name the key, and nothing in the chart reads it.
const UNREAD: &str = "x-unread";

/// The schema of a chart's values.
pub struct ValuesSchema {
    file: FileId,
    text: Arc<str>,
    /// Whether it travels with us: then it is known to be right.
    is_ours: bool,
    compiled: OnceLock<Result<Compiled, Diagnostic>>,
}

#[derive(Debug)]
struct Compiled {
    schema: Json,
    /// Of ours.
    parts: Option<Parts>,
    whole: OnceLock<Option<Validator>>,
}

/// What is to be said of one place of a tree of values.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    pub path: NodePath,
    pub span: Span,
    pub what: What,
    pub help: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum What {
    /// The chart has no such value.
    Unknown,
    /// It has the value, and nothing reads it.
    Unread,
    /// It has the value, and this is none that it takes.
    Wrong(String),
}

impl What {
    /// Why the chart would not take it.
    pub fn reason(&self) -> Option<&str> {
        match self {
            What::Unknown => Some("there is no such value"),
            What::Unread => None,
            What::Wrong(reason) => Some(reason),
        }
    }
}

impl std::fmt::Debug for ValuesSchema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ValuesSchema")
    }
}

impl ValuesSchema {
    pub fn new(file: FileId, text: Arc<str>, is_ours: bool) -> Self {
        Self { file, text, is_ours, compiled: OnceLock::new() }
    }

    /// Everything that is to be said of a tree, in its order; an error where the schema itself is wrong.
    pub fn findings(&self, values: &Node) -> Result<Vec<Finding>, &Diagnostic> {
        let compiled = self.compiled.get_or_init(|| self.compile()).as_ref()?;
        let mut findings = compiled.unread(values);
        let faults = compiled.faults(values);
        let is_read = |fault: &&Fault| !findings.iter().any(|unread| fault.path.starts_with(&unread.path));
        let wrong: Vec<Finding> = faults.iter().filter(is_read).map(|fault| Finding::of(fault, values)).collect();
        findings.extend(wrong);
        findings.sort_by_key(|finding| finding.span);
        Ok(findings)
    }

    fn compile(&self) -> Result<Compiled, Diagnostic> {
        let mut schema: Json = serde_json::from_str(&self.text).map_err(|error| self.no_json(&error))?;
        partial::admit(&mut schema);
        if self.is_ours {
            return Ok(Compiled { parts: Some(Parts::of(&schema, build)), schema, whole: OnceLock::new() });
        }
        let whole = jsonschema::options().build(&schema).map_err(|error| self.no_schema(&error))?;
        Ok(Compiled { schema, parts: None, whole: OnceLock::from(Some(whole)) })
    }

    /// What is said of a schema by the schema of schemas is of no use to people; the place is.
    fn no_schema(&self, error: &ValidationError) -> Diagnostic {
        let path = path_of(error);
        let written = read(self.file, &self.text, &mut Sink::default()).into_iter().next();
        let span = written.map_or(Span::new(self.file, 0, 0), |root| {
            root.at(&path).map_or_else(|| root.nearest(&path), |node| node.span)
        });
        let fault = Diagnostic::new(Code::Component, "the schema of a chart's values is no JSON Schema");
        fault.at(span, format!("`{path}` cannot be this"))
    }

    fn no_json(&self, error: &serde_json::Error) -> Diagnostic {
        let before = self.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
        let at = before + error.column().saturating_sub(1);
        let message = error.to_string();
        let reason = message.split(" at line ").next().unwrap_or_default().to_owned();
        Diagnostic::new(Code::Component, "the schema of a chart's values is not JSON")
            .at(Span::new(self.file, at, at), reason)
    }
}

fn build(schema: &Json) -> Option<Validator> {
    jsonschema::options().build(schema).ok()
}

impl Compiled {
    fn faults(&self, values: &Node) -> Vec<Fault> {
        let values = values.to_json();
        let part = self.parts.as_ref().and_then(|parts| parts.hold(&self.schema, &values));
        if part == Some(true) {
            return vec![];
        }
        let Some(whole) = self.whole() else {
            return vec![Fault::new(NodePath::root(), "the schema of the chart's values cannot be compiled")];
        };
        let errors = whole.iter_errors(&values).filter(|error| !error.instance().is_null());
        errors.flat_map(|error| Fault::of(&error, &self.schema)).collect()
    }

    fn whole(&self) -> Option<&Validator> {
        self.whole.get_or_init(|| build(&self.schema)).as_ref()
    }

    /// Keys of the tree that the chart's values name and nothing reads.
    fn unread(&self, values: &Node) -> Vec<Finding> {
        let mut findings = vec![];
        let mut open = vec![(&self.schema, values, NodePath::root())];
        while let Some((schema, node, path)) = open.pop() {
            for (key, entry) in node.as_map().into_iter().flatten() {
                let Some(below) = schema.get("properties").and_then(|known| known.get(key)) else { continue };
                let path = path.key(key);
                match below.get(UNREAD) {
                    Some(_) => findings.push(Finding { path, span: entry.key, what: What::Unread, help: None }),
                    None => open.push((below, &entry.node, path)),
                }
            }
        }
        findings
    }
}

impl Finding {
    fn of(fault: &Fault, values: &Node) -> Self {
        let node = values.at(&fault.path).filter(|_| !fault.about_key);
        let scalar = node.filter(|node| node.as_map().is_none() && node.as_list().is_none());
        let span = scalar.map_or_else(|| values.nearest(&fault.path), |node| node.span);
        let what = match fault.about_key {
            true => What::Unknown,
            false => What::Wrong(wording::reason(fault, node)),
        };
        let help = fault.help.clone().or_else(|| wording::help(fault, node));
        Self { path: fault.path.clone(), span, what, help }
    }
}
