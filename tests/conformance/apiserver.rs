//! kube-apiserver: it accepts every object, CEL rules included, and knows every field of it; and it refuses the changes of which
//! `platformc diff` says so, and replaces pods where it says so.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::manifests::identity;
use crate::report::Report;
use crate::server::Server;
use crate::trees::Tree;
use crate::{Bench, Failed, changes, process};

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    let server = Server::start(bench, "apiserver")?;
    let all: Vec<&Tree> = bench.trees.iter().collect();
    namespaces(&server, &all)?;
    for tree in &all {
        server.crds_of(tree)?;
    }
    // To start a client costs more than to ask about a tree: only if it says anything, each tree is asked about by itself.
    let is_all_well = accepted(&server, &all).is_ok_and(|findings| findings.is_empty());
    for tree in &all {
        report.case(&tree.name, || if is_all_well { Ok(Vec::new()) } else { accepted(&server, &[tree]) });
    }
    report.case("changes", || changes::refused(&server));
    report.case("restarts", || changes::restarted(&server));
    Ok(())
}

/// A namespace must really be there before what is in it can be tried.
fn namespaces(server: &Server, trees: &[&Tree]) -> Result<(), Failed> {
    let mut names = BTreeSet::new();
    for object in objects(trees)? {
        names.extend(object.pointer("/metadata/namespace").and_then(Value::as_str).map(str::to_owned));
    }
    let namespace = |name| json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
    let items: Vec<Value> = names.into_iter().map(namespace).collect();
    let list = json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string();
    // Some are there from the start.
    process::feed(server.kubectl()?.args(["create", "--save-config", "-f", "-"]), &list).map(drop)
}

fn accepted(server: &Server, trees: &[&Tree]) -> Result<Vec<String>, Failed> {
    let mut files = Vec::new();
    for tree in trees {
        files.extend(tree.manifests()?);
    }
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let objects = objects(trees)?;
    let mut apply = server.kubectl()?;
    apply.args(["apply", "--dry-run=server", "--validate=strict", "--openapi-patch=false"]);
    apply.args(files.iter().flat_map(|file| ["-f", file.as_str()]));
    let said = process::run(&mut apply)?;
    let count = said.out.lines().filter(|line| line.ends_with("(server dry run)")).count();
    let mut findings: Vec<String> = said.err.lines().map(str::to_owned).collect();
    if count != objects.len() && findings.is_empty() {
        let all: Vec<String> = objects.iter().map(identity).collect();
        findings.push(format!("{count} of {} objects were accepted: {}", objects.len(), all.join(", ")));
    }
    Ok(findings)
}

fn objects(trees: &[&Tree]) -> Result<Vec<Value>, Failed> {
    let all: Result<Vec<Vec<Value>>, Failed> = trees.iter().map(|tree| tree.objects()).collect();
    Ok(all?.concat())
}
