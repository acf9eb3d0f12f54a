//! Every way to break a claim. Each of them must be seen, or the comparison proves nothing.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use platformc::chart::Claims;
use platformc::chart::facts::Facts;
use platformc::component::interface::{
    By, PodPort, PodSecurity, Protocol, Secret, SecretKeys, Service, ServicePort, Workload,
};
use serde_json::json;

/// The claim that is broken, and all claims with it.
pub type Broken = (String, Claims);

/// The claims, one broken each time.
pub type Break = fn(&Claims, &Facts) -> Vec<Broken>;

/// By what is wrong.
pub const ALL: &[(&str, Break)] = &[
    ("another release", |claims, _| one("release", claims, |claims| claims.release.push('x'))),
    ("another namespace", |claims, _| one("namespace", claims, |claims| claims.namespace.push('x'))),
    ("a workload is missing", |claims, _| without(claims, |it| &mut it.workloads, |it| it.by == Some(By::Chart))),
    ("a workload has another name", |claims, _| workloads(claims, |it| other(it.name.as_mut()))),
    ("a workload has another kind", |claims, _| workloads(claims, |it| other(it.kind.as_mut()))),
    ("a workload is in another namespace", |claims, _| {
        workloads(claims, |it| set(&mut it.namespace, Some("nowhere".into())))
    }),
    ("a workload has another ServiceAccount", |claims, _| {
        workloads(claims, |it| set(&mut it.service_account, Some("nobody".into())))
    }),
    ("a pod is on the network of its node and should not, or the reverse", |claims, _| {
        workloads(claims, |it| {
            it.host_network = !it.host_network;
            true
        })
    }),
    ("a pod's label has another value", |claims, _| workloads(claims, |it| other(it.labels.values_mut().next_back()))),
    ("a pod does not carry a label", |claims, _| {
        workloads(claims, |it| it.labels.insert("colour".into(), "blue".into()).is_none())
    }),
    ("a selector selects every pod", |claims, recorded| match recorded.workloads.len() {
        0 | 1 => vec![],
        _ => workloads(claims, |it| set(&mut it.selector, Some(IndexMap::new()))),
    }),
    ("a selector selects no pod", |claims, _| {
        let nobody = || IndexMap::from([("matchLabels".to_owned(), json!({ "colour": "blue" }))]);
        workloads(claims, |it| set(&mut it.selector, Some(nobody())))
    }),
    ("a pod's port has another number", |claims, _| ports(claims, |port| port.port += 20_000)),
    ("a pod's port has another name", |claims, _| {
        ports(claims, |port| (port.named, port.name) = (true, Some("other".into())))
    }),
    ("a pod's port is named and should not, or the reverse", |claims, _| {
        ports(claims, |port| port.named = !port.named)
    }),
    ("a pod's port has another protocol", |claims, _| ports(claims, |port| port.protocol = Protocol::Sctp)),
    ("a service has another name", |claims, _| services(claims, |it| other(Some(&mut it.name)))),
    ("a service's label has another value", |claims, _| services(claims, |it| other(it.labels.values_mut().next()))),
    ("a service leads to other pods", elsewhere),
    ("a service's port has another number", |claims, _| service_ports(claims, |port| port.port += 20_000)),
    ("a service's port has another name", |claims, _| {
        service_ports(claims, |port| (port.named, port.name) = (true, Some("other".into())))
    }),
    ("a service's port leads to another port", other_targets),
    ("a secret that pods need is missing", |claims, recorded| {
        without(claims, |it| &mut it.secrets, |it| it.by != Some(By::Chart) && is_needed(it, recorded))
    }),
    ("a secret that pods need has another name", |claims, recorded| {
        each(
            claims,
            |it| &mut it.secrets,
            |it| is_needed(it, recorded) && it.by != Some(By::Chart) && other(Some(&mut it.name)),
        )
    }),
    ("a secret of the chart has another name", |claims, _| chart_secrets(claims, |it| other(Some(&mut it.name)))),
    ("a secret of the chart has one key less", |claims, _| chart_secrets(claims, with_another_key)),
    ("a secret lacks a key that pods need", keys_missing),
    ("a reader is missing", readers_missing),
    ("a reader does not read", idle_reader),
    ("a kind is not brought", |claims, _| {
        one("brings", claims, |claims| claims.brings.push("example.com/v1/Thing".into()))
    }),
    ("a kind is brought and not claimed", |claims, _| match claims.brings.len() {
        0 => vec![],
        _ => one("brings", claims, |claims| drop(claims.brings.pop())),
    }),
    ("a webhook is missing", |claims, _| without(claims, |it| &mut it.webhooks, |_| true)),
    ("a webhook does not guard a kind", |claims, _| {
        each(claims, |it| &mut it.webhooks, |it| push(&mut it.kinds, "Thing"))
    }),
    ("a webhook guards a kind that is not claimed", |claims, _| {
        each(claims, |it| &mut it.webhooks, |it| it.kinds.pop().is_some())
    }),
    ("a webhook is answered by another service", |claims, _| {
        each(claims, |it| &mut it.webhooks, |it| other(Some(&mut it.service)))
    }),
    ("the namespace is stricter than a pod", stricter),
    ("a service of the chart is not claimed", |claims, _| {
        without(claims, |it| &mut it.services, |it| it.by == Some(By::Chart))
    }),
    ("a port of a pod is not claimed", unclaimed_ports),
    ("a port of a service is not claimed", |claims, _| services(claims, |it| it.ports.pop().is_some())),
    ("a secret of the chart is not claimed", |claims, _| {
        without(claims, |it| &mut it.secrets, |it| it.by == Some(By::Chart))
    }),
    ("what is of no interest is not marked so", |claims, _| {
        each(claims, |it| &mut it.ignores, |it| it.objects.pop().or(it.ports.pop()).is_some())
    }),
    ("an object is ignored and not there", |claims, _| {
        each(claims, |it| &mut it.ignores, |it| other(it.objects.last_mut()))
    }),
    ("a port is ignored and not there", |claims, _| {
        each(claims, |it| &mut it.ignores, |it| push(&mut it.ports, "Deployment/nobody:1"))
    }),
    ("an object is ignored and claimed", |claims, _| {
        each(claims, |it| &mut it.ignores, |it| push(&mut it.objects, &claimed_object(claims)))
    }),
];

fn one(what: &str, claims: &Claims, change: impl Fn(&mut Claims)) -> Vec<Broken> {
    let mut broken = claims.clone();
    change(&mut broken);
    vec![(what.to_owned(), broken)]
}

/// Each entry changed in turn; the change says whether it did anything.
fn each<T>(
    claims: &Claims,
    entries: impl Fn(&mut Claims) -> &mut IndexMap<String, T>,
    change: impl Fn(&mut T) -> bool,
) -> Vec<Broken> {
    let ids: Vec<String> = entries(&mut claims.clone()).keys().cloned().collect();
    let broken = ids.into_iter().filter_map(|id| {
        let mut broken = claims.clone();
        entries(&mut broken).get_mut(&id).is_some_and(&change).then_some((id, broken))
    });
    broken.collect()
}

fn without<T>(
    claims: &Claims,
    entries: impl Fn(&mut Claims) -> &mut IndexMap<String, T>,
    applies: impl Fn(&T) -> bool,
) -> Vec<Broken> {
    let mut broken = each(claims, &entries, |entry| applies(entry));
    for (id, claims) in &mut broken {
        entries(claims).shift_remove(id);
    }
    broken
}

fn other(text: Option<&mut String>) -> bool {
    text.map(|text| text.push('x')).is_some()
}

fn set<T>(place: &mut T, value: T) -> bool {
    *place = value;
    true
}

fn push(list: &mut Vec<String>, item: &str) -> bool {
    list.push(item.to_owned());
    true
}

fn workloads(claims: &Claims, change: impl Fn(&mut Workload) -> bool) -> Vec<Broken> {
    each(claims, |claims| &mut claims.workloads, |it| it.by == Some(By::Chart) && change(it))
}

fn services(claims: &Claims, change: impl Fn(&mut Service) -> bool) -> Vec<Broken> {
    each(claims, |claims| &mut claims.services, |it| it.by == Some(By::Chart) && change(it))
}

fn chart_secrets(claims: &Claims, change: impl Fn(&mut Secret) -> bool) -> Vec<Broken> {
    each(claims, |claims| &mut claims.secrets, |it| it.by == Some(By::Chart) && change(it))
}

fn ports(claims: &Claims, change: impl Fn(&mut PodPort)) -> Vec<Broken> {
    let nth = |at: usize| workloads(claims, |it| it.ports.get_index_mut(at).map(|(_, port)| change(port)).is_some());
    (0..most(claims.workloads.values().map(|it| it.ports.len()))).flat_map(nth).collect()
}

fn service_ports(claims: &Claims, change: impl Fn(&mut ServicePort)) -> Vec<Broken> {
    let nth = |at: usize| services(claims, |it| it.ports.get_index_mut(at).map(|(_, port)| change(port)).is_some());
    (0..most(claims.services.values().map(|it| it.ports.len()))).flat_map(nth).collect()
}

fn most(numbers: impl Iterator<Item = usize>) -> usize {
    numbers.max().unwrap_or_default()
}

fn elsewhere(claims: &Claims, _: &Facts) -> Vec<Broken> {
    let others = |not: &str| claims.workloads.keys().find(|id| *id != not).cloned();
    services(claims, |it| others(&it.workload).map(|other| it.workload = other).is_some())
}

fn other_targets(claims: &Claims, _: &Facts) -> Vec<Broken> {
    services(claims, |it| {
        let Some(workload) = claims.workloads.get(&it.workload) else { return false };
        let Some(port) = it.ports.values_mut().next() else { return false };
        let number = workload.ports.get(&port.target).map(|target| target.port);
        let mut others = workload.ports.iter().filter(|(_, other)| Some(other.port) != number);
        others.next().map(|(id, _)| port.target = id.clone()).is_some()
    })
}

fn is_needed(secret: &Secret, recorded: &Facts) -> bool {
    recorded.workloads.iter().any(|found| found.reads.contains_key(&secret.name))
}

fn with_another_key(secret: &mut Secret) -> bool {
    match &mut secret.keys {
        SecretKeys::Names(names) => names.push("other".into()),
        SecretKeys::Map(map) => drop(map.insert("other".into(), Default::default())),
    }
    secret.template.is_empty()
}

fn keys_missing(claims: &Claims, recorded: &Facts) -> Vec<Broken> {
    let reads = recorded.workloads.iter().flat_map(|found| &found.reads);
    let needed: BTreeSet<_> = reads.flat_map(|(secret, keys)| keys.iter().map(move |key| (secret, key))).collect();
    let broken = needed.into_iter().flat_map(|(name, key)| {
        each(claims, |claims| &mut claims.secrets, move |it| it.name == *name && take_key(it, key))
    });
    broken.collect()
}

fn take_key(secret: &mut Secret, key: &str) -> bool {
    secret.template.shift_remove(key);
    match &mut secret.keys {
        SecretKeys::Names(names) => names.retain(|name| name != key),
        SecretKeys::Map(map) => drop(map.shift_remove(key)),
    }
    true
}

fn readers_missing(claims: &Claims, recorded: &Facts) -> Vec<Broken> {
    let reads =
        |secret: &str, id: &str| claims.workload(id, recorded).is_some_and(|found| found.reads.contains_key(secret));
    let missing = claims.workloads.keys().flat_map(|id| {
        each(
            claims,
            |claims| &mut claims.secrets,
            move |it| {
                let needed = reads(&it.name, id);
                it.readers.retain(|reader| reader != id);
                needed
            },
        )
    });
    missing.collect()
}

/// Of our own secrets only: one of the chart may be read by pods that are not always there.
fn idle_reader(claims: &Claims, recorded: &Facts) -> Vec<Broken> {
    each(
        claims,
        |claims| &mut claims.secrets,
        |it| {
            let mut idle = claims
                .workloads
                .keys()
                .filter(|id| claims.workload(id, recorded).is_some() && !it.readers.contains(id));
            it.by == Some(By::Files) && idle.next().is_some_and(|id| push(&mut it.readers, id))
        },
    )
}

fn unclaimed_ports(claims: &Claims, _: &Facts) -> Vec<Broken> {
    let in_use = |id: &str, claims: &Claims| {
        let ids = claims.workloads.get(id).into_iter().flat_map(|it| it.ports.keys()).cloned().collect::<Vec<_>>();
        ids.last().cloned()
    };
    let ids: Vec<String> = claims.workloads.keys().cloned().collect();
    let broken = ids.into_iter().filter_map(|id| {
        let port = in_use(&id, claims)?;
        let mut broken = claims.clone();
        let workload = broken.workloads.get_mut(&id).filter(|it| it.by == Some(By::Chart))?;
        workload.ports.shift_remove(&port)?;
        Some((format!("{id}.{port}"), broken))
    });
    broken.collect()
}

/// One of the chart's objects that the component speaks of.
fn claimed_object(claims: &Claims) -> String {
    let mut workloads = claims.workloads.values().filter(|it| it.by == Some(By::Chart));
    let first = workloads.find_map(|it| Some(format!("{}/{}", it.kind.as_ref()?, it.name.as_ref()?)));
    first.unwrap_or_default()
}

fn stricter(claims: &Claims, recorded: &Facts) -> Vec<Broken> {
    let below = match recorded.workloads.iter().map(|found| found.pod_security).max() {
        Some(PodSecurity::Privileged) => PodSecurity::Baseline,
        Some(PodSecurity::Baseline) => PodSecurity::Restricted,
        Some(PodSecurity::Restricted) | None => return vec![],
    };
    one("podSecurity", claims, |claims| claims.pod_security = below)
}
