//! What a component claims about its chart, and what was recorded of that chart.

pub mod breaks;
pub mod compiled;
mod kinds;
pub mod recorded;
mod secrets;
mod selector;
mod services;
pub mod values;
mod workloads;

use indexmap::IndexMap;
use platformc::component::interface::{By, PodSecurity, Secret, Service, Webhook, Workload};
use recorded::Record;

/// The claims of one use of a component; everything says by whom it is made.
#[derive(Debug, Clone)]
pub struct Claims {
    pub release: String,
    pub namespace: String,
    pub workloads: IndexMap<String, Workload>,
    pub services: IndexMap<String, Service>,
    pub secrets: IndexMap<String, Secret>,
    pub brings: Vec<String>,
    pub webhooks: IndexMap<String, Webhook>,
    /// What its namespace allows.
    pub pod_security: PodSecurity,
}

/// Each claim without a recorded object that bears it out, and each recorded object that a claim is missing for.
pub fn faults(claims: &Claims, recorded: &Record) -> Vec<String> {
    let mut faults = vec![];
    let identity =
        [("release", &claims.release, &recorded.release), ("namespace", &claims.namespace, &recorded.namespace)];
    for (what, claimed, recorded) in identity.into_iter().filter(|(_, claimed, recorded)| claimed != recorded) {
        faults.push(format!("{what}: `{claimed}` is claimed; the record is of `{recorded}`"));
    }
    faults.extend(workloads::faults(claims, recorded));
    faults.extend(services::faults(claims, recorded));
    faults.extend(secrets::faults(claims, recorded));
    faults.extend(kinds::faults(claims, recorded));
    faults
}

impl Claims {
    /// The recorded workload that a claim is about.
    pub fn recorded<'r>(&self, id: &str, recorded: &'r Record) -> Option<&'r recorded::Workload> {
        let claim = self.workloads.get(id).filter(|claim| claim.by == Some(By::Chart))?;
        let is_it = |found: &&recorded::Workload| {
            claim.kind.as_ref() == Some(&found.kind) && claim.name.as_ref() == Some(&found.name)
        };
        recorded.workloads.iter().find(is_it)
    }
}

/// The recorded name nearest to one that was not found, for the end of a message.
fn nearest<'a>(wrong: &str, recorded: impl IntoIterator<Item = &'a str>) -> String {
    let nearest = recorded.into_iter().min_by_key(|name| (strsim::damerau_levenshtein(wrong, name), *name));
    nearest.map_or_else(|| "nothing like it is recorded".into(), |name| format!("the nearest recorded is `{name}`"))
}

/// `` `a`, `b` ``
fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "nothing".into() } else { names.join(", ") }
}
