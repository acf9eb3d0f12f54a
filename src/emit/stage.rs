//! Where a run keeps what it is about to write, and the plan that tells the next run what all of it is.
//!
//! Nothing in here is removed that the plan does not know: what others put there in the meantime goes back to `out`.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::change::Changes;
use super::paths::{above, stays_below};
use super::record::sha256;
use crate::world::{Entry, Kind, Stamp, World};

const PLAN: &str = "plan.json";
const FRESH: &str = "fresh";
/// The new tree before it is exchanged, the old one after.
pub const TREE: &str = "tree";
/// What was taken away file by file.
pub const OLD: &str = "old";

/// What a run is about to do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Plan {
    /// The process that does it.
    pub process: u32,
    /// What is to be written, with its SHA-256.
    pub writes: BTreeMap<Utf8PathBuf, String>,
    pub removes: Vec<Utf8PathBuf>,
    /// Everything that stood below `out` when it was looked at.
    pub seen: BTreeMap<Utf8PathBuf, Stamp>,
}

/// A folder of ours, beside `out` or in it.
#[derive(Clone)]
pub struct Stage<'w> {
    pub world: &'w dyn World,
    pub out: &'w Utf8Path,
    pub place: Utf8PathBuf,
}

impl Plan {
    pub fn of(changes: &Changes<'_>) -> Self {
        let seen = changes.listing.entries.iter().map(|(path, entry)| (path.clone(), entry.stamp));
        let writes = changes.writes().map(|(path, text)| (path.to_owned(), sha256(text.as_bytes())));
        Self {
            process: std::process::id(),
            writes: writes.collect(),
            removes: changes.remove.clone(),
            seen: seen.collect(),
        }
    }

    /// Error where a path in it leads out of the output: no run of ours planned that.
    pub fn checked(self) -> io::Result<Self> {
        match self.writes.keys().chain(&self.removes).find(|path| !stays_below(path)) {
            Some(path) => Err(io::Error::other(format!("`{path}` in its plan leads out of the output"))),
            None => Ok(self),
        }
    }

    pub fn is_as_seen(&self, path: &Utf8Path, entry: &Entry) -> bool {
        self.seen.get(path) == Some(&entry.stamp)
    }
}

impl Stage<'_> {
    pub fn plan(&self) -> Utf8PathBuf {
        self.place.join(PLAN)
    }

    /// The folder that it is in.
    pub fn beside(&self) -> Utf8PathBuf {
        self.place.parent().unwrap_or(Utf8Path::new("")).to_owned()
    }

    /// New text for a path, before it is where it belongs.
    pub fn fresh(&self, path: &Utf8Path) -> Utf8PathBuf {
        self.place.join(FRESH).join(path)
    }

    /// What stands where a run makes folders, and is none: a link, say, through which nothing is to be done.
    pub fn strange(&self) -> io::Result<Option<Utf8PathBuf>> {
        let folders = [FRESH, TREE, OLD].map(|folder| self.place.join(folder));
        for folder in std::iter::once(self.place.clone()).chain(folders) {
            if entry(self.world, &folder)?.is_some_and(|found| found.kind != Kind::Folder) {
                return Ok(Some(folder));
            }
        }
        Ok(None)
    }

    /// Whether a path of `out` leads through a link, and so to somewhere else.
    pub fn is_elsewhere(&self, path: &Utf8Path) -> io::Result<bool> {
        for folder in above(path) {
            if entry(self.world, &self.out.join(folder))?.is_some_and(|found| found.kind == Kind::Link) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Writes the plan, then everything that is new.
    pub fn fill(&self, plan: &Plan, changes: &Changes<'_>) -> io::Result<()> {
        let text = serde_json::to_vec(plan)?;
        self.world.write(&self.plan(), &text)?;
        // Whatever is found here later, this tells what it is: it is there before all else, and stays longer.
        self.world.sync(&[self.plan(), self.place.clone(), self.beside()])?;
        let writes: Vec<(&Utf8Path, &str)> = changes.writes().collect();
        writes.par_iter().try_for_each(|(path, text)| self.world.create(&self.fresh(path), text.as_bytes()))
    }

    /// The plan of whoever made it; an empty one if it did not come that far.
    pub fn read_plan(&self, name: &Utf8Path) -> io::Result<Plan> {
        match self.world.read(name) {
            // Power that fails while it is written leaves half of it, and nothing else yet.
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|_| Plan::default()).checked(),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Plan::default()),
            Err(error) => Err(error),
        }
    }

    /// Removes the new texts and the plan, then every folder that is empty. What else is there stays.
    pub fn clear(&self, plan: &Plan) -> io::Result<()> {
        let fresh = self.place.join(FRESH);
        for entry in self.world.entries(&fresh)? {
            let is_ours = entry.path.strip_prefix(&fresh).is_ok_and(|path| plan.writes.contains_key(path));
            if entry.kind != Kind::Folder && is_ours {
                self.world.remove(&entry.path)?;
            }
        }
        // A disk writes beside a file, then gives it its name.
        let unfinished = self.place.join(format!(".{PLAN}.new"));
        for plan in [self.plan(), unfinished] {
            absent_is_fine(self.world.remove(&plan))?;
        }
        remove_empty(self.world, &self.place)
    }
}

/// Removes a folder and those in it, as far as they are empty.
pub fn remove_empty(world: &dyn World, place: &Utf8Path) -> io::Result<()> {
    let folders = world.entries(place)?.into_iter().filter(|entry| entry.kind == Kind::Folder).rev();
    for folder in folders.map(|entry| entry.path).chain([place.to_owned()]) {
        match remove_folder(world, &folder) {
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => {}
            other => absent_is_fine(other)?,
        }
    }
    Ok(())
}

/// Removes a folder that is empty; a file at its place stays.
pub fn remove_folder(world: &dyn World, place: &Utf8Path) -> io::Result<()> {
    match world.entry(place)?.kind {
        Kind::Folder => world.remove(place),
        _ => Err(ErrorKind::NotADirectory.into()),
    }
}

pub fn absent_is_fine(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// What stands at a path, if anything does.
pub fn entry(world: &dyn World, path: &Utf8Path) -> io::Result<Option<Entry>> {
    match world.entry(path) {
        Ok(entry) => Ok(Some(entry)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}
