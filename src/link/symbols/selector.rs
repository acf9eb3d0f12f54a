//! Label selectors as the API server reads them (Kubernetes docs, "Labels and Selectors").

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::source::Node;

pub type Labels = BTreeMap<String, String>;

/// Labels that controllers set on their pods, by the kind that does (Kubernetes docs, "Well-Known Labels, Annotations and
/// Taints").
const SET_BY_CONTROLLERS: [(&str, &[&str]); 9] = [
    ("apps.kubernetes.io/pod-index", &["StatefulSet"]),
    ("batch.kubernetes.io/controller-uid", &["CronJob", "Job"]),
    ("batch.kubernetes.io/job-completion-index", &["CronJob", "Job"]),
    ("batch.kubernetes.io/job-name", &["CronJob", "Job"]),
    ("controller-revision-hash", &["DaemonSet", "StatefulSet"]),
    ("controller-uid", &["CronJob", "Job"]),
    ("job-name", &["CronJob", "Job"]),
    ("pod-template-hash", &["Deployment", "ReplicaSet"]),
    ("statefulset.kubernetes.io/pod-name", &["StatefulSet"]),
];

/// Whether a label is one that controllers set, and whether those of a kind do.
pub fn set_by_controllers(key: &str, kind: &str) -> (bool, bool) {
    let found = SET_BY_CONTROLLERS.iter().find(|(known, _)| *known == key);
    (found.is_some(), found.is_some_and(|(_, kinds)| kinds.contains(&kind)))
}

/// Labels that must be there, and expressions that must hold. Empty, it selects everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selector {
    labels: Labels,
    expressions: Vec<Expression>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Expression {
    key: String,
    operator: Operator,
    values: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

impl Selector {
    /// A LabelSelector: `matchLabels` and `matchExpressions`.
    pub fn of(node: &Node) -> Self {
        let expressions = node.get("matchExpressions").and_then(Node::as_list).unwrap_or_default();
        Self {
            labels: labels_at(node, &["matchLabels"]),
            expressions: expressions.iter().filter_map(Expression::of).collect(),
        }
    }

    /// A map of labels, as Services have it.
    pub fn plain(node: &Node) -> Self {
        Self { labels: labels_at(node, &[]), expressions: vec![] }
    }

    /// Exactly one label.
    pub fn label(key: &str, value: &str) -> Self {
        Self { labels: Labels::from([(key.to_owned(), value.to_owned())]), expressions: vec![] }
    }

    /// A LabelSelector as an interface gives it.
    pub fn of_json(json: &Json) -> Self {
        Self::of(&Node::from_json(json, crate::source::Span::new(crate::source::FileId(0), 0, 0)))
    }

    /// The same without the labels that a controller puts on each pod, which no template shows; none where it asks for none
    /// of them, or for nothing else.
    pub fn of_template(&self) -> Option<Self> {
        let mut shown = self.clone();
        shown.labels.retain(|key, _| !set_by_controllers(key, "").0);
        shown.expressions.retain(|expression| !set_by_controllers(&expression.key, "").0);
        (shown != *self && !shown.is_empty()).then_some(shown)
    }

    pub fn matches(&self, labels: &Labels) -> bool {
        let has = |(key, value): (&String, &String)| labels.get(key) == Some(value);
        self.labels.iter().all(has) && self.expressions.iter().all(|expression| expression.holds(labels))
    }

    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.expressions.is_empty()
    }

    /// Labels that it selects, as long as they are enough.
    pub fn example(&self) -> Labels {
        let mut labels = self.labels.clone();
        for expression in &self.expressions {
            let value = match expression.operator {
                Operator::In => expression.values.first().cloned(),
                Operator::Exists => Some("any".to_owned()),
                Operator::NotIn | Operator::DoesNotExist => None,
            };
            labels.extend(value.map(|value| (expression.key.clone(), value)));
        }
        labels
    }

    /// The labels that must be there.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.labels.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Every key that it asks for.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let of_expressions = self.expressions.iter().map(|expression| expression.key.as_str());
        self.labels.keys().map(String::as_str).chain(of_expressions)
    }
}

impl std::fmt::Display for Selector {
    /// `app=web, tier in (a, b), !job`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let labels = self.labels.iter().map(|(key, value)| format!("{key}={value}"));
        let parts: Vec<String> = labels.chain(self.expressions.iter().map(Expression::to_string)).collect();
        f.write_str(if parts.is_empty() { "everything" } else { "" })?;
        f.write_str(&parts.join(", "))
    }
}

impl Expression {
    fn of(node: &Node) -> Option<Self> {
        let operator = match node.get("operator")?.as_str()? {
            "In" => Operator::In,
            "NotIn" => Operator::NotIn,
            "Exists" => Operator::Exists,
            "DoesNotExist" => Operator::DoesNotExist,
            _ => return None,
        };
        let values = node.get("values").and_then(Node::as_list).unwrap_or_default();
        let values = values.iter().filter_map(Node::as_str).map(str::to_owned).collect();
        Some(Self { key: node.get("key")?.as_str()?.to_owned(), operator, values })
    }

    /// `NotIn` holds where the label is missing.
    fn holds(&self, labels: &Labels) -> bool {
        let value = labels.get(&self.key);
        match self.operator {
            Operator::In => value.is_some_and(|value| self.values.contains(value)),
            Operator::NotIn => value.is_none_or(|value| !self.values.contains(value)),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
        }
    }
}

impl std::fmt::Display for Expression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (key, values) = (&self.key, self.values.join(", "));
        match self.operator {
            Operator::In => write!(f, "{key} in ({values})"),
            Operator::NotIn => write!(f, "{key} not in ({values})"),
            Operator::Exists => f.write_str(key),
            Operator::DoesNotExist => write!(f, "!{key}"),
        }
    }
}

/// The map of texts at a path; empty if it is not there.
pub fn labels_at(node: &Node, path: &[&str]) -> Labels {
    let Some(node) = path.iter().try_fold(node, |node, key| node.get(key)) else { return Labels::new() };
    let entries = node.as_map().into_iter().flatten();
    entries.filter_map(|(key, entry)| Some((key.clone(), entry.node.as_str()?.to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn selects(selector: &Json, labels: &[(&str, &str)]) -> bool {
        let labels = labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Selector::of_json(selector).matches(&labels)
    }

    #[test]
    fn an_empty_selector_selects_everything() {
        assert!(selects(&json!({}), &[]));
        assert!(selects(&json!({}), &[("a", "1")]));
    }

    #[test]
    fn every_label_must_be_there() {
        let selector = json!({ "matchLabels": { "a": "1", "b": "2" } });
        assert!(selects(&selector, &[("a", "1"), ("b", "2"), ("c", "3")]));
        assert!(!selects(&selector, &[("a", "1")]));
        assert!(!selects(&selector, &[("a", "1"), ("b", "3")]));
    }

    #[test]
    fn expressions_follow_the_api_docs() {
        let one = |operator: &str, values: &[&str]| json!({ "matchExpressions": [{ "key": "a", "operator": operator, "values": values }] });
        for (selector, on_one, on_none) in [
            (one("In", &["1", "2"]), true, false),
            (one("NotIn", &["1"]), false, true),
            (one("NotIn", &["2"]), true, true),
            (one("Exists", &[]), true, false),
            (one("DoesNotExist", &[]), false, true),
        ] {
            assert_eq!(selects(&selector, &[("a", "1")]), on_one, "{selector}");
            assert_eq!(selects(&selector, &[("b", "1")]), on_none, "{selector}");
        }
    }
}
