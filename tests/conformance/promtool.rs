//! promtool: the rules of every PrometheusRule are what Prometheus takes, and each alert of the root fires when it should.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use crate::report::Report;
use crate::trees::Tree;
use crate::{Bench, Failed, process, root};

/// The tree whose alerts are tried, and how.
const TRIED: &str = "root/dev";
const TESTS: &str = "tests/conformance/alerts.yaml";

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    for tree in &bench.trees {
        report.case(&tree.name, || rules(bench, tree));
    }
    let tried = bench.trees.iter().find(|tree| tree.name == TRIED).ok_or("the root has no tree `dev`")?;
    report.case("alerts", || alerts(bench, tried));
    Ok(())
}

fn rules(bench: &Bench, tree: &Tree) -> Result<Vec<String>, Failed> {
    let mut findings = Vec::new();
    for object in tree.objects()?.iter().filter(|object| object["kind"] == "PrometheusRule") {
        let file = bench.folder("promtool")?.join("rules.yaml");
        std::fs::write(&file, Value::to_string(&object["spec"]))?;
        let said =
            process::run(bench.programs.command("promtool")?.args(["check", "rules", "--lint-fatal", file.as_str()]))?;
        findings.extend(said.findings());
    }
    Ok(findings)
}

/// Runs the tests beside the groups of each rule file, as Prometheus reads them; an alert without a test is a finding.
fn alerts(bench: &Bench, tree: &Tree) -> Result<Vec<String>, Failed> {
    let folder = bench.folder("promtool/alerts")?;
    let tests = std::fs::read_to_string(root().join(TESTS))?;
    std::fs::write(folder.join("tests.yaml"), &tests)?;
    let mut names = BTreeSet::new();
    for path in tree.files(".yaml")?.iter().filter(|path| path.as_str().contains("/observability/rules/")) {
        names.extend(groups(path, &folder)?);
    }
    let said =
        process::run(bench.programs.command("promtool")?.args(["test", "rules", "tests.yaml"]).current_dir(&folder))?;
    let untried = names.iter().filter(|name| !tests.contains(&format!("alertname=\"{name}\"")));
    Ok(said.findings().into_iter().chain(untried.map(|name| format!("{TESTS} does not try {name}"))).collect())
}

/// Writes the groups of a PrometheusRule to a file of its name, and gives its alerts.
fn groups(path: &Utf8PathBuf, folder: &Utf8Path) -> Result<Vec<String>, Failed> {
    let rule: Value = serde_yaml::from_str(&std::fs::read_to_string(path)?)?;
    std::fs::write(folder.join(path.file_name().unwrap_or_default()), Value::to_string(&rule["spec"]))?;
    let groups = rule["spec"]["groups"].as_array().into_iter().flatten();
    let rules = groups.flat_map(|group| group["rules"].as_array().into_iter().flatten());
    Ok(rules.filter_map(|rule| rule["alert"].as_str().map(str::to_owned)).collect())
}
