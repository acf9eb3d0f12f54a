//! The words of `component.yaml`, as they are once every expression has its value.
//!
//! In the file any scalar may be a text with `{{ … }}` instead, and every entry may carry `when` and `for`.

mod short;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;

/// What a component is used as.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-one-of" = ["capability", "collection"]))]
pub struct Provides {
    /// The capability whose provider it is; one instance in a platform.
    pub capability: Option<String>,
    /// The top-level map of platform.yaml of which each entry is one instance.
    pub collection: Option<String>,
}

/// The Helm chart behind a component.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Chart {
    /// Address of the chart repository.
    pub repository: String,
    pub name: String,
    pub version: String,
    /// Whether helmfile waits until the release is ready.
    #[serde(default = "yes")]
    pub wait: bool,
    /// Seconds to wait.
    #[serde(default = "ten_minutes")]
    pub timeout: u32,
    /// A JSON Schema of the chart's values, in the component's folder.
    pub values_schema: Option<String>,
}

fn yes() -> bool {
    true
}

fn ten_minutes() -> u32 {
    600
}

/// A capability that a component cannot do without.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-short" = "capability"))]
pub struct Requirement {
    pub capability: String,
}

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
}

/// How much the pods of a namespace may do (Kubernetes pod security standards), the strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PodSecurity {
    #[default]
    Restricted,
    Baseline,
    Privileged,
}

impl PodSecurity {
    pub fn as_str(self) -> &'static str {
        match self {
            PodSecurity::Restricted => "restricted",
            PodSecurity::Baseline => "baseline",
            PodSecurity::Privileged => "privileged",
        }
    }
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
    #[schemars(range(min = 1, max = 65535))]
    pub port: u16,
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
    pub by: Option<By>,
    pub kind: Option<String>,
    pub name: Option<String>,
    /// Labels that the pods carry; `{}` says that they carry none.
    #[serde(default)]
    pub labels: IndexMap<String, String>,
    /// A Kubernetes LabelSelector; default: the labels.
    pub selector: Option<IndexMap<String, Json>>,
    #[serde(default, deserialize_with = "short::values")]
    pub ports: IndexMap<String, PodPort>,
    pub service_account: Option<String>,
    pub namespace: Option<String>,
    /// A capability: the pods stand wherever an object of it stands.
    #[serde(rename = "in")]
    pub within: Option<String>,
}

/// An end beyond the cluster.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Outside {
    pub host: Option<String>,
    #[serde(default)]
    pub cidrs: Vec<String>,
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

/// What others may read of a component.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Exports {
    #[serde(default)]
    pub services: IndexMap<String, String>,
    #[serde(default)]
    pub workloads: IndexMap<String, String>,
    /// `<secret id>.<key>` by name.
    #[serde(default)]
    pub secrets: IndexMap<String, String>,
    #[serde(default)]
    pub values: IndexMap<String, Json>,
}

/// An admission webhook: the API server calls the service when one of the kinds is written.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Webhook {
    pub service: String,
    #[serde(rename = "for")]
    pub kinds: Vec<String>,
}

/// Where one key of a secret comes from.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecretKey {
    /// The remote key, behind the store's prefix; default: the secret's name.
    pub remote: Option<String>,
    /// The property of the remote key; default: the key itself.
    pub property: Option<String>,
    /// An exported secret key of another component: `dataIntegration.clientId`.
    pub of: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Secret {
    pub by: Option<By>,
    pub name: String,
    pub keys: SecretKeys,
    /// Workloads that read it, by id.
    #[serde(default)]
    pub readers: Vec<String>,
    /// Keys made of several: a text, or `{json: {…}}`.
    #[serde(default)]
    pub template: IndexMap<String, Json>,
}

/// `[KEY, …]` or `{KEY: {remote, property}}`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum SecretKeys {
    Names(Vec<String>),
    Map(IndexMap<String, SecretKey>),
}

impl JsonSchema for SecretKeys {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SecretKeys".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let key = generator.subschema_for::<SecretKey>();
        schemars::json_schema!({
            "type": ["array", "object"],
            "items": { "type": "string" },
            "additionalProperties": key
        })
    }
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

/// How a workload follows its load.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scaling {
    pub workload: String,
    #[schemars(range(min = 1))]
    pub min: u32,
    #[schemars(range(min = 1))]
    pub max: u32,
    /// Share of the request: `70%`.
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
    pub workload: String,
    #[schemars(schema_with = "number_or_percent")]
    pub min_available: Option<Json>,
    #[schemars(schema_with = "number_or_percent")]
    pub max_unavailable: Option<Json>,
}

fn number_or_percent(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": ["integer", "string"] })
}

/// What a value of the chart means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Meaning {
    Secret,
    Service,
    Route,
    StorageClass,
    ServiceAccount,
    Key,
    Replicas,
    Fixed,
}

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChartValue {
    pub is: Meaning,
    /// For a key: the path of the value that names the Secret.
    pub of: Option<String>,
    /// What an absent value means.
    pub default: Option<String>,
    pub workload: Option<String>,
    /// The option to use instead of setting the value.
    pub option: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ConstraintSeverity {
    #[default]
    Error,
    Warning,
    Note,
}

/// A rule of the component's own about its options.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Constraint {
    pub message: String,
    /// The option to point at, as a dotted path; default: the component itself.
    pub option: Option<String>,
    #[serde(default)]
    pub severity: ConstraintSeverity,
}

impl From<u16> for PodPort {
    fn from(port: u16) -> Self {
        Self { port, protocol: Protocol::default(), name: None, named: true }
    }
}

/// A sentence or two for the generated docs.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-short" = "text"))]
pub struct Note {
    pub text: String,
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FileUse {
    /// Helm values of the component's chart.
    Values,
    /// Kubernetes objects.
    Manifests,
    Code,
    Docs,
}

#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct File {
    /// In the component's folder.
    pub template: String,
    /// In the tree.
    pub path: String,
    #[serde(rename = "as")]
    pub used_as: FileUse,
}
