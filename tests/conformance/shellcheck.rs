//! shellcheck: the project's own scripts, and every command that a written document gives to its reader.

use crate::report::Report;
use crate::trees::Tree;
use crate::{Bench, Failed, process, root};

const OWN: &[&str] = &[".ci/run", "tools/schemas/regenerate"];

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    report.case("own", || {
        Ok(process::run(bench.programs.command("shellcheck")?.current_dir(root()).args(OWN))?.findings())
    });
    for tree in &bench.trees {
        report.case(&tree.name, || documents(bench, tree));
    }
    Ok(())
}

fn documents(bench: &Bench, tree: &Tree) -> Result<Vec<String>, Failed> {
    let mut findings = Vec::new();
    for file in tree.files(".md")? {
        for commands in blocks(&std::fs::read_to_string(&file)?) {
            let said = process::feed(bench.programs.command("shellcheck")?.args(["--shell=bash", "-"]), &commands)?;
            findings.extend(said.findings().into_iter().map(|finding| format!("{file}: {finding}")));
        }
    }
    Ok(findings)
}

/// The texts between ```` ```sh ```` and ```` ``` ````.
fn blocks(document: &str) -> Vec<String> {
    let parts = document.split("```sh\n").skip(1);
    parts.filter_map(|part| part.split_once("```")).map(|(commands, _)| commands.to_owned()).collect()
}
