//! network-config-analyzer, in process of its own interpreter (`connectivity.py`): all that is open, as sets.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Compared;
use super::answer::{Ports, canonical};
use super::scene::{Scene, text_of};
use crate::{Bench, Failed, process, root};

pub fn ask(bench: &Bench, scenes: &[&Scene]) -> Result<Vec<Compared>, Failed> {
    let script = root().join("tests/conformance/reach/connectivity.py");
    let lines: Vec<String> = scenes.iter().map(|scene| format!("{}\n", asked(scene))).collect();
    let said = process::feed(bench.programs.command("python")?.arg(script), &lines.concat())?;
    let answers: Vec<&str> = said.out.lines().collect();
    if !said.succeeded || answers.len() != scenes.len() {
        return Err(format!("{} answers about {} clusters: {}", answers.len(), scenes.len(), said.err).into());
    }
    scenes.iter().zip(answers).map(|(scene, line)| Ok(compared(scene, &serde_json::from_str(line)?))).collect()
}

fn asked(scene: &Scene) -> Value {
    let namespaces = scene.namespaces.iter().map(
        |(name, labels)| json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}),
    );
    let objects = namespaces
        .chain(scene.pods.values().cloned())
        .chain(scene.policies.iter().map(|policy| effective(scene, policy)));
    json!({"addresses": scene.addresses, "objects": objects.collect::<Vec<_>>()})
}

/// Without the rules of a direction that `policyTypes` does not list, and with selectors that it reads.
fn effective(scene: &Scene, policy: &Value) -> Value {
    let mut policy = policy.clone();
    spelt_out(scene, &mut policy["spec"]);
    let types = policy["spec"]["policyTypes"].as_array().cloned().unwrap_or_default();
    if let Some(spec) = policy["spec"].as_object_mut() {
        spec.retain(|key, _| match key.as_str() {
            "ingress" => types.contains(&json!("Ingress")),
            "egress" => types.contains(&json!("Egress")),
            _ => true,
        });
    }
    policy
}

/// `Exists` of a pod's label as `In` all values that it has, `DoesNotExist` as `NotIn`, where a `namespaceSelector` stands beside.
fn spelt_out(scene: &Scene, json: &mut Value) {
    match json {
        Value::Object(map) => {
            let is_beside = map.get("namespaceSelector").is_some_and(|selector| !selector.is_null());
            let expressions = map.get_mut("podSelector").and_then(|pods| pods.get_mut("matchExpressions"));
            let expressions = expressions.and_then(Value::as_array_mut).into_iter().flatten();
            expressions.filter(|_| is_beside).for_each(|expression| spell(scene, expression));
            map.values_mut().for_each(|below| spelt_out(scene, below));
        }
        Value::Array(list) => list.iter_mut().for_each(|below| spelt_out(scene, below)),
        _ => {}
    }
}

fn spell(scene: &Scene, expression: &mut Value) {
    let operator = match expression["operator"].as_str() {
        Some("Exists") => "In",
        Some("DoesNotExist") => "NotIn",
        _ => return,
    };
    let key = expression["key"].as_str().unwrap_or_default();
    let values = scene.pods.values().filter_map(|pod| pod["metadata"]["labels"][key].as_str());
    let values: BTreeSet<&str> = values.chain(["nothing-has-this"]).collect();
    *expression = json!({"key": key, "operator": operator, "values": values});
}

fn compared(scene: &Scene, theirs: &Value) -> Compared {
    let mut compared = Compared::default();
    if let Some(error) = theirs["error"].as_str() {
        compared.differences.push(format!("{}: {error}", scene.name));
        return compared;
    }
    let called =
        |name: &str| scene.pods.get(name).map(|pod| format!("{}/{}", text_of(pod, "namespace"), text_of(pod, "name")));
    let (pairs, addresses) = (keyed::<2>(&theirs["pairs"]), keyed::<3>(&theirs["addresses"]));
    for ((from, to), ours) in &scene.answer.pairs {
        let key = [from, to].map(|name| called(name).unwrap_or_default());
        let theirs = pairs.get(&key).cloned().unwrap_or_default();
        compared.compare(ours, &theirs, !ours.is_empty(), || {
            format!("{}: from {from} to {to}: {} here, {} there", scene.name, told(ours), told(&theirs))
        });
    }
    for name in scene.pods.keys() {
        for direction in ["ingress", "egress"] {
            for address in &scene.addresses {
                let Ok(parsed) = address.parse() else { continue };
                let ours = scene.answer.at(name, direction, parsed);
                let key = [called(name).unwrap_or_default(), direction.to_owned(), address.clone()];
                let theirs = addresses.get(&key).cloned().unwrap_or_default();
                compared.compare(&ours, &theirs, !ours.is_empty(), || {
                    format!(
                        "{}: {direction} of {name}, {address}: {} here, {} there",
                        scene.name,
                        told(&ours),
                        told(&theirs)
                    )
                });
            }
        }
    }
    compared
}

/// Lists of `[key…, ports]`.
fn keyed<const N: usize>(json: &Value) -> BTreeMap<[String; N], Ports> {
    let entries = json.as_array().into_iter().flatten().filter_map(|entry| {
        let key = std::array::from_fn(|at| entry[at].as_str().unwrap_or_default().to_owned());
        let ports: Ports = serde_json::from_value(entry[N].clone()).ok()?;
        Some((key, canonical(ports)))
    });
    entries.collect()
}

fn told(ports: &Ports) -> String {
    let ranges: Vec<String> =
        ports.iter().map(|(protocol, first, last)| format!("{first}-{last}/{protocol}")).collect();
    if ranges.is_empty() { "nothing".to_owned() } else { ranges.join(" ") }
}
