//! kubeconform and kubectl-validate: they look at one file at a time, so the broken file is all that they need.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;

use super::Tree;
use crate::published::Refused;
use crate::{Bench, Failed};

/// Of each mutant of each tree, whether something is said of the broken file that is not said of the whole one.
pub fn judge(
    bench: &Bench,
    trees: &[Tree],
    refuse: impl FnOnce(&[Utf8PathBuf]) -> Result<Refused, Failed>,
) -> Result<Vec<Vec<bool>>, Failed> {
    let folder = bench.folder("mutants-one-file")?;
    let mut files: BTreeMap<&str, Utf8PathBuf> = BTreeMap::new();
    let texts = trees.iter().flat_map(|tree| {
        let whole = tree.mutants.iter().filter_map(|mutant| tree.manifests.get(&mutant.file)).map(String::as_str);
        whole.chain(
            tree.mutants
                .iter()
                .filter(|mutant| tree.manifests.contains_key(&mutant.file))
                .map(|mutant| mutant.text.as_str()),
        )
    });
    for text in texts {
        let path = folder.join(format!("{}.yaml", files.len()));
        files.entry(text).or_insert(path);
    }
    for (text, path) in &files {
        std::fs::write(path, text)?;
    }
    let refused = refuse(&files.values().cloned().collect::<Vec<_>>())?;
    let said = |text: &str| {
        let path = files.get(text)?;
        Some(refused.get(path)?.replace(path.as_str(), ""))
    };
    let finds = |tree: &Tree, mutant: &super::Broken| {
        let whole = tree.manifests.get(&mutant.file);
        whole.is_some_and(|whole| said(&mutant.text).is_some_and(|why| said(whole) != Some(why)))
    };
    Ok(trees.iter().map(|tree| tree.mutants.iter().map(|mutant| finds(tree, mutant)).collect()).collect())
}
