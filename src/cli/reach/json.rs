//! Everything, for programs: every pair, every port, every address.

use serde_json::{Value as Json, json};

use super::matrix::{Matrix, Side};
use super::names::End;
use crate::link::reach::{AddressSet, Direction, Opened, Port, PortSet};
use crate::link::symbols::{Listens, Workload};

/// One environment, an object on its own lines.
pub fn json(matrix: &Matrix, environment: Option<&str>, from: Option<&End>, to: Option<&End>) -> String {
    let model = &matrix.model;
    let meant = |end: Option<&End>, workload: usize| end.is_none_or(|end| end.is(&Side::Workload(workload)));
    let governed = matrix.governed();
    let workloads =
        (0..model.workloads.len()).filter_map(|index| Some(workload(matrix, index, model.workloads.get(index)?)));
    let sources = governed.iter().filter(|index| meant(from, **index));
    let pairs = sources.flat_map(|from| governed.iter().filter(|index| meant(to, **index)).map(move |to| (*from, *to)));
    let is_asked = |index: &&usize| from.is_none() && to.is_none() || meant(from, **index) || meant(to, **index);
    let addresses = governed
        .iter()
        .filter(is_asked)
        .flat_map(|own| Direction::BOTH.map(|direction| addresses(matrix, direction, *own)));
    let lists = [
        ("workloads", workloads.collect::<Vec<_>>()),
        ("pairs", pairs.filter_map(|(from, to)| pair(matrix, from, to)).collect()),
        ("addresses", addresses.collect()),
    ];
    let lists = lists.map(|(key, items)| {
        let items: Vec<String> = items.iter().map(Json::to_string).collect();
        format!("\"{key}\": [\n{}\n]", items.join(",\n"))
    });
    format!("{{\"environment\": {},\n{}}}", json!(environment), lists.join(",\n"))
}

/// Where a name is not there.
pub fn unknown(environment: Option<&str>, message: &str) -> String {
    json!({ "environment": environment, "unknown": message }).to_string()
}

fn workload(matrix: &Matrix, index: usize, workload: &Workload) -> Json {
    let policies = |direction: Direction| -> Vec<String> {
        matrix.model.closing(direction, index).iter().map(|policy| policy.object.title()).collect()
    };
    json!({
        "workload": matrix.name(index), "kind": workload.kind, "namespace": matrix.namespace(index), "name": workload.name,
        "labels": workload.labels, "ports": workload.ports.iter().map(listens).collect::<Vec<_>>(),
        "hostNetwork": workload.on_host_network,
        "policies": { "ingress": policies(Direction::Ingress), "egress": policies(Direction::Egress) },
    })
}

fn listens(port: &Listens) -> Json {
    json!({ "port": port.number, "protocol": port.protocol.as_str(), "name": port.name })
}

/// All ports as ranges, and what that means for each that the target declares.
fn pair(matrix: &Matrix, from: usize, to: usize) -> Option<Json> {
    let open = matrix.model.open(from, to)?;
    let target = matrix.model.workloads.get(to)?;
    let verdicts = target.ports.iter().map(|port| {
        let is_open = open.contains(Port { protocol: port.protocol, number: port.number });
        let verdict = if is_open { "open" } else { "closed" };
        json!({ "port": port.number, "protocol": port.protocol.as_str(), "name": port.name, "verdict": verdict })
    });
    let ports: Vec<Json> = verdicts.collect();
    Some(json!({ "from": matrix.name(from), "to": matrix.name(to), "open": ranges(&open), "ports": ports }))
}

fn ranges(ports: &PortSet) -> Vec<Json> {
    let range = |(first, last): (Port, Port)| json!({ "protocol": first.protocol.as_str(), "first": first.number, "last": last.number });
    ports.iter().map(range).collect()
}

fn addresses(matrix: &Matrix, direction: Direction, own: usize) -> Json {
    let opened = match matrix.model.addresses(direction, own) {
        Some(opened) => opened.clone(),
        None => Opened::of([(&AddressSet::any(), &PortSet::every())]),
    };
    let pieces = opened.iter().map(
        |(first, last, ports)| json!({ "first": first.to_string(), "last": last.to_string(), "open": ranges(ports) }),
    );
    json!({ "workload": matrix.name(own), "direction": direction.key(), "ranges": pieces.collect::<Vec<_>>() })
}
