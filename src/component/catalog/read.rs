//! One `component.yaml` → [`Component`].

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde::de::DeserializeOwned;

use super::describe::DESCRIPTION;
use super::files::{self, Folder};
use super::{Component, Declared, Word, references, rules};
use crate::component::interface::{Chart, Provides};
use crate::component::pattern::{Pattern, bare};
use crate::component::values::ValuesSchema;
use crate::diagnostic::{Code, Diagnostic, Severity, Sink, nearest};
use crate::schema::check::{Mode, check};
use crate::schema::read::read as read_schema;
use crate::schema::{Schema, Type};
use crate::source::read::read as read_yaml;
use crate::source::typed::typed;
use crate::source::{Map, Node, Sources, Span, Value};

/// The component of a folder, or after an error the top-level keys that it would have brought.
pub(super) fn component(
    folder: &str,
    held: &Folder,
    sources: &Sources,
    sink: &mut Sink,
) -> Result<Component, BTreeSet<String>> {
    let Some(file) = held.get(files::DESCRIPTION) else { return Err(BTreeSet::new()) };
    let text = sources.file(file.id).text.clone();
    let written = read_yaml(file.id, &text, sink).into_iter().next();
    let Some(written) = written else { return Err(spoken_of(&text)) };
    let node = check(&written, &DESCRIPTION, Mode::Templated, sink);
    let component = Reader { node: &node, sources, sink }.component(folder, held, file.id);
    if let Some(component) = &component {
        rules::within(component, sink);
        if !is_word_missing(&written) {
            references::check(component, sink);
        }
    }
    let sound = sink.iter().all(|fault| fault.severity != Severity::Error);
    component.filter(|_| sound).ok_or_else(|| keys(&written))
}

/// Whether a word that others refer to may stand there misspelt: what leads to its entries is not to be blamed too.
fn is_word_missing(written: &Node) -> bool {
    let harmless = [Word::Notes, Word::Prerequisites, Word::Constraints, Word::Files, Word::Metrics, Word::Flows];
    let words = || Word::ALL.iter().map(|word| word.as_str());
    let is_harmless = |key| nearest(key, words()).is_some_and(|near| harmless.iter().any(|word| word.as_str() == near));
    let unknown =
        written.as_map().into_iter().flat_map(Map::keys).filter(|key| !DESCRIPTION.properties.contains_key(*key));
    unknown.into_iter().any(|key| !is_harmless(key))
}

/// The top-level keys that a description speaks of.
fn keys(node: &Node) -> BTreeSet<String> {
    let provides = node.get("provides");
    let key = |name| provides.and_then(|node| node.get(name)).and_then(Node::as_str).map(str::to_owned);
    let collections = node.get("collections").and_then(Node::as_map).into_iter().flatten();
    let collections = collections.map(|(name, _)| name.clone());
    key("capability").into_iter().chain(key("collection")).chain(collections).collect()
}

/// The same of a text that is no YAML, as far as one can tell.
fn spoken_of(text: &str) -> BTreeSet<String> {
    let word = |rest: &str| rest.trim_start().chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
    ["capability:", "collection:"].iter().flat_map(|key| text.split(key).skip(1).map(word)).collect()
}

struct Reader<'a> {
    node: &'a Node,
    sources: &'a Sources,
    sink: &'a mut Sink,
}

impl Reader<'_> {
    /// None where too little is known for the rules to say something sensible.
    fn component(&mut self, folder: &str, held: &Folder, file: crate::source::FileId) -> Option<Component> {
        self.without_expressions();
        let chart: Option<Chart> = self.typed("chart");
        Some(Component {
            id: folder.to_owned(),
            file,
            provides: self.typed::<Provides>("provides")?,
            summary: self.node.get("summary").and_then(Node::as_str).unwrap_or_default().to_owned(),
            values_schema: chart.as_ref().and_then(|chart| self.values_schema(chart, folder, held)),
            chart,
            release: self.pattern("release"),
            namespace: self.pattern("namespace"),
            isolate: self.node.get("isolate").is_none_or(|node| node.value != Value::Bool(false)),
            pod_security: self.pattern("podSecurity"),
            requires: self.list("requires"),
            uses: self.texts("uses"),
            collections: self.collections(),
            options: self.options(),
            brings: self.texts("brings"),
            words: self.words(),
            exports: self.pattern("exports"),
            templates: templates(held),
            description: self.node.clone(),
        })
    }

    /// What a component is does not depend on what it is used with.
    fn without_expressions(&mut self) {
        for key in ["component", "provides", "summary", "chart", "isolate", "uses", "brings"] {
            let Some(found) = self.node.get(key).and_then(expression_in) else { continue };
            let message = format!("`{key}` cannot hold an expression");
            let fault = Diagnostic::new(Code::Component, message).at(found, "it is read before anything is known");
            self.sink.push(fault);
        }
    }

    fn typed<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        let before = self.sink.has_errors();
        let node = self.node.get(key)?;
        let told = |error: crate::source::typed::TypedError| {
            if !before {
                let message = format!("`{key}` is wrong: {}", error.message);
                self.sink.push(Diagnostic::new(Code::Component, message).at(error.span, ""));
            }
        };
        typed(node).map_err(told).ok()
    }

    /// A file that is not there is told by the rules.
    fn values_schema(&self, chart: &Chart, folder: &str, held: &Folder) -> Option<ValuesSchema> {
        let name = chart.values_schema.as_ref()?;
        let file = held.get(name)?.id;
        let text = self.sources.file(file).text.clone();
        let is_ours = files::is_ours(&format!("{folder}/{name}"), &text);
        Some(ValuesSchema::new(file, text, is_ours))
    }

    fn pattern(&mut self, key: &str) -> Option<Pattern> {
        let node = self.node.get(key)?;
        Some(Pattern::compile(node, self.sources, self.sink))
    }

    fn texts(&self, key: &str) -> Vec<String> {
        let items = self.node.get(key).and_then(Node::as_list).unwrap_or_default();
        items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    }

    fn options(&mut self) -> Schema {
        let mut options = match self.node.get("options") {
            Some(node) => read_schema(node, self.sink),
            None => Schema::default(),
        };
        if options.types.is_empty() {
            options.types = vec![Type::Object];
        }
        options
    }

    fn collections(&mut self) -> IndexMap<String, Schema> {
        let entries = self.node.get("collections").and_then(Node::as_map).into_iter().flatten();
        entries.map(|(name, entry)| (name.clone(), read_schema(&entry.node, self.sink))).collect()
    }

    fn words(&mut self) -> BTreeMap<Word, IndexMap<String, Declared>> {
        Word::ALL.iter().map(|word| (*word, self.word(*word))).filter(|(_, entries)| !entries.is_empty()).collect()
    }

    fn word(&mut self, word: Word) -> IndexMap<String, Declared> {
        let Some(node) = self.node.get(word.as_str()) else { return IndexMap::new() };
        if node.as_list().is_some() {
            let declared = self.list(word.as_str());
            return declared.into_iter().map(|declared| (declared.id.clone(), declared)).collect();
        }
        let entries = node.as_map().into_iter().flatten();
        entries.map(|(id, entry)| (id.clone(), self.declared(id, entry.key, &entry.node, word))).collect()
    }

    fn list(&mut self, key: &str) -> Vec<Declared> {
        let items = self.node.get(key).and_then(Node::as_list).unwrap_or_default().iter();
        items.enumerate().map(|(at, item)| self.declared(&at.to_string(), item.span, item, Word::Files)).collect()
    }

    fn declared(&mut self, id: &str, span: Span, node: &Node, word: Word) -> Declared {
        let mut body = node.clone();
        let mut conditions = vec!["when", "for", "require"];
        conditions.retain(|key| word != Word::Webhooks || *key != "for");
        if let Value::Map(map) = &mut body.value {
            conditions.iter().for_each(|key| drop(map.shift_remove(*key)));
        }
        Declared {
            id: id.to_owned(),
            span,
            when: self.bare(node, "when"),
            each: if word == Word::Webhooks { None } else { self.bare(node, "for") },
            require: self.bare(node, "require"),
            body: Pattern::compile(&body, self.sources, self.sink),
        }
    }

    fn bare(&mut self, node: &Node, key: &str) -> Option<crate::component::expression::Expression> {
        bare(node.get(key)?, self.sources, self.sink)
    }
}

fn templates(held: &Folder) -> BTreeMap<String, crate::source::FileId> {
    let templates = held.iter().filter(|(name, _)| name.as_str() != files::DESCRIPTION);
    templates.map(|(name, file)| (name.clone(), file.id)).collect()
}

/// The first text of a tree that holds `{{`.
fn expression_in(node: &Node) -> Option<Span> {
    let in_map = |map: &Map| map.values().find_map(|entry| expression_in(&entry.node));
    match &node.value {
        Value::Text(text) if text.contains("{{") => Some(node.span),
        Value::List(list) => list.iter().find_map(expression_in),
        Value::Map(map) => in_map(map),
        _ => None,
    }
}
