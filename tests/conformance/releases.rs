//! The releases of `helmfile.yaml`, and charts of ours that stand in for those that cannot be had.

use std::collections::BTreeSet;
use std::fmt::Write;

use camino::Utf8Path;
use platformc::chart::facts::Labels;
use platformc::chart::record::Record;
use regex::Regex;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::manifests::place;
use crate::trees::{Tree, files_below};
use crate::{Bench, Failed, root};

/// What helmfile reads of a release, as far as we ask.
#[derive(Deserialize)]
pub struct Release {
    pub name: String,
    pub namespace: String,
    pub chart: String,
    pub version: Option<String>,
    #[serde(default)]
    pub needs: Vec<String>,
    #[serde(default)]
    pub values: Vec<String>,
}

#[derive(Deserialize)]
struct Helmfile {
    #[serde(default)]
    releases: Vec<Release>,
}

impl Release {
    /// All of a tree, in the order of its `helmfile.yaml`.
    pub fn all(tree: &Tree) -> Result<Vec<Self>, Failed> {
        let text = std::fs::read_to_string(tree.path.join("helmfile.yaml"))?;
        Ok(serde_yaml::from_str::<Helmfile>(&text)?.releases)
    }

    /// As others need it.
    pub fn id(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }

    /// Whether its chart is a folder of manifests in the tree.
    pub fn is_raw(&self) -> bool {
        self.chart.starts_with("./")
    }

    /// The name of its chart.
    pub fn chart(&self) -> &str {
        self.chart.rsplit('/').next().unwrap_or_default()
    }

    /// `chart-version`, as `tests/charts` and the notes say it.
    pub fn chart_and_version(&self) -> String {
        format!("{}-{}", self.chart(), self.version.as_deref().unwrap_or_default())
    }
}

/// The largest trees that have, together, each release and each order between two that any of them has: for what
/// shows nothing but these it is enough to try them.
pub fn every_order<'a>(trees: &[&'a Tree]) -> Result<Vec<&'a Tree>, Failed> {
    let mut orders = Vec::new();
    for tree in trees {
        orders.push((orders_of(tree)?, *tree));
    }
    // Of the environments of a platform the last.
    orders.reverse();
    orders.sort_by_key(|(orders, _)| std::cmp::Reverse(orders.len()));
    let mut seen = BTreeSet::new();
    orders.retain(|(orders, _)| {
        let before = seen.len();
        seen.extend(orders.iter().cloned());
        seen.len() > before
    });
    Ok(orders.into_iter().map(|(_, tree)| tree).collect())
}

/// Each release by itself, and with each that it waits for. What runs in a namespace is a release that is named after it: one
/// order, whatever the namespace is called.
fn orders_of(tree: &Tree) -> Result<BTreeSet<(String, Option<String>)>, Failed> {
    let namespaces: BTreeSet<String> = tree.objects()?.iter().map(place).collect();
    let called = |release: &Release| match release.chart.strip_prefix("./kubernetes/") {
        Some(namespace) if namespaces.contains(namespace) => "what runs in a namespace".to_owned(),
        _ => release.name.clone(),
    };
    let after = |release: Release| {
        let needs = release.needs.iter().map(|need| need.rsplit('/').next().map(str::to_owned));
        std::iter::once(None).chain(needs).map(|need| (called(&release), need)).collect::<Vec<_>>()
    };
    Ok(Release::all(tree)?.into_iter().flat_map(after).collect())
}

/// Writes the chart that stands in: it has the schema that the real one publishes for its values, prints these, and has a
/// Deployment for each that the real one makes and an autoscaler of the tree scales.
pub fn stand_in(bench: &Bench, tree: &Tree, release: &Release, charts: &Utf8Path) -> Result<(), Failed> {
    let folder = charts.join(release.chart());
    std::fs::create_dir_all(folder.join("templates"))?;
    let version = release.version.as_deref().unwrap_or_default().trim_start_matches('v');
    std::fs::write(
        folder.join("Chart.yaml"),
        format!("apiVersion: v2\nname: {}\nversion: {version}\n", release.chart()),
    )?;
    std::fs::write(folder.join("templates/values.yaml"), PRINTS)?;
    std::fs::write(folder.join("templates/scaled.yaml"), scaled(tree, release)?)?;
    if let Some(schema) = bench.programs.values_schema(release.chart())? {
        std::fs::copy(schema.path, folder.join("values.schema.json"))?;
    }
    Ok(())
}

/// The CRDs that the real chart brings.
pub fn with_crds(bench: &Bench, release: &Release, charts: &Utf8Path) -> Result<(), Failed> {
    let folder = charts.join(release.chart()).join("crds");
    std::fs::create_dir_all(&folder)?;
    for file in bench.programs.crds_of_chart(release.chart())? {
        std::fs::copy(&file, folder.join(file.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

const PRINTS: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: values-of-{{ .Release.Name }}\n  labels: {stands-in: here}\ndata:\n  \
                      values: {{ .Values | toJson | quote }}\n";

/// Only what `tests/charts` recorded of the real chart, so a target that it does not make is not there.
fn scaled(tree: &Tree, release: &Release) -> Result<String, Failed> {
    let path = root().join(format!("tests/charts/{}/objects.tsv", release.chart_and_version()));
    let record = Record::read(&std::fs::read_to_string(path)?)?;
    let mut text = String::new();
    for object in tree.objects()? {
        let target = &object["spec"]["scaleTargetRef"];
        if let Some(labels) = labels_of(&record, target) {
            let _ = writeln!(text, "---\n{}", deployment(target, labels));
        }
    }
    Ok(text)
}

/// The labels of the pods of a workload, as they are recorded.
fn labels_of<'r>(record: &'r Record, workload: &Value) -> Option<&'r Labels> {
    let mut recorded = record.scenarios.iter().flat_map(|scenario| &scenario.facts.workloads);
    let found = recorded.find(|found| workload["kind"] == *found.is.kind && workload["name"] == *found.is.name)?;
    Some(&found.labels)
}

/// The same of all charts of a tree, for a cluster to which they come in another way.
pub fn scaled_by_charts(tree: &Tree, mut apply: impl FnMut(&str, &str) -> Result<(), Failed>) -> Result<(), Failed> {
    for release in Release::all(tree)?.iter().filter(|release| !release.is_raw()) {
        let text = scaled(tree, release)?;
        if !text.is_empty() {
            apply(&text, &release.namespace)?;
        }
    }
    Ok(())
}

fn deployment(workload: &Value, labels: &Labels) -> Value {
    let container = json!({
        "name": "main", "image": "example.com/stand-in:1",
        "resources": {"requests": {"cpu": "100m"}},
        "securityContext": {
            "runAsNonRoot": true, "allowPrivilegeEscalation": false,
            "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}
        }
    });
    json!({
        "apiVersion": "apps/v1", "kind": workload["kind"], "metadata": {"name": workload["name"], "labels": {"stands-in": "here"}},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
        }
    })
}

/// A real chart takes its time: what needs it, and does not say so, comes too early.
const SLOW: &str = "$1./charts/$2\n    hooks: [{events: [presync], command: sleep, args: [\"3\"]}]";

/// A copy of the tree, whole but for its charts: these are ours, so that no repository is asked.
pub fn copy(bench: &Bench, tree: &Tree, into: &Utf8Path) -> Result<(), Failed> {
    for file in files_below(&tree.path)? {
        let target = into.join(file.strip_prefix(&tree.path)?);
        std::fs::create_dir_all(target.parent().unwrap_or(into))?;
        std::fs::copy(&file, target)?;
    }
    for release in Release::all(tree)?.iter().filter(|release| !release.is_raw()) {
        stand_in(bench, tree, release, &into.join("charts"))?;
        with_crds(bench, release, &into.join("charts"))?;
    }
    let path = into.join("helmfile.yaml");
    let text = std::fs::read_to_string(&path)?;
    let without = Regex::new(r"(?m)^repositories:\n(?:  .*\n)+")?.replace(&text, "");
    let local = Regex::new(r"(?m)^(    chart: )[\w-]+/([\w-]+)$")?.replace_all(&without, SLOW);
    Ok(std::fs::write(path, local.as_bytes())?)
}
