//! What the values of a chart mean.

use schemars::JsonSchema;
use serde::Deserialize;

/// What a value of the chart means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Meaning {
    Secret,
    ConfigMap,
    /// The name of an environment variable of the chart's pods.
    Environment,
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
    /// What the value is.
    pub is: Meaning,
    /// For a key: the path of the value that names the Secret. For a route: its id.
    pub of: Option<String>,
    /// What an absent value means.
    pub default: Option<String>,
    /// For replicas: the workload, by id.
    pub workload: Option<String>,
    /// The option to use instead of setting the value.
    pub option: Option<String>,
}
