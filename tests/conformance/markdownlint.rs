//! markdownlint: the documents of every tree, and the project's own.

use crate::report::Report;
use crate::{Bench, Failed, process, root};

/// Ours, beside those of the trees.
const OWN: &[&str] = &["*.md", "docs/**/*.md", "tools/**/*.md", "tests/*/*.md", "src/diagnostic/pages/*.md"];

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    let of_trees = bench.trees.iter().map(|tree| Ok(format!("{}/**/*.md", tree.path.strip_prefix(root())?)));
    let of_trees: Vec<String> = of_trees.collect::<Result<_, Failed>>()?;
    report.case("trees", || clean(bench, &of_trees.iter().map(String::as_str).collect::<Vec<_>>()));
    report.case("own", || clean(bench, OWN));
    Ok(())
}

fn clean(bench: &Bench, files: &[&str]) -> Result<Vec<String>, Failed> {
    let options = ["--config", "tests/conformance/.markdownlint.yaml"];
    let said =
        process::run(bench.programs.command("markdownlint-cli2")?.current_dir(root()).args(options).args(files))?;
    Ok(said.findings())
}
