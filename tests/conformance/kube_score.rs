//! kube-score: nothing critical about workloads of ours.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use rayon::prelude::*;
use serde_json::Value;

use crate::report::Report;
use crate::{Bench, Failed, process};

/// Critical; 5 is a warning, 7 almost well, 10 well.
const CRITICAL: i64 = 1;
const WELL: i64 = 10;

/// What kube-score says of one object.
pub struct Remark {
    pub file: Utf8PathBuf,
    pub object: String,
    pub check: String,
    pub grade: i64,
    pub said: String,
}

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    bench.trees.par_iter().for_each(|tree| report.case(&tree.name, || critical(bench, &tree.manifests()?)));
    Ok(())
}

/// One finding for each check and remark, with the objects that it is about.
fn critical(bench: &Bench, files: &[Utf8PathBuf]) -> Result<Vec<String>, Failed> {
    let mut objects: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for remark in remarks(bench, files)?.into_iter().filter(|remark| remark.grade <= CRITICAL) {
        objects.entry(format!("{}: {}", remark.check, remark.said)).or_default().push(remark.object);
    }
    Ok(objects.into_iter().map(|(what, objects)| format!("{what}: {}", objects.join(", "))).collect())
}

/// Everything that is not well, of the files as a whole.
pub fn remarks(bench: &Bench, files: &[Utf8PathBuf]) -> Result<Vec<Remark>, Failed> {
    if files.is_empty() {
        return Ok(vec![]);
    }
    let version = platformc::resolve::input::KUBERNETES.last().copied().unwrap_or_default();
    let mut command = bench.programs.command("kube-score")?;
    command.args(["score", "--output-format", "json", "--kubernetes-version"]).arg(format!("v{version}")).args(files);
    let said = process::run(&mut command)?;
    let scored: Vec<Value> = serde_json::from_str(&said.out).map_err(|error| format!("{error}: {}", said.all()))?;
    Ok(scored.iter().flat_map(of_object).collect())
}

fn of_object(object: &Value) -> Vec<Remark> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let checks = object["checks"].as_array().into_iter().flatten();
    let failed =
        checks.filter(|check| check["skipped"] == false && check["grade"].as_i64().is_some_and(|grade| grade < WELL));
    let remarks = failed.flat_map(|check| {
        let comments = check["comments"].as_array().cloned().unwrap_or_default();
        let comments = if comments.is_empty() { vec![Value::Null] } else { comments };
        comments.into_iter().map(move |comment| Remark {
            file: text(&object["file_name"]).into(),
            object: text(&object["object_name"]),
            check: text(&check["check"]["id"]),
            grade: check["grade"].as_i64().unwrap_or_default(),
            said: text(&comment["summary"]),
        })
    });
    remarks.collect()
}
