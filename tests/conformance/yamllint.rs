//! yamllint: every YAML file that is written, and those that users read to learn the input.

use crate::report::Report;
use crate::{Bench, Failed, process, root};

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    let trees: Vec<&str> = bench.trees.iter().map(|tree| tree.path.as_str()).collect();
    report.case("trees", || clean(bench, &trees));
    report.case("input", || clean(bench, &["platform.yaml", "templates", ".github", ".pre-commit-hooks.yaml"]));
    Ok(())
}

fn clean(bench: &Bench, paths: &[&str]) -> Result<Vec<String>, Failed> {
    let options = ["--strict", "--format=parsable", "--config-file=tests/conformance/yamllint.yaml"];
    let said = process::run(bench.programs.command("yamllint")?.current_dir(root()).args(options).args(paths))?;
    Ok(said.findings())
}
