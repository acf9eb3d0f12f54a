//! Secrets: what the chart's hold, which keys its pods need of them and of others', and who reads them.

use std::collections::BTreeSet;

use super::{Found, entry, listed, nearest};
use crate::chart::facts::{self, Workload};
use crate::component::interface::{By, Secret};
use crate::source::NodePath;

impl<'c> Found<'c> {
    pub(super) fn secrets(&mut self) {
        let claims = self.claims;
        for (id, claim) in &claims.secrets {
            let path = entry("secrets", id);
            self.keys_needed(&path, claim);
            self.readers(&path, claim);
            if claim.by == Some(By::Chart) {
                self.made(&path, claim);
            }
        }
        self.unclaimed_secrets();
        self.facts.workloads.iter().for_each(|reader| self.unclaimed_reads(reader));
    }

    fn secret(&self, name: &str) -> Option<&'c facts::Secret> {
        self.facts.secrets.iter().find(|found| found.is.name == name && found.is.namespace.is_empty())
    }

    /// The chart makes it, with at least these keys.
    fn made(&mut self, path: &NodePath, claim: &Secret) {
        let Some(found) = self.secret(&claim.name) else {
            let names = self.facts.secrets.iter().map(|found| found.is.name.as_str());
            let nearest = nearest(&claim.name, names);
            return self.claimed(path.clone(), format!("Secret `{}` of the chart is claimed; {nearest}", claim.name));
        };
        for key in claim.holds().into_iter().filter(|key| !found.keys.contains(key)) {
            let nearest = nearest(&key, found.keys.iter().map(String::as_str));
            let message = format!("key `{key}` is claimed; {} of the chart does not hold it, {nearest}", found.is);
            self.claimed(path.key("keys").key(&key), message);
        }
    }

    /// Every key that a pod needs of it is claimed.
    fn keys_needed(&mut self, path: &NodePath, claim: &Secret) {
        let (holds, facts) = (claim.holds(), self.facts);
        for reader in &facts.workloads {
            for key in reader.reads.get(&claim.name).into_iter().flatten().filter(|key| !holds.contains(key)) {
                let claimed = listed(holds.iter().map(String::as_str));
                let message = format!("{} needs key `{key}` of `{}`; claimed are {claimed}", reader.is, claim.name);
                self.claimed(path.key("keys"), message);
            }
        }
    }

    /// Who reads it is claimed; a reader that is claimed reads it, where the Secret is ours to bring. A pod that no claim
    /// is about is told elsewhere.
    fn readers(&mut self, path: &NodePath, claim: &Secret) {
        let claims = self.claims;
        for id in claims.workloads.keys() {
            let Some(found) = self.workload(id) else { continue };
            let (is_reader, reads) = (claim.readers.contains(id), found.reads.contains_key(&claim.name));
            if reads && !is_reader {
                let message = format!("{} reads `{}`; `{id}` is not claimed as a reader", found.is, claim.name);
                self.claimed(path.key("readers"), message);
            } else if is_reader && !reads && claim.by == Some(By::Files) {
                let message = format!("reader `{id}` is claimed; {} does not read `{}`", found.is, claim.name);
                self.claimed(path.key("readers"), message);
            }
        }
    }

    fn unclaimed_secrets(&mut self) {
        let (claims, facts) = (self.claims, self.facts);
        for found in facts.secrets.iter().filter(|found| !claims.ignores(&found.is)) {
            let is_its = |claim: &Secret| claim.name == found.is.name && found.is.namespace.is_empty();
            if !claims.secrets.values().any(is_its) {
                self.unclaimed("secrets", &found.is);
            }
        }
    }

    /// What a pod needs is claimed, or the chart itself makes it.
    fn unclaimed_reads(&mut self, reader: &Workload) {
        let claims = self.claims;
        let known = |name: &str| claims.secrets.values().any(|claim| claim.name == name);
        for (name, keys) in reader.reads.iter().filter(|(name, _)| !known(name)) {
            match self.secret(name) {
                None => {
                    let message =
                        format!("{} needs `{name}`; no claim is about it, and the chart does not make it", reader.is);
                    self.rendered(NodePath::dotted("secrets"), message, None);
                }
                Some(made) => self.lacking(reader, made, keys),
            }
        }
    }

    fn lacking(&mut self, reader: &Workload, made: &facts::Secret, keys: &BTreeSet<String>) {
        let lacking: Vec<&str> = keys.difference(&made.keys).map(String::as_str).collect();
        if !lacking.is_empty() {
            let lacking = listed(lacking);
            let message =
                format!("{} needs {lacking} of {}; what the chart makes does not hold it", reader.is, made.is);
            self.rendered(NodePath::dotted("secrets"), message, None);
        }
    }
}
