//! What the components' interfaces say that charts, hooks and operators make.

use super::Symbols;
use super::data::{Data, DataKind};
use super::made::Made;
use super::selector::Labels;
use super::service::{Service, ServicePort, Target};
use super::workload::{Listens, Workload};
use crate::component::interface::{self, By};
use crate::expand::{Instance, Plan};

/// Adds every symbol that no object of ours stands for.
pub fn add<'a>(symbols: &mut Symbols<'a>, plan: &'a Plan<'a>) {
    for instance in &plan.instances {
        workloads(symbols, plan, instance);
        services(symbols, instance);
        secrets(symbols, plan, instance);
    }
    for (name, keys) in &plan.platform.input.external.secrets {
        external_secret(symbols, plan, name, keys);
    }
}

/// Who makes an entry: what it says, else the chart where there is one, else our files.
pub fn maker(by: Option<By>, instance: &Instance) -> By {
    by.unwrap_or(if instance.component.chart.is_some() { By::Chart } else { By::Files })
}

fn workloads<'a>(symbols: &mut Symbols<'a>, plan: &'a Plan<'a>, instance: &'a Instance<'a>) {
    for (id, entry) in &instance.workloads {
        let by = maker(entry.is.by, instance);
        if by == By::Files {
            continue;
        }
        for namespace in plan.namespaces_of(instance, &entry.is) {
            // One that is not the platform's is there all the same, if something of ours is said to run in it.
            if !plan.namespaces.contains_key(&namespace) {
                symbols.namespaces.entry(namespace.clone()).or_default();
            }
            symbols.workloads.push(Workload {
                namespace,
                kind: entry.is.kind.clone().unwrap_or_else(|| "Pod".into()),
                name: instance.name_of(id, &entry.is),
                labels: labels(&entry.is.labels),
                ports: entry.is.ports.iter().map(|(id, port)| listens(id, port)).collect(),
                service_account: entry.is.service_account.clone(),
                on_host_network: entry.is.host_network,
                made: Made::Interface(by, &entry.origin),
            });
        }
    }
}

/// A declared port as the pod has it.
pub fn listens(id: &str, port: &interface::PodPort) -> Listens {
    let name = port.named.then(|| port.name.clone().unwrap_or_else(|| id.to_owned()));
    Listens { name, number: port.port, protocol: port.protocol }
}

fn services<'a>(symbols: &mut Symbols<'a>, instance: &'a Instance<'a>) {
    for entry in instance.services.values() {
        let by = maker(entry.is.by, instance);
        let Some(workload) = instance.workloads.get(&entry.is.workload).filter(|_| by != By::Files) else { continue };
        let ports = entry.is.ports.iter().filter_map(|(id, port)| {
            let target = workload.is.ports.get(&port.target)?;
            let name = port.named.then(|| port.name.clone().unwrap_or_else(|| id.clone()));
            Some(ServicePort {
                name,
                number: port.port,
                protocol: target.protocol,
                target: Target::Number(target.port),
            })
        });
        symbols.services.push(Service {
            namespace: instance.namespace.clone(),
            name: entry.is.name.clone(),
            labels: labels(&entry.is.labels),
            selector: None,
            workload: Some(instance.name_of(&entry.is.workload, &workload.is)),
            is_headless: false,
            is_external: false,
            ports: ports.collect(),
            made: Made::Interface(by, &entry.origin),
        });
    }
}

/// Those by files have an object of ours, or `external` has them.
fn secrets<'a>(symbols: &mut Symbols<'a>, plan: &'a Plan<'a>, instance: &'a Instance<'a>) {
    for entry in instance.secrets.values() {
        let Some(by @ (By::Chart | By::RunTime | By::External)) = entry.is.by else { continue };
        let readers = entry.is.readers.iter().filter_map(|id| instance.workloads.get(id));
        let mut namespaces: Vec<String> = readers.flat_map(|reader| plan.namespaces_of(instance, &reader.is)).collect();
        namespaces.push(instance.namespace.clone());
        namespaces.sort_unstable();
        namespaces.dedup();
        symbols.data.extend(namespaces.into_iter().map(|namespace| Data {
            kind: DataKind::Secret,
            namespace,
            name: entry.is.name.clone(),
            keys: Some(entry.is.holds()),
            made: Made::Interface(by, &entry.origin),
        }));
    }
}

/// `name` means the Secret in whatever namespace it is read.
fn external_secret<'a>(symbols: &mut Symbols<'a>, plan: &Plan, path: &str, keys: &[String]) {
    let (namespaces, name) = match path.split_once('/') {
        Some((namespace, name)) => (vec![namespace.to_owned()], name),
        None => (plan.namespaces.keys().cloned().collect(), path),
    };
    symbols.data.extend(namespaces.into_iter().map(|namespace| Data {
        kind: DataKind::Secret,
        namespace,
        name: name.to_owned(),
        keys: Some(keys.to_vec()),
        made: Made::External,
    }));
}

fn labels(map: &indexmap::IndexMap<String, String>) -> Labels {
    map.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
}
