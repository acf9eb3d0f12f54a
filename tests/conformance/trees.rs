//! The committed trees: of the root, and of every golden platform.

use camino::{Utf8Path, Utf8PathBuf};
use platformc::resolve::input::KUBERNETES;
use serde_json::Value;

use crate::manifests::documents;
use crate::{Failed, root};

/// What one environment of a platform compiled to, as it is committed. `cargo test` holds it to be what is rendered now.
pub struct Tree {
    /// `golden case/environment`; the repository's own is `root`.
    pub name: String,
    pub path: Utf8PathBuf,
    /// The folder of its `platform.yaml`.
    pub platform: Utf8PathBuf,
    /// The versions that `kubernetes:` asks for.
    pub kubernetes: Vec<String>,
}

impl Tree {
    /// What `kustomization.yaml` lists, or nothing.
    pub fn manifests(&self) -> Result<Vec<Utf8PathBuf>, Failed> {
        let path = self.path.join("kustomization.yaml");
        if !path.exists() {
            return Ok(Vec::new());
        }
        let file: Value = serde_yaml::from_str(&std::fs::read_to_string(path)?)?;
        let listed = file["resources"].as_array().cloned().unwrap_or_default();
        Ok(listed.iter().filter_map(Value::as_str).map(|file| self.path.join(file)).collect())
    }

    /// Every object of its manifests.
    pub fn objects(&self) -> Result<Vec<Value>, Failed> {
        let mut all = Vec::new();
        for file in self.manifests()? {
            all.extend(documents(&std::fs::read_to_string(file)?)?);
        }
        Ok(all)
    }

    /// Every file of it, or of it that ends so.
    pub fn files(&self, ending: &str) -> Result<Vec<Utf8PathBuf>, Failed> {
        let mut found = files_below(&self.path)?;
        found.retain(|path| path.as_str().ends_with(ending));
        Ok(found)
    }
}

/// Every file below a folder, sorted.
pub fn files_below(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Failed> {
    let mut found = Vec::new();
    for entry in folder.read_dir_utf8()? {
        let path = entry?.into_path();
        if path.is_dir() {
            found.extend(files_below(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Every tree, by name.
pub fn all() -> Result<Vec<Tree>, Failed> {
    let mut trees = of_platform("root", root())?;
    let mut cases: Vec<_> = root().join("tests/golden").read_dir_utf8()?.collect::<Result<_, _>>()?;
    cases.sort_by_key(|case| case.file_name().to_owned());
    for case in cases {
        trees.extend(of_platform(case.file_name(), case.path())?);
    }
    Ok(trees)
}

/// `out/` itself, or its folders where the platform has environments.
fn of_platform(name: &str, folder: &Utf8Path) -> Result<Vec<Tree>, Failed> {
    let text = std::fs::read_to_string(folder.join("platform.yaml"))?;
    let input: Value = serde_yaml::from_str(text.trim_start_matches('\u{feff}'))?;
    let tree =
        |name: String, path: Utf8PathBuf| Tree { name, path, platform: folder.into(), kubernetes: versions(&input) };
    let out = folder.join("out");
    match input["environments"].as_object() {
        Some(environments) => Ok(environments.keys().map(|key| tree(format!("{name}/{key}"), out.join(key))).collect()),
        None => Ok(vec![tree(name.to_owned(), out)]),
    }
}

/// What `kubernetes:` says, else the newest three, as the compiler takes them.
fn versions(input: &Value) -> Vec<String> {
    let given = input["kubernetes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut versions: Vec<String> = given.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if versions.is_empty() {
        versions = KUBERNETES.iter().rev().take(3).rev().map(|version| (*version).to_owned()).collect();
    }
    versions
}
