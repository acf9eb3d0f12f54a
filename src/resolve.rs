//! Phase 2, `resolve`: [`Document`] + [`Catalog`] → [`Platform`].
//!
//! Takes what the user wrote and what components allow; gives one environment: short forms spelt out, overlays merged,
//! options checked, defaults filled. Faults: E0201–E0204 (keys and values), E0205 (no such component), E0206 (a name refers
//! to nothing), E0208 (nothing to take away), E0209 (unknown Kubernetes version), N0212 (a key without
//! effect). It derives nothing.

mod choice;
pub mod input;
mod layers;
mod names;
pub mod origin;
mod overlay;
#[cfg(test)]
mod tests;
mod top;
pub mod uses;

use std::sync::Arc;

use choice::Chosen;
use indexmap::IndexMap;
use layers::{Layers, Misspelt};
use origin::View;
use serde_json::Value as Json;

use crate::component::{Catalog, Component};
use crate::diagnostic::{Code, Sink};
use crate::load::Document;
use crate::render::RenderedFile;
use crate::schema::check::{Checker, Mode, Place, Taken};
use crate::schema::publish::{Form, place, publish};
use crate::schema::{Schema, relations};
use crate::source::{Node, NodePath, Span};

/// A platform.yaml for one environment, valid and complete.
#[derive(Debug, Clone)]
pub struct Platform {
    pub name: String,
    pub domain: String,
    /// None where the file has no environments.
    pub environment: Option<String>,
    /// `1.35`, in ascending order, each known.
    pub kubernetes: Vec<String>,
    /// Every use of a component, in the order of the catalog's capabilities, then of the collections.
    pub uses: Vec<Use>,
    /// The entries of the collections that components bring (`connections`, `pipelines`): checked and filled. Empty, not
    /// absent, where a chosen component's collection is not in the file.
    pub collections: IndexMap<String, Node>,
    /// The fixed keys (`cluster`, `external`, …), checked and filled, as a type.
    pub input: input::Fixed,
    /// The hand-written files that `manifests` names, as they will be written.
    pub by_hand: Vec<RenderedFile>,
    /// The merged tree as it was written (no defaults), for spans: a fault that concerns `a.b` points at
    /// `merged.nearest(a.b)`.
    pub merged: Arc<Node>,
}

/// One use of a component: a capability's provider or an entry of a collection.
#[derive(Debug, Clone)]
pub struct Use {
    /// The component's id.
    pub component: String,
    /// `dataIntegration` for a capability, `services` for a collection.
    pub slot: String,
    /// The component's id for a capability, the entry's key for a collection.
    pub name: String,
    /// Where it stands in platform.yaml: `dataIntegration` or `services.healthz`.
    pub path: NodePath,
    /// Its options, checked, defaults filled (absent ones without default are left out); without `provider`, `version`,
    /// `values`, and without `namespace` unless the component declares that option itself.
    pub options: Node,
    pub namespace: Option<Node>,
    pub version: Option<Node>,
    pub values: Option<Node>,
    /// Of its key.
    pub span: Span,
}

/// The environments of a document, in its order; empty where it has none.
pub fn environments(document: &Document) -> Vec<String> {
    choice::entries(document.root.get(input::ENVIRONMENTS)).map(|(name, _)| name.clone()).collect()
}

/// One environment; none where a fault was found (others may still be well).
pub fn resolve(document: &Document, catalog: &Catalog, environment: Option<&str>, sink: &mut Sink) -> Option<Platform> {
    let mut found = Sink::default();
    let platform = one(document, catalog, environment, &mut found);
    let sound = !found.has_errors();
    tell(document, environment, &found, sink);
    platform.filter(|_| sound)
}

/// Tells the faults of one environment.
fn tell(document: &Document, environment: Option<&str>, found: &Sink, sink: &mut Sink) {
    let lacks = found.iter().any(|fault| fault.code == Code::MissingKey);
    let layers = if lacks { layers::read(&document.root, environment, &mut Sink::default()) } else { None };
    let misspelt = layers.map(|layers| layers.misspelt()).unwrap_or_default();
    Misspelt::tell(&misspelt, found, sink);
}

/// Checks every environment but one, for its faults only.
pub fn check_others(document: &Document, catalog: &Catalog, compiled: &str, sink: &mut Sink) {
    for name in environments(document).iter().filter(|name| *name != compiled) {
        resolve(document, catalog, Some(name), sink);
    }
}

fn one(document: &Document, catalog: &Catalog, environment: Option<&str>, sink: &mut Sink) -> Option<Platform> {
    let Parts { merged, chosen, checked, .. } = parts(document, catalog, environment, sink)?;
    uses::unknown_versions(&merged, sink);
    chosen.remark(catalog, sink);
    let kubernetes = uses::versions(&checked);
    if sink.has_errors() || chosen.left_out {
        return None;
    }
    Some(Platform {
        name: names::text(checked.get("name")),
        domain: names::text(checked.get("domain")),
        environment: environment.map(str::to_owned),
        kubernetes,
        uses: uses::uses(&checked, catalog),
        collections: uses::collections(&checked, catalog, &chosen.components),
        input: uses::fixed(&checked, sink)?,
        by_hand: vec![],
        merged: Arc::new(merged),
    })
}

/// One environment on its way from what was written to what is meant.
struct Parts<'c> {
    layers: Layers,
    schema: Schema,
    /// The layers, one laid over the other.
    merged: Node,
    /// What the upper layer took away.
    taken: Taken,
    chosen: Chosen<'c>,
    /// What was merged, checked and filled.
    checked: Node,
}

fn parts<'c>(
    document: &Document,
    catalog: &'c Catalog,
    environment: Option<&str>,
    sink: &mut Sink,
) -> Option<Parts<'c>> {
    let layers = layers::read(&document.root, environment, sink)?;
    let schema = top::schema(catalog, &choice::asked(&layers, catalog));
    let (merged, taken) = layers.merge(&schema, sink)?;
    let chosen = choice::choose(&merged, catalog, sink);
    let checked = check(&chosen.tree, &schema, &taken, catalog, sink);
    Some(Parts { layers, schema, merged, taken, chosen, checked })
}

/// Where the values of one environment come from; faults are told, and what they are about is left out.
pub fn view<'c>(
    document: &Document,
    catalog: &'c Catalog,
    environment: Option<&str>,
    sink: &mut Sink,
) -> Option<View<'c>> {
    let mut found = Sink::default();
    let parts = parts(document, catalog, environment, &mut found);
    tell(document, environment, &found, sink);
    Some(View::new(parts?, catalog))
}

/// The tree as it is meant, its names looked up.
fn check(tree: &Node, schema: &Schema, taken: &Taken, catalog: &Catalog, sink: &mut Sink) -> Node {
    let at = Span { end: tree.span.start, ..tree.span };
    let mut checker = Checker::new(Mode::Plain, sink);
    let checked = checker.check(tree, schema, &Place { name: "", at, taken });
    let references = std::mem::take(&mut checker.references);
    names::refer(&references, tree, catalog, sink);
    names::entries(tree, catalog, sink);
    if !sink.has_errors() {
        relations::check(&checked, schema, sink);
    }
    checked
}

/// What a component's use may say: its own options, and those that every component has.
pub fn options_of(component: &Component) -> Schema {
    top::options(component)
}

/// The same, as an editor reads it; where the component is one of several providers, it is named there.
pub fn options_schema(component: &Component) -> Json {
    let mut schema = top::options(component);
    if component.provides.capability.is_some() {
        let (name, provider) = top::provider(&[component]);
        schema.properties.shift_insert(0, name, provider);
    }
    schema.description = Some(component.summary.clone());
    publish(&schema, Form::Whole)
}

/// The published `schemas/platform.schema.json`: what an editor completes in platform.yaml.
pub fn platform_schema(catalog: &Catalog) -> Json {
    let mut schema = top::schema(catalog, &[]);
    let environments = schema.properties.shift_remove(input::ENVIRONMENTS);
    let mut json = publish(&schema, Form::Whole);
    schema.description = None;
    let mut below = environments.map_or(Json::Null, |environments| place(&environments, Form::Whole));
    if let Json::Object(below) = &mut below {
        below.insert("additionalProperties".into(), place(&schema, Form::Overlay));
    }
    if let Some(Json::Object(properties)) = json.pointer_mut("/properties") {
        properties.insert(input::ENVIRONMENTS.into(), below);
    }
    json
}
