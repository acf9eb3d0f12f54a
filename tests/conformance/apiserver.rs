//! kube-apiserver: it accepts every object, CEL rules included, and knows every field of it; and it refuses the changes of which
//! `platformc diff` says so.

use serde_json::Value;

use crate::manifests::identity;
use crate::report::Report;
use crate::server::Server;
use crate::trees::Tree;
use crate::{Bench, Failed, changes, process};

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    let server = Server::start(bench, "apiserver")?;
    for tree in &bench.trees {
        report.case(&tree.name, || accepted(&server, tree));
    }
    report.case("changes", || changes::check(&server));
    Ok(())
}

/// A namespace must really be there before what is in it can be tried.
fn accepted(server: &Server, tree: &Tree) -> Result<Vec<String>, Failed> {
    let files = tree.manifests()?;
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let objects = tree.objects()?;
    let namespaces = objects.iter().filter_map(|object| object.pointer("/metadata/namespace").and_then(Value::as_str));
    for namespace in namespaces.collect::<std::collections::BTreeSet<_>>() {
        // It may be there from the tree before.
        process::run(server.kubectl()?.args(["create", "namespace", "--save-config", namespace]))?;
    }
    server.crds_of(tree)?;
    let mut apply = server.kubectl()?;
    apply.args(["apply", "--dry-run=server", "--validate=strict"]);
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
