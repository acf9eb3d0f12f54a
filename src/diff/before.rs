//! The old side: trees as they are on the disk, in a folder, or committed.
//!
//! Fault E0901: there is nothing to compare with.

mod git;

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value as Json;

use crate::diagnostic::{Code, Diagnostic};
use crate::emit::Tree;
use crate::load;
use crate::world::World;

/// Where trees lie beside platform.yaml.
pub const OUT: &str = "out";

/// What says which files are ours.
const RECORD: &str = ".platformc.json";

/// What each environment's tree has, and nothing else does.
const HELMFILE: &str = "helmfile.yaml";

/// Bytes by path below the folder of all trees.
type Bytes = BTreeMap<Utf8PathBuf, Vec<u8>>;

/// What the new side is compared with.
#[derive(Debug, Clone, Copy)]
pub enum Before<'a> {
    /// `out/` on the disk.
    Out,
    /// A folder, from where one stands.
    Folder(&'a Utf8Path),
    /// `out/` as it is committed.
    Revision(&'a str),
}

/// Where both sides lie.
pub struct Places<'w> {
    /// The folder of platform.yaml.
    pub project: &'w dyn World,
    /// Where one stands.
    pub here: &'w dyn World,
}

impl<'a> Before<'a> {
    /// A folder that is there is meant; everything else is a revision.
    pub fn read(text: Option<&'a str>, here: &dyn World) -> Self {
        let is_folder = |text: &&str| here.files(Utf8Path::new(*text)).is_ok_and(|files| !files.is_empty());
        match text {
            None => Self::Out,
            Some(text) if is_folder(&text) => Self::Folder(text.into()),
            Some(text) => Self::Revision(text),
        }
    }
}

/// The trees of the old side. `environments` are those of the new one.
pub fn trees(places: &Places, before: Before, environments: &[&str]) -> Result<Vec<Tree>, Diagnostic> {
    let files = match before {
        Before::Out => folder(places.project, OUT.into())?,
        Before::Folder(path) => folder(places.here, path)?,
        Before::Revision(revision) => git::committed(places.project, revision, OUT)?,
    };
    Ok(split(&ours(files), environments))
}

fn folder(world: &dyn World, folder: &Utf8Path) -> Result<Bytes, Diagnostic> {
    let called = |path: &Utf8Path| world.folder().join(path);
    let unreadable = |path: &Utf8Path, error| load::unreadable(&called(path), &error);
    let files = world.files(folder).map_err(|error| unreadable(folder, error))?;
    if files.is_empty() {
        return Err(nothing(format!("there is no `{}/` to compare with", called(folder)))
            .help("write it with `platformc render`, or say what to compare with: `--against REF|DIR`"));
    }
    let read = |path: Utf8PathBuf| {
        let bytes = world.read(&path).map_err(|error| unreadable(&path, error))?;
        Ok((path.strip_prefix(folder).unwrap_or(&path).to_owned(), bytes))
    };
    files.into_iter().map(read).collect()
}

/// Without what others put beside our files.
fn ours(mut files: Bytes) -> BTreeMap<Utf8PathBuf, String> {
    let record: Option<Json> =
        files.remove(Utf8Path::new(RECORD)).and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let listed = record.as_ref().and_then(|record| record.get("files")?.as_object());
    let is_ours = |path: &Utf8Path| listed.is_none_or(|listed| listed.contains_key(path.as_str()));
    let text = |(path, bytes): (Utf8PathBuf, Vec<u8>)| (path, String::from_utf8_lossy(&bytes).into_owned());
    files.into_iter().filter(|(path, _)| is_ours(path)).map(text).collect()
}

/// One tree for each environment: a folder that is called so, or has a helmfile of its own.
fn split(files: &BTreeMap<Utf8PathBuf, String>, environments: &[&str]) -> Vec<Tree> {
    let first = |path: &Utf8Path| path.components().next().map(|part| part.as_str().to_owned());
    let is_single = files.contains_key(Utf8Path::new(HELMFILE));
    let of_helmfile = files.keys().filter(|path| path.components().count() == 2 && path.ends_with(HELMFILE));
    let named =
        files.keys().filter_map(|path| first(path.parent()?)).filter(|name| environments.contains(&name.as_str()));
    let names: BTreeSet<String> = of_helmfile.filter_map(|path| first(path)).chain(named).collect();
    if is_single || names.is_empty() {
        return vec![Tree { environment: None, files: files.clone() }];
    }
    let tree = |name: &String| {
        let own =
            files.iter().filter_map(|(path, text)| Some((path.strip_prefix(name).ok()?.to_owned(), text.clone())));
        Tree { environment: Some(name.clone()), files: own.collect() }
    };
    names.iter().map(tree).collect()
}

fn nothing(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::NothingToCompare, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Memory;

    fn names(world: &Memory, environments: &[&str]) -> Vec<(Option<String>, usize)> {
        let places = Places { project: world, here: world };
        let trees = trees(&places, Before::Out, environments).unwrap();
        trees.into_iter().map(|tree| (tree.environment, tree.files.len())).collect()
    }

    #[test]
    fn an_environment_is_a_folder_with_a_helmfile() {
        let world = Memory::with([("out/dev/helmfile.yaml", ""), ("out/dev/a/b", ""), ("out/prod/helmfile.yaml", "")]);
        assert_eq!(names(&world, &[]), [(Some("dev".into()), 2), (Some("prod".into()), 1)]);
        let alone = Memory::with([("out/helmfile.yaml", ""), ("out/a/helmfile.yaml", "")]);
        assert_eq!(names(&alone, &[]), [(None, 2)]);
        let manifests = Memory::with([("out/prod/a.yaml", ""), ("out/b.yaml", "")]);
        assert_eq!(names(&manifests, &["prod"]), [(Some("prod".into()), 1)]);
        assert_eq!(names(&manifests, &[]), [(None, 2)]);
    }

    #[test]
    fn files_of_others_are_left_out() {
        let record = r#"{"platformc": "0.1.0", "files": {"helmfile.yaml": "00"}}"#;
        let world = Memory::with([("out/helmfile.yaml", ""), ("out/notes.txt", ""), ("out/.platformc.json", record)]);
        assert_eq!(names(&world, &[]), [(None, 1)]);
    }

    #[test]
    fn a_folder_that_is_there_is_meant_before_a_revision() {
        let world = Memory::with([("main/a", "")]);
        assert!(matches!(Before::read(Some("main"), &world), Before::Folder(_)));
        assert!(matches!(Before::read(Some("HEAD"), &world), Before::Revision("HEAD")));
        assert!(matches!(Before::read(None, &world), Before::Out));
    }
}
