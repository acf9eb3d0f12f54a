//! Ends and connections: Services, flows, routes, metrics, webhooks.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;

use super::component::yes;
use super::workload::{By, Protocol};

/// An end beyond the cluster.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Outside {
    pub host: Option<String>,
    #[serde(default)]
    pub cidrs: Vec<String>,
    /// None where connections only come from there.
    #[serde(default)]
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    #[serde(default)]
    pub protocol: Protocol,
}

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServicePort {
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    /// A port of the workload, by id.
    pub target: String,
    /// Its name in the Service; default: the id.
    pub name: Option<String>,
    /// False where the Service does not name it.
    #[serde(default = "yes")]
    pub named: bool,
}

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Service {
    pub by: Option<By>,
    pub name: String,
    #[serde(default)]
    pub labels: IndexMap<String, String>,
    /// A workload, by id.
    pub workload: String,
    pub ports: IndexMap<String, ServicePort>,
}

/// An allowed connection.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Flow {
    pub from: Many,
    pub to: Many,
    /// A port's id, a number or `any`; none where the target is a service, an end outside or the API server.
    pub port: Option<Many>,
}

/// One or several, each an id or a number.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Many {
    Several(Vec<Json>),
    One(Json),
}

impl JsonSchema for Many {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Many".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["string", "integer", "array"], "items": { "type": ["string", "integer"] } })
    }
}

impl Many {
    /// Each as text.
    pub fn texts(&self) -> Vec<String> {
        let items: &[Json] = match self {
            Many::Several(items) => items,
            Many::One(item) => std::slice::from_ref(item),
        };
        items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect()
    }
}

/// An admission webhook: the API server calls the service when one of the kinds is written.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Webhook {
    pub service: String,
    #[serde(rename = "for")]
    pub kinds: Vec<String>,
}

/// How the world reaches a service.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Route {
    /// Without a dot it is `<host>.<domain>`.
    pub host: String,
    #[serde(default = "root")]
    pub path: String,
    pub service: String,
    /// What the path becomes before the service sees it.
    pub rewrite: Option<String>,
}

fn root() -> String {
    "/".into()
}

/// What Prometheus can scrape.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-one-of" = ["service", "workload"]))]
pub struct Metric {
    pub service: Option<String>,
    pub workload: Option<String>,
    /// A port of the service or the workload, by id.
    pub port: String,
    #[serde(default = "metrics_path")]
    pub path: String,
    #[serde(default = "metrics_interval")]
    pub interval: String,
}

fn metrics_path() -> String {
    "/metrics".into()
}

fn metrics_interval() -> String {
    "30s".into()
}
