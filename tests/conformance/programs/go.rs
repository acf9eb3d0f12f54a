//! Programs in Go, built from the module proxy.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;
use serde_json::Value;

use super::once;
use crate::{Failed, process};

/// A module, and the programs that are built from it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Module {
    pub version: String,
    /// By name: the package below the module.
    pub programs: BTreeMap<String, String>,
    /// Of `go build`, with `{version}` for the version; none: without symbols.
    #[serde(default)]
    flags: Vec<String>,
}

/// Builds one program, unless it is there. Gives its folder, and whether it was built now.
pub fn install(
    cache: &Utf8Path,
    name: &str,
    modules: &BTreeMap<String, Module>,
) -> Result<(Utf8PathBuf, bool), Failed> {
    let (path, module) = of(name, modules)?;
    let folder = cache.join(name).join(&module.version);
    std::fs::create_dir_all(cache.join(name))?;
    let is_new = once(&folder, |into| build(path, module, name, into))?;
    Ok((folder, is_new))
}

/// Where the source of the program's module lies.
pub fn source(name: &str, modules: &BTreeMap<String, Module>) -> Result<Utf8PathBuf, Failed> {
    let (path, module) = of(name, modules)?;
    files(path, &module.version)
}

/// Where the files of a module lie.
pub fn files(module: &str, version: &str) -> Result<Utf8PathBuf, Failed> {
    let said = download(module, version)?;
    let folder = said["Dir"].as_str().ok_or_else(|| format!("{module}@{version} has no folder: {said}"))?;
    Ok(folder.into())
}

fn of<'a>(name: &str, modules: &'a BTreeMap<String, Module>) -> Result<(&'a str, &'a Module), Failed> {
    let found = modules.iter().find(|(_, module)| module.programs.contains_key(name));
    let (path, module) = found.ok_or_else(|| format!("versions.toml has no program {name}"))?;
    Ok((path, module))
}

/// `go install` refuses a module that replaces others, so each is built from a module of ours that replaces the same.
fn build(path: &str, module: &Module, name: &str, into: &Utf8Path) -> Result<(), Failed> {
    let work = tempfile::tempdir()?;
    let said = download(path, &module.version)?;
    let file = said["GoMod"].as_str().ok_or("a module without go.mod")?;
    let theirs: Value = serde_json::from_str(&process::must(go(work.path()).args(["mod", "edit", "-json", file]))?)?;
    std::fs::write(work.path().join("go.mod"), ours(path, &module.version, &theirs))?;
    let package = Utf8Path::new(path).join(&module.programs[name]);
    let package = package.as_str().trim_end_matches("/.");
    let stripped = ["-ldflags=-s -w".to_owned()];
    let flags = if module.flags.is_empty() { &stripped[..] } else { &module.flags };
    let flags = flags.iter().map(|flag| flag.replace("{version}", &module.version));
    let target = into.join(name);
    let mut command = go(work.path());
    command.args(["build", "-mod=mod", "-trimpath", "-o", target.as_str()]).args(flags).arg(package);
    process::must(&mut command).map(drop)
}

/// Our module: it requires theirs, with the language version, the debug settings and the replacements of its `go.mod`.
fn ours(path: &str, version: &str, theirs: &Value) -> String {
    let mut text = format!("module conformance.local/program\n\ngo {}\n", theirs["Go"].as_str().unwrap_or("1.24"));
    for setting in theirs["Godebug"].as_array().into_iter().flatten() {
        let part = |key: &str| setting[key].as_str().unwrap_or_default();
        let _ = writeln!(text, "godebug {}={}", part("Key"), part("Value"));
    }
    let _ = writeln!(text, "require {path} {version}");
    for replace in theirs["Replace"].as_array().into_iter().flatten() {
        let part = |end: &str, key: &str| replace[end][key].as_str().unwrap_or_default().to_owned();
        let (old, mut new, mut at) = (part("Old", "Path"), part("New", "Path"), part("New", "Version"));
        if new.starts_with('.') {
            let Some(published) = published(&old, version, theirs) else { continue };
            (new, at) = (old.clone(), published);
        }
        let _ = writeln!(text, "replace {old} {} => {new} {at}", part("Old", "Version"));
    }
    text
}

/// The published version of a module that lies beside theirs in their repository: what they require, or, as Kubernetes
/// requires v0.0.0 of those that it publishes as v0.x, that.
fn published(module: &str, version: &str, theirs: &Value) -> Option<String> {
    let required = theirs["Require"].as_array()?.iter().find(|require| require["Path"] == module)?;
    match required["Version"].as_str()? {
        "v0.0.0" => Some(format!("v0.{}", version.split_once('.')?.1)),
        published => Some(published.to_owned()),
    }
}

/// What the module proxy says of a version; the folder is there where this Go can build it.
fn download(module: &str, version: &str) -> Result<Value, Failed> {
    let work = tempfile::tempdir()?;
    let said = process::run(go(work.path()).args(["mod", "download", "-json", &format!("{module}@{version}")]))?;
    serde_json::from_str(&said.out).map_err(|_| said.all().into())
}

fn go(folder: &std::path::Path) -> Command {
    let mut command = Command::new("go");
    command.current_dir(folder);
    command
}
