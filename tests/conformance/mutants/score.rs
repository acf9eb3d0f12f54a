//! kube-score: it looks at a whole tree, so each mutant is a process.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::{Broken, Tree};
use crate::kube_score::remarks;
use crate::{Bench, Failed};

/// How often each remark is made, by file, check and what it says.
type Counts = BTreeMap<(Utf8PathBuf, String, String), usize>;

pub fn judge(bench: &Bench, trees: &[Tree]) -> Result<Vec<Vec<bool>>, Failed> {
    trees
        .iter()
        .enumerate()
        .map(|(index, tree)| of_tree(bench, &bench.folder(&format!("mutants-score-{index}"))?, tree))
        .collect()
}

fn of_tree(bench: &Bench, folder: &Utf8Path, tree: &Tree) -> Result<Vec<bool>, Failed> {
    for (path, text) in &tree.manifests {
        std::fs::create_dir_all(folder.join(path).parent().unwrap_or(folder))?;
        std::fs::write(folder.join(path), text)?;
    }
    let whole: Vec<Utf8PathBuf> = tree.manifests.keys().map(|path| folder.join(path)).collect();
    let before = counts(bench, &whole, None)?;
    let judged = tree.mutants.par_iter().enumerate().map(|(index, mutant)| {
        if !tree.manifests.contains_key(&mutant.file) {
            return Ok(false);
        }
        let after = of_mutant(bench, folder, &whole, index, mutant)?;
        Ok(after.iter().any(|(remark, count)| before.get(remark).is_none_or(|before| before < count)))
    });
    judged.collect()
}

fn of_mutant(
    bench: &Bench,
    folder: &Utf8Path,
    whole: &[Utf8PathBuf],
    index: usize,
    mutant: &Broken,
) -> Result<Counts, Failed> {
    let own = folder.join(&mutant.file);
    let broken = folder.join(format!("broken-{index}.yaml"));
    std::fs::write(&broken, &mutant.text)?;
    let files: Vec<Utf8PathBuf> =
        whole.iter().map(|path| if *path == own { broken.clone() } else { path.clone() }).collect();
    counts(bench, &files, Some((&broken, &own)))
}

fn counts(bench: &Bench, files: &[Utf8PathBuf], renamed: Option<(&Utf8Path, &Utf8Path)>) -> Result<Counts, Failed> {
    let mut counts = Counts::new();
    for remark in remarks(bench, files)? {
        let file =
            renamed.filter(|(broken, _)| *broken == remark.file).map_or(remark.file.clone(), |(_, own)| own.into());
        *counts.entry((file, remark.check, format!("{} {}", remark.grade, remark.said))).or_default() += 1;
    }
    Ok(counts)
}
