//! What has to change so that `out` holds what is wanted, and the changing.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::Target;
use super::look::{Found, look};
use super::paths::Wanted;
use super::record::{self, Record, sha256};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::world::World;

/// Files to remove and to write, and what to record then.
#[derive(Debug, Default)]
pub struct Changes<'a> {
    pub remove: Vec<Utf8PathBuf>,
    pub write: Vec<(Utf8PathBuf, &'a str)>,
    record: Record,
}

impl<'a> Changes<'a> {
    /// Compares what is there with what is wanted. Faults: E0701 for what is in the way and not ours, E0703 for what is
    /// ours and was changed, E0702 for what cannot be read.
    pub fn find(
        world: &dyn World,
        target: Target<'_>,
        record: &Record,
        wanted: &Wanted<'a>,
        sink: &mut Sink,
    ) -> Changes<'a> {
        let mut search = Search { world, target, record, wanted, sink };
        let remove =
            record.files.keys().filter(|path| search.is_stale(path) && search.must_go(path)).cloned().collect();
        let changed = wanted.iter().filter(|(path, text)| search.must_be_written(path, text));
        let write = changed.map(|(path, text)| (path.clone(), *text)).collect();
        Changes { remove, write, record: recorded(target, record, wanted) }
    }

    /// Removes first, so that a folder can take a file's place; the record comes last.
    pub fn apply(&self, world: &dyn World, out: &Utf8Path) -> Result<(), Diagnostic> {
        for path in &self.remove {
            let place = out.join(path);
            world.remove(&place, out).map_err(|error| refused("remove", &place, &error))?;
        }
        for (path, text) in &self.write {
            put(world, &out.join(path), text)?;
        }
        let (place, text) = (out.join(record::NAME), self.record.text());
        let same = world.read(&place).is_ok_and(|bytes| bytes == text.as_bytes());
        if same { Ok(()) } else { put(world, &place, &text) }
    }
}

fn put(world: &dyn World, place: &Utf8Path, text: &str) -> Result<(), Diagnostic> {
    world.write(place, text.as_bytes()).map_err(|error| refused("write", place, &error))
}

/// The files that this run is not about stay recorded as they were.
fn recorded(target: Target<'_>, record: &Record, wanted: &Wanted<'_>) -> Record {
    let kept = record.files.iter().filter(|(path, _)| !target.covers(path));
    let kept = kept.map(|(path, sha)| (path.clone(), sha.clone()));
    let fresh = wanted.iter().map(|(path, text)| (path.clone(), sha256(text.as_bytes())));
    Record { files: kept.chain(fresh).collect(), found: true }
}

struct Search<'s, 'a> {
    world: &'s dyn World,
    target: Target<'s>,
    record: &'s Record,
    wanted: &'s Wanted<'a>,
    sink: &'s mut Sink,
}

impl Search<'_, '_> {
    /// A file of ours that is wanted no more.
    fn is_stale(&self, path: &Utf8Path) -> bool {
        self.record.is_ours(path) && self.target.covers(path) && !self.wanted.contains_key(path)
    }

    /// Whether a stale file is still there.
    fn must_go(&mut self, path: &Utf8Path) -> bool {
        match self.look(path) {
            Some(Found::Edited(_)) => self.may_replace(path),
            Some(Found::Ours(_)) => true,
            _ => false,
        }
    }

    /// Whether the disk does not hold the wanted text yet, and may.
    fn must_be_written(&mut self, path: &Utf8Path, text: &str) -> bool {
        match self.look(path) {
            None => false,
            Some(Found::Nothing) => true,
            Some(Found::Ours(bytes) | Found::Edited(bytes) | Found::Foreign(bytes)) if bytes == text.as_bytes() => {
                false
            }
            Some(Found::Ours(_)) => true,
            Some(Found::Edited(_)) => self.may_replace(path),
            Some(Found::Foreign(_)) => self.blocked_by(path),
            Some(Found::Folder(files)) if !files.is_empty() && files.iter().all(|file| self.is_stale(file)) => true,
            Some(Found::Folder(_)) => self.blocked_by(path),
            Some(Found::Behind(file)) => self.is_stale(&file) || self.blocked_by(&file),
        }
    }

    fn look(&mut self, path: &Utf8Path) -> Option<Found> {
        let found = look(self.world, self.target.out, self.record, path);
        found.map_err(|fault| self.sink.push(fault)).ok()
    }

    fn may_replace(&mut self, path: &Utf8Path) -> bool {
        if !self.target.overwrite {
            self.sink.push(edited(&self.target.out.join(path)));
        }
        self.target.overwrite
    }

    fn blocked_by(&mut self, path: &Utf8Path) -> bool {
        self.sink.push(in_the_way(&self.target.out.join(path), self.target.out, self.record.found));
        false
    }
}

fn edited(place: &Utf8Path) -> Diagnostic {
    Diagnostic::new(Code::Edited, format!("`{place}` was changed after platformc wrote it"))
        .help("say in platform.yaml what you want, then take the change back or add `--overwrite`")
}

fn in_the_way(place: &Utf8Path, out: &Utf8Path, recorded: bool) -> Diagnostic {
    let fault = Diagnostic::new(Code::NotOurs, format!("`{place}` is in the way, and platformc did not write it"))
        .help("move it away or delete it: platformc touches no file but its own");
    if recorded {
        fault
    } else {
        fault.note(format!("there is no `{out}/{}`, which says what is its own", record::NAME))
    }
}

fn refused(what: &str, place: &Utf8Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(Code::CannotWrite, format!("cannot {what} `{place}`: {error}"))
        .note("the output is not complete")
        .help("run again once the cause is gone: what is already there is recognised")
}
