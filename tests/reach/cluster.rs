//! Random small clusters, as the JSON of their objects.
//!
//! Names, labels, ports and ranges come from few values, so that policies meet pods. All ports are below [`PORTS`]: what
//! holds of that one holds of all above it.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value as Json, json};

/// Ports that are asked about.
pub const PORTS: std::ops::RangeInclusive<u16> = 1..=6;
pub const PROTOCOLS: [&str; 3] = ["TCP", "UDP", "SCTP"];
const NAMESPACES: [&str; 3] = ["one", "two", "three"];
const PORT_NAMES: [&str; 3] = ["http", "dns", "metrics"];

/// Ranges with what may be left out of each. Bits behind the prefix do not count.
const BLOCKS: [(&str, &[&str]); 10] = [
    ("0.0.0.0/0", &["10.0.0.0/8", "169.254.0.0/16", "128.0.0.0/1"]),
    ("10.0.0.0/8", &["10.1.0.0/16", "10.1.2.0/24"]),
    ("10.1.2.200/8", &["10.1.2.3/16"]),
    ("10.1.2.128/25", &["10.1.2.200/32"]),
    ("10.1.2.3/32", &[]),
    ("192.168.0.0/15", &["192.169.0.0/16"]),
    ("::/0", &["fd00::/8", "::/1"]),
    ("fd00:1::/32", &["fd00:1:2::/48", "fd00:1:2:3::/64"]),
    ("fd00:1:2::1/128", &[]),
    ("8000::/1", &["fd00::/7"]),
];

/// In and outside of the ranges, at their ends, and in what is left out.
pub const ADDRESSES: [&str; 22] = [
    "0.0.0.0",
    "9.255.255.255",
    "10.0.0.0",
    "10.1.0.1",
    "10.1.2.3",
    "10.1.2.127",
    "10.1.2.128",
    "10.1.2.200",
    "10.255.255.255",
    "11.0.0.0",
    "127.255.255.255",
    "169.254.7.7",
    "192.168.0.1",
    "192.169.0.1",
    "255.255.255.255",
    "::",
    "7fff::1",
    "fc00::1",
    "fd00:1:2::1",
    "fd00:1:2:3::9",
    "fd00:1:ffff::",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
];

/// Namespaces, pods and policies.
#[derive(Debug, Clone)]
pub struct Cluster {
    pub namespaces: Vec<Json>,
    pub pods: Vec<Json>,
    pub policies: Vec<Json>,
}

pub fn cluster() -> impl Strategy<Value = Cluster> {
    (namespaces(), vec(pod(), 1..6), vec(policy(), 0..6)).prop_map(|(namespaces, pods, policies)| Cluster {
        namespaces,
        pods: named(pods),
        policies: named(policies),
    })
}

/// An object of a kind is told from others by its name.
fn named(mut objects: Vec<Json>) -> Vec<Json> {
    for (index, object) in objects.iter_mut().enumerate() {
        object["metadata"]["name"] = json!(format!("it-{index}"));
    }
    objects
}

/// Some namespaces are not among the objects: then their name is all that is known.
fn namespaces() -> impl Strategy<Value = Vec<Json>> {
    let labels = weighted(0.7, labels(&["team", "stage"]));
    [labels.clone(), labels.clone(), labels].prop_map(|labels| {
        let namespaces = NAMESPACES.into_iter().zip(labels).filter_map(|(name, labels)| Some((name, labels?)));
        let object = |name, labels| json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name, "labels": labels } });
        namespaces.map(|(name, labels)| object(name, labels)).collect()
    })
}

fn labels(keys: &'static [&'static str]) -> impl Strategy<Value = Json> + Clone {
    let values = vec(weighted(0.7, select(&["a", "b"][..])), keys.len());
    values.prop_map(|values| {
        let labels = keys.iter().zip(values).filter_map(|(key, value)| Some(((*key).to_owned(), json!(value?))));
        Json::Object(labels.collect())
    })
}

fn pod() -> impl Strategy<Value = Json> {
    let port = (weighted(0.8, select(PROTOCOLS.to_vec())), PORTS);
    let ports = (subsequence(PORT_NAMES.to_vec(), 0..=3), vec(port, 3));
    (select(NAMESPACES.to_vec()), labels(&["app", "tier"]), ports, prop::bool::weighted(0.1)).prop_map(
        |(namespace, labels, (names, ports), on_host_network)| {
            let ports: Vec<Json> =
                names.into_iter().zip(ports).map(|(name, port)| container_port(name, port)).collect();
            let container = json!({ "name": "main", "image": "main:1", "ports": ports });
            json!({
                "apiVersion": "v1", "kind": "Pod", "metadata": { "namespace": namespace, "labels": labels },
                "spec": { "hostNetwork": on_host_network, "containers": [container] },
            })
        },
    )
}

fn container_port(name: &str, (protocol, number): (Option<&str>, u16)) -> Json {
    object([
        ("name", Some(json!(name))),
        ("protocol", protocol.map(|it| json!(it))),
        ("containerPort", Some(json!(number))),
    ])
}

fn policy() -> impl Strategy<Value = Json> {
    let types = weighted(0.6, subsequence(vec!["Ingress", "Egress"], 0..=2));
    let spec = (weighted(0.9, selector(&["app", "tier"])), types, rules("from"), rules("to"));
    (select(NAMESPACES.to_vec()), spec).prop_map(|(namespace, (pods, types, ingress, egress))| {
        let types = types.map(|types| json!(types));
        let spec = object([("podSelector", pods), ("policyTypes", types), ("ingress", ingress), ("egress", egress)]);
        json!({
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": { "namespace": namespace }, "spec": spec,
        })
    })
}

fn rules(peers: &'static str) -> impl Strategy<Value = Option<Json>> {
    let ports = weighted(0.7, vec(port(), 0..3)).prop_map(|ports| ports.map(Json::Array));
    let peer = weighted(0.85, vec(peer(), 0..3)).prop_map(|peers| peers.map(Json::Array));
    let rule = (peer, ports).prop_map(move |(found, ports)| object([(peers, found), ("ports", ports)]));
    weighted(0.8, vec(rule, 0..3)).prop_map(|rules| rules.map(Json::Array))
}

fn port() -> impl Strategy<Value = Json> {
    let name = select(PORT_NAMES.to_vec()).prop_map(|name| (Some(json!(name)), None));
    let number = (PORTS, weighted(0.4, 0..3_u16))
        .prop_map(|(port, more)| (Some(json!(port)), more.map(|more| json!(port + more))));
    let port = prop_oneof![2 => number, 1 => name, 1 => Just((None, None))];
    (weighted(0.7, select(PROTOCOLS.to_vec())), port).prop_map(|(protocol, (port, end))| {
        object([("protocol", protocol.map(|it| json!(it))), ("port", port), ("endPort", end)])
    })
}

fn peer() -> impl Strategy<Value = Json> {
    let pods = || selector(&["app", "tier"]);
    let namespaces = || selector(&["team", "stage", "kubernetes.io/metadata.name"]);
    prop_oneof![
        pods().prop_map(|pods| json!({ "podSelector": pods })),
        namespaces().prop_map(|namespaces| json!({ "namespaceSelector": namespaces })),
        (pods(), namespaces())
            .prop_map(|(pods, namespaces)| json!({ "podSelector": pods, "namespaceSelector": namespaces })),
        block().prop_map(|block| json!({ "ipBlock": block })),
    ]
}

fn block() -> impl Strategy<Value = Json> {
    let with_except = |(cidr, all): (&'static str, &'static [&'static str])| {
        subsequence(all.to_vec(), 0..=all.len()).prop_map(move |except| {
            let except = (!except.is_empty()).then(|| json!(except));
            object([("cidr", Some(json!(cidr))), ("except", except)])
        })
    };
    select(BLOCKS.to_vec()).prop_flat_map(with_except)
}

fn selector(keys: &'static [&'static str]) -> impl Strategy<Value = Json> {
    let value = select(vec!["a", "b", "one", "two"]);
    let labels = vec((select(keys), value.clone()), 1..3).prop_map(|labels| {
        Json::Object(labels.into_iter().map(|(key, value)| (key.to_owned(), json!(value))).collect())
    });
    let operator = select(vec!["In", "NotIn", "Exists", "DoesNotExist"]);
    let expression = (select(keys), operator, vec(value, 1..3)).prop_map(|(key, operator, values)| {
        let values = operator.ends_with("In").then(|| json!(values));
        object([("key", Some(json!(key))), ("operator", Some(json!(operator))), ("values", values)])
    });
    let expressions = vec(expression, 1..3).prop_map(Json::Array);
    (weighted(0.45, labels), weighted(0.35, expressions))
        .prop_map(|(labels, expressions)| object([("matchLabels", labels), ("matchExpressions", expressions)]))
}

/// Of those that are there.
fn object<const N: usize>(entries: [(&str, Option<Json>); N]) -> Json {
    let entries = entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Json::Object(entries.collect::<Map<_, _>>())
}
