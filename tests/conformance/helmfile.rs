//! helmfile: it reads `helmfile.yaml` without a warning, orders the releases by what each needs, and gives the manifests as
//! they are in the files.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::Mutex;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use serde_json::Value;

use crate::manifests::{by_identity, differences, documents, identity};
use crate::releases::{self, Release};
use crate::report::Report;
use crate::trees::Tree;
use crate::{Bench, Failed, process};

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    // It refuses a file without releases.
    let trees: Vec<&Tree> =
        bench.trees.iter().filter(|tree| Release::all(tree).map_or(true, |releases| !releases.is_empty())).collect();
    trees.par_iter().for_each(|tree| {
        report.case(&format!("{} read", tree.name), || read(bench, tree));
        report.case(&format!("{} rendered", tree.name), || rendered(bench, tree));
    });
    // It looks at charts, and those of all trees are alike: a folder of manifests, or one that stands in.
    releases::every_order(&trees)?.par_iter().for_each(|tree| {
        report.case(&format!("{} lint", tree.name), || linted(bench, tree));
    });
    Ok(())
}

/// `helmfile` of a folder.
pub fn helmfile(bench: &Bench, folder: &Utf8Path) -> Result<Command, Failed> {
    let real = bench.programs.command("helm")?.get_program().to_string_lossy().into_owned();
    beside(bench, folder, "helm", &format!("exec '{real}' \"$@\""))
}

/// The same, for what its `helmfile.yaml` says: to show it, it renders every folder of manifests and throws that away, so its
/// helm has nothing to do.
fn reader(bench: &Bench, folder: &Utf8Path) -> Result<Command, Failed> {
    beside(bench, folder, "idle", ":")
}

/// helmfile beside a helm that knows its version by heart, since it is asked for it ten times for each folder of manifests, and
/// does everything else in this way. It says no more than warnings, and leaves nothing in the machine's temporary folder.
fn beside(bench: &Bench, folder: &Utf8Path, name: &str, otherwise: &str) -> Result<Command, Failed> {
    let mut command = bench.programs.command("helmfile")?;
    command.env("TMPDIR", bench.folder("temporary")?).env("PWD", folder).current_dir(folder);
    command.args(["--quiet", "--file", "helmfile.yaml", "--helm-binary", helm(bench, name, otherwise)?.as_str()]);
    Ok(command)
}

fn helm(bench: &Bench, name: &str, otherwise: &str) -> Result<Utf8PathBuf, Failed> {
    static WRITING: Mutex<()> = Mutex::new(());
    let _alone = WRITING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let path = bench.folder("helm-of-helmfile")?.join(name);
    if path.exists() {
        return Ok(path);
    }
    let mut text = "#!/bin/sh\ncase \"$*\" in\n".to_owned();
    for question in ["version --short", "version --template={{.Version}}+g{{.GitCommit}}"] {
        let answer = process::must(bench.programs.command("helm")?.args(question.split(' ')))?;
        let _ = writeln!(text, "'{question}') printf '%s' '{answer}' ;;");
    }
    std::fs::write(&path, format!("{text}*) {otherwise} ;;\nesac\n"))?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))?;
    Ok(path)
}

/// What it needs no chart for, asked of the tree as it is.
fn read(bench: &Bench, tree: &Tree) -> Result<Vec<String>, Failed> {
    let releases = Release::all(tree)?;
    let mut findings = Vec::new();
    let mut ask = |arguments: &[&str]| -> Result<String, Failed> {
        let said = process::run(reader(bench, &tree.path)?.args(arguments))?;
        if !said.succeeded || !said.err.is_empty() {
            findings.push(format!("{}: {}", arguments.join(" "), said.err.trim()));
        }
        Ok(said.out)
    };
    let (built, listed, dag) = (ask(&["build"])?, ask(&["list", "--output", "json"])?, ask(&["show-dag"])?);
    let built: Value = serde_yaml::from_str(&built)?;
    findings.extend(same("build", &releases, &built["releases"]));
    findings.extend(same("list", &releases, &serde_json::from_str(&listed)?));
    findings.extend(ordered(&releases, &dag));
    Ok(findings)
}

/// Whether these are our releases.
fn same(what: &str, ours: &[Release], theirs: &Value) -> Vec<String> {
    let described = |release: &Value| {
        let text = |key: &str| release[key].as_str().unwrap_or_default();
        format!("{}/{} {} {}", text("namespace"), text("name"), text("chart"), text("version"))
    };
    let theirs: BTreeSet<String> = theirs.as_array().into_iter().flatten().map(described).collect();
    let version = |release: &Release| release.version.clone().unwrap_or_default();
    let ours = ours.iter().map(|release| format!("{} {} {}", release.id(), release.chart, version(release))).collect();
    theirs.symmetric_difference(&ours).map(|release| format!("{what}: {release} is not in both")).collect()
}

/// Whether the groups are those of our needs, each release as early as it can be.
fn ordered(ours: &[Release], dag: &str) -> Vec<String> {
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    // Needs stand in any order, so the table is filled in as many rounds as there can be groups.
    for _ in ours {
        for release in ours {
            let after = release.needs.iter().map(|need| groups.get(need).copied().unwrap_or_default()).max();
            groups.insert(release.id(), after.unwrap_or_default() + 1);
        }
    }
    let line = |release: &Release| {
        let needs: BTreeSet<&str> = release.needs.iter().map(String::as_str).collect();
        (groups[&release.id()], release.id(), needs.into_iter().map(str::to_owned).collect())
    };
    let ours: BTreeSet<(usize, String, Vec<String>)> = ours.iter().map(line).collect();
    let theirs: BTreeSet<_> = dag.lines().skip(1).filter_map(row).collect();
    ours.symmetric_difference(&theirs).map(|row| format!("show-dag: {row:?} is not in both")).collect()
}

/// `GROUP RELEASE NEED, NEED`
fn row(line: &str) -> Option<(usize, String, Vec<String>)> {
    let mut words = line.split_whitespace();
    let (group, release) = (words.next()?.parse().ok()?, words.next()?.to_owned());
    let needs: BTreeSet<String> = words.map(|need| without_context(need.trim_end_matches(','))).collect();
    Some((group, without_context(&release), needs.into_iter().collect()))
}

/// `namespace/name` of `context/namespace/name`.
fn without_context(release: &str) -> String {
    let parts: Vec<&str> = release.rsplit('/').take(2).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join("/")
}

/// A copy of the tree with charts of ours in the place of those of the world.
fn copied(bench: &Bench, tree: &Tree, what: &str) -> Result<Utf8PathBuf, Failed> {
    let folder = bench.folder(&format!("helmfile/{}/{what}", tree.name))?;
    releases::copy(bench, tree, &folder)?;
    Ok(folder)
}

/// `lint`, strict.
fn linted(bench: &Bench, tree: &Tree) -> Result<Vec<String>, Failed> {
    let linted = process::run(helmfile(bench, &copied(bench, tree, "lint")?)?.args([
        "lint",
        "--skip-deps",
        "--args",
        "--strict",
    ]))?;
    let is_bad = |line: &&str| line.contains("[WARNING]") || line.contains("[ERROR]");
    let found = linted.out.lines().filter(is_bad).chain(linted.err.lines()).map(str::to_owned).collect();
    Ok(told(linted.succeeded, found))
}

/// What failed says why.
fn told(succeeded: bool, mut findings: Vec<String>) -> Vec<String> {
    if findings.is_empty() && !succeeded {
        findings.push("it failed and said nothing".to_owned());
    }
    findings
}

/// `template` of the folders of manifests: the objects are those of the files.
fn rendered(bench: &Bench, tree: &Tree) -> Result<Vec<String>, Failed> {
    let releases = Release::all(tree)?;
    let charts = releases.iter().filter(|release| !release.is_raw());
    let local: Vec<String> = charts.map(|release| format!("name!={}", release.name)).collect();
    let mut template = helmfile(bench, &copied(bench, tree, "template")?)?;
    template.args(["template", "--skip-deps"]);
    if !local.is_empty() {
        template.args(["--selector", &local.join(",")]);
    }
    let templated = process::run(&mut template)?;
    let mut findings = told(templated.succeeded, templated.err.lines().map(str::to_owned).collect());
    let expected = by_identity(tree.objects()?);
    let mut actual = documents(&templated.out)?;
    actual.iter_mut().for_each(|object| without_default_namespace(&expected, object));
    findings.extend(differences(&expected, &by_identity(actual)));
    Ok(findings)
}

/// An object that is in no namespace gets that of its release, which the API server does not mind.
fn without_default_namespace(expected: &BTreeMap<String, Value>, object: &mut Value) {
    let mut bare = object.clone();
    if let Some(metadata) = bare["metadata"].as_object_mut() {
        metadata.remove("namespace");
    }
    if expected.contains_key(&identity(&bare)) {
        *object = bare;
    }
}
