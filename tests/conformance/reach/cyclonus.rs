//! cyclonus: packet by packet. The clusters of a batch stand beside each other under names of their own, and no packet goes
//! from one to another.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::question::{Packet, packets};
use super::scene::{Scene, text_of};
use super::{Compared, PODS};
use crate::{Bench, Failed, process};

pub fn ask(bench: &Bench, scenes: &[Scene]) -> Result<Compared, Failed> {
    let asked: Vec<(&Scene, Vec<Packet>)> =
        scenes.iter().enumerate().map(|(at, scene)| (scene, packets(scene, at))).collect();
    let folder = tempfile::tempdir_in(bench.scratch.path())?;
    let [policies, traffic] = ["policies.yaml", "traffic.json"].map(|name| folder.path().join(name));
    std::fs::write(&policies, all_policies(scenes).to_string())?;
    let lines: Vec<Value> = asked.iter().flat_map(|(scene, packets)| told(scene, packets)).collect();
    std::fs::write(&traffic, Value::Array(lines).to_string())?;
    let mut command = bench.programs.command("cyclonus")?;
    command.args(["analyze", "--mode", "query-traffic"]);
    let out = process::must(command.arg("--policy-path").arg(policies).arg("--traffic-path").arg(traffic))?;
    let verdicts: Vec<bool> =
        out.lines().filter(|line| line.contains("IS ALLOWED?")).map(|line| line.contains("TRUE")).collect();
    let packets: Vec<(&Scene, &Packet)> =
        asked.iter().flat_map(|(scene, packets)| packets.iter().map(|packet| (*scene, packet))).collect();
    if verdicts.len() != packets.len() {
        return Err(format!("{} verdicts about {} packets", verdicts.len(), packets.len()).into());
    }
    let mut compared = Compared::default();
    for ((scene, packet), theirs) in packets.into_iter().zip(&verdicts) {
        compared.compare(&packet.ours, theirs, packet.ours, || {
            let Packet { from, to, port, protocol, ours, .. } = packet;
            format!("{}: from {from} to {to} on {port}/{protocol}: {ours} here, {theirs} there", scene.name)
        });
    }
    Ok(compared)
}

fn all_policies(scenes: &[Scene]) -> Value {
    let all = scenes.iter().flat_map(|scene| scene.policies.iter().map(|policy| alone(scene, policy)));
    json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicyList", "items": all.collect::<Vec<_>>()})
}

/// In a namespace of its own, and with the addresses of pods left out of every range.
fn alone(scene: &Scene, policy: &Value) -> Value {
    let mut policy = policy.clone();
    policy["metadata"]["namespace"] = json!(own(scene, text_of(&policy, "namespace")));
    without_pods(&mut policy["spec"]);
    ask_twins(&mut policy["spec"]);
    policy
}

fn without_pods(json: &mut Value) {
    match json {
        Value::Object(map) => {
            if let Some(except) =
                map.get_mut("ipBlock").and_then(Value::as_object_mut).filter(|block| block["cidr"] == "0.0.0.0/0")
            {
                let list = except.entry("except").or_insert_with(|| json!([]));
                list.as_array_mut().into_iter().for_each(|list| list.push(json!(PODS)));
            }
            map.values_mut().for_each(without_pods);
        }
        Value::Array(list) => list.iter_mut().for_each(without_pods),
        _ => {}
    }
}

/// `NotIn` asks for the twin of the label, which is always there.
fn ask_twins(json: &mut Value) {
    match json {
        Value::Object(map) => {
            if let Some(Value::String(key)) =
                map.get("key").filter(|_| map.get("operator").is_some_and(|it| it == "NotIn"))
            {
                let key = twin(key);
                map.insert("key".to_owned(), json!(key));
            }
            map.values_mut().for_each(ask_twins);
        }
        Value::Array(list) => list.iter_mut().for_each(ask_twins),
        _ => {}
    }
}

/// Labels, and for each key that `NotIn` asks for its twin: the same value, or one that nobody asks for.
fn with_twins(labels: &Value, asked: &BTreeSet<&str>) -> Value {
    let mut all = labels.as_object().cloned().unwrap_or_default();
    for key in asked.iter().copied() {
        let value = labels.get(key).cloned().unwrap_or_else(|| json!("nothing-asks-for-this"));
        all.insert(twin(key), value);
    }
    Value::Object(all)
}

fn asked_not_in(json: &Value) -> Vec<&str> {
    match json {
        Value::Object(map) => {
            let key =
                map.get("key").and_then(Value::as_str).filter(|_| map.get("operator").is_some_and(|it| it == "NotIn"));
            key.into_iter().chain(map.values().flat_map(asked_not_in)).collect()
        }
        Value::Array(list) => list.iter().flat_map(asked_not_in).collect(),
        _ => vec![],
    }
}

fn twin(key: &str) -> String {
    format!("{key}-or-none")
}

/// The packets of a scene as cyclonus reads them.
fn told(scene: &Scene, packets: &[Packet]) -> Vec<Value> {
    let asked = scene.policies.iter().flat_map(|policy| asked_not_in(&policy["spec"])).collect();
    let pods: BTreeMap<&str, Value> =
        scene.pods.iter().map(|(name, pod)| (name.as_str(), end(scene, pod, &asked))).collect();
    let end = |name: &str| pods.get(name).cloned().unwrap_or_else(|| json!({"Internal": null, "IP": name}));
    let told = |packet: &Packet| {
        json!({
            "Source": end(packet.from), "Destination": end(packet.to),
            "ResolvedPort": packet.port, "ResolvedPortName": packet.name, "Protocol": packet.protocol,
        })
    };
    packets.iter().map(told).collect()
}

fn end(scene: &Scene, pod: &Value, asked: &BTreeSet<&str>) -> Value {
    let namespace = text_of(pod, "namespace");
    let address = PODS.replace("0/24", "1");
    json!({
        "Internal": {
            "PodLabels": with_twins(&pod["metadata"]["labels"], asked),
            "NamespaceLabels": with_twins(&scene.namespaces[namespace], asked),
            "Namespace": own(scene, namespace),
        },
        "IP": address,
    })
}

fn own(scene: &Scene, namespace: &str) -> String {
    format!("{} {namespace}", scene.name)
}
