//! Changes, before the API server and `platformc diff`: what the server refuses is what the class `replaces` says, and nothing
//! else is.
//!
//! `changes/old.yaml` holds objects, `changes/new.yaml` the same with one thing changed.

use std::collections::{BTreeMap, BTreeSet};

use platformc::diff::{Class, Compiled, Subject, diff};
use platformc::emit::Tree;
use platformc::validate::schemas::Schemas;

use crate::manifests::documents;
use crate::server::Server;
use crate::{Failed, process, root};

/// All objects of a namespace are in this one.
const NAMESPACE: &str = "changes";

pub fn check(server: &Server) -> Result<Vec<String>, Failed> {
    let [old, new] = ["old", "new"].map(|side| root().join(format!("tests/conformance/changes/{side}.yaml")));
    process::must(server.kubectl()?.args(["create", "namespace", NAMESPACE]))?;
    // In itself each is right: what is refused afterwards is the change.
    process::must(server.kubectl()?.args(["create", "--dry-run=server", "-f", new.as_str()]))?;
    process::must(server.kubectl()?.args(["create", "--save-config", "-f", old.as_str()]))?;
    let apply = ["apply", "--dry-run=server", "--openapi-patch=false", "--output", "name", "-f", new.as_str()];
    let said = process::run(server.kubectl()?.args(apply))?;
    let taken: BTreeSet<&str> = said.out.lines().filter_map(|line| line.split('/').nth(1)).collect();
    let (old, new) = (std::fs::read_to_string(old)?, std::fs::read_to_string(new)?);
    let ours = replaced(&old, &new);
    let mut findings = Vec::new();
    for object in documents(&new)? {
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        match (taken.contains(name), ours.contains(name)) {
            (true, true) => findings.push(format!("{name}: the API server takes it, platformc says that it replaces")),
            (false, false) => findings.push(format!("{name}: the API server refuses it, platformc does not say so")),
            _ => {}
        }
    }
    Ok(findings)
}

/// The names of the objects of which a change is of the class `replaces`.
fn replaced(old: &str, new: &str) -> BTreeSet<String> {
    let tree = |text: &str| Tree { environment: None, files: BTreeMap::from([("all.yaml".into(), text.to_owned())]) };
    let new = Compiled { tree: tree(new), ..Compiled::default() };
    let changes = diff(&[tree(old)], &[new], &Schemas::default()).changes;
    let replaced = changes.into_iter().filter(|change| change.is(Class::Replaces));
    replaced
        .filter_map(|change| match change.subject {
            Subject::Object(object) => Some(object.name),
            _ => None,
        })
        .collect()
}
