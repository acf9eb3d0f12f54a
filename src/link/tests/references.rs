//! Every reference of the root platform's routes, monitors and pods, broken one at a time: none goes unseen.

use std::collections::BTreeSet;

use crate::component::Catalog;
use crate::diagnostic::{Severity, Sink};
use crate::link::check;
use crate::link::symbols::{Extent, Symbols};
use crate::render::{Rendered, RenderedFile, Templates, render};
use crate::source::{Node, Sources, Value};
use crate::validate::schemas::Schemas;
use crate::validate::validate;
use crate::world::Memory;
use crate::{expand, load, resolve};

/// What refers to something, by kind, and the codes of which one tells it. In a path `*` is any one key or item.
const REFERENCES: &[(&str, &str, &[&str])] = &[
    ("Ingress", "metadata.namespace", &["E0603"]),
    ("Ingress", "spec.ingressClassName", &["E0607"]),
    ("Ingress", "spec.tls.*.hosts.*", &["E0611"]),
    ("Ingress", "spec.tls.*.secretName", &["E0605"]),
    ("Ingress", "spec.rules.*.host", &["E0611"]),
    ("Ingress", "spec.rules.*.http.paths.*.backend.service.name", &["E0603"]),
    ("Ingress", "spec.rules.*.http.paths.*.backend.service.port.number", &["E0604"]),
    ("Certificate", "metadata.namespace", &["E0605"]),
    ("Certificate", "spec.secretName", &["E0605"]),
    ("Certificate", "spec.dnsNames.*", &["E0611"]),
    ("Certificate", "spec.issuerRef.*", &["E0606"]),
    ("ClusterIssuer", "metadata.name", &["E0606"]),
    ("ClusterIssuer", "spec.acme.solvers.*.http01.ingress.ingressClassName", &["E0607"]),
    ("ServiceMonitor", "metadata.namespace", &["E0615"]),
    ("ServiceMonitor", "metadata.labels.release", &["E0617"]),
    ("ServiceMonitor", "spec.selector.matchLabels.*", &["E0615"]),
    ("ServiceMonitor", "spec.endpoints.*.port", &["E0616"]),
    ("ServiceMonitor", "spec.endpoints.*.path", &["E0618"]),
    ("Service", "metadata.namespace", &["E0603", "E0612", "E0615"]),
    ("Service", "metadata.name", &["E0603"]),
    ("Service", "metadata.labels.app", &["E0615"]),
    ("Service", "spec.selector.*", &["E0612"]),
    ("Service", "spec.ports.*.name", &["E0616"]),
    ("Service", "spec.ports.*.port", &["E0604"]),
    ("Service", "spec.ports.*.targetPort", &["E0614"]),
    ("Deployment", "metadata.namespace", &["E0612"]),
    ("Deployment", "spec.selector.matchLabels.*", &["E0644"]),
    ("Deployment", "spec.template.metadata.labels.app", &["E0644"]),
    ("Deployment", "spec.template.spec.containers.*.ports.*.name", &["E0642", "E0614"]),
    ("Deployment", "spec.template.spec.containers.*.*.httpGet.port", &["E0642"]),
    ("Deployment", "spec.template.spec.containers.*.volumeMounts.*.name", &["E0645"]),
    ("Deployment", "spec.template.spec.volumes.*.name", &["E0645"]),
    ("Deployment", "spec.template.spec.topologySpreadConstraints.*.labelSelector.matchLabels.*", &["E0644"]),
];

/// What nothing refers to, though it could be: nobody scrapes the one, no route leads to the other.
const UNUSED: [&str; 4] = [
    "Service healthz spec.ports.0.name",
    "Service healthz metadata.labels.app",
    "Service airbyte-temporal-metrics metadata.name",
    "Service airbyte-temporal-metrics spec.ports.0.port",
];

#[test]
fn each_broken_reference_of_the_root_platform_is_told() {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/platform.yaml"));
    let world = Memory::with([("platform.yaml", text)]);
    let catalog = Catalog::load(&world, &mut sources, &mut sink);
    let templates = Templates::new(catalog.all_templates(&sources), &mut sink);
    let document = load::load(&world, "platform.yaml".into(), &mut sources, &mut sink).unwrap();
    let platform = resolve::resolve(&document, &catalog, Some("dev"), &mut sink).unwrap();
    let plan = expand::expand(&platform, &catalog, &mut sink);
    let mut rendered = render(&plan, &templates, &sources, &mut sink);
    let schemas = Schemas::default();
    let faults = |rendered: &Rendered| {
        let mut sink = Sink::default();
        let objects = validate(rendered, &["1.36".to_owned()], &schemas, &sources, &mut sink);
        let external = &platform.input.external;
        let symbols = Symbols::new(&objects.objects, Some(&plan), &rendered.files, external, Extent::Whole, &sources);
        check(&symbols, &mut sink);
        let errors = sink.iter().filter(|fault| fault.severity == Severity::Error);
        errors.map(|fault| fault.code.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(faults(&rendered), [""; 0]);
    let (mut survivors, mut killed, mut unused) = (vec![], 0, BTreeSet::from(UNUSED));
    for (file, document, path, codes) in references(&rendered.files) {
        let title = format!("{} {}", title(&rendered.files[file].documents[document]), path.join("."));
        let node = at(&mut rendered.files[file].documents[document], &path);
        let kept = node.value.clone();
        node.value = broken(&kept, &path);
        let found = faults(&rendered);
        at(&mut rendered.files[file].documents[document], &path).value = kept;
        match found.iter().any(|code| codes.contains(code)) {
            true => killed += 1,
            false if unused.remove(title.as_str()) => {}
            false => survivors.push(format!("{title}: expected {codes:?}, found {found:?}")),
        }
    }
    assert!(unused.is_empty(), "these are told after all: {unused:?}");
    assert!(survivors.is_empty(), "{killed} killed, but not\n{}", survivors.join("\n"));
    assert!(killed > 80, "only {killed} references were broken");
}

/// A name gets a letter more, a number is one higher, and a namespace is another one of the platform.
fn broken(value: &Value, path: &[String]) -> Value {
    match value {
        Value::Text(name) if path.last().is_some_and(|key| key == "namespace") => {
            Value::Text(if name == "airflow" { "integration".into() } else { "airflow".into() })
        }
        Value::Text(text) => Value::Text(format!("{text}x")),
        Value::Integer(number) => Value::Integer(number + 1),
        other => panic!("{path:?} is {other:?}"),
    }
}

type Found = (usize, usize, Vec<String>, &'static [&'static str]);

fn references(files: &[RenderedFile]) -> Vec<Found> {
    let mut found = vec![];
    for (file, rendered) in files.iter().enumerate() {
        for (document, node) in rendered.documents.iter().enumerate() {
            let kind = node.get("kind").and_then(Node::as_str).unwrap_or_default();
            for (_, pattern, codes) in REFERENCES.iter().filter(|(of, ..)| *of == kind) {
                let pattern: Vec<&str> = pattern.split('.').collect();
                let mut paths = vec![];
                matching(node, &pattern, &mut vec![], &mut paths);
                found.extend(paths.into_iter().map(|path| (file, document, path, *codes)));
            }
        }
    }
    found
}

fn matching(node: &Node, pattern: &[&str], path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let Some((first, rest)) = pattern.split_first() else {
        if !matches!(node.value, Value::Map(_) | Value::List(_)) {
            found.push(path.clone());
        }
        return;
    };
    let below: Vec<(String, &Node)> = match &node.value {
        Value::Map(map) => map.iter().map(|(key, entry)| (key.clone(), &entry.node)).collect(),
        Value::List(list) => list.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect(),
        _ => vec![],
    };
    for (key, node) in below.into_iter().filter(|(key, _)| *first == "*" || key == first) {
        path.push(key);
        matching(node, rest, path, found);
        path.pop();
    }
}

fn at<'n>(node: &'n mut Node, path: &[String]) -> &'n mut Node {
    path.iter().fold(node, |node, key| match &mut node.value {
        Value::Map(map) => &mut map.get_mut(key).unwrap().node,
        Value::List(list) => &mut list[key.parse::<usize>().unwrap()],
        _ => panic!("{path:?}"),
    })
}

fn title(document: &Node) -> String {
    let name = document.get("metadata").and_then(|metadata| metadata.get("name")?.as_str());
    format!("{} {}", document.get("kind").and_then(Node::as_str).unwrap_or_default(), name.unwrap_or_default())
}
