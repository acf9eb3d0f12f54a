//! Secrets and where their keys come from.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;

use super::workload::By;

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
    /// Who makes it; default: files, which means an ExternalSecret of ours, or the user (`external.secrets`).
    pub by: Option<By>,
    /// Its name in the cluster.
    pub name: String,
    /// The keys that it holds, as a list, or by name with where each comes from.
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
