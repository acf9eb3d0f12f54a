//! What a component shows to the rest of the platform, as its component.yaml says it.

use crate::cli::text::{columns, flow};
use crate::component::Component;
use crate::source::Node;

/// The words that others see or have to know of.
const WORDS: [&str; 6] = ["workloads", "services", "outside", "routes", "secrets", "exports"];

/// More keys than these are counted.
const SEVERAL: usize = 8;

pub fn interface(component: &Component) -> String {
    let mut text = String::new();
    for word in ["requires", "uses"] {
        let rows: Vec<[String; 2]> = items(component, word).collect();
        if !rows.is_empty() {
            text += &format!("\n{word}:\n{}", columns(2, &rows));
        }
    }
    for word in WORDS {
        let rows: Vec<[String; 3]> = rows(component, word);
        if !rows.is_empty() {
            text += &format!("\n{word}:\n{}", columns(2, &rows));
        }
    }
    text
}

/// The capabilities that a list names, each with when it does.
fn items<'c>(component: &'c Component, word: &str) -> impl Iterator<Item = [String; 2]> + use<'c> {
    let list = component.description.get(word).and_then(Node::as_list).unwrap_or_default();
    list.iter().map(|item| {
        let name = item.get("capability").unwrap_or(item);
        [flow(name), condition(item)]
    })
}

fn rows(component: &Component, word: &str) -> Vec<[String; 3]> {
    let entries = component.description.get(word).and_then(Node::as_map).into_iter().flatten();
    entries.map(|(id, entry)| [id.clone(), name(&entry.node), about(word, &entry.node)]).collect()
}

fn name(entry: &Node) -> String {
    entry.get("name").or_else(|| entry.get("host")).map(flow).unwrap_or_default()
}

fn about(word: &str, entry: &Node) -> String {
    let part = |key: &str| entry.get(key).map(flow);
    let told = match word {
        "workloads" => [part("kind"), entry.get("ports").map(ports)],
        "services" => [part("workload").map(|workload| format!("to {workload}")), entry.get("ports").map(ports)],
        "secrets" => [entry.get("keys").map(keys), part("by").map(|by| format!("made by: {by}"))],
        "routes" => [part("path"), part("service").map(|service| format!("to {service}"))],
        "outside" => [part("port").map(|port| format!("port {port}")), None],
        _ => [Some(flow(entry)), None],
    };
    let told: Vec<String> = told.into_iter().flatten().filter(|text| !text.is_empty()).collect();
    match condition(entry) {
        always if always.is_empty() => told.join(", "),
        condition => format!("{} ({condition})", told.join(", ")),
    }
}

/// `http 8001`
fn ports(ports: &Node) -> String {
    let one = |(id, port): (&String, &Node)| format!("{id} {}", flow(port.get("port").unwrap_or(port)));
    let ports = ports.as_map().into_iter().flatten().map(|(id, entry)| (id, &entry.node));
    ports.map(one).collect::<Vec<_>>().join(", ")
}

/// The names of the keys, where they are not too many to read.
fn keys(keys: &Node) -> String {
    let of_list = keys.as_list().into_iter().flatten().map(flow);
    let names: Vec<String> = of_list.chain(keys.as_map().into_iter().flatten().map(|(key, _)| key.clone())).collect();
    match names.len() {
        0 => flow(keys),
        1..=SEVERAL => names.join(", "),
        many => format!("{many} keys"),
    }
}

fn condition(entry: &Node) -> String {
    let said = |word: &str, key: &str| entry.get(key).map(|node| format!("{word} {}", flow(node)));
    let said: Vec<String> = [said("one for each of", "for"), said("when", "when")].into_iter().flatten().collect();
    said.join(", ")
}
