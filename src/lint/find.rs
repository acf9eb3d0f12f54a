//! Which files are looked at.
//!
//! Takes paths as they were given; gives files: each itself, or those below a folder that may hold manifests. A path that
//! is not there is a fault (E0101).

use std::io::ErrorKind;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use indexmap::IndexMap;

use crate::diagnostic::Sink;
use crate::load;
use crate::world::World;

/// What standard input is called.
pub const INPUT: &str = "<stdin>";

/// Files in the order in which they were given; true for those that were named themselves.
pub type Found = IndexMap<Utf8PathBuf, bool>;

pub fn find(world: &dyn World, paths: &[&Utf8Path], sink: &mut Sink) -> Found {
    let mut found = Found::new();
    for path in paths {
        if *path == "-" {
            found.insert(INPUT.into(), true);
            continue;
        }
        match below(world, path, sink) {
            // One that was named before stays named.
            Some(files) => {
                let fresh: Vec<_> =
                    files.iter().map(|file| plain(file)).filter(|file| !found.contains_key(file)).collect();
                found.extend(fresh.into_iter().map(|file| (file, false)));
            }
            None => drop(found.insert(plain(path), true)),
        }
    }
    found
}

/// The files of a folder; none where the path is a file.
fn below(world: &dyn World, path: &Utf8Path, sink: &mut Sink) -> Option<Vec<Utf8PathBuf>> {
    match world.files(path) {
        Ok(files) if files.is_empty() => match world.read(path) {
            Err(error) if error.kind() != ErrorKind::IsADirectory => sink.push(load::unreadable(path, &error)),
            _ => {}
        },
        Ok(files) => return Some(files.into_iter().filter(|file| may_hold_manifests(file, path)).collect()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => return None,
        Err(error) => sink.push(load::unreadable(path, &error)),
    }
    Some(vec![])
}

fn may_hold_manifests(file: &Utf8Path, root: &Utf8Path) -> bool {
    let below = file.strip_prefix(root).unwrap_or(file);
    let is_of_git = below.components().any(|part| part.as_str() == ".git");
    let is_yaml =
        matches!(file.extension(), Some("yaml" | "yml" | "json")) || file.file_name() == Some("Kustomization");
    is_yaml && !is_of_git
}

/// Without `./` and `a/..`, so that a file given twice is one.
pub fn plain(path: &Utf8Path) -> Utf8PathBuf {
    let mut plain = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir if matches!(plain.components().next_back(), Some(Utf8Component::Normal(_))) => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}
