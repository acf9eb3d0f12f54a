//! What must hold of a component beyond the shape of its description: within it, and beside the others.

mod across;

pub(super) use across::across;

use std::collections::BTreeMap;

use super::files::{self, Folder};
use super::{Component, Word};
use crate::diagnostic::{Code, Diagnostic, Sink, nearest};
use crate::schema::format;
use crate::source::{Entry, Node, NodePath, Span};

/// A folder of the user's that is no component.
pub(super) fn no_description(folder: &str, held: &Folder) -> Diagnostic {
    let message = format!("the folder `{}/{folder}` has no {}", files::FOLDER, files::DESCRIPTION);
    let fault = Diagnostic::new(Code::Component, message);
    let first = held.values().next().map(|file| Span::new(file.id, 0, 0));
    let fault = first.into_iter().fold(fault, |fault, span| fault.at(span, "this file belongs to no component"));
    fault.help("to replace a built-in file, the folder must have the component's name")
}

/// Templates of the user's in a built-in folder that take no file's place there, and that no `files` names.
pub(super) fn never_rendered(folder: &str, held: &Folder, component: Option<&Component>, sink: &mut Sink) {
    let files = component.and_then(|component| component.description.get("files")?.as_list()).unwrap_or_default();
    let named: Vec<&str> = files.iter().filter_map(|file| file.get("template")?.as_str()).collect();
    if named.iter().any(|name| name.contains("{{")) || held.get(files::DESCRIPTION).is_some_and(|file| file.added) {
        return;
    }
    let is_template = |name: &str| name.ends_with(files::TEMPLATE);
    for (name, file) in held.iter().filter(|(name, file)| file.added && is_template(name)) {
        if !named.contains(&name.as_str()) {
            let message = format!("nothing renders `{}/{folder}/{name}`", files::FOLDER);
            let known = held.iter().filter(|(name, file)| !file.added && is_template(name));
            let known = known.map(|(name, _)| name.as_str()).collect();
            let fault = fault(message, Span::new(file.id, 0, 0), "it takes no built-in file's place");
            sink.push(near_file(fault, name, known));
        }
    }
}

/// The rules of one component alone.
pub(super) fn within(component: &Component, sink: &mut Sink) {
    let rules = Rules { component };
    rules.name(sink);
    rules.ids(sink);
    rules.distinct(sink);
    rules.templates(sink);
    rules.options(sink);
    rules.constraints(sink);
    rules.brings(sink);
}

struct Rules<'a> {
    component: &'a Component,
}

impl Rules<'_> {
    fn name(&self, sink: &mut Sink) {
        let Some(node) = self.component.description.get("component") else { return };
        let (said, folder) = (node.as_str().unwrap_or_default(), &self.component.id);
        if said != folder {
            let fault = fault(format!("this component is called `{said}` and its folder `{folder}`"), node.span, "");
            sink.push(fault.help(format!("write `component: {folder}`, or rename the folder")));
        } else if let Err(reason) = format::name(folder) {
            sink.push(fault("a component's name is a DNS label".into(), node.span, &reason));
        }
    }

    /// Ids are used in expressions, so they are words there.
    fn ids(&self, sink: &mut Sink) {
        let free = [Word::Values, Word::Files];
        for word in Word::ALL.iter().filter(|word| !free.contains(word)) {
            for (id, entry) in entries(self.component, *word) {
                check_id(id, entry.key, sink);
                let ports = entry.node.get("ports").and_then(Node::as_map).into_iter().flatten();
                ports.for_each(|(id, entry)| check_id(id, entry.key, sink));
            }
        }
    }

    /// Workloads, services and outside ends share the names that flows use.
    fn distinct(&self, sink: &mut Sink) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for word in [Word::Workloads, Word::Services, Word::Outside] {
            for (id, entry) in entries(self.component, word) {
                if let Some(first) = seen.insert(id, entry.key) {
                    let message = format!("the id `{id}` stands twice among workloads, services and outside ends");
                    sink.push(fault(message, entry.key, "flows could not tell them apart").at(first, "the other one"));
                }
            }
        }
    }

    fn templates(&self, sink: &mut Sink) {
        let files = self.component.description.get("files").and_then(Node::as_list).unwrap_or_default();
        let schema = self.component.description.at(&NodePath::dotted("chart.valuesSchema"));
        for node in files.iter().filter_map(|file| file.get("template")).chain(schema) {
            let Some(name) = node.as_str().filter(|name| !name.contains("{{")) else { continue };
            if !self.component.templates.contains_key(name) {
                let message = format!("the component's folder has no file `{name}`");
                let known = self.component.templates.keys().map(String::as_str);
                sink.push(near_file(fault(message, node.span, "not there"), name, known.collect()));
            }
        }
    }

    fn options(&self, sink: &mut Sink) {
        let Some(node) = self.component.description.get("options") else { return };
        if !self.component.options.is_object() {
            sink.push(fault("options are a map: `type: object`".into(), node.span, ""));
        }
        let chart: &[&str] = if self.component.chart.is_some() { &["version", "values"] } else { &[] };
        let provider: &[&str] = if self.component.provides.capability.is_some() { &["provider"] } else { &[] };
        for key in chart.iter().chain(provider) {
            let path = NodePath::dotted("properties").key(*key);
            if node.at(&path).is_some() {
                let message = format!("the option `{key}` is one that every such component has");
                sink.push(fault(message, node.nearest(&path), "call it otherwise"));
            }
        }
    }

    fn constraints(&self, sink: &mut Sink) {
        for (id, entry) in entries(self.component, Word::Constraints) {
            if entry.node.get("require").is_none() && entry.node.get("when").is_none() {
                let message = format!("the constraint `{id}` has neither `require` nor `when`");
                sink.push(fault(message, entry.key, "it would always speak"));
            }
        }
    }

    fn brings(&self, sink: &mut Sink) {
        for node in self.component.description.get("brings").and_then(Node::as_list).unwrap_or_default() {
            let text = node.as_str().unwrap_or_default();
            if text.split('/').filter(|part| !part.is_empty()).count() != 3 || text.matches('/').count() != 2 {
                sink.push(fault(format!("`{text}` is not `group/version/Kind`"), node.span, ""));
            }
        }
    }
}

/// The endings of templates are much alike: the names before them tell which is near.
fn near_file(fault: Diagnostic, wrong: &str, known: Vec<&str>) -> Diagnostic {
    let before = |name: &'_ str| name.split('.').next().unwrap_or_default().to_owned();
    let names: Vec<String> = known.iter().map(|name| before(name)).collect();
    let near = nearest(&before(wrong), names.iter().map(String::as_str));
    let near = known.iter().find(|name| near.is_some_and(|near| before(name) == near));
    match near {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault.list(known),
    }
}

fn check_id(id: &str, span: Span, sink: &mut Sink) {
    let mut characters = id.chars();
    let first = characters.next().is_some_and(|c| c.is_ascii_lowercase());
    if !first || !characters.all(|c| c.is_ascii_alphanumeric()) {
        sink.push(fault(format!("`{id}` is no id"), span, "ids are letters and digits, the first a lower-case letter"));
    }
}

/// The entries of a word that is a map, as they were written.
pub(super) fn entries(component: &Component, word: Word) -> impl Iterator<Item = (&str, &Entry)> {
    let map = component.description.get(word.as_str()).and_then(Node::as_map);
    map.into_iter().flatten().map(|(id, entry)| (id.as_str(), entry))
}

pub(super) fn fault(message: String, span: Span, label: &str) -> Diagnostic {
    Diagnostic::new(Code::Component, message).at(span, label)
}
