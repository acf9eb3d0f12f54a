//! Every component explains itself.

use std::collections::BTreeSet;

use platformc::schema::Schema;
use platformc::source::{Node, NodePath};
use regex::Regex;

use crate::{platforms, repository};

#[test]
fn every_component_says_what_it_is() {
    for component in repository::catalog().components.values() {
        let summary = &component.summary;
        let is_phrase = summary.len() > 10 && !summary.ends_with('.') && !summary.contains('\n');
        assert!(is_phrase, "{}: `summary` is one phrase, not `{summary}`", component.id);
    }
}

#[test]
fn every_component_has_an_example_that_says_what_it_shows() {
    let examples = platforms::examples();
    let named: BTreeSet<&str> = examples.iter().map(|(component, _)| component.as_str()).collect();
    let catalog = repository::catalog();
    assert_eq!(named, catalog.components.keys().map(String::as_str).collect());
    for (_, example) in &examples {
        let text = repository::text(&example.path);
        let says = text.lines().next().is_some_and(|line| line.starts_with("# ") && line.ends_with('.'));
        assert!(says, "{}: the first line is a comment of whole sentences", example.path);
    }
}

#[test]
fn every_option_has_a_description() {
    let mut silent = vec![];
    for component in repository::catalog().components.values() {
        find(&component.options, &component.id, &mut silent);
        for (name, entry) in &component.collections {
            find(entry, &format!("{}: {name}", component.id), &mut silent);
        }
    }
    assert!(silent.is_empty(), "options without a description:\n{}", silent.join("\n"));
}

/// kube-state-metrics counts the pods of each kind by a label of its own: by another one an alert would never come.
#[test]
fn every_alert_asks_for_workloads_by_their_kind() {
    let label = Regex::new(r#"(deployment|statefulset|daemonset)=~?"([^"]*)""#).unwrap();
    let workload = Regex::new(r"workloads\.(\w+)\.name").unwrap();
    let mut asked = 0;
    for component in repository::catalog().components.values() {
        let text = |path: &str| component.description.at(&NodePath::dotted(path))?.as_str().map(str::to_owned);
        let alerts = component.description.get("alerts").and_then(Node::as_map);
        for id in alerts.into_iter().flat_map(|alerts| alerts.keys()) {
            let query = text(&format!("alerts.{id}.query")).unwrap();
            for labelled in label.captures_iter(&query) {
                for named in workload.captures_iter(&labelled[2]) {
                    let kind = text(&format!("workloads.{}.kind", &named[1])).unwrap_or_default();
                    assert_eq!(kind.to_lowercase(), labelled[1], "{}: alert {id}", component.id);
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 5);
}

fn find(schema: &Schema, path: &str, silent: &mut Vec<String>) {
    let of_variants = schema.variants.values().flat_map(|variant| &variant.properties);
    for (name, below) in schema.properties.iter().chain(of_variants) {
        let path = format!("{path}.{name}");
        if below.description.as_deref().is_none_or(|text| text.trim().is_empty()) {
            silent.push(path.clone());
        }
        find(below, &path, silent);
    }
    schema.additional.iter().for_each(|below| find(below, &format!("{path}.*"), silent));
    schema.items.iter().for_each(|below| find(below, &format!("{path}[]"), silent));
}
