//! Programs of pinned versions, installed from the registries of their languages into a cache outside of the tree.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Mutex;
use std::time::Instant;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;
use serde_json::Value;

use crate::manifests::documents;
use crate::trees::files_below;
use crate::{Failed, root};

mod go;
mod node;
mod python;

/// `versions.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// By module.
    go: BTreeMap<String, go::Module>,
    /// By module.
    crds: BTreeMap<String, Crds>,
    /// By minor version: the release whose published schemas count.
    kubernetes: BTreeMap<String, String>,
    python: BTreeMap<String, String>,
    node: BTreeMap<String, String>,
}

/// A module that publishes CRDs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Crds {
    version: String,
    folder: String,
    /// The chart that brings them to a cluster.
    chart: Option<String>,
    /// The schema of that chart's values, if the module has it.
    values: Option<String>,
}

/// A published schema of a chart's values.
pub struct ValuesSchema {
    pub path: Utf8PathBuf,
    /// Of which module and version.
    pub title: String,
}

/// What is installed, and where.
pub struct Programs {
    versions: Versions,
    cache: Utf8PathBuf,
    /// Folders of what `install` was called for.
    path: Mutex<Vec<Utf8PathBuf>>,
}

impl Programs {
    /// The cache is `PLATFORMC_CONFORMANCE_CACHE`, else `platformc/conformance` in the user's cache folder.
    pub fn open() -> Result<Self, Failed> {
        let text = std::fs::read_to_string(root().join("tests/conformance/versions.toml"))?;
        let cache =
            variable("PLATFORMC_CONFORMANCE_CACHE").map_or_else(of_the_user, |path| Ok(Utf8PathBuf::from(path)))?;
        std::fs::create_dir_all(&cache)?;
        Ok(Self { versions: toml::from_str(&text)?, cache, path: Mutex::default() })
    }

    /// Installs a program, `python` or `node`, and says in how many seconds, if it was not there.
    pub fn install(&self, name: &str) -> Result<Option<u64>, Failed> {
        // Two runs at once: the other one waits, and then finds it there.
        let lock = std::fs::File::create(self.cache.join("lock"))?;
        lock.lock()?;
        let began = Instant::now();
        let (folder, is_new) = match name {
            "python" => python::install(&self.cache, &self.versions.python)?,
            "node" => node::install(&self.cache, &self.versions.node)?,
            _ => go::install(&self.cache, name, &self.versions.go)?,
        };
        let mut path = self.path.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !path.contains(&folder) {
            path.push(folder);
        }
        Ok(is_new.then(|| began.elapsed().as_secs()))
    }

    /// A call of an installed program, or of one that is on every machine (`git`), with all installed ones on its path, and with
    /// a home of its own: nothing that the user has set counts.
    pub fn command(&self, name: &str) -> Result<Command, Failed> {
        let path = self.path.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let own = path.iter().map(|folder| folder.join(name)).find(|file| file.is_file());
        let before = path.iter().map(|folder| folder.as_std_path().to_owned());
        let after = variable("PATH").unwrap_or_default();
        let joined = std::env::join_paths(before.chain(std::env::split_paths(&after)))?;
        let home = self.folder("home")?;
        let mut command = Command::new(own.as_deref().unwrap_or(Utf8Path::new(name)));
        command
            .env("PATH", joined)
            .env("HOME", home)
            .env_remove("KUBECONFIG")
            // Most are Go programs that live for a second: collecting garbage less often saves a quarter of their time.
            .env("GOGC", "400")
            .env("HELMFILE_UPGRADE_NOTICE_DISABLED", "true");
        Ok(command)
    }

    /// The files of the real CRDs of every kind that platformc knows.
    pub fn crds(&self) -> Result<Vec<Utf8PathBuf>, Failed> {
        let found: Result<Vec<_>, Failed> =
            self.versions.crds.iter().map(|(module, crds)| crds.known(module)).collect();
        Ok(found?.concat())
    }

    /// Those of them that a chart brings.
    pub fn crds_of_chart(&self, chart: &str) -> Result<Vec<Utf8PathBuf>, Failed> {
        self.versions.of_chart(chart).map_or_else(|| Ok(Vec::new()), |(module, crds)| crds.known(module))
    }

    /// The schema that is published for the values of a chart.
    pub fn values_schema(&self, chart: &str) -> Result<Option<ValuesSchema>, Failed> {
        let Some((module, crds)) = self.versions.of_chart(chart) else { return Ok(None) };
        let Some(values) = &crds.values else { return Ok(None) };
        let path = go::files(module, &crds.version)?.join(values);
        Ok(Some(ValuesSchema { path, title: format!("the schema of {module} {}", crds.version) }))
    }

    /// A folder of the cache, for what another run may find there.
    pub fn folder(&self, name: &str) -> Result<Utf8PathBuf, Failed> {
        let folder = self.cache.join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// The folder of a package of Node.js.
    pub fn node_package(&self, name: &str) -> Result<Utf8PathBuf, Failed> {
        Ok(node::install(&self.cache, &self.versions.node)?.0.with_file_name(name))
    }

    /// The folder of the source of a version of Kubernetes.
    pub fn kubernetes(&self, version: &str) -> Result<Utf8PathBuf, Failed> {
        let release = self.versions.kubernetes.get(version);
        go::files("k8s.io/kubernetes", release.ok_or_else(|| format!("versions.toml has no Kubernetes {version}"))?)
    }

    /// The folder of the source of a program's module.
    pub fn source(&self, program: &str) -> Result<Utf8PathBuf, Failed> {
        go::source(program, &self.versions.go)
    }

    /// The version of a package or of a program's module.
    pub fn version(&self, name: &str) -> Option<&str> {
        let of_go = self.versions.go.values().find(|module| module.programs.contains_key(name));
        let package = self.versions.python.get(name).or_else(|| self.versions.node.get(name));
        of_go.map(|module| &module.version).or(package).map(String::as_str)
    }
}

impl Versions {
    fn of_chart(&self, chart: &str) -> Option<(&str, &Crds)> {
        let found = self.crds.iter().find(|(_, crds)| crds.chart.as_deref() == Some(chart));
        found.map(|(module, crds)| (module.as_str(), crds))
    }
}

impl Crds {
    fn known(&self, module: &str) -> Result<Vec<Utf8PathBuf>, Failed> {
        let mut found = Vec::new();
        let files = files_below(&go::files(module, &self.version)?.join(&self.folder))?;
        for file in files.into_iter().filter(|file| file.extension() == Some("yaml")) {
            if is_known(&std::fs::read_to_string(&file)?)? {
                found.push(file);
            }
        }
        Ok(found)
    }
}

/// Whether `schemas/crds` has the kind that a text defines.
fn is_known(text: &str) -> Result<bool, Failed> {
    let mut known = documents(text)?;
    known.retain(|crd| {
        let part = |path: &str| crd.pointer(path).and_then(Value::as_str).unwrap_or_default();
        let file = format!("schemas/crds/{}_v1_{}.json", part("/spec/group"), part("/spec/names/kind"));
        root().join(file).exists()
    });
    Ok(!known.is_empty())
}

fn of_the_user() -> Result<Utf8PathBuf, Failed> {
    let of_home = || variable("HOME").map(|home| Utf8Path::new(&home).join(".cache"));
    let cache = variable("XDG_CACHE_HOME").map(Utf8PathBuf::from).or_else(of_home);
    Ok(cache.ok_or("neither PLATFORMC_CONFORMANCE_CACHE nor HOME is set")?.join("platformc/conformance"))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Makes a folder that is there whole or not at all: `fill` makes it under another name. Gives whether it was made now.
fn once(folder: &Utf8Path, fill: impl FnOnce(&Utf8Path) -> Result<(), Failed>) -> Result<bool, Failed> {
    if folder.exists() {
        return Ok(false);
    }
    let unfinished = Utf8PathBuf::from(format!("{folder}.unfinished"));
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished)?;
    }
    std::fs::create_dir_all(&unfinished)?;
    fill(&unfinished)?;
    std::fs::rename(&unfinished, folder)?;
    Ok(true)
}

/// A name for what comes of these packages: another set, another folder.
fn fingerprint(packages: &BTreeMap<String, String>) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(format!("{packages:?}"));
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
