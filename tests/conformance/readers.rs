//! PyYAML (YAML 1.1), ruamel.yaml (YAML 1.2), yq and kubectl read every YAML file to the same data.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use crate::manifests::documents;
use crate::report::Report;
use crate::trees::Tree;
use crate::{Bench, Failed, process, root};

/// Documents by file, as one program reads them.
type Read = BTreeMap<Utf8PathBuf, Vec<Value>>;

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    for tree in &bench.trees {
        report.case(&tree.name, || compared(bench, tree));
    }
    Ok(())
}

fn compared(bench: &Bench, tree: &Tree) -> Result<Vec<String>, Failed> {
    let files = tree.files(".yaml")?;
    let ours = by_file(&files)?;
    let mut findings = Vec::new();
    for (reader, theirs) in python(bench, &files)?.into_iter().chain([("yq".to_owned(), yq(bench, &files)?)]) {
        findings.extend(differing(&reader, &ours, &theirs));
    }
    let manifests: Vec<Value> = by_file(&tree.manifests()?)?.into_values().flatten().collect();
    if kubectl(bench, tree)? != manifests {
        findings.push("kubectl reads the manifests otherwise".to_owned());
    }
    Ok(findings)
}

fn differing(reader: &str, ours: &Read, theirs: &Read) -> Vec<String> {
    let differs = |file: &&Utf8PathBuf| ours.get(*file) != theirs.get(*file);
    ours.keys().filter(differs).map(|file| format!("{reader} reads {file} otherwise")).collect()
}

fn by_file(files: &[Utf8PathBuf]) -> Result<Read, Failed> {
    let read = |file: &Utf8PathBuf| Ok((file.clone(), documents(&std::fs::read_to_string(file)?)?));
    files.iter().map(read).collect()
}

/// The readers of Python: a line of JSON for each file and reader.
fn python(bench: &Bench, files: &[Utf8PathBuf]) -> Result<BTreeMap<String, Read>, Failed> {
    let script = root().join("tests/conformance/readers.py");
    let names: Vec<&str> = files.iter().map(|file| file.as_str()).collect();
    let said = process::feed(bench.programs.command("python")?.arg(script), &names.join("\n"))?;
    if !said.succeeded {
        return Err(said.all().into());
    }
    let mut readers = BTreeMap::<String, Read>::new();
    for line in said.out.lines() {
        let read: Value = serde_json::from_str(line)?;
        let text = |key: &str| read[key].as_str().unwrap_or_default().to_owned();
        let documents = read["documents"].as_array().cloned().unwrap_or_default();
        readers.entry(text("reader")).or_default().insert(text("file").into(), documents);
    }
    Ok(readers)
}

fn yq(bench: &Bench, files: &[Utf8PathBuf]) -> Result<Read, Failed> {
    let mut command = bench.programs.command("yq")?;
    command.args(["-o=json", "-I=0", r#"{"file": filename, "document": .}"#]).args(files);
    let mut read: Read = files.iter().map(|file| (file.clone(), Vec::new())).collect();
    for line in process::must(&mut command)?.lines() {
        let mut of: Value = serde_json::from_str(line)?;
        let file = Utf8Path::new(of["file"].as_str().unwrap_or_default()).to_owned();
        read.entry(file).or_default().push(of["document"].take());
    }
    Ok(read)
}

/// What `kubectl` would send: it reads objects only, here with a patch that changes nothing.
fn kubectl(bench: &Bench, tree: &Tree) -> Result<Vec<Value>, Failed> {
    let files = tree.manifests()?;
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let mut command = bench.programs.command("kubectl")?;
    command.args(["patch", "--local", "--type=merge", "--patch={}", "--output=json"]);
    let said = process::must(command.args(files.iter().flat_map(|file| ["-f", file.as_str()])))?;
    Ok(serde_json::Deserializer::from_str(&said).into_iter().collect::<Result<_, _>>()?)
}
