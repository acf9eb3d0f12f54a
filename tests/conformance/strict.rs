//! kubeconform and kubectl-validate: every manifest of every tree, strictly, on each version that its platform asks for.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;

use crate::published::Published;
use crate::report::Report;
use crate::{Bench, Failed};

pub const NEEDS: &[&str] = &["kubeconform", "kubectl-validate"];

/// A case is a version.
pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    let versions: BTreeSet<&str> = bench.trees.iter().flat_map(|tree| &tree.kubernetes).map(String::as_str).collect();
    for version in versions {
        report.case(version, || refused(bench, version));
    }
    Ok(())
}

fn refused(bench: &Bench, version: &str) -> Result<Vec<String>, Failed> {
    let published = Published::of(bench, version)?;
    let asking = bench.trees.iter().filter(|tree| tree.kubernetes.iter().any(|wanted| wanted == version));
    let mut files: Vec<Utf8PathBuf> = Vec::new();
    for tree in asking {
        files.extend(tree.manifests()?);
    }
    let judged =
        [("kubeconform", published.kubeconform(&files)?), ("kubectl-validate", published.kubectl_validate(&files)?)];
    let said = judged.into_iter().flat_map(|(judge, refused)| {
        refused.into_iter().map(move |(file, why)| format!("{judge} refuses {file}: {why}"))
    });
    Ok(said.collect())
}
