//! check-jsonschema: every helmfile.yaml against helmfile's published schema, the workflows against GitHub's, the pre-commit
//! hooks against pre-commit's own reader.

use crate::report::Report;
use crate::trees::Tree;
use crate::{Bench, Failed, process, root};

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    for tree in &bench.trees {
        report.case(&tree.name, || helmfile(bench, tree));
    }
    report.case("workflows", || workflows(bench));
    report.case("hooks", || hooks(bench));
    Ok(())
}

fn helmfile(bench: &Bench, tree: &Tree) -> Result<Vec<String>, Failed> {
    let file = tree.path.join("helmfile.yaml");
    if !file.exists() {
        return Ok(Vec::new());
    }
    let schema = bench.programs.node_package("schemastore")?.join("schemas/json/helmfile.json");
    let schema = format!("--schemafile={schema}");
    Ok(process::run(bench.programs.command("check-jsonschema")?.args([&schema, file.as_str()]))?.findings())
}

fn workflows(bench: &Bench) -> Result<Vec<String>, Failed> {
    let files = crate::trees::files_below(&root().join(".github/workflows"))?;
    let mut command = bench.programs.command("check-jsonschema")?;
    Ok(process::run(command.arg("--builtin-schema=vendor.github-workflows").args(files))?.findings())
}

fn hooks(bench: &Bench) -> Result<Vec<String>, Failed> {
    let mut command = bench.programs.command("pre-commit")?;
    Ok(process::run(command.current_dir(root()).args(["validate-manifest", ".pre-commit-hooks.yaml"]))?.findings())
}
