//! The mutants of the link step (`tests/mutants`) before four other programs: `docs/comparison.md` tells what each finds.
//!
//! Of each line of the table a few mutants are tried, one of each tree ([`TRIED`]). A program finds a mutant if it says
//! something of the mutant's tree that it does not say of the whole one. What any of them finds and `platformc` does not is a
//! finding; so is a table that is not the one just measured (`BLESS=1` writes it).

#[path = "../mutants/generate.rs"]
#[allow(dead_code, reason = "cargo test --test mutants uses the rest")]
mod generate;
mod monokle;
mod one_file;
mod score;
mod table;

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use generate::each_environment;
use platformc::source::write;
use platformc::world::Disk;
use rayon::prelude::*;

use crate::published::Published;
use crate::report::Report;
use crate::{Bench, Failed, root};

pub const NEEDS: &[&str] = &["kube-score", "kubeconform", "kubectl-validate", "node"];
/// So many trees give a mutant of each line of the table.
const TRIED: usize = 2;

/// How many mutants there are, by class.
type Counts = BTreeMap<String, usize>;

/// Classes of files that nobody may find, and that all who know schemas must.
const WHOLE: &str = "whole";
const MISSPELT: &str = "misspelt";

/// One environment of a platform, with the mutants that are tried.
struct Tree {
    /// By path below the tree: those that hold Kubernetes objects.
    manifests: BTreeMap<Utf8PathBuf, String>,
    mutants: Vec<Broken>,
}

struct Broken {
    class: String,
    what: String,
    file: Utf8PathBuf,
    text: String,
    is_ours: bool,
}

/// Who found it: `platformc`, and the others in the order of the table.
type By = [bool; 5];

/// What was found.
#[derive(Default)]
struct Found {
    all: Counts,
    /// The class, what was broken, and who found it.
    tried: Vec<(String, String, By)>,
    whole: Vec<(String, By)>,
    misspelt: Vec<(String, By)>,
}

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    let (trees, all) = trees()?;
    let newest = platformc::resolve::input::KUBERNETES.last().copied().unwrap_or_default();
    let published = Published::of(bench, newest)?;
    let kube_score = score::judge(bench, &trees)?;
    let kubeconform = one_file::judge(bench, &trees, |files| published.kubeconform(files))?;
    let kubectl_validate = one_file::judge(bench, &trees, |files| published.kubectl_validate(files))?;
    let monokle = monokle::judge(bench, &published, &trees)?;
    let others = [kube_score, kubeconform, kubectl_validate, monokle];
    let mut found = Found { all, ..Found::default() };
    for (index, tree) in trees.iter().enumerate() {
        for (at, mutant) in tree.mutants.iter().enumerate() {
            let [first, second, third, fourth] = others.each_ref().map(|verdicts| verdicts[index][at]);
            let by = [mutant.is_ours, first, second, third, fourth];
            match mutant.class.as_str() {
                WHOLE => found.whole.push((mutant.what.clone(), by)),
                MISSPELT => found.misspelt.push((mutant.what.clone(), by)),
                class => found.tried.push((class.to_owned(), mutant.what.clone(), by)),
            }
        }
    }
    report.case("whole files", || Ok(found.found_whole()));
    report.case("misspelt fields", || Ok(found.not_seen()));
    report.case("what others find", || Ok(found.missed()));
    report.case("docs/comparison.md", || table::compare(bench, &found));
    Ok(())
}

/// The trees of every golden platform that give mutants, and how many each line of the table makes.
fn trees() -> Result<(Vec<Tree>, Counts), Failed> {
    let table = generate::table(include_str!("../mutants/table.yaml"))?;
    let mut cases: Vec<_> = root().join("tests/golden").read_dir_utf8()?.collect::<Result<_, _>>()?;
    cases.sort_by_key(|case| case.file_name().to_owned());
    let (mut trees, mut all, mut tried) = (vec![], Counts::new(), Counts::new());
    for case in cases {
        each_environment(&Disk::at(case.path()), |_, base| {
            let mut by_class: BTreeMap<String, Vec<generate::Mutant>> = BTreeMap::new();
            for mutant in base.mutants(&table) {
                *all.entry(mutant.class.clone()).or_default() += 1;
                by_class.entry(mutant.class.clone()).or_default().push(mutant);
            }
            by_class.retain(|class, _| tried.get(class).is_none_or(|count| *count < TRIED));
            let tree = Tree::of(base, by_class);
            tree.mutants.iter().for_each(|mutant| *tried.entry(mutant.class.clone()).or_default() += 1);
            trees.push(tree);
        })?;
    }
    trees.retain(|tree| !tree.mutants.is_empty());
    for tree in &mut trees {
        let controls = tree.controls();
        tree.mutants.extend(controls);
    }
    Ok((trees, all))
}

impl Tree {
    /// With the first of each class that is a fault.
    fn of(base: &generate::Base, by_class: BTreeMap<String, Vec<generate::Mutant>>) -> Self {
        let files = base.rendered.files.iter().filter(|file| !file.documents.is_empty());
        let manifests = files.filter(|file| is_manifest(&file.text)).map(|file| (file.path.clone(), file.text.clone()));
        let chosen = by_class.into_par_iter().filter_map(|(_, mutants)| {
            // What opens the same is no fault.
            let mut judged = mutants.into_iter().map(|mutant| (!base.faults(Some(&mutant)).is_empty(), mutant));
            judged.find(|(is_ours, mutant)| *is_ours || !base.opens_the_same(mutant))
        });
        let mutants = chosen.map(|(is_ours, mutant)| Broken {
            is_ours,
            class: mutant.class,
            what: mutant.what,
            file: mutant.file,
            text: mutant.text,
        });
        Self { mutants: mutants.collect(), manifests: manifests.collect() }
    }

    /// A file of each kind, whole, but written anew as mutants are; and one with a misspelt field.
    fn controls(&self) -> Vec<Broken> {
        let mut kinds: BTreeMap<String, Broken> = BTreeMap::new();
        for (file, text) in &self.manifests {
            let documents = crate::manifests::documents(text).unwrap_or_default();
            let kind = documents.iter().map(|object| object["kind"].to_string()).collect();
            let texts: Vec<String> = documents.iter().map(write::document).collect();
            let (class, what) = (WHOLE.to_owned(), file.to_string());
            let control = Broken { class, what, file: file.clone(), text: texts.join("---\n"), is_ours: false };
            kinds.entry(kind).or_insert(control);
        }
        let service = self.manifests.iter().find(|(_, text)| text.contains("\nkind: Deployment\n"));
        let misspelt = service.map(|(file, text)| Broken {
            class: MISSPELT.to_owned(),
            what: file.to_string(),
            file: file.clone(),
            text: text.replacen("\nspec:\n", "\nspecs:\n", 1),
            is_ours: false,
        });
        kinds.into_values().chain(misspelt).collect()
    }
}

/// Whether Kubernetes objects stand in it; values, helmfile.yaml and kustomization.yaml are of other programs.
fn is_manifest(text: &str) -> bool {
    let documents = crate::manifests::documents(text).unwrap_or_default();
    documents.iter().any(|object| object["metadata"]["name"].is_string() && object["apiVersion"].is_string())
}

impl Found {
    fn found_whole(&self) -> Vec<String> {
        let found = self.whole.iter().filter(|(_, by)| by.contains(&true));
        found.map(|(what, by)| format!("{}: {what} is whole", table::names(by))).collect()
    }

    /// Whoever misses these was not asked in the right way: its zeros mean nothing.
    fn not_seen(&self) -> Vec<String> {
        let missed = self.misspelt.iter().filter(|(_, by)| by[2..].contains(&false));
        let missed = missed
            .map(|(what, by)| format!("a misspelt field of {what} is found by no more than: {}", table::names(by)));
        missed.chain(self.misspelt.is_empty().then(|| "there is nothing to misspell".to_owned())).collect()
    }

    fn missed(&self) -> Vec<String> {
        let missed = self.tried.iter().filter(|(_, _, by)| !by[0] && by[1..].contains(&true));
        missed
            .map(|(class, what, by)| format!("{class}: {} find {what}, platformc does not", table::names(by)))
            .collect()
    }
}
