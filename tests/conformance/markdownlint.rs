//! markdownlint: the documents of every tree, and the project's own.

use crate::report::Report;
use crate::{Bench, Failed, process, root};

/// Ours, beside those of the trees.
const OWN: &[&str] = &["*.md", "docs/**/*.md", "tools/**/*.md", "tests/*/*.md", "src/diagnostic/pages/*.md"];

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    for tree in &bench.trees {
        let documents = format!("{}/**/*.md", tree.path.strip_prefix(root())?);
        report.case(&tree.name, || clean(bench, &[&documents]));
    }
    report.case("own", || clean(bench, OWN));
    Ok(())
}

fn clean(bench: &Bench, files: &[&str]) -> Result<Vec<String>, Failed> {
    let options = ["--config", "tests/conformance/.markdownlint.yaml"];
    let said =
        process::run(bench.programs.command("markdownlint-cli2")?.current_dir(root()).args(options).args(files))?;
    Ok(said.findings())
}
