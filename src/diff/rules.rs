//! `rules.yaml`: the classes in words, and the rules that give a change its class.

#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::sync::OnceLock;

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value as Json;

use super::change::{Event, Finding, Subject};
use super::class::Class;
use super::path::{FieldPath, Step};
use crate::diagnostic::Sink;
use crate::source::read::read;
use crate::source::{FileId, Node, typed::typed};
use crate::validate::quantity::Quantity;

const TEXT: &str = include_str!("rules.yaml");

/// The whole table.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    pub classes: IndexMap<Class, Words>,
    rules: Vec<Rule>,
}

/// What a class is called, and what it means.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub title: String,
    pub says: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rule {
    pub id: String,
    pub class: Class,
    pub because: String,
    pub source: String,
    #[serde(default)]
    pub kinds: Vec<String>,
    #[serde(default)]
    pub on: Option<On>,
    #[serde(default)]
    fields: Vec<String>,
    #[serde(default)]
    unless_fields: Vec<String>,
    #[serde(default)]
    ends: Vec<String>,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    annotations: Vec<String>,
    #[serde(default)]
    r#if: IndexMap<String, Json>,
    #[serde(default)]
    unless: IndexMap<String, Json>,
    #[serde(default)]
    smaller: bool,
    #[serde(default)]
    larger: bool,
    #[serde(default)]
    only: bool,
    #[serde(default)]
    fallback: bool,
    #[serde(default)]
    plain: bool,
    #[serde(default)]
    noise: bool,
    #[serde(default)]
    computed: bool,
}

/// When a rule about whole objects holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum On {
    Added,
    Removed,
}

/// What a rule is asked about.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub subject: &'a Subject,
    pub event: Event,
    pub path: &'a FieldPath,
    /// The field on both sides.
    pub values: (Option<&'a Node>, Option<&'a Node>),
    /// The whole on both sides.
    pub wholes: (Option<&'a Node>, Option<&'a Node>),
}

/// The table that travels with us.
pub fn rules() -> &'static Rules {
    static RULES: OnceLock<Rules> = OnceLock::new();
    RULES.get_or_init(|| {
        let documents = read(FileId(0), TEXT, &mut Sink::default());
        // A test holds that it can be read.
        documents.first().and_then(|node| typed(node).ok()).unwrap_or_default()
    })
}

impl Rules {
    pub fn all(&self) -> &[Rule] {
        &self.rules
    }

    /// What a change does, the most dangerous first.
    pub fn findings(&'static self, asked: Asked) -> Vec<Finding> {
        let kind = asked.subject.kind();
        let fits: Vec<&Rule> = self.rules.iter().filter(|rule| rule.fits(&kind, asked)).collect();
        let fits = match fits.iter().find(|rule| rule.only) {
            Some(only) => vec![*only],
            None => fits,
        };
        let is_known = fits.iter().any(|rule| !rule.fallback);
        let fits = fits.into_iter().filter(|rule| !(rule.fallback && is_known));
        let mut findings: Vec<Finding> = fits.map(Rule::finding).collect();
        // Of two rules of a class the first says more.
        findings.sort_by_key(|finding| finding.class);
        findings.dedup_by_key(|finding| finding.class);
        // Beside something graver nobody needs to hear that it is a setting, too.
        let first = findings.first().map(|finding| finding.class);
        let is_less = |class| matches!(class, Class::Config | Class::Adds | Class::NoEffect);
        findings.retain(|finding| Some(finding.class) == first || !is_less(finding.class));
        findings
    }

    /// That of a rule that code found.
    pub fn computed(&'static self, id: &str) -> Vec<Finding> {
        self.rules.iter().filter(|rule| rule.id == id).map(Rule::finding).collect()
    }

    pub fn title(&self, class: Class) -> &str {
        self.classes.get(&class).map_or(class.as_str(), |words| &words.title)
    }
}

impl Rule {
    /// What it is about, for a table: `Service: spec.clusterIP`; nothing where code finds it.
    pub fn told(&self) -> Option<String> {
        let short = |kind: &String| match kind.split('.').next() {
            Some("*") => "every object".to_owned(),
            short => short.unwrap_or_default().to_owned(),
        };
        let kinds = self.kinds.iter().map(short).collect::<Vec<_>>().join(", ");
        let parts: Vec<String> =
            [&self.fields, &self.ends, &self.labels].into_iter().flatten().map(|part| format!("`{part}`")).collect();
        let what = match (self.on, parts.is_empty()) {
            (Some(On::Added), _) => " (new)".to_owned(),
            (Some(On::Removed), _) => " (gone)".to_owned(),
            (None, true) => String::new(),
            (None, false) => format!(" {}", parts.join(", ")),
        };
        (!self.computed).then(|| format!("{kinds}{what}"))
    }

    fn finding(&'static self) -> Finding {
        Finding {
            class: self.class,
            rule: &self.id,
            because: self.because.clone(),
            is_noise: self.noise,
            is_plain: self.plain,
        }
    }

    fn fits(&self, kind: &str, asked: Asked) -> bool {
        !self.computed
            && self.is_about(kind, asked.subject)
            && self.is_when(asked)
            && self.r#if.iter().all(|(path, value)| holds(path, value, asked))
            && !self.unless.iter().any(|(path, value)| holds(path, value, asked))
            && (!self.smaller || order(asked.values) == Some(Ordering::Less))
            && (!self.larger || order(asked.values) == Some(Ordering::Greater))
    }

    fn is_about(&self, kind: &str, subject: &Subject) -> bool {
        let is_object = matches!(subject, Subject::Object(_));
        self.kinds.iter().any(|known| known == kind || known == "*" && is_object)
    }

    fn is_when(&self, asked: Asked) -> bool {
        let is_whole = asked.path.is_empty();
        match (self.on, asked.event) {
            (Some(On::Added), event) => is_whole && event == Event::Added,
            (Some(On::Removed), event) => is_whole && event == Event::Removed,
            (None, event) if self.says_no_field() => !is_whole || event == Event::Changed,
            (None, _) => !is_whole && self.names(asked),
        }
    }

    fn says_no_field(&self) -> bool {
        [&self.fields, &self.ends, &self.labels, &self.annotations].into_iter().all(Vec::is_empty)
    }

    fn names(&self, asked: Asked) -> bool {
        let path = asked.path;
        let parts = |field: &String| field.split('.').map(str::to_owned).collect::<Vec<_>>();
        let is_field = |field: &String| path.is_below(&parts(field)) || lies_in(asked, &parts(field));
        let is_excused = self.unless_fields.iter().any(|field| path.is_below(&parts(field)));
        (self.fields.is_empty() || self.fields.iter().any(is_field)) && !is_excused && self.names_a_part(asked)
    }

    /// Whether it is one of the labels, annotations or ends that the rule names, if it names any.
    fn names_a_part(&self, asked: Asked) -> bool {
        let is_label = |key: &str| self.labels.iter().any(|label| label == key);
        let is_annotation = |key: &str| self.annotations.iter().any(|word| key.contains(word.as_str()));
        [&self.ends, &self.labels, &self.annotations].into_iter().all(Vec::is_empty)
            || self.ends.iter().any(|end| ends_with(asked.path, end) || holds_end(asked, end))
            || key_below(asked.path, "labels").is_some_and(is_label)
            || key_below(asked.path, "annotations").is_some_and(is_annotation)
    }
}

/// The last step of a path whose last but one is `above`.
fn key_below<'p>(path: &'p FieldPath, above: &str) -> Option<&'p str> {
    match path.0.as_slice() {
        [.., Step::Key(parent), Step::Key(key)] if parent == above => Some(key),
        _ => None,
    }
}

/// Whether a value that came or went as a whole holds a field.
fn lies_in(asked: Asked, field: &[String]) -> bool {
    let Some(rest) = asked.path.above(field) else { return false };
    let holds = |node: &Node| rest.iter().try_fold(node, |node, key| node.get(key)).is_some();
    [asked.values.0, asked.values.1].into_iter().flatten().any(holds)
}

fn ends_with(path: &FieldPath, end: &str) -> bool {
    let keys = path.keys();
    let end: Vec<&str> = end.split('.').collect();
    keys.ends_with(&end)
}

/// Whether an item that came or went holds such a field somewhere.
fn holds_end(asked: Asked, end: &str) -> bool {
    let ((Some(node), None) | (None, Some(node))) = asked.values else { return false };
    let parts: Vec<&str> = end.split('.').collect();
    has(node, &parts)
}

fn has(node: &Node, end: &[&str]) -> bool {
    if end.iter().try_fold(node, |node, key| node.get(key)).is_some() {
        return true;
    }
    let in_list = node.as_list().unwrap_or_default().iter().any(|item| has(item, end));
    in_list || node.as_map().into_iter().flatten().any(|(_, entry)| has(&entry.node, end))
}

/// Whether a value stands at `old.…` or `new.…`; a number is what its text says.
fn holds(path: &str, value: &Json, asked: Asked) -> bool {
    let (side, path) = match path.split_once('.') {
        Some(("old", path)) => (asked.wholes.0, path),
        Some(("new", path)) => (asked.wholes.1, path),
        _ => return false,
    };
    let found = side.and_then(|node| path.split('.').try_fold(node, |node, key| node.get(key)));
    found.is_some_and(|found| found.to_json() == *value)
}

/// How the new quantity stands to the old one.
fn order(values: (Option<&Node>, Option<&Node>)) -> Option<Ordering> {
    let read = |node: Option<&Node>| Quantity::read(&text(node?)?);
    Some(read(values.1)?.cmp(&read(values.0)?))
}

/// A scalar as it is written.
pub fn text(node: &Node) -> Option<String> {
    match &node.value {
        crate::source::Value::Text(text) => Some(text.clone()),
        crate::source::Value::Integer(number) => Some(number.to_string()),
        crate::source::Value::Float(number) => Some(number.to_string()),
        _ => None,
    }
}
