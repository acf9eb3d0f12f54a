//! Changes, before the API server and `platformc diff`: what the server refuses is what the class `replaces` says, and nothing
//! else is; where it stores another pod template, which is when its controllers replace the pods, is what `restarts` says.
//!
//! `changes/old.yaml` and `restarts/old.yaml` hold objects, `new.yaml` beside them the same with one thing changed.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use platformc::diff::{Class, Compiled, Subject, diff};
use platformc::emit::Tree;
use platformc::validate::schemas::Schemas;
use serde_json::Value;

use crate::manifests::{documents, identity};
use crate::server::Server;
use crate::{Failed, process, root};

/// All objects of a namespace are in this one.
const NAMESPACE: &str = "changes";

/// Two files of objects.
struct Change {
    old: Utf8PathBuf,
    new: Utf8PathBuf,
}

pub fn refused(server: &Server) -> Result<Vec<String>, Failed> {
    let change = Change::begin(server, "changes")?;
    let new = change.new.as_str();
    let apply = ["apply", "--dry-run=server", "--openapi-patch=false", "--output", "name", "-f", new];
    let said = process::run(server.kubectl()?.args(apply))?;
    let taken: BTreeSet<&str> = said.out.lines().filter_map(|line| line.split('/').nth(1)).collect();
    let ours = change.named(Class::Replaces)?;
    let mut findings = Vec::new();
    for object in documents(&std::fs::read_to_string(new)?)? {
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        match (taken.contains(name), ours.contains(name)) {
            (true, true) => findings.push(format!("{name}: the API server takes it, platformc says that it replaces")),
            (false, false) => findings.push(format!("{name}: the API server refuses it, platformc does not say so")),
            _ => {}
        }
    }
    Ok(findings)
}

pub fn restarted(server: &Server) -> Result<Vec<String>, Failed> {
    let change = Change::begin(server, "restarts")?;
    let stored = |arguments: &[&str]| -> Result<BTreeMap<String, Value>, Failed> {
        let said = process::must(server.kubectl()?.args(arguments))?;
        let templates =
            documents(&said)?.into_iter().map(|mut object| (identity(&object), object["spec"]["template"].take()));
        Ok(templates.collect())
    };
    let before = stored(&["get", "--output", "json", "-f", change.old.as_str()])?;
    let after = stored(&["apply", "--dry-run=server", "--output", "json", "-f", change.new.as_str()])?;
    let ours = change.named(Class::Restarts)?;
    let differs = after.iter().filter_map(|(object, template)| {
        let name = object.rsplit('/').next().unwrap_or_default();
        match (before.get(object) != Some(template), ours.contains(name)) {
            (true, false) => Some(format!("{name}: its pods are replaced, platformc does not say so")),
            (false, true) => Some(format!("{name}: its pods stay, platformc says that they are replaced")),
            _ => None,
        }
    });
    Ok(differs.collect())
}

impl Change {
    /// Brings the old objects to the server.
    fn begin(server: &Server, folder: &str) -> Result<Self, Failed> {
        let [old, new] = ["old", "new"].map(|side| root().join(format!("tests/conformance/{folder}/{side}.yaml")));
        // It may be there from the other ones.
        process::run(server.kubectl()?.args(["create", "namespace", NAMESPACE]))?;
        // In itself each is right: what is refused afterwards is the change.
        process::must(server.kubectl()?.args(["create", "--dry-run=server", "-f", new.as_str()]))?;
        process::must(server.kubectl()?.args(["create", "--save-config", "-f", old.as_str()]))?;
        Ok(Self { old, new })
    }

    /// The names of the objects of which a change is of a class; a list of a pod template in another order restarts pods, too.
    fn named(&self, class: Class) -> Result<BTreeSet<String>, Failed> {
        let tree = |path: &Utf8PathBuf| -> Result<Tree, Failed> {
            let files = BTreeMap::from([("all.yaml".into(), std::fs::read_to_string(path)?)]);
            Ok(Tree { environment: None, files })
        };
        let new = Compiled { tree: tree(&self.new)?, ..Compiled::default() };
        let found = diff(&[tree(&self.old)?], &[new], &Schemas::default());
        let of_class = found.changes.into_iter().filter(|change| change.is(class)).map(|change| change.subject);
        let reordered = found.reordered.into_iter().filter(|_| class == Class::Restarts).map(|found| found.subject);
        let named = of_class.chain(reordered).filter_map(|subject| match subject {
            Subject::Object(object) => Some(object.name),
            _ => None,
        });
        Ok(named.collect())
    }
}
