//! Secrets: what the chart's hold, which keys its pods need of them and of others', and who reads them.

use platformc::component::interface::{By, Secret};

use super::recorded::{self, Record, Reference};
use super::{Claims, listed, nearest};

pub fn faults(claims: &Claims, recorded: &Record) -> Vec<String> {
    let mut faults = vec![];
    for (id, claim) in &claims.secrets {
        let mut found = keys_needed(claim, recorded);
        found.extend(readers(claims, claim, recorded));
        if claim.by == Some(By::Chart) {
            found.extend(made(claim, recorded));
        }
        faults.extend(found.into_iter().map(|fault| format!("secrets.{id}: {fault}")));
    }
    faults.extend(recorded.references.iter().filter_map(|reference| unclaimed(claims, reference, recorded)));
    faults
}

/// The chart makes it, with at least these keys.
fn made(claim: &Secret, recorded: &Record) -> Vec<String> {
    let Some(found) = recorded.secrets.iter().find(|found| found.name == claim.name && found.namespace.is_none())
    else {
        let names = recorded.secrets.iter().map(|found| found.name.as_str());
        return vec![format!("Secret `{}` of the chart is claimed; {}", claim.name, nearest(&claim.name, names))];
    };
    let held = |key: &str| nearest(key, found.keys.iter().map(String::as_str));
    let missing = claim.holds().into_iter().filter(|key| !found.keys.contains(key));
    missing
        .map(|key| {
            format!("key `{key}` is claimed; the chart's Secret `{}` does not hold it, {}", found.name, held(&key))
        })
        .collect()
}

fn of<'r>(claim: &Secret, recorded: &'r Record) -> impl Iterator<Item = &'r Reference> {
    let name = claim.name.clone();
    recorded.references.iter().filter(move |reference| reference.secret == name)
}

/// Every key that a pod needs of it is claimed.
fn keys_needed(claim: &Secret, recorded: &Record) -> Vec<String> {
    let holds = claim.holds();
    let needed = of(claim, recorded).flat_map(|reference| reference.keys.iter().map(move |key| (key, reference)));
    let missing = needed.filter(|(key, _)| !holds.contains(key));
    missing
        .map(|(key, reference)| {
            let (readers, keys) =
                (listed(reference.readers.iter().map(String::as_str)), listed(holds.iter().map(String::as_str)));
            format!("key `{key}` of `{}` is needed by {readers}; claimed are {keys}", claim.name)
        })
        .collect()
}

/// Who reads it is claimed; a reader that is claimed reads it, where the Secret is ours to bring. A pod that no claim is about
/// is told elsewhere.
fn readers(claims: &Claims, claim: &Secret, recorded: &Record) -> Vec<String> {
    let reading: Vec<&str> = of(claim, recorded).flat_map(|reference| &reference.readers).map(String::as_str).collect();
    let pods = claims.workloads.keys().filter_map(|id| claims.recorded(id, recorded).map(|found| (id, found.id())));
    let (claimed, others): (Vec<_>, Vec<_>) = pods.partition(|(id, _)| claim.readers.contains(id));
    let unclaimed = others.iter().filter(|(_, found)| reading.contains(&found.as_str()));
    let unclaimed =
        unclaimed.map(|(id, found)| format!("{found} reads `{}`; `{id}` is not claimed as a reader", claim.name));
    let idle = claimed.iter().filter(|(_, found)| claim.by == Some(By::Files) && !reading.contains(&found.as_str()));
    let idle = idle.map(|(id, found)| format!("reader `{id}` is claimed; {found} does not read `{}`", claim.name));
    unclaimed.chain(idle).collect()
}

/// What a pod needs is claimed, or the chart itself makes it.
fn unclaimed(claims: &Claims, reference: &Reference, recorded: &Record) -> Option<String> {
    if claims.secrets.values().any(|claim| claim.name == reference.secret) {
        return None;
    }
    let readers = listed(reference.readers.iter().map(String::as_str));
    match recorded.secrets.iter().find(|made| made.name == reference.secret) {
        None => Some(format!(
            "secrets: `{}` is needed by {readers}; no claim is about it, and the chart does not make it",
            reference.secret
        )),
        Some(made) => lacking(made, reference).map(|keys| {
            format!("secrets: {keys} of `{}` is needed by {readers}; what the chart makes does not hold it", made.name)
        }),
    }
}

fn lacking(made: &recorded::Secret, reference: &Reference) -> Option<String> {
    let lacking: Vec<&str> = reference.keys.iter().filter(|key| !made.keys.contains(key)).map(String::as_str).collect();
    (!lacking.is_empty()).then(|| listed(lacking))
}
