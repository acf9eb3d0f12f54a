//! Kinds: those that the chart brings, and those whose writing calls a webhook of it.

use std::collections::BTreeSet;

use super::recorded::Record;
use super::{Claims, nearest};

pub fn faults(claims: &Claims, recorded: &Record) -> Vec<String> {
    let mut faults = both_ways("brings", &claims.brings, &recorded.brings);
    for (id, claim) in &claims.webhooks {
        let service = claims.services.get(&claim.service).map_or("", |service| service.name.as_str());
        match recorded.webhooks.iter().find(|found| found.service == service) {
            Some(found) => faults.extend(both_ways(&format!("webhooks.{id}"), &claim.kinds, &found.kinds)),
            None => {
                let nearest = nearest(service, recorded.webhooks.iter().map(|found| found.service.as_str()));
                faults.push(format!("webhooks.{id}: Service `{service}` is claimed to answer; {nearest}"));
            }
        }
    }
    faults.extend(unclaimed(claims, recorded));
    faults
}

fn both_ways(what: &str, claimed: &[String], recorded: &[String]) -> Vec<String> {
    let (claims, records): (BTreeSet<&String>, BTreeSet<&String>) =
        (claimed.iter().collect(), recorded.iter().collect());
    let near = |kind: &str| nearest(kind, recorded.iter().map(String::as_str));
    let unfound = claims.difference(&records).map(|kind| format!("{what}: {kind} is claimed; {}", near(kind)));
    unfound
        .chain(records.difference(&claims).map(|kind| format!("{what}: {kind} is recorded; it is not claimed")))
        .collect()
}

fn unclaimed(claims: &Claims, recorded: &Record) -> Vec<String> {
    let answering = |name: &str| {
        let services = claims.webhooks.values().filter_map(|claim| claims.services.get(&claim.service));
        services.into_iter().any(|service| service.name == name)
    };
    let missing = recorded.webhooks.iter().filter(|found| !answering(&found.service));
    missing
        .map(|found| format!("webhooks: Service `{}` is recorded to answer; no claim is about it", found.service))
        .collect()
}
