//! Where the values of a platform.yaml come from.
//!
//! Takes one environment, merged and checked, and a path; gives each value at or below it with its layer and its place.
//! A path that nothing knows is answered with the nearest that is known. No faults: what is wrong was told by the check.

mod walk;

use super::{Parts, choice};
use crate::component::{Catalog, Component};
use crate::diagnostic::nearest;
use crate::schema::{Schema, Tag};
use crate::source::path::Step;
use crate::source::{Node, NodePath, Span, Value};
use walk::Walk;

/// What there is at a path.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What the schema says of it.
    pub description: Option<String>,
    /// What may stand there, in words.
    pub takes: String,
    /// The values at and below it, in their order; none where nothing is set.
    pub values: Vec<Origin>,
}

/// One value that is no map, and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    pub path: NodePath,
    pub value: Node,
    pub layer: Layer,
    /// The key that a short form leaves out.
    pub short: Option<String>,
    /// Where it is written; none where no file says it.
    pub place: Option<Span>,
    /// The null of an overlay that took away what was written.
    pub taken: Option<Span>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layer {
    /// For all environments.
    Base,
    /// Under `environments`.
    Overlay,
    /// What a component says, or (none) platformc itself.
    Default(Option<String>),
}

/// A path that is not known: the part of it that is, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    pub known: NodePath,
    pub key: String,
    pub nearest: Option<NodePath>,
    pub keys: Vec<String>,
}

/// One environment, and where its values come from.
pub struct View<'c> {
    merged: Node,
    checked: Node,
    schema: Schema,
    overlay: Option<Span>,
    taken: super::Taken,
    catalog: &'c Catalog,
}

impl<'c> View<'c> {
    pub(super) fn new(parts: Parts<'c>, catalog: &'c Catalog) -> Self {
        let Parts { layers, schema, merged, taken, checked, .. } = parts;
        let overlay = layers.over.map(|over| over.span);
        Self { merged, checked, schema, overlay, taken, catalog }
    }

    pub fn at(&self, path: &NodePath) -> Result<Found, Unknown> {
        let mut walk = Walk::new(&self.schema, &self.checked);
        for step in path.steps() {
            walk = walk.step(step).ok_or_else(|| self.unknown(&walk, step))?;
        }
        let mut values = vec![];
        if let Some(node) = walk.node {
            self.leaves(path, node, &mut values);
        }
        self.of_component(path, &mut values);
        let description = walk.schema.and_then(|schema| schema.description.clone());
        let takes = walk.schema.map_or_else(|| "anything".into(), Schema::phrase);
        Ok(Found { description, takes, values })
    }

    fn leaves(&self, path: &NodePath, node: &Node, values: &mut Vec<Origin>) {
        match &node.value {
            Value::Map(map) if !map.is_empty() => {
                map.iter().for_each(|(key, entry)| self.leaves(&path.key(key), &entry.node, values));
            }
            _ => values.push(self.origin(path, node)),
        }
    }

    fn origin(&self, path: &NodePath, node: &Node) -> Origin {
        let origin = |layer, place| {
            let (path, value) = (path.clone(), node.clone());
            Origin { path, value, layer, short: None, place, taken: None }
        };
        if let Some(written) = self.merged.at(path) {
            let is_over = self.overlay.is_some_and(|overlay| overlay.holds(written.span));
            let layer = if is_over { Layer::Overlay } else { Layer::Base };
            return Origin { short: self.short(path), ..origin(layer, Some(written.span)) };
        }
        let place = self.default(path).map(|default| default.span);
        let component = place.and_then(|place| self.written_in(place));
        let layer = Layer::Default(component.map(|component| component.id.clone()));
        Origin { taken: self.taken(path), ..origin(layer, place) }
    }

    /// A short form that was spelt out has no key of its own.
    fn short(&self, path: &NodePath) -> Option<String> {
        let (last, parent) = path.steps().split_last()?;
        let Step::Key(key) = last else { return None };
        let entry = self.merged.at(&path.first(parent.len()))?.as_map()?.get(key)?;
        (entry.key == entry.node.span).then(|| key.clone())
    }

    /// The default that fills a path: of the first part of it that is not written and has one.
    fn default(&self, path: &NodePath) -> Option<&Node> {
        let mut walk = Walk::new(&self.schema, &self.checked);
        for (at, step) in path.steps().iter().enumerate() {
            walk = walk.step(step)?;
            let is_written = self.merged.at(&path.first(at + 1)).is_some();
            let schema = walk.schema.filter(|schema| !is_written && schema.span.is_some());
            let default = schema.and_then(|schema| schema.default.as_ref());
            let default = default.and_then(|default| default.at(&path.rest(at + 1)));
            if default.is_some() {
                return default;
            }
        }
        None
    }

    fn taken(&self, path: &NodePath) -> Option<Span> {
        let mut taken = &self.taken;
        for step in path.steps() {
            let Step::Key(key) = step else { break };
            taken = taken.below(key);
            if taken.here.is_some() {
                return taken.here;
            }
        }
        None
    }

    fn written_in(&self, place: Span) -> Option<&'c Component> {
        self.catalog.components.values().find(|component| component.file == place.file)
    }

    /// The namespace of a component and the version of its chart stand beside its options.
    fn of_component(&self, path: &NodePath, values: &mut Vec<Origin>) {
        let Some(component) = self.component(path) else { return };
        for (key, place) in [("namespace", "namespace"), ("version", "chart.version")] {
            let whole = path.first(1).key(key);
            let said = component.description.at(&NodePath::dotted(place)).filter(|said| !is_expression(said));
            let is_asked = whole.starts_with(path) && self.checked.at(&whole).is_none();
            if let Some(said) = said.filter(|_| is_asked) {
                let layer = Layer::Default(Some(component.id.clone()));
                let (value, place) = (said.clone(), Some(said.span));
                values.push(Origin { taken: self.taken(&whole), path: whole, value, layer, short: None, place });
            }
        }
    }

    /// The provider of the capability that a path starts with.
    fn component(&self, path: &NodePath) -> Option<&'c Component> {
        let capability = self.checked.at(&path.first(1))?;
        self.catalog.components.get(capability.get(Tag::Provider.as_str())?.as_str()?)
    }

    fn unknown(&self, walk: &Walk, step: &Step) -> Unknown {
        let known = walk.path.clone();
        let key = match step {
            Step::Key(key) => key.clone(),
            Step::Index(index) => index.to_string(),
        };
        let keys = walk.keys();
        let nearest = nearest(&key, keys.iter().map(String::as_str)).map(|key| known.key(key));
        Unknown { nearest: nearest.or_else(|| self.elsewhere(&key)), known, key, keys }
    }

    /// An entry of that name, whatever it is an entry of.
    fn elsewhere(&self, key: &str) -> Option<NodePath> {
        let maps = choice::entries(Some(&self.checked));
        let mut named = maps.filter(|(_, entry)| entry.node.get(key).is_some());
        named.next().map(|(map, _)| NodePath::root().key(map).key(key))
    }
}

fn is_expression(node: &Node) -> bool {
    node.as_str().is_some_and(|text| text.contains("{{"))
}
