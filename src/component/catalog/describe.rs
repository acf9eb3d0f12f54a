//! What `component.yaml` may hold, as a type: its schema is what descriptions are checked against and editors complete.

use std::sync::LazyLock;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde_json::{Map, Value as Json, json};

use super::Word;
use crate::component::interface::{
    Alert, Chart, ChartValue, Constraint, Disruption, Exports, File, Flow, Ignored, Metric, Note, Outside, PodSecurity,
    Prerequisite, Provides, Requirement, Route, Scaling, Secret, Service, ServiceAccount, Variable, Webhook, Workload,
};
use crate::schema::publish::{Form, publish};
use crate::schema::read::{KEYWORDS, schema_of};
use crate::schema::{Schema, Type};

/// A component: what it is, what platform.yaml may say of it, and its interface to the rest of the platform.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used: the values hold expressions")]
struct Description {
    /// The component's name: that of its folder.
    component: String,
    /// What it is used as.
    provides: Provides,
    /// What it is, in a few words.
    summary: String,
    /// The Helm chart behind it, if it has one.
    chart: Option<Chart>,
    /// The name of its Helm release; default: the component's id, or in a collection the entry's key.
    release: Option<String>,
    /// The namespace that it runs in, unless the user says another; default: the component's id.
    namespace: Option<String>,
    /// Whether its namespace denies what no flow allows; an operator may say false.
    isolate: Option<bool>,
    /// The level of Kubernetes' pod security standards that its pods need.
    pod_security: Option<PodSecurity>,
    /// Capabilities that it cannot do without.
    requires: Option<Vec<Requirement>>,
    /// Capabilities that it makes use of where they are provided.
    uses: Option<Vec<String>>,
    /// Top-level keys of platform.yaml that come with it: for each the schema of one entry.
    collections: Option<IndexMap<String, Json>>,
    /// What platform.yaml may say under this component.
    options: Option<IndexMap<String, Json>>,
    /// Custom resources that its release installs, as `group/version/Kind`.
    brings: Option<Vec<String>>,
    /// Pods, by id.
    workloads: Option<IndexMap<String, Workload>>,
    /// ServiceAccounts that its chart makes, by id: those that may do more than a pod needs.
    service_accounts: Option<IndexMap<String, ServiceAccount>>,
    /// Ends beyond the cluster, by id.
    outside: Option<IndexMap<String, Outside>>,
    /// Services, by id.
    services: Option<IndexMap<String, Service>>,
    /// Allowed connections, by id.
    flows: Option<IndexMap<String, Flow>>,
    /// What other components may read.
    exports: Option<Exports>,
    /// Admission webhooks, by id.
    webhooks: Option<IndexMap<String, Webhook>>,
    /// Secrets that it reads, by id.
    secrets: Option<IndexMap<String, Secret>>,
    /// How the world reaches its services, by id.
    routes: Option<IndexMap<String, Route>>,
    /// What can be scraped, by id.
    metrics: Option<IndexMap<String, Metric>>,
    /// What it is watched for, by id, and what to do when it happens; autoscalers are watched without a word.
    alerts: Option<IndexMap<String, Alert>>,
    /// How its workloads follow their load, by id.
    scaling: Option<IndexMap<String, Scaling>>,
    /// How many of its pods may go at a time, by id.
    disruption: Option<IndexMap<String, Disruption>>,
    /// What the chart's values mean, by dotted path.
    values: Option<IndexMap<String, ChartValue>>,
    /// Environment variables that code of the component reads, by id.
    environment: Option<IndexMap<String, Variable>>,
    /// What its chart makes and nobody needs to know of, by id; `platformc verify-chart` tells what else is not claimed.
    ignores: Option<IndexMap<String, Ignored>>,
    /// Rules about its options, by id.
    constraints: Option<IndexMap<String, Constraint>>,
    /// What the cluster must have before the tree is brought up, by id.
    prerequisites: Option<IndexMap<String, Prerequisite>>,
    /// What the generated docs say of it, by id.
    notes: Option<IndexMap<String, Note>>,
    /// What it emits.
    files: Option<Vec<File>>,
}

/// The schema of `component.yaml`, with `when`, `for` and `require` where they may stand.
pub static DESCRIPTION: LazyLock<Schema> = LazyLock::new(|| {
    let mut schema = schema_of::<Description>();
    if let Some(requirement) = schema.properties.get_mut("requires").and_then(|list| list.items.as_mut()) {
        add(requirement, "when", "Only where this holds");
    }
    for word in Word::ALL {
        if let Some(entry) = schema.properties.get_mut(word.as_str()).and_then(entry_of) {
            conditions(entry, *word);
        }
    }
    schema
});

fn entry_of(word: &mut Schema) -> Option<&mut Schema> {
    word.additional.as_deref_mut().or(word.items.as_deref_mut())
}

fn conditions(entry: &mut Schema, word: Word) {
    add(entry, "when", "The entry is there only where this expression is true");
    // In a webhook `for` says which kinds it is called for.
    if word != Word::Webhooks {
        add(entry, "for", "One entry for each of this map or list, as `key` and `entry`");
    }
    if word == Word::Constraints {
        add(entry, "require", "What must hold; without it the constraint speaks whenever `when` holds");
    }
}

fn add(entry: &mut Schema, name: &str, description: &str) {
    let types = vec![Type::String, Type::Boolean];
    let schema = Schema { types, description: Some(description.into()), ..Schema::default() };
    entry.properties.entry(name.into()).or_insert(schema);
}

/// The published `schemas/component.schema.json`.
pub fn component_schema() -> Json {
    let mut json = publish(&DESCRIPTION, Form::Templated);
    let schema = json!({"$ref": "#/definitions/schema"});
    let collections = json!({"type": "object", "additionalProperties": schema});
    for (key, shape) in [("options", json!({"allOf": [schema]})), ("collections", collections)] {
        if let (Some(Json::Object(below)), Json::Object(shape)) =
            (json.pointer_mut(&format!("/properties/{key}")), shape)
        {
            below.retain(|word, _| word == "description");
            below.extend(shape);
        }
    }
    if let Json::Object(whole) = &mut json {
        whole.insert("definitions".into(), json!({ "schema": option_schema() }));
    }
    json
}

/// The schema of the schemas in `options` and `collections`.
fn option_schema() -> Json {
    let word = |keyword: &crate::schema::read::Keyword| {
        let mut shape = keyword.takes.published();
        if let Json::Object(shape) = &mut shape {
            shape.insert("description".into(), keyword.says.into());
        }
        (keyword.name.to_owned(), shape)
    };
    let properties: Map<String, Json> = KEYWORDS.iter().map(word).collect();
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}
