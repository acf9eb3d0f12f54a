//! kustomize: `kustomize build` of each tree gives the same objects as its files.

use rayon::prelude::*;

use crate::manifests::{by_identity, differences, documents};
use crate::report::Report;
use crate::trees::Tree;
use crate::{Bench, Failed, process};

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    bench.trees.par_iter().for_each(|tree| report.case(&tree.name, || built(bench, tree)));
    Ok(())
}

fn built(bench: &Bench, tree: &Tree) -> Result<Vec<String>, Failed> {
    let said = process::run(bench.programs.command("kustomize")?.args(["build", tree.path.as_str()]))?;
    if !said.succeeded || !said.err.is_empty() {
        return Ok(vec![said.all()]);
    }
    Ok(differences(&by_identity(tree.objects()?), &by_identity(documents(&said.out)?)))
}
