//! cyclonus: packet by packet. The clusters of a batch stand beside each other under names of their own, and no packet goes
//! from one to another.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde_json::{Value, json};

use super::question::{Packet, packets};
use super::scene::{Scene, text_of};
use super::{Compared, PODS};
use crate::{Bench, Failed, process};

pub fn ask(bench: &Bench, scenes: &[&Scene]) -> Result<Vec<Compared>, Failed> {
    let asked: Vec<(&Scene, Vec<Packet>)> =
        scenes.iter().enumerate().map(|(at, scene)| (*scene, packets(scene, at))).collect();
    let folder = tempfile::tempdir_in(bench.scratch.path())?;
    let [policies, traffic] = ["policies.yaml", "traffic.json"].map(|name| folder.path().join(name));
    std::fs::write(&policies, all_policies(scenes).to_string())?;
    let lines: Vec<String> = asked.iter().flat_map(|(scene, packets)| told(scene, packets)).collect();
    std::fs::write(&traffic, format!("[{}]", lines.join(",\n")))?;
    let mut command = bench.programs.command("cyclonus")?;
    command.args(["analyze", "--mode", "query-traffic"]);
    let out = process::must(command.arg("--policy-path").arg(policies).arg("--traffic-path").arg(traffic))?;
    let mut verdicts = verdicts(&out)?.into_iter();
    let compared = asked.iter().map(|(scene, packets)| compared(scene, packets, verdicts.by_ref())).collect();
    if verdicts.next().is_some() { Err("more verdicts than packets".into()) } else { compared }
}

fn verdicts(out: &str) -> Result<Vec<bool>, Failed> {
    let line = Regex::new(r"IS ALLOWED\?[ |]+(TRUE|FALSE)")?;
    Ok(line.captures_iter(out).map(|found| &found[1] == "TRUE").collect())
}

fn compared(scene: &Scene, packets: &[Packet], verdicts: &mut dyn Iterator<Item = bool>) -> Result<Compared, Failed> {
    let mut compared = Compared::default();
    for packet in packets {
        let theirs = verdicts.next().ok_or_else(|| format!("not a verdict for each packet of {}", scene.name))?;
        compared.compare(&packet.ours, &theirs, packet.ours, || {
            let Packet { from, to, port, protocol, ours, .. } = packet;
            format!("{}: from {from} to {to} on {port}/{protocol}: {ours} here, {theirs} there", scene.name)
        });
    }
    Ok(compared)
}

fn all_policies(scenes: &[&Scene]) -> Value {
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

/// The keys of labels that policies ask for, and those that `NotIn` asks for.
#[derive(Default)]
struct Asked {
    all: BTreeSet<String>,
    not_in: BTreeSet<String>,
}

impl Asked {
    fn read(&mut self, json: &Value) {
        match json {
            Value::Object(map) => {
                let labels = map.get("matchLabels").and_then(Value::as_object);
                self.all.extend(labels.into_iter().flat_map(|labels| labels.keys().cloned()));
                if let Some(key) = map.get("key").and_then(Value::as_str) {
                    let is_not_in = map.get("operator").is_some_and(|it| it == "NotIn");
                    if is_not_in { &mut self.not_in } else { &mut self.all }.insert(key.to_owned());
                }
                map.values().for_each(|below| self.read(below));
            }
            Value::Array(list) => list.iter().for_each(|below| self.read(below)),
            _ => {}
        }
    }

    /// The labels that are asked for: of each packet a table of its labels is drawn, and others change no answer. For each key
    /// that `NotIn` asks for its twin: the same value, or one that nobody asks for.
    fn of(&self, labels: &Value) -> Value {
        let labels = labels.as_object().cloned().unwrap_or_default();
        let twins = self.not_in.iter().map(|key| {
            let value = labels.get(key).cloned().unwrap_or_else(|| json!("nothing-asks-for-this"));
            (twin(key), value)
        });
        let twins: Vec<(String, Value)> = twins.collect();
        Value::Object(labels.into_iter().filter(|(key, _)| self.all.contains(key)).chain(twins).collect())
    }
}

fn twin(key: &str) -> String {
    format!("{key}-or-none")
}

/// The packets of a scene as cyclonus reads them.
fn told(scene: &Scene, packets: &[Packet]) -> Vec<String> {
    let mut asked = Asked::default();
    scene.policies.iter().for_each(|policy| asked.read(&policy["spec"]));
    let pods: BTreeMap<&str, String> =
        scene.pods.iter().map(|(name, pod)| (name.as_str(), end(scene, pod, &asked).to_string())).collect();
    let end = |name: &str| pods.get(name).cloned().unwrap_or_else(|| json!({"Internal": null, "IP": name}).to_string());
    let told = |packet: &Packet| {
        let Packet { port, protocol, .. } = packet;
        let (from, to, name) = (end(packet.from), end(packet.to), json!(packet.name));
        let port = format!(r#""ResolvedPort":{port},"ResolvedPortName":{name},"Protocol":"{protocol}""#);
        format!(r#"{{"Source":{from},"Destination":{to},{port}}}"#)
    };
    packets.iter().map(told).collect()
}

fn end(scene: &Scene, pod: &Value, asked: &Asked) -> Value {
    let namespace = text_of(pod, "namespace");
    let address = PODS.replace("0/24", "1");
    json!({
        "Internal": {
            "PodLabels": asked.of(&pod["metadata"]["labels"]),
            "NamespaceLabels": asked.of(&scene.namespaces[namespace]),
            "Namespace": own(scene, namespace),
        },
        "IP": address,
    })
}

fn own(scene: &Scene, namespace: &str) -> String {
    format!("{} {namespace}", scene.name)
}
