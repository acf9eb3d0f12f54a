//! What `tools/charts/record.py` wrote down of a chart: `tests/charts/<component>-<version>.yaml`.

use std::collections::BTreeMap;

use camino::Utf8Path;
use indexmap::IndexMap;
use libtest_mimic::Failed;
use platformc::component::interface::{PodSecurity, Protocol};
use platformc::world::{Disk, World};
use serde::Deserialize;
use serde_json::Value as Json;

pub type Labels = IndexMap<String, String>;

/// All that is known of one version of a chart.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Record {
    pub release: String,
    pub namespace: String,
    /// The chart's values of each case.
    pub cases: IndexMap<String, Json>,
    pub workloads: Vec<Workload>,
    pub services: Vec<Service>,
    pub secrets: Vec<Secret>,
    pub references: Vec<Reference>,
    pub brings: Vec<String>,
    pub webhooks: Vec<Webhook>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Workload {
    pub kind: String,
    pub name: String,
    pub namespace: Option<String>,
    pub labels: Labels,
    pub service_account: Option<String>,
    #[serde(default)]
    pub ports: Vec<PodPort>,
    /// Ports that the pod does not declare, and where they are told.
    #[serde(default)]
    pub undeclared: BTreeMap<u16, String>,
    pub pod_security: PodSecurity,
    /// What keeps it from a stricter level.
    #[serde(default)]
    pub because: Vec<String>,
    #[serde(default)]
    pub cases: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PodPort {
    pub name: Option<String>,
    pub port: u16,
    pub end_port: Option<u16>,
    #[serde(default)]
    pub protocol: Protocol,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Service {
    pub name: String,
    pub namespace: Option<String>,
    pub labels: Labels,
    #[serde(default)]
    pub selector: Labels,
    pub ports: Vec<ServicePort>,
    #[serde(default)]
    pub cases: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServicePort {
    pub name: Option<String>,
    pub port: u16,
    #[serde(default)]
    pub protocol: Protocol,
    pub target: Target,
}

/// A port of the pod, by number or by name.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Target {
    Number(u16),
    Name(String),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    pub name: String,
    pub namespace: Option<String>,
    pub keys: Vec<String>,
    #[serde(default)]
    pub cases: Vec<String>,
}

/// Pods that do not start without these keys of a Secret.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    pub secret: String,
    /// None: the Secret, whatever is in it.
    pub keys: Vec<String>,
    /// `Deployment/name`
    pub readers: Vec<String>,
    #[serde(default)]
    pub cases: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    pub service: String,
    pub kinds: Vec<String>,
    #[serde(default)]
    pub cases: Vec<String>,
}

/// Every file of `tests/charts/`, by `<component>-<version>`.
pub fn all() -> Result<BTreeMap<String, Record>, Failed> {
    let disk = Disk::at(Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/charts"));
    let mut records = BTreeMap::new();
    for path in disk.files("".into())? {
        let record = serde_yaml::from_slice(&disk.read(&path)?).map_err(|error| format!("{path}: {error}"))?;
        records.insert(path.as_str().trim_end_matches(".yaml").to_owned(), record);
    }
    Ok(records)
}

impl Record {
    /// What is there in one case.
    pub fn case(&self, case: &str) -> Record {
        let mut only = self.clone();
        only.cases.retain(|name, _| name == case);
        only.workloads.retain(|entry| holds(&entry.cases, case));
        only.services.retain(|entry| holds(&entry.cases, case));
        only.secrets.retain(|entry| holds(&entry.cases, case));
        only.references.retain(|entry| holds(&entry.cases, case));
        only.webhooks.retain(|entry| holds(&entry.cases, case));
        only
    }
}

/// An entry that says nothing is in every case.
fn holds(cases: &[String], case: &str) -> bool {
    cases.is_empty() || cases.iter().any(|name| name == case)
}

impl Workload {
    /// `Deployment/name`
    pub fn id(&self) -> String {
        format!("{}/{}", self.kind, self.name)
    }

    /// The labels of its pods: the template's, and what Kubernetes adds to those of a Job.
    pub fn pod_labels(&self) -> Labels {
        let mut labels = self.labels.clone();
        if self.kind == "Job" {
            labels.insert("batch.kubernetes.io/job-name".into(), self.name.clone());
        }
        labels
    }
}

impl PodPort {
    pub fn holds(&self, port: u16) -> bool {
        (self.port..=self.end_port.unwrap_or(self.port)).contains(&port)
    }
}
