//! All that stands below `out`, ours or not, as it was when a run looked at it.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};

use super::faults::unreadable;
use super::journal;
use super::paths::above;
use crate::diagnostic::Diagnostic;
use crate::world::{Entry, Kind, Stamp, World};

/// Entries by path below `out`, each folder before what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// What `out` itself is; none if it is not there.
    pub out: Option<(Kind, Stamp)>,
    pub entries: BTreeMap<Utf8PathBuf, Entry>,
}

impl Listing {
    /// Faults: E0702 where `out` is no folder or cannot be read.
    pub fn read(world: &dyn World, out: &Utf8Path) -> Result<Self, Diagnostic> {
        Self::find(world, out).map_err(|error| unreadable(out, &error))
    }

    /// The same, for one who needs no explanation.
    pub fn find(world: &dyn World, out: &Utf8Path) -> io::Result<Self> {
        let found = match world.entry(out) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            other => other?,
        };
        if found.kind == Kind::File || found.kind == Kind::Other {
            return Err(io::Error::new(ErrorKind::NotADirectory, "it is no folder"));
        }
        if found.kind == Kind::Link && world.read(out).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            return Err(io::Error::new(ErrorKind::NotFound, "it is a link that leads nowhere"));
        }
        let below = |entry: &Entry| entry.path.strip_prefix(out).map(Utf8Path::to_owned);
        let entries = world.entries(out)?.into_iter().filter_map(|entry| Some((below(&entry).ok()?, entry)));
        let entries = entries.filter(|(path, _)| !path.starts_with(journal::NAME)).collect();
        Ok(Self { out: Some((found.kind, found.stamp)), entries })
    }

    pub fn kind(&self, path: &Utf8Path) -> Option<Kind> {
        self.entries.get(path).map(|entry| entry.kind)
    }

    /// What stands above a path where there should be a folder.
    pub fn blocking<'a>(&self, path: &'a Utf8Path) -> Option<&'a Utf8Path> {
        above(path).find(|above| self.kind(above).is_some_and(|kind| kind != Kind::Folder))
    }

    /// What is in a folder, at any depth.
    pub fn below<'a>(&'a self, folder: &'a Utf8Path) -> impl Iterator<Item = (&'a Utf8Path, Kind)> {
        let from = self.entries.range(folder.to_owned()..).skip(1);
        from.take_while(move |(path, _)| path.starts_with(folder)).map(|(path, entry)| (path.as_path(), entry.kind))
    }
}
