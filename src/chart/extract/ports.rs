//! Where pods listen: what they declare, and what only a probe or an address in the environment tells.

use std::collections::BTreeMap;

use crate::chart::facts::PodPort;
use crate::link::fields::{field, items, text};
use crate::link::symbols::{beside_each_other, containers, protocol};
use crate::source::Node;

const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];
const WAYS: [&str; 3] = ["httpGet", "tcpSocket", "grpc"];

/// Ports of all that runs as long as the pod.
pub fn declared(spec: &Node) -> Vec<PodPort> {
    let mut ports: Vec<PodPort> = vec![];
    for port in beside_each_other(spec).flat_map(|container| items(container, &["ports"])).filter_map(port) {
        match ports.last_mut() {
            Some(last) if follows(last, &port) => last.last = port.last,
            _ => ports.push(port),
        }
    }
    ports.sort();
    ports
}

fn port(node: &Node) -> Option<PodPort> {
    let number = u16::try_from(node.get("containerPort")?.as_integer()?).ok()?;
    let name = text(node, &["name"]).map(str::to_owned);
    Some(PodPort { first: number, last: number, protocol: protocol(node), name })
}

/// Ports without a name that follow each other are one run.
fn follows(last: &PodPort, port: &PodPort) -> bool {
    let have_no_name = last.name.is_none() && port.name.is_none();
    have_no_name && last.last.checked_add(1) == Some(port.first) && last.protocol == port.protocol
}

/// Ports that the pod does not declare, and where they are told.
pub fn undeclared(spec: &Node, settings: &BTreeMap<&str, &Node>, declared: &[PodPort]) -> BTreeMap<u16, String> {
    let mut found = BTreeMap::new();
    for container in containers(spec) {
        for (place, port) in probed(container).chain(addresses(container, settings)) {
            if !declared.iter().any(|known| known.holds(port)) {
                found.entry(port).or_insert_with(|| place.to_owned());
            }
        }
    }
    found
}

fn probed(container: &Node) -> impl Iterator<Item = (&str, u16)> {
    PROBES.into_iter().flat_map(move |probe| {
        let port = move |way| field(container, &[probe, way, "port"])?.as_integer();
        let ports = WAYS.into_iter().filter_map(port);
        ports.filter_map(move |port| Some((probe, u16::try_from(port).ok()?)))
    })
}

/// Variables whose value is an address to listen on.
fn addresses<'n>(container: &'n Node, settings: &BTreeMap<&str, &'n Node>) -> impl Iterator<Item = (&'n str, u16)> {
    items(container, &["env"]).iter().filter_map(|variable| {
        let reference = field(variable, &["valueFrom", "configMapKeyRef"]);
        let value = match reference {
            Some(of) => settings.get(text(of, &["name"])?)?.get(text(of, &["key"])?)?,
            None => variable.get("value")?,
        };
        Some((text(variable, &["name"])?, listens(value.as_str()?)?))
    })
}

/// The port of `:9090` and `0.0.0.0:9090`.
fn listens(address: &str) -> Option<u16> {
    let (host, port) = address.split_once(':')?;
    let is_any = host.is_empty() || host.parse::<std::net::Ipv4Addr>().is_ok();
    port.parse().ok().filter(|_| is_any)
}
