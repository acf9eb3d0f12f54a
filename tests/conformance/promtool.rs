//! promtool: the rules of every PrometheusRule.

use serde_json::Value;

use crate::report::Report;
use crate::trees::Tree;
use crate::{Bench, Failed, process};

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    for tree in &bench.trees {
        report.case(&tree.name, || rules(bench, tree));
    }
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
