//! What a component is: what it provides, its chart, its rules, its files.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;

use super::network::Many;

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
    /// Its name there.
    pub name: String,
    /// The version that this component knows; a user may say another.
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

pub(super) fn yes() -> bool {
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
    /// Its name.
    pub capability: String,
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
    pub const ALL: [Self; 3] = [Self::Restricted, Self::Baseline, Self::Privileged];

    pub fn as_str(self) -> &'static str {
        match self {
            PodSecurity::Restricted => "restricted",
            PodSecurity::Baseline => "baseline",
            PodSecurity::Privileged => "privileged",
        }
    }
}

/// What others may read of a component.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Exports {
    /// The id of a service, by the name that others use.
    #[serde(default)]
    pub services: IndexMap<String, String>,
    /// The id of a workload or an end beyond the cluster, by name; of several ids those that are there.
    #[serde(default)]
    pub workloads: IndexMap<String, Many>,
    /// `<secret id>.<key>` by name.
    #[serde(default)]
    pub secrets: IndexMap<String, String>,
    /// Any values, by name.
    #[serde(default)]
    pub values: IndexMap<String, Json>,
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
    /// What is said where it does not hold.
    pub message: String,
    /// The option to point at, as a dotted path; default: the component itself.
    pub option: Option<String>,
    /// How bad that is; default: error.
    #[serde(default)]
    pub severity: ConstraintSeverity,
}

/// A sentence or two for the generated docs.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-short" = "text"))]
pub struct Note {
    /// The sentences, as Markdown.
    pub text: String,
}

/// What the cluster must have before the tree is brought up, for the generated docs.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-short" = "text"))]
pub struct Prerequisite {
    /// What it is, in a sentence or two.
    pub text: String,
    /// The command that brings it.
    pub command: Option<String>,
}

/// What the chart makes and this component has no use for: nothing else of it may go unclaimed.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ignored {
    /// `Service/name`, or `namespace/Service/name` where it is not in the release's: a workload, Service, Secret,
    /// CustomResourceDefinition or configuration of webhooks.
    #[serde(default)]
    pub objects: Vec<String>,
    /// `Deployment/name:8085`, `Service/name:53/UDP`, `Deployment/name:9001-9030`: of objects that are claimed.
    #[serde(default)]
    pub ports: Vec<String>,
    /// Why nobody needs to know of it.
    pub because: String,
}

/// An environment variable that code of the component reads; a value of the chart must name it (`is: environment`).
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-short" = "name"))]
pub struct Variable {
    /// Its name.
    pub name: String,
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
    /// What it is: Helm values of the chart, Kubernetes objects, code or documents.
    #[serde(rename = "as")]
    pub used_as: FileUse,
    /// A folder of the tree: its template sees the component's other files in it, as `embedded`, text by name.
    pub embeds: Option<String>,
}
