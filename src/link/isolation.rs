//! Who may read every Secret of a namespace, beside Secrets that are somebody else's.
//!
//! An interface says so of a chart's ServiceAccount (`serviceAccounts: {…: {readsSecrets: true}}`); of all others a Role
//! that may get or list `secrets` without `resourceNames`, bound in that namespace. Whoever may do so in every namespace
//! does not count: an operator is meant to, and no namespace of its own would keep others apart from it.
//!
//! A Secret belongs to the component that asked for it; one of a manifest written by hand to the pods that read it. It is
//! somebody else's where none of its owners is that of the ServiceAccount. A warning: what shares a namespace shares the
//! risk, which may be meant.

mod grants;
mod owners;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use owners::{Owner, Owners};

use super::data::references;
use super::symbols::{Data, DataKind, Made, Symbols};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::expand::{Instance, Origin};
use crate::validate::Object;

/// So many Secrets are shown.
const SHOWN: usize = 3;

/// Somebody who may read every Secret of a namespace.
struct Account<'s> {
    namespace: &'s str,
    name: &'s str,
    by: Grant<'s>,
    owners: BTreeSet<Owner<'s>>,
}

/// What lets it.
enum Grant<'s> {
    Chart(&'s Instance<'s>, &'s Origin),
    Role { binding: &'s Object<'s>, role: String },
}

pub fn check(symbols: &Symbols, sink: &mut Sink) {
    let accounts = accounts(symbols);
    if accounts.is_empty() {
        return;
    }
    let references = references(symbols);
    let owners = Owners::new(symbols, &references);
    let mut by_namespace: BTreeMap<&str, Vec<&Data>> = BTreeMap::new();
    for data in symbols.data.iter().filter(|data| data.kind == DataKind::Secret) {
        by_namespace.entry(&data.namespace).or_default().push(data);
    }
    for account in &accounts {
        let secrets = by_namespace.get(account.namespace).map(Vec::as_slice).unwrap_or_default();
        let own = account.all_owners(&owners);
        let others: Vec<&Data> =
            secrets.iter().filter(|secret| owners.is_somebody_elses(secret, &own)).copied().collect();
        sink.extend(account.shares(symbols, &owners, &others));
    }
}

fn accounts<'s>(symbols: &'s Symbols) -> Vec<Account<'s>> {
    let mut accounts = vec![];
    for chart in &symbols.charts {
        let named = chart.instance.service_accounts.values().filter(|entry| entry.is.reads_secrets);
        accounts.extend(named.map(|entry| Account {
            namespace: &chart.release.namespace,
            name: &entry.is.name,
            by: Grant::Chart(chart.instance, &entry.origin),
            owners: BTreeSet::from([Owner::Instance(&chart.release.origin.instance)]),
        }));
    }
    accounts.extend(grants::accounts(symbols));
    accounts
}

impl<'s> Account<'s> {
    fn all_owners(&self, owners: &Owners<'s>) -> BTreeSet<Owner<'s>> {
        let account = Owner::Account(self.namespace, self.name);
        let of_pods = owners.of_account(self.namespace, self.name);
        self.owners.iter().copied().chain(of_pods).chain([account]).collect()
    }

    fn shares(&self, symbols: &Symbols, owners: &Owners, others: &[&Data]) -> Option<Diagnostic> {
        others.first()?;
        let whose: BTreeSet<String> = others.iter().flat_map(|secret| owners.whose(secret)).collect();
        let message = format!(
            "ServiceAccount {}/{} may read every Secret of its namespace, those of {} too",
            self.namespace,
            self.name,
            and(whose)
        );
        let fault = match &self.by {
            Grant::Chart(instance, origin) => {
                let fault = Diagnostic::new(Code::SharedSecrets, message);
                let fault = fault.about(format!("{}/ServiceAccount/{}", self.namespace, self.name));
                let fault = fault.at(instance.used.span, "it comes with this");
                origin.declared.into_iter().fold(fault, |fault, span| fault.at(span, "declared here"))
            }
            Grant::Role { binding, role } => {
                let at = binding.node.get("subjects").map_or(binding.node.span, |subjects| subjects.span);
                symbols.fault(Code::SharedSecrets, message, binding, at).note(format!("{role} lets it"))
            }
        };
        let fault = others.iter().take(SHOWN).fold(fault, |fault, data| data.made.beside(fault, &what(data)));
        Some(fault.help(self.apart(symbols)))
    }

    /// How to keep them apart.
    fn apart(&self, symbols: &Symbols) -> String {
        let Grant::Chart(instance, _) = &self.by else {
            return "name the Secrets that it needs in `resourceNames`, or give it a namespace of its own".into();
        };
        let (path, own) = (&instance.used.path, &instance.component.id);
        let taken = |namespace: &str| {
            namespace == instance.namespace || symbols.plan.is_some_and(|plan| plan.namespaces.contains_key(namespace))
        };
        if taken(own) {
            return format!("give the others another `namespace:`, or `{path}`");
        }
        let merged = symbols.plan.and_then(|plan| plan.platform.merged.at(path));
        // The merged tree has short forms spelt out; the text tells how it was written.
        match merged.is_some_and(|node| symbols.sources.text(node.span) == own) {
            true => format!("give it a namespace of its own: `{path}: {{provider: {own}, namespace: {own}}}`"),
            false => format!("give it a namespace of its own: write `namespace: {own}` under `{path}`"),
        }
    }
}

/// What a Secret is to people. The name of a certificate's has its host in it, which environments do not share.
fn what(secret: &Data) -> String {
    match secret.made {
        Made::Object(object) if object.kind == "Certificate" => "the key of its certificate".into(),
        _ => format!("Secret `{}`", secret.name),
    }
}

/// `a`, `a and b`, `a, b and c`
fn and(names: BTreeSet<String>) -> String {
    let names: Vec<String> = names.into_iter().collect();
    match names.as_slice() {
        [] => "others".into(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
