//! `capabilities.yaml`: what each provider of a capability must export.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;

use super::Capability;
use super::files::Files;
use crate::diagnostic::Sink;
use crate::schema::check::{Mode, check};
use crate::schema::read::{read as read_schema, schema_of};
use crate::source::typed::typed;
use crate::source::{FileId, Node, Sources, read::read as read_yaml};

/// What each provider of a capability must export. Nothing else of a component can be seen by the others.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Exported {
    /// What the capability is.
    summary: String,
    /// Services, each with what it is for.
    #[serde(default)]
    services: IndexMap<String, String>,
    /// Workloads, each with what it is for.
    #[serde(default)]
    workloads: IndexMap<String, String>,
    /// Keys of secrets, each with what it is for.
    #[serde(default)]
    secrets: IndexMap<String, String>,
    /// Values, each with its JSON Schema.
    #[serde(default)]
    #[expect(dead_code, reason = "read as schemas, from the node")]
    values: IndexMap<String, IndexMap<String, Json>>,
}

/// The capabilities of both files; the user's count more.
pub(super) fn read(files: &Files, sources: &Sources, sink: &mut Sink) -> IndexMap<String, Capability> {
    files.capabilities.iter().flat_map(|file| of_file(*file, sources, sink)).collect()
}

fn of_file(file: FileId, sources: &Sources, sink: &mut Sink) -> IndexMap<String, Capability> {
    let text = sources.file(file).text.clone();
    let schema = crate::schema::Schema {
        types: vec![crate::schema::Type::Object],
        additional: Some(Box::new(schema_of::<Exported>())),
        ..Default::default()
    };
    let Some(node) = read_yaml(file, &text, sink).into_iter().next() else { return IndexMap::new() };
    let checked = check(&node, &schema, Mode::Plain, sink);
    let entries = checked.as_map().into_iter().flatten();
    entries.filter_map(|(name, entry)| Some((name.clone(), capability(&entry.node, sink)?))).collect()
}

/// None after a fault, which the check has told.
fn capability(node: &Node, sink: &mut Sink) -> Option<Capability> {
    let exported: Exported = typed(node).ok()?;
    let values = node.get("values").and_then(Node::as_map).into_iter().flatten();
    let values = values.map(|(name, entry)| (name.clone(), read_schema(&entry.node, sink))).collect();
    let Exported { summary, services, workloads, secrets, .. } = exported;
    Some(Capability { summary, services, workloads, secrets, values })
}
