//! What one use of a component claims about its chart.

use indexmap::IndexMap;

use crate::component::interface::{By, Ignored, PodSecurity, Secret, Service, Webhook, Workload};
use crate::expand::plan::Entries;
use crate::expand::{ChartRelease, Instance, Plan};

/// Claims by id; everything says by whom it is made.
#[derive(Debug, Clone)]
pub struct Claims {
    pub release: String,
    pub namespace: String,
    pub workloads: IndexMap<String, Workload>,
    pub services: IndexMap<String, Service>,
    pub secrets: IndexMap<String, Secret>,
    pub brings: Vec<String>,
    pub webhooks: IndexMap<String, Webhook>,
    /// What is there and of no interest.
    pub ignores: IndexMap<String, Ignored>,
    /// What its namespace allows.
    pub pod_security: PodSecurity,
}

impl Claims {
    pub fn of(plan: &Plan, instance: &Instance, release: &ChartRelease) -> Self {
        let mut workloads = entries(&instance.workloads);
        workloads.values_mut().for_each(|workload| workload.by = workload.by.or(Some(By::Chart)));
        let mut services = entries(&instance.services);
        services.values_mut().for_each(|service| service.by = service.by.or(Some(By::Chart)));
        let mut secrets = entries(&instance.secrets);
        secrets.values_mut().for_each(|secret| secret.by = secret.by.or(Some(By::Files)));
        let namespace = plan.namespaces.get(&release.namespace);
        Self {
            release: release.name.clone(),
            namespace: release.namespace.clone(),
            workloads,
            services,
            secrets,
            brings: release.brings.clone(),
            webhooks: entries(&release.webhooks),
            ignores: entries(&release.ignores),
            pod_security: namespace.map(|namespace| namespace.pod_security).unwrap_or_default(),
        }
    }
}

fn entries<T: Clone>(entries: &Entries<T>) -> IndexMap<String, T> {
    entries.iter().map(|(id, entry)| (id.clone(), entry.is.clone())).collect()
}
