//! Pods: what they are called, where they listen, how many there are.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;

use super::component::yes;
use super::short;

/// Who makes a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The Helm chart.
    Chart,
    /// A file of ours.
    Files,
    /// Something that runs: a job pod, a hook, an operator's Secret.
    RunTime,
    /// Something that is no part of the platform. What such pods talk to is not known, so no policy may be about them.
    External,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize, JsonSchema)]
pub enum Protocol {
    #[default]
    #[serde(rename = "TCP")]
    Tcp,
    #[serde(rename = "UDP")]
    Udp,
    #[serde(rename = "SCTP")]
    Sctp,
}

impl Protocol {
    pub fn as_str(self) -> &'static str {
        match self {
            Protocol::Tcp => "TCP",
            Protocol::Udp => "UDP",
            Protocol::Sctp => "SCTP",
        }
    }
}

/// A port that a pod listens on; a number alone is its `port`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-short" = "port"))]
pub struct PodPort {
    /// Its number.
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
    /// Its protocol.
    #[serde(default)]
    pub protocol: Protocol,
    /// Its name in the pod; default: the id.
    pub name: Option<String>,
    /// False where the pod does not name it: it is then emitted by number.
    #[serde(default = "yes")]
    pub named: bool,
}

/// Pods: what they are called, what they carry and where they listen.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Workload {
    /// Who makes them; default: the chart where there is one, else our files.
    pub by: Option<By>,
    /// The kind of the object that makes them: Deployment, StatefulSet, DaemonSet, Job, CronJob, Pod.
    pub kind: Option<String>,
    /// The name of that object; without it the pods are known by their labels alone.
    pub name: Option<String>,
    /// Labels that the pods carry; `{}` says that they carry none.
    #[serde(default)]
    pub labels: IndexMap<String, String>,
    /// A Kubernetes LabelSelector; default: the labels.
    pub selector: Option<IndexMap<String, Json>>,
    /// Where they listen, by id.
    #[serde(default, deserialize_with = "short::values")]
    pub ports: IndexMap<String, PodPort>,
    /// The name of their ServiceAccount.
    pub service_account: Option<String>,
    /// Where they run, if not in the component's namespace.
    pub namespace: Option<String>,
    /// Whether its pods are on the network of their node, where no NetworkPolicy reaches.
    #[serde(default)]
    pub host_network: bool,
    /// A capability: the pods stand wherever an object of it stands.
    #[serde(rename = "in")]
    pub within: Option<String>,
}

/// A ServiceAccount that the chart makes, and what it may do.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceAccount {
    /// Its name in the cluster.
    pub name: String,
    /// Whether it may read every Secret of its namespace, whoever made it. One that may read those of all namespaces is
    /// an operator's: no namespace of its own would keep others apart from it.
    #[serde(default)]
    pub reads_secrets: bool,
}

/// How a workload follows its load.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scaling {
    /// What scales, by id.
    pub workload: String,
    /// Never fewer pods.
    #[schemars(range(min = 1))]
    pub min: u32,
    /// Never more pods.
    #[schemars(range(min = 1))]
    pub max: u32,
    /// The CPU use to aim at, as a share of the request: `70%`.
    pub cpu: String,
    /// For a chart: the value that sets the replicas.
    pub replicas: Option<String>,
    /// For a chart: the value that sets the CPU request.
    pub request: Option<String>,
}

/// How many pods may go at a time.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-one-of" = ["minAvailable", "maxUnavailable"]))]
pub struct Disruption {
    /// What must not all go at once, by id.
    pub workload: String,
    /// How many must stay, as a number or a share.
    // Without `default`, `schema_with` would make them required.
    #[serde(default)]
    #[schemars(schema_with = "number_or_percent")]
    pub min_available: Option<Json>,
    /// How many may be gone, as a number or a share.
    #[serde(default)]
    #[schemars(schema_with = "number_or_percent")]
    pub max_unavailable: Option<Json>,
}

fn number_or_percent(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": ["integer", "string"] })
}

impl From<u16> for PodPort {
    fn from(port: u16) -> Self {
        Self { port, protocol: Protocol::default(), name: None, named: true }
    }
}
