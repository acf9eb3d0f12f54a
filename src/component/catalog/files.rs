//! The files of `templates/`: the embedded ones, with the user's laid over them.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use include_dir::{Dir, include_dir};

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::{FileId, Sources};
use crate::world::World;

static BUILT_IN: Dir = include_dir!("$CARGO_MANIFEST_DIR/templates");

pub(super) const FOLDER: &str = "templates";
pub(super) const DESCRIPTION: &str = "component.yaml";
pub(super) const CAPABILITIES: &str = "capabilities.yaml";
pub(super) const TEMPLATE: &str = ".j2";

/// A file, and whether it is one that the user adds (and not one that takes a built-in's place).
#[derive(Debug, Clone, Copy)]
pub(super) struct File {
    pub id: FileId,
    pub added: bool,
}

/// Files by their path below the folder.
pub(super) type Folder = BTreeMap<String, File>;

#[derive(Debug, Default)]
pub(super) struct Files {
    folders: BTreeMap<String, Folder>,
    /// The built-in `capabilities.yaml`, then the user's.
    pub capabilities: Vec<FileId>,
}

impl Files {
    pub fn folders(&self) -> impl Iterator<Item = (&str, &Folder)> {
        self.folders.iter().map(|(name, folder)| (name.as_str(), folder))
    }

    fn add(&mut self, path: &str, added: bool, id: impl FnOnce(String) -> FileId) {
        let id = || id(format!("{FOLDER}/{path}"));
        match path.split_once('/') {
            None if path == CAPABILITIES => self.capabilities.push(id()),
            Some((folder, name)) if is_read(name) => {
                let file = File { id: id(), added };
                self.folders.entry(folder.to_owned()).or_default().insert(name.to_owned(), file);
            }
            _ => {}
        }
    }
}

/// Descriptions, templates and schemas; examples are for tests.
fn is_read(name: &str) -> bool {
    let known = name == DESCRIPTION || name.ends_with(TEMPLATE) || name.ends_with(".json");
    known && !name.starts_with("examples/")
}

pub(super) fn gather(world: &dyn World, sources: &mut Sources, sink: &mut Sink) -> Files {
    let mut files = Files::default();
    let mut texts = BTreeMap::new();
    built_in(&BUILT_IN, &mut texts);
    // The user's file counts where both are there; of capabilities.yaml both do.
    let own = users(world, sources, sink);
    let replaced: BTreeSet<String> = own.keys().filter(|path| texts.contains_key(*path)).cloned().collect();
    for (path, text) in texts.into_iter().filter(|(path, _)| path == CAPABILITIES || !own.contains_key(path)) {
        files.add(&path, false, |path| sources.add_built_in(path, text));
    }
    for (path, text) in own {
        files.add(&path, !replaced.contains(&path), |path| sources.add(path, text));
    }
    files
}

/// Every example, as `<component>/<example>`; the user's own count where both are there.
pub fn examples(world: &dyn World, sources: &mut Sources, sink: &mut Sink) -> BTreeMap<String, FileId> {
    let mut texts = BTreeMap::new();
    built_in(&BUILT_IN, &mut texts);
    for path in world.files(Utf8Path::new(FOLDER)).unwrap_or_default() {
        let below = path.strip_prefix(FOLDER).map(ToString::to_string).unwrap_or_default();
        if example(&below).is_some() {
            texts.extend(text(world, &path, sources, sink).map(|text| (below, text)));
        }
    }
    let examples = texts.into_iter().filter_map(|(path, text)| Some((example(&path)?, path, text)));
    examples.map(|(name, path, text)| (name, sources.add(format!("{FOLDER}/{path}"), text))).collect()
}

/// `<component>/examples/<example>.yaml` is `<component>/<example>`.
fn example(path: &str) -> Option<String> {
    let (component, example) = path.split_once("/examples/")?;
    Some(format!("{component}/{}", example.strip_suffix(".yaml")?))
}

#[cfg(test)]
pub(super) fn gather_users(world: &dyn World, sources: &mut Sources, sink: &mut Sink) -> Files {
    let mut files = Files::default();
    for (path, text) in users(world, sources, sink) {
        files.add(&path, true, |path| sources.add(path, text));
    }
    files
}

/// Whether a file is as it travels with us.
pub(super) fn is_ours(path: &str, text: &str) -> bool {
    BUILT_IN.get_file(path).and_then(|file| file.contents_utf8()) == Some(text)
}

fn built_in(folder: &Dir, texts: &mut BTreeMap<String, String>) {
    for file in folder.files() {
        if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
            texts.insert(path.replace('\\', "/"), text.to_owned());
        }
    }
    folder.dirs().for_each(|below| built_in(below, texts));
}

fn users(world: &dyn World, sources: &Sources, sink: &mut Sink) -> BTreeMap<String, String> {
    let paths = world.files(Utf8Path::new(FOLDER)).unwrap_or_else(|error| {
        sink.push(unreadable(&sources.called(FOLDER), &error.to_string()));
        vec![]
    });
    let mut texts = BTreeMap::new();
    for path in paths {
        let Ok(below) = path.strip_prefix(FOLDER) else { continue };
        if below.as_str() == CAPABILITIES || below.as_str().split_once('/').is_some_and(|(_, name)| is_read(name)) {
            texts.extend(text(world, &path, sources, sink).map(|text| (below.to_string(), text)));
        }
    }
    texts
}

fn text(world: &dyn World, path: &Utf8Path, sources: &Sources, sink: &mut Sink) -> Option<String> {
    let bytes = world.read(path).map_err(|error| error.to_string());
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned()));
    text.map_err(|reason| sink.push(unreadable(&sources.called(path), &reason))).ok()
}

fn unreadable(path: &Utf8Path, reason: &str) -> Diagnostic {
    Diagnostic::new(Code::CannotRead, format!("cannot read `{path}`: {reason}"))
}
