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
    /// Its host name, for the docs.
    pub host: Option<String>,
    /// Its address ranges; without them any address on the port, for policies know no host names.
    #[serde(default)]
    pub cidrs: Vec<String>,
    /// Its port; none where connections only come from there.
    #[schemars(range(min = 1, max = 65535))]
    pub port: Option<u16>,
    /// The port's protocol.
    #[serde(default)]
    pub protocol: Protocol,
}

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServicePort {
    /// The number that clients use.
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
    /// Who makes it; default: the chart where there is one, else our files.
    pub by: Option<By>,
    /// Its name in the cluster.
    pub name: String,
    /// Labels of the Service itself, by which a ServiceMonitor finds it.
    #[serde(default)]
    pub labels: IndexMap<String, String>,
    /// The workload whose pods are behind it, by id.
    pub workload: String,
    /// Its ports, by id.
    pub ports: IndexMap<String, ServicePort>,
}

/// An allowed connection.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Flow {
    /// Where connections start: one end, or a list of them.
    pub from: Many,
    /// Where they lead: one end, or a list of them.
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
    /// The service that answers, by id.
    pub service: String,
    /// The kinds whose writing calls it.
    #[serde(rename = "for")]
    pub kinds: Vec<String>,
}

/// How the world reaches a service.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Route {
    /// Without a dot it is `<host>.<domain>`.
    pub host: String,
    /// This path and what is below it.
    #[serde(default = "root")]
    pub path: String,
    /// The service that it leads to, by id: its first port.
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
    /// A service, by id: scraped by a ServiceMonitor, so it needs labels and a named port.
    pub service: Option<String>,
    /// A workload, by id: scraped by a PodMonitor.
    pub workload: Option<String>,
    /// A port of the service or the workload, by id.
    pub port: String,
    /// The path of the metrics.
    #[serde(default = "metrics_path")]
    pub path: String,
    /// How often it is scraped.
    #[serde(default = "metrics_interval")]
    pub interval: String,
}

fn metrics_path() -> String {
    "/metrics".into()
}

fn metrics_interval() -> String {
    "30s".into()
}
