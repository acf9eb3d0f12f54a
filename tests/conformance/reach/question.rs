//! Packets to ask about.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use serde_json::Value;

use super::answer::Ports;
use super::cluster::{PORTS, PROTOCOLS};
use super::scene::Scene;

/// One packet; an end is a pod by our name for it, or an address.
pub struct Packet<'s> {
    pub from: &'s str,
    pub to: &'s str,
    pub port: u16,
    pub protocol: &'static str,
    /// What the target calls the port.
    pub name: String,
    pub ours: bool,
}

/// By number and protocol.
type Names = BTreeMap<(u16, &'static str), Vec<String>>;

/// A port that nobody names.
const OTHER: u16 = 64_999;

/// Every packet of the scene, or of a random cluster a share of them, beginning somewhere.
pub fn packets(scene: &Scene, begin: usize) -> Vec<Packet<'_>> {
    let pairs = scene.answer.pairs.iter().flat_map(|((from, to), open)| of(scene, from, to, Some(to), open));
    let pairs = pairs.skip(begin % scene.steps.0).step_by(scene.steps.0);
    let sides = scene.pods.keys().flat_map(|pod| ["ingress", "egress"].map(|direction| (pod, direction)));
    let outside =
        sides.flat_map(|(pod, direction)| scene.addresses.iter().map(move |address| (pod, direction, address)));
    let outside = outside.flat_map(|(pod, direction, address)| {
        let open =
            address.parse::<IpAddr>().map(|address| scene.answer.at(pod, direction, address)).unwrap_or_default();
        match direction {
            "ingress" => of(scene, address, pod, Some(pod), &open),
            _ => of(scene, pod, address, None, &open),
        }
    });
    pairs.chain(outside.skip(begin % scene.steps.1).step_by(scene.steps.1)).collect()
}

/// Every port of one connection, but those with two names: these packets carry one.
fn of<'s>(scene: &Scene, from: &'s str, to: &'s str, target: Option<&str>, open: &Ports) -> Vec<Packet<'s>> {
    let names = target.map(|target| names(&scene.pods[target])).unwrap_or_default();
    let packets = asked(scene, &names).into_iter().filter_map(|(port, protocol)| {
        let name = match names.get(&(port, protocol)).map(Vec::as_slice) {
            None => String::new(),
            Some([name]) => name.clone(),
            Some(_) => return None,
        };
        let ours = open.iter().any(|range| range.0 == protocol && range.1 <= port && port <= range.2);
        Some(Packet { from, to, port, protocol, name, ours })
    });
    packets.collect()
}

/// Of a random cluster all ports that its generator knows; of a tree those that the target declares, and another.
fn asked(scene: &Scene, names: &Names) -> BTreeSet<(u16, &'static str)> {
    let of_generator = PORTS.filter(|_| scene.steps != (1, 1));
    let every = of_generator.chain([OTHER]).flat_map(|port| PROTOCOLS.map(|protocol| (port, protocol)));
    every.chain(names.keys().copied()).collect()
}

/// How a pod calls its ports.
fn names(pod: &Value) -> Names {
    let mut names = Names::new();
    for port in pod["spec"]["containers"][0]["ports"].as_array().into_iter().flatten() {
        let number = port["containerPort"].as_u64().and_then(|number| u16::try_from(number).ok()).unwrap_or_default();
        let protocol = PROTOCOLS.into_iter().find(|protocol| port["protocol"] == *protocol).unwrap_or("TCP");
        let name = port["name"].as_str().unwrap_or_default().to_owned();
        names.entry((number, protocol)).or_default().push(name);
    }
    names
}
