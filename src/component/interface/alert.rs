//! What a component is watched for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How soon somebody must look, in the words by which Alertmanager's routes usually tell alerts apart: at once, in the
/// morning, some day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AlertSeverity {
    Critical,
    Warning,
    Info,
}

/// A condition that Prometheus watches for. Its words are those of Prometheus where they are free: `for` and `expression`
/// already mean something in a component, so here they are `lasts` and `query`.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Alert {
    /// PromQL; it fires for every series that this answers. Names of objects come from the interface.
    #[schemars(regex(pattern = "\\S"))]
    pub query: String,
    /// How long it must last before it fires: `5m`.
    #[schemars(extend("format" = "duration"))]
    pub lasts: String,
    pub severity: AlertSeverity,
    /// What is wrong, in a sentence.
    pub summary: String,
    /// What follows from it, where the summary leaves that open.
    pub description: Option<String>,
    /// What to do.
    pub runbook: String,
}
