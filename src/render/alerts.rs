//! What the generated docs tell of alerts: every one of the tree, whoever wrote its rule.

use serde_json::{Value as Json, json};

use super::Rendered;
use crate::source::Node;

pub fn facts(rendered: &Rendered) -> Vec<Json> {
    let documents = rendered.files.iter().flat_map(|file| &file.documents);
    let rules = documents.filter(|document| text(document, &["kind"]) == Some("PrometheusRule"));
    let groups = rules.flat_map(|rule| list(rule.get("spec"), "groups"));
    groups.flat_map(|group| list(Some(group), "rules")).filter_map(alert).collect()
}

/// A rule without a name records a series instead.
fn alert(rule: &Node) -> Option<Json> {
    let name = text(rule, &["alert"])?;
    Some(json!({
        "name": name,
        "lasts": text(rule, &["for"]),
        "severity": text(rule, &["labels", "severity"]),
        "summary": text(rule, &["annotations", "summary"]).map(|summary| summary.trim_end_matches('.')),
        "description": text(rule, &["annotations", "description"]),
        "runbook": text(rule, &["annotations", "runbook"]),
    }))
}

fn list<'n>(node: Option<&'n Node>, key: &str) -> &'n [Node] {
    node.and_then(|node| node.get(key)).and_then(Node::as_list).unwrap_or_default()
}

fn text<'n>(node: &'n Node, path: &[&str]) -> Option<&'n str> {
    path.iter().try_fold(node, |node, key| node.get(key)).and_then(Node::as_str)
}
