//! Who wrote a CRD, and which version of it this is.

use crate::Result;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Annotations and labels that carry the version of the project.
const VERSION_KEYS: [&str; 3] = ["operator.prometheus.io/version", "gateway.networking.k8s.io/bundle-version", "app.kubernetes.io/version"];

/// The table `schemas/crds/sources.yaml`: API group → project. Not every project writes its version into its CRDs.
#[derive(Default, Deserialize)]
pub struct Sources(BTreeMap<String, Source>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    project: String,
    version: Option<String>,
}

impl Sources {
    /// Reads the table; no table is an empty one.
    pub fn read(path: &Path) -> Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(serde_yaml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(e) => Err(format!("{}: {e}", path.display()).into()),
        }
    }

    /// `{project, version}` of a CRD: what the CRD says of itself goes before what the table says.
    pub fn of(&self, crd: &Value, group: &str) -> Value {
        let known = self.0.get(group);
        let version = own_version(crd).or_else(|| known?.version.clone());
        let project = known.map_or(group, |source| source.project.as_str());
        match version {
            Some(version) => json!({"project": project, "version": version}),
            None => json!({"project": project}),
        }
    }
}

fn own_version(crd: &Value) -> Option<String> {
    let metadata = &crd["metadata"];
    let mut places = VERSION_KEYS.iter().flat_map(|key| [&metadata["annotations"][*key], &metadata["labels"][*key]]);
    places.find_map(|value| value.as_str().map(String::from))
}
