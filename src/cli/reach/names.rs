//! What people call the ends of a connection.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::matrix::{Matrix, Side};
use crate::diagnostic::did_you_mean;
use crate::expand::Plan;
use crate::expand::plan::{Instance, is_named, named};
use crate::link::reach::AddressSet;

/// Neither of them is on the internet (RFC 1918, RFC 6598, RFC 1122, RFC 4193, RFC 4291).
const PRIVATE: [&str; 8] = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
];

/// One end that was asked for.
#[derive(Debug, Clone)]
pub struct End {
    pub name: String,
    pub is: Ends,
}

#[derive(Debug, Clone)]
pub enum Ends {
    Workloads(Vec<usize>),
    Addresses(AddressSet),
}

/// Every name, and the workloads that it means.
pub struct Names {
    workloads: BTreeMap<String, BTreeSet<usize>>,
    namespaces: BTreeMap<String, BTreeSet<usize>>,
    internet: AddressSet,
}

impl Names {
    pub fn new(matrix: &Matrix, plan: Option<&Plan>) -> Self {
        let internet = matrix.internet.minus(&AddressSet::cidrs(PRIVATE));
        let mut names = Self { workloads: BTreeMap::new(), namespaces: BTreeMap::new(), internet };
        for (index, workload) in matrix.model.workloads.iter().enumerate() {
            let namespace = matrix.namespace(index).to_owned();
            for name in [workload.name.clone(), format!("{namespace}/{}", workload.name), matrix.name(index).to_owned()]
            {
                names.workloads.entry(name).or_default().insert(index);
            }
            names.namespaces.entry(namespace).or_default().insert(index);
        }
        plan.into_iter().for_each(|plan| names.add_instances(plan));
        names
    }

    /// Workloads by service, component and release.
    fn add_instances(&mut self, plan: &Plan) {
        let known = self.workloads.clone();
        for instance in &plan.instances {
            let (mut own, mut by_id) = (BTreeSet::new(), BTreeMap::<&str, BTreeSet<usize>>::new());
            for (id, entry) in &instance.workloads {
                let name = instance.name_of(id, &entry.is);
                for namespace in plan.namespaces_of(instance, &entry.is) {
                    let found = known.get(&format!("{namespace}/{name}")).into_iter().flatten();
                    by_id.entry(id).or_default().extend(found.clone());
                    own.extend(found);
                }
            }
            let names =
                [&instance.id(), &instance.used.slot, &instance.used.name, &instance.used.component, &instance.release];
            let is_one = instance.component.provides.capability.is_some();
            // A collection is no name of one of its entries.
            let names = names
                .into_iter()
                .filter(|name| is_one || **name != instance.used.slot && **name != instance.used.component);
            for name in names {
                self.workloads.entry(name.clone()).or_default().extend(&own);
            }
            if is_one {
                self.add_exports(instance, &by_id);
            }
        }
    }

    /// `dataIntegration.api`, as flows and expressions name it.
    fn add_exports(&mut self, instance: &Instance, by_id: &BTreeMap<&str, BTreeSet<usize>>) {
        let behind = |service| named(&instance.services, service).map(|(_, entry)| entry.is.workload.clone()).collect();
        let services = instance.exports.services.iter().map(|(name, id)| (name, behind(id)));
        let ends = instance.exports.workloads.iter().map(|(name, ids)| (name, ids.texts()));
        for (name, ids) in services.chain(ends) {
            let all = by_id.iter().filter(|(key, _)| ids.iter().any(|id| is_named(key, id)));
            let all = all.flat_map(|(_, workloads)| workloads);
            self.workloads.entry(format!("{}.{name}", instance.used.slot)).or_default().extend(all);
        }
    }

    /// What a name means; else what is wrong with it.
    pub fn end(&self, text: &str) -> Result<End, String> {
        let end = |is| Ok(End { name: text.to_owned(), is });
        if text == "internet" {
            return end(Ends::Addresses(self.internet.clone()));
        }
        if let Some(addresses) = addresses(text) {
            return end(Ends::Addresses(addresses));
        }
        let found = self.workloads.get(text).filter(|found| !found.is_empty()).or_else(|| self.namespaces.get(text));
        match found {
            Some(found) => end(Ends::Workloads(found.iter().copied().collect())),
            None => Err(self.unknown(text)),
        }
    }

    fn unknown(&self, text: &str) -> String {
        let known = self.workloads.keys().chain(self.namespaces.keys()).map(String::as_str);
        let message = format!("nothing here is called `{text}`");
        match did_you_mean(text, known.chain(["internet"])) {
            Some(help) => format!("{message}: {help}"),
            None => format!("{message}; `platformc reach` shows what there is"),
        }
    }
}

/// `10.20.0.5`, `fd00::/8`
fn addresses(text: &str) -> Option<AddressSet> {
    match text.parse::<IpAddr>() {
        Ok(address) => Some(AddressSet::of(address, address)),
        Err(_) => AddressSet::cidr(text),
    }
}

impl End {
    /// Whether one side of a line is meant.
    pub fn is(&self, side: &Side) -> bool {
        match (&self.is, side) {
            (Ends::Workloads(workloads), Side::Workload(workload)) => workloads.contains(workload),
            (Ends::Addresses(wanted), Side::Addresses(addresses)) => !wanted.intersection(addresses).is_empty(),
            _ => false,
        }
    }
}
