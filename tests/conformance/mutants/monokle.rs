//! @monokle/validation, in process of Node.js (`monokle.mjs`): all mutants, each in its whole tree.

use camino::Utf8Path;
use rayon::prelude::*;
use serde_json::{Value, json};

use super::Tree;
use crate::manifests::documents;
use crate::published::Published;
use crate::{Bench, Failed, process, root};

const PROCESSES: usize = 2;

pub fn judge(bench: &Bench, published: &Published, trees: &[Tree]) -> Result<Vec<Vec<bool>>, Failed> {
    let folder = bench.folder("mutants-monokle")?;
    std::fs::write(
        folder.join("schemas.json"),
        json!({"definitions": published.definitions()?, "custom": customs(bench)?}).to_string(),
    )?;
    // It compiles the schemas of all kinds in each process.
    let judged: Vec<Vec<Vec<bool>>> = trees
        .par_chunks(trees.len().div_ceil(PROCESSES).max(1))
        .map(|trees| of_trees(bench, &folder, trees))
        .collect::<Result<_, Failed>>()?;
    Ok(judged.concat())
}

fn of_trees(bench: &Bench, folder: &Utf8Path, trees: &[Tree]) -> Result<Vec<Vec<bool>>, Failed> {
    let asked = Value::Array(trees.iter().map(asked).collect()).to_string();
    let library = bench.programs.node_package("@monokle/validation")?;
    let mut command = bench.programs.command("node")?;
    command.arg(root().join("tests/conformance/mutants/monokle.mjs")).arg(library).arg(folder.join("schemas.json"));
    let said = process::feed(&mut command, &asked)?;
    let found: Vec<Vec<bool>> = serde_json::from_str(&said.out).map_err(|error| format!("{error}: {}", said.all()))?;
    let counts = |found: &[Vec<bool>]| found.iter().map(Vec::len).collect::<Vec<_>>();
    let is_whole = counts(&found) == trees.iter().map(|tree| tree.mutants.len()).collect::<Vec<_>>();
    if is_whole { Ok(found) } else { Err("not every mutant was judged".into()) }
}

fn asked(tree: &Tree) -> Value {
    let mutants: Vec<Value> =
        tree.mutants.iter().map(|mutant| json!({"file": mutant.file.as_str(), "text": mutant.text})).collect();
    let manifests: serde_json::Map<String, Value> =
        tree.manifests.iter().map(|(path, text)| (path.to_string(), json!(text))).collect();
    json!({"manifests": manifests, "mutants": mutants})
}

/// Of each version of each CRD its kind, API version and schema.
fn customs(bench: &Bench) -> Result<Vec<Value>, Failed> {
    let mut found = vec![];
    for file in bench.programs.crds()? {
        for crd in documents(&std::fs::read_to_string(file)?)? {
            let (group, kind) = (crd["spec"]["group"].as_str().unwrap_or_default(), &crd["spec"]["names"]["kind"]);
            for version in crd["spec"]["versions"].as_array().into_iter().flatten() {
                let version_name = version["name"].as_str().unwrap_or_default();
                let schema = &version["schema"]["openAPIV3Schema"];
                found.push(json!({"kind": kind, "apiVersion": format!("{group}/{version_name}"), "schema": schema}));
            }
        }
    }
    Ok(found)
}
