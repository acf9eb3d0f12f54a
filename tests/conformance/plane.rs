//! A control plane: the releases come up in order from nothing, so do the manifests alone, then everything stands, and the
//! same once more changes nothing.

mod operator;
mod standing;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::helmfile::helmfile;
use crate::report::Report;
use crate::server::Server;
use crate::server::store::Keys;
use crate::trees::Tree;
use crate::{Bench, Failed, manifests, process, releases};

/// So many clusters take the manifests of all trees.
const CLUSTERS: usize = 2;

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    let trees = worth_it(bench)?;
    let shares = (0..CLUSTERS).map(|first| trees.iter().skip(first).step_by(CLUSTERS).copied().collect());
    let shares: Vec<Vec<&Tree>> = shares.collect();
    let orders = releases::every_order(&trees)?;
    // Much of it is waiting.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build()?;
    pool.install(|| {
        rayon::join(
            || shares.par_iter().for_each(|trees| in_turn(bench, report, trees)),
            || orders.par_iter().for_each(|tree| report.case(&format!("{} sync", tree.name), || synced(bench, tree))),
        )
    });
    Ok(())
}

/// Those with manifests; of two that are the same in every byte the first.
fn worth_it(bench: &Bench) -> Result<Vec<&Tree>, Failed> {
    let mut seen = BTreeSet::new();
    let mut trees = Vec::new();
    for tree in &bench.trees {
        let mut texts = vec![std::fs::read_to_string(tree.path.join("helmfile.yaml"))?];
        for file in tree.manifests()? {
            texts.push(std::fs::read_to_string(file)?);
        }
        if texts.len() > 1 && seen.insert(texts) {
            trees.push(tree);
        }
    }
    Ok(trees)
}

/// `kubectl apply -k` of one after the other; each finds a cluster that has the CRDs, and nothing of the one before.
fn in_turn(bench: &Bench, report: &Report, trees: &[&Tree]) {
    let cluster = OnceLock::new();
    for tree in trees {
        report.case(&format!("{} apply", tree.name), || {
            let start = || cluster_for(bench, trees).map_err(|failed| failed.to_string());
            let (server, empty) = cluster.get_or_init(start).as_ref().map_err(String::as_str)?;
            let findings = applied(server, tree);
            server.forget(empty)?;
            findings
        });
    }
}

/// One with the CRDs of every kind that the trees use: each that comes costs the server a second. And all that is in it.
fn cluster_for<'a>(bench: &'a Bench, trees: &[&Tree]) -> Result<(Server<'a>, Keys), Failed> {
    let server = Server::with_controllers(bench, &format!("{}-apply", trees[0].name.replace('/', "-")))?;
    let mut objects = Vec::new();
    for tree in trees {
        objects.extend(tree.objects()?);
    }
    crds_of_kinds(&server, bench.programs.crds()?, &objects)?;
    let empty = server.keys()?;
    Ok((server, empty))
}

/// `helmfile sync`, on a cluster that has nothing: the CRDs come with the charts that bring them.
fn synced(bench: &Bench, tree: &Tree) -> Result<Vec<String>, Failed> {
    let name = format!("{}-sync", tree.name.replace('/', "-"));
    let server = Server::with_controllers(bench, &name)?;
    let folder = bench.folder(&format!("plane/{name}"))?;
    releases::copy(bench, tree, &folder)?;
    made_elsewhere(&server, tree)?;
    crds_elsewhere(bench, &server, tree)?;
    context(&server, &folder)?;
    twice(&server, tree, || {
        let mut sync = helmfile(bench, &folder)?;
        sync.env("KUBECONFIG", &server.kubeconfig).args(["sync", "--skip-deps"]);
        let said = operator::beside(&server, || process::run(&mut sync))?;
        match said.succeeded {
            true => Ok(said.err.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()),
            false => Ok(vec![said.all()]),
        }
    })
}

fn applied(server: &Server, tree: &Tree) -> Result<Vec<String>, Failed> {
    made_elsewhere(server, tree)?;
    // `kustomization.yaml` is for a cluster that has the CRDs, also those of the tree itself.
    server.crds_of(tree)?;
    twice(server, tree, || {
        let said = process::run(server.kubectl()?.args(["apply", "--openapi-patch=false", "-k", tree.path.as_str()]))?;
        operator::once(server)?;
        releases::scaled_by_charts(tree, |text, namespace| server.apply(text, namespace))?;
        Ok(said.err.lines().map(str::to_owned).collect())
    })
}

/// Brings the tree, waits until all of it stands, and brings it again.
fn twice(
    server: &Server,
    tree: &Tree,
    mut bring: impl FnMut() -> Result<Vec<String>, Failed>,
) -> Result<Vec<String>, Failed> {
    let mut findings = bring()?;
    if !findings.is_empty() {
        return Ok(findings);
    }
    findings.extend(standing::wait(server, tree)?);
    let before = stored(server, tree)?;
    findings.extend(bring()?.into_iter().map(|finding| format!("a second time: {finding}")));
    let changed = manifests::differences(&before, &stored(server, tree)?);
    findings.extend(changed.into_iter().map(|change| format!("a second time: {change}")));
    Ok(findings)
}

/// The objects of the tree as the server has them, without what controllers write of them. What `kubectl apply` says of them
/// does not count: it says `configured` wherever it sends a patch, also one that changes nothing.
fn stored(server: &Server, tree: &Tree) -> Result<BTreeMap<String, Value>, Failed> {
    let files = tree.manifests()?;
    let mut get = server.kubectl()?;
    get.args(["get", "--output", "json"]).args(files.iter().flat_map(|file| ["-f", file.as_str()]));
    let mut objects = manifests::documents(&process::must(&mut get)?)?;
    for object in &mut objects {
        object.as_object_mut().and_then(|object| object.remove("status"));
        let Some(metadata) = object["metadata"].as_object_mut() else { continue };
        metadata.retain(|key, _| key != "resourceVersion" && key != "managedFields");
    }
    Ok(manifests::by_identity(objects))
}

/// The namespaces, classes and volumes that are used, and that the tree does not make.
fn made_elsewhere(server: &Server, tree: &Tree) -> Result<(), Failed> {
    let objects = tree.objects()?;
    let text = |object: &Value, path: &str| object.pointer(path).and_then(Value::as_str).map(str::to_owned);
    let made: BTreeSet<String> = objects
        .iter()
        .filter(|object| object["kind"] == "Namespace")
        .filter_map(|object| text(object, "/metadata/name"))
        .collect();
    let used: BTreeSet<String> = objects.iter().filter_map(|object| text(object, "/metadata/namespace")).collect();
    for namespace in used.difference(&made).filter(|namespace| *namespace != "default") {
        process::must(server.kubectl()?.args(["create", "namespace", namespace]))?;
    }
    let named = |path: &str| -> BTreeSet<String> { objects.iter().filter_map(|object| text(object, path)).collect() };
    let priorities = named("/spec/template/spec/priorityClassName");
    for class in priorities.iter().filter(|class| !class.starts_with("system-")) {
        process::run(server.kubectl()?.args(["create", "priorityclass", class, "--value=1000"]))?;
    }
    for class in named("/spec/template/spec/runtimeClassName") {
        let made = json!({"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": class}, "handler": "runc"});
        server.apply(&made.to_string(), "default")?;
    }
    let claims = objects.iter().filter(|object| object["kind"] == "PersistentVolumeClaim");
    for claim in claims {
        server.apply(&volume(claim).to_string(), "default")?;
    }
    Ok(())
}

/// The volume of a claim, as a StorageClass of the cluster would make it.
fn volume(claim: &Value) -> Value {
    let of = |path: &str| claim.pointer(path).cloned().unwrap_or_default();
    let name = format!(
        "{}-{}",
        of("/metadata/namespace").as_str().unwrap_or_default(),
        of("/metadata/name").as_str().unwrap_or_default()
    );
    json!({
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {
            "accessModes": of("/spec/accessModes"),
            "capacity": of("/spec/resources/requests"),
            "claimRef": {"namespace": of("/metadata/namespace"), "name": of("/metadata/name")},
            "hostPath": {"path": format!("/volumes/{name}")},
            "storageClassName": of("/spec/storageClassName").as_str().unwrap_or_default(),
        },
    })
}

/// The CRDs of the kinds that are used, and that no chart of the tree brings.
fn crds_elsewhere(bench: &Bench, server: &Server, tree: &Tree) -> Result<(), Failed> {
    let mut files = bench.programs.crds()?;
    for release in releases::Release::all(tree)? {
        let brought = bench.programs.crds_of_chart(release.chart())?;
        files.retain(|file| !brought.contains(file));
    }
    crds_of_kinds(server, files, &tree.objects()?)
}

/// Those of the CRDs that define a kind of one of the objects.
fn crds_of_kinds(server: &Server, mut files: Vec<Utf8PathBuf>, objects: &[Value]) -> Result<(), Failed> {
    let kinds: BTreeSet<String> =
        objects.iter().filter_map(|object| Some(format!("    kind: {}\n", object["kind"].as_str()?))).collect();
    files.retain(|file| {
        std::fs::read_to_string(file).is_ok_and(|text| kinds.iter().any(|kind| text.contains(kind.as_str())))
    });
    if files.is_empty() { Ok(()) } else { server.establish(&["apply", "--server-side"], &files) }
}

/// The name under which the user has the cluster in his kubeconfig.
fn context(server: &Server, folder: &Utf8Path) -> Result<(), Failed> {
    let helmfile: Value = serde_yaml::from_str(&std::fs::read_to_string(folder.join("helmfile.yaml"))?)?;
    if let Some(name) = helmfile.pointer("/helmDefaults/kubeContext").and_then(Value::as_str) {
        let set = ["config", "set-context", name, "--cluster=conformance", "--user=conformance"];
        process::must(server.kubectl()?.args(set))?;
        // Whoever does not name the context reaches nothing.
        process::must(server.kubectl()?.args(["config", "delete-context", "conformance"]))?;
        process::must(server.kubectl()?.args(["config", "use-context", name]))?;
    }
    Ok(())
}
