//! helm: it reads every values file to the same data as we do, and the schema of the real chart, where one is published,
//! takes it.

use std::collections::BTreeSet;
use std::sync::Mutex;

use camino::Utf8Path;
use platformc::diagnostic::Sink;
use platformc::source::Sources;
use rayon::prelude::*;
use serde_json::Value;

use crate::manifests::documents;
use crate::releases::{Release, stand_in};
use crate::report::Report;
use crate::trees::Tree;
use crate::{Bench, Failed, process};

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    let held = Mutex::new(BTreeSet::new());
    bench.trees.par_iter().for_each(|tree| {
        report.case(&tree.name, || {
            let mut findings = Vec::new();
            for release in Release::all(tree)?.iter().filter(|release| !release.is_raw()) {
                findings.extend(taken(bench, tree, release)?);
                let line = against(bench, release)?;
                held.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(line);
            }
            Ok(findings)
        });
    });
    let held = held.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    report.note(&held.into_iter().collect::<Vec<_>>().join("\n"));
    Ok(())
}

/// What the values of a chart were held against.
fn against(bench: &Bench, release: &Release) -> Result<String, Failed> {
    let schema = bench.programs.values_schema(release.chart())?;
    let schema = schema.map_or_else(|| "read only: no registry has a schema".to_owned(), |schema| schema.title);
    Ok(format!("values   of {}: {schema}", release.chart_and_version()))
}

/// `helm template` of one release.
fn taken(bench: &Bench, tree: &Tree, release: &Release) -> Result<Vec<String>, Failed> {
    let charts = bench.folder(&format!("helm/{}", tree.name))?;
    stand_in(bench, tree, release, &charts)?;
    let files: Vec<_> = release.values.iter().map(|file| tree.path.join(file)).collect();
    let mut command = bench.programs.command("helm")?;
    command.args(["template", &release.name, charts.join(release.chart()).as_str(), "--namespace", &release.namespace]);
    command.args(files.iter().flat_map(|file| ["--values", file.as_str()]));
    let said = process::run(&mut command)?;
    if !said.succeeded || !said.err.is_empty() {
        return Ok(vec![format!("{}: {}", release.name, said.err.trim())]);
    }
    let printed = documents(&said.out)?;
    let text = printed.iter().find_map(|object| object["data"]["values"].as_str()).ok_or("no values were printed")?;
    let (theirs, mut ours) = (serde_json::from_str::<Value>(text)?, Value::Object(serde_json::Map::new()));
    for file in &files {
        merge(&mut ours, read(file)?);
    }
    Ok(differences(&ours, &theirs, &release.name))
}

/// The file as the compiler reads YAML.
fn read(path: &Utf8Path) -> Result<Value, Failed> {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let text = std::fs::read_to_string(path)?;
    let file = sources.add(path, text.as_str());
    let documents = platformc::source::read::read(file, &text, &mut sink);
    match (sink.is_empty(), documents.first()) {
        (true, Some(document)) => Ok(document.to_json()),
        (true, None) => Ok(Value::Null),
        (false, _) => Err(format!("{path} has faults").into()),
    }
}

/// What a later file says counts, map by map (Helm docs, "Values Files").
fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}

/// Where two values differ, the path of each.
fn differences(ours: &Value, theirs: &Value, path: &str) -> Vec<String> {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: BTreeSet<_> = a.keys().chain(b.keys()).collect();
            let pair = |key: &str| (a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null));
            let each = keys.into_iter().map(|key| (pair(key), format!("{path}.{key}")));
            each.flat_map(|((a, b), path)| differences(a, b, &path)).collect()
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => Vec::new(),
        _ if ours == theirs => Vec::new(),
        _ => vec![format!("{path}: {ours} here, {theirs} to helm")],
    }
}
