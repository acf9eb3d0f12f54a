//! Hand-written YAML that `manifests:` of platform.yaml names.
//!
//! Takes globs relative to platform.yaml; gives files as they will be written: each byte for byte, below `manifests/`. Every
//! file is read once, whichever environments name it. Faults: E0215 (a glob that names nothing), E01xx in the files.

mod glob;

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;

use camino::{Utf8Path, Utf8PathBuf};

use self::glob::Glob;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::load;
use crate::render::RenderedFile;
use crate::resolve::Platform;
use crate::source::{FileId, Node, NodePath, Sources, Span};
use crate::world::World;

/// Where they are written.
pub const FOLDER: &str = "manifests";

/// Folders beside platform.yaml with a meaning of their own.
pub const TAKEN: [&str; 3] = ["out", "schemas", "templates"];

/// The files read so far; none where one could not be read, which was told.
#[derive(Debug)]
pub struct Manifests {
    /// platform.yaml itself, which no glob means.
    platform: Utf8PathBuf,
    known: BTreeMap<Utf8PathBuf, Option<FileId>>,
}

impl Manifests {
    pub fn of(platform: &Utf8Path) -> Self {
        Self { platform: platform.to_owned(), known: BTreeMap::new() }
    }

    /// The files that a platform's globs name, in the order of their paths.
    pub fn read(
        &mut self,
        world: &dyn World,
        platform: &Platform,
        sources: &mut Sources,
        sink: &mut Sink,
    ) -> Vec<RenderedFile> {
        let mut paths = BTreeSet::new();
        let globs = platform.merged.get("manifests").and_then(Node::as_list).unwrap_or_default();
        for (index, glob) in platform.input.manifests.iter().enumerate() {
            let node = globs.get(index);
            let place = node.map_or(platform.merged.nearest(&NodePath::dotted("manifests")), |node| node.span);
            paths.extend(named(world, glob, place, sink).into_iter().filter(|path| *path != self.platform));
        }
        let files = paths.iter().map(|path| (path, self.file(world, path, sources, sink)));
        let files: Vec<(&Utf8PathBuf, Option<FileId>)> = files.collect();
        files.into_iter().filter_map(|(path, file)| Some(written(path, file?, sources, sink))).collect()
    }

    fn file(&mut self, world: &dyn World, path: &Utf8Path, sources: &mut Sources, sink: &mut Sink) -> Option<FileId> {
        let fresh = || load::text(world, path, sources, sink);
        *self.known.entry(path.to_owned()).or_insert_with(fresh)
    }
}

/// The YAML files that a glob names.
fn named(world: &dyn World, glob: &str, place: Span, sink: &mut Sink) -> Vec<Utf8PathBuf> {
    let glob = match Glob::new(glob) {
        Ok(glob) => glob,
        Err(reason) => {
            sink.push(Diagnostic::new(Code::NoManifest, format!("`{glob}` is no glob: {reason}")).at(place, ""));
            return vec![];
        }
    };
    let mut files = match world.files(glob.folder()) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            let folder = if glob.folder() == "" { Utf8Path::new(".") } else { glob.folder() };
            sink.push(load::unreadable(folder, &error).at(place, "").note(error.to_string()));
            return vec![];
        }
        files => files.unwrap_or_default(),
    };
    if files.is_empty() && world.read(glob.folder()).is_ok() {
        files.push(glob.folder().to_owned());
    }
    let matched: Vec<_> = files.into_iter().filter(|path| glob.matches(path)).collect();
    let (yaml, others): (Vec<_>, Vec<_>) = matched.into_iter().partition(|path| may_be_one(path));
    if yaml.is_empty() {
        sink.push(names_nothing(glob.text(), &others, place));
    }
    yaml
}

/// helmfile takes no JSON from a folder; our own folders hold no manifests.
pub fn may_be_one(path: &Utf8Path) -> bool {
    let first = path.components().next().map(|part| part.as_str().to_owned()).unwrap_or_default();
    matches!(path.extension(), Some("yaml" | "yml")) && !TAKEN.contains(&first.as_str())
}

fn names_nothing(glob: &str, others: &[Utf8PathBuf], place: Span) -> Diagnostic {
    let fault = Diagnostic::new(Code::NoManifest, format!("`{glob}` names no YAML file")).at(place, "");
    match others {
        [] => fault.help(
            "`*` stands for any part of a name, `**` for any number of folders; paths start beside platform.yaml",
        ),
        [one, ..] => fault
            .note(format!("it names `{one}`"))
            .help("expected `.yaml` or `.yml`, and not in `out/`, `schemas/` or `templates/`"),
    }
}

/// Below `manifests/`, where its own path does not begin so already; wherever the platform's folder is.
fn written(path: &Utf8Path, file: FileId, sources: &Sources, sink: &mut Sink) -> RenderedFile {
    let path = if path.starts_with(FOLDER) { path.to_owned() } else { Utf8Path::new(FOLDER).join(path) };
    RenderedFile { path, ..RenderedFile::by_hand(file, sources, sink) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use crate::world::Memory;

    fn files(glob: &str) -> Result<Vec<String>, String> {
        let paths = [
            "manifests/a.yaml",
            "manifests/b/c.yml",
            "manifests/b/d.json",
            "manifests/.x/e.yaml",
            "web.yaml",
            "out/f.yaml",
            "templates/g.yaml",
            "platform.yaml",
            "docs/h.md",
        ];
        let world = Memory::with(paths.map(|path| (path, "")));
        let mut sink = Sink::default();
        let found = named(&world, glob, Span::new(FileId(0), 0, 0), &mut sink);
        match sink.iter().next() {
            Some(fault) => Err(fault.message.clone()),
            None => Ok(found.into_iter().map(Utf8PathBuf::into_string).collect()),
        }
    }

    #[test]
    fn globs_name_yaml_files_beside_the_platform() {
        assert_eq!(files("manifests/*.yaml").unwrap(), ["manifests/a.yaml"]);
        assert_eq!(files("manifests/**").unwrap(), ["manifests/a.yaml", "manifests/b/c.yml"]);
        assert_eq!(files("./w*.yaml").unwrap(), ["web.yaml"]);
        assert_eq!(files("**/?.y*ml").unwrap(), ["manifests/a.yaml", "manifests/b/c.yml"]);
        assert_eq!(files("web.yaml").unwrap(), ["web.yaml"]);
        assert_eq!(files("manifests/.x/*").unwrap(), ["manifests/.x/e.yaml"]);
    }

    #[test]
    fn one_that_names_nothing_is_a_fault() {
        for glob in ["nothing/*.yaml", "manifests/*.json", "out/*", "manifests", "docs/*"] {
            assert_eq!(files(glob), Err(format!("`{glob}` names no YAML file")));
        }
        assert_eq!(files("../*.yaml"), Err("`../*.yaml` is no glob: it leaves the folder of platform.yaml".into()));
        assert_eq!(files("/etc/*"), Err("`/etc/*` is no glob: it does not start beside platform.yaml".into()));
    }
}
