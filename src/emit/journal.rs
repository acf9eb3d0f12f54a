//! File by file, where a tree cannot be exchanged: what is to be done is written down in `out` itself, then done.
//!
//! The journal is what counts. Before it is there, nothing was changed; from then on the next run goes on to the end. An
//! error on the way takes everything back.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};

use super::change::Changes;
use super::paths::above;
use super::stage::{OLD, Plan, Stage, absent_is_fine, entry, remove_empty, remove_folder};
use crate::world::{Kind, World};

/// The folder in `out`.
pub const NAME: &str = ".platformc";
const JOURNAL: &str = "journal.json";

pub fn stage<'w>(world: &'w dyn World, out: &'w Utf8Path) -> Stage<'w> {
    Stage { world, out, place: out.join(NAME) }
}

/// What was done so far.
enum Step<'p> {
    /// What stood there is aside.
    Aside(&'p Utf8Path),
    /// The new text stands there, or at least the folders above it.
    Put(&'p Utf8Path),
}

/// All of the changes; or an error, and none.
pub fn apply(world: &dyn World, out: &Utf8Path, changes: &Changes<'_>) -> io::Result<()> {
    let journal = Journal { stage: stage(world, out), plan: Plan::of(changes) };
    let written = journal.stage.fill(&journal.plan, changes).and_then(|()| journal.begin());
    if let Err(error) = written {
        // The first error is the one to tell.
        let _ = journal.stage.clear(&journal.plan).and_then(|()| journal.remove_new_out(changes));
        return Err(error);
    }
    let mut done = vec![];
    match journal.go(&mut done) {
        Ok(()) => journal.end(),
        Err(error) => {
            // Where even this fails, the next run goes on.
            let taken_back = journal.take_back(&done).and_then(|()| journal.forget());
            let _ = taken_back.and_then(|()| journal.remove_new_out(changes));
            Err(error)
        }
    }
}

/// Whether a run broke off.
pub fn is_open(world: &dyn World, out: &Utf8Path) -> bool {
    world.entry(&stage(world, out).place.join(JOURNAL)).is_ok()
}

/// Goes on where a run broke off, and gives what is left there of others.
pub fn finish(world: &dyn World, out: &Utf8Path) -> io::Result<Vec<Utf8PathBuf>> {
    let stage = stage(world, out);
    if let Some(strange) = stage.strange()? {
        return Ok(vec![strange]);
    }
    if entry(world, &stage.place)?.is_none() {
        return Ok(vec![]);
    }
    if is_open(world, out) {
        let plan: Plan = serde_json::from_slice(&world.read(&stage.place.join(JOURNAL))?)?;
        let plan = plan.checked()?;
        let journal = Journal { stage: stage.clone(), plan };
        journal.go_on()?;
        journal.end()?;
    } else {
        let plan = stage.read_plan(&stage.plan())?;
        stage.clear(&plan)?;
    }
    let left = world.entries(&stage.place)?.into_iter().filter(|entry| entry.kind != Kind::Folder);
    Ok(left.map(|entry| entry.path).collect())
}

struct Journal<'w> {
    stage: Stage<'w>,
    plan: Plan,
}

impl Journal<'_> {
    fn place(&self, path: &Utf8Path) -> Utf8PathBuf {
        self.stage.out.join(path)
    }

    fn old(&self, path: &Utf8Path) -> Utf8PathBuf {
        self.stage.place.join(OLD).join(path)
    }

    /// From here on it counts.
    fn begin(&self) -> io::Result<()> {
        let world = self.stage.world;
        let files = self.plan.writes.keys().map(|path| self.stage.fresh(path));
        let folders: BTreeSet<&Utf8Path> = self.plan.writes.keys().filter_map(|path| path.parent()).collect();
        world.sync(&files.chain(folders.into_iter().map(|folder| self.stage.fresh(folder))).collect::<Vec<_>>())?;
        world.rename(&self.stage.plan(), &self.stage.place.join(JOURNAL))?;
        world.sync(std::slice::from_ref(&self.stage.place))
    }

    fn go<'p>(&'p self, done: &mut Vec<Step<'p>>) -> io::Result<()> {
        for path in &self.plan.removes {
            self.aside(path, done)?;
            self.remove_emptied(path);
        }
        for path in self.plan.writes.keys() {
            self.aside(path, done)?;
            done.push(Step::Put(path));
            self.put(path)?;
        }
        Ok(())
    }

    /// What a run that broke off has not done yet. What was changed by hand since is left as it is.
    fn go_on(&self) -> io::Result<()> {
        for path in &self.plan.removes {
            if self.stage.is_elsewhere(path)? {
                continue;
            }
            if self.is_as_seen(path)? {
                self.aside(path, &mut vec![])?;
            }
            self.remove_emptied(path);
        }
        let waiting: BTreeSet<Utf8PathBuf> =
            self.stage.world.files(&self.stage.fresh("".into()))?.into_iter().collect();
        for path in self.plan.writes.keys().filter(|path| waiting.contains(&self.stage.fresh(path))) {
            if self.is_as_seen(path)? {
                self.aside(path, &mut vec![])?;
            }
            if self.is_free(path)? {
                self.put(path)?;
            }
        }
        Ok(())
    }

    fn is_as_seen(&self, path: &Utf8Path) -> io::Result<bool> {
        let found = entry(self.stage.world, &self.place(path))?;
        let is_as_seen = found.is_some_and(|found| found.kind != Kind::Folder && self.plan.is_as_seen(path, &found));
        Ok(is_as_seen && !self.stage.is_elsewhere(path)?)
    }

    /// Whether nothing stands there, or a folder of nothing.
    fn is_free(&self, path: &Utf8Path) -> io::Result<bool> {
        let is_free = entry(self.stage.world, &self.place(path))?.is_none_or(|found| found.kind == Kind::Folder);
        Ok(is_free && !self.stage.is_elsewhere(path)?)
    }

    /// Takes away what stands there, if it is what was looked at: seen after it was taken, so that nobody comes between.
    fn aside<'p>(&self, path: &'p Utf8Path, done: &mut Vec<Step<'p>>) -> io::Result<()> {
        let (world, place, old) = (self.stage.world, self.place(path), self.old(path));
        match entry(world, &place)? {
            None => return Ok(()),
            Some(found) if found.kind == Kind::Folder => return Ok(()),
            Some(_) => {}
        }
        world.make_folder(old.parent().unwrap_or(&self.stage.place), None)?;
        world.rename(&place, &old)?;
        done.push(Step::Aside(path));
        match self.plan.is_as_seen(path, &world.entry(&old)?) {
            true => Ok(()),
            false => Err(io::Error::new(ErrorKind::ResourceBusy, "it was changed meanwhile")),
        }
    }

    fn put(&self, path: &Utf8Path) -> io::Result<()> {
        let (world, place) = (self.stage.world, self.place(path));
        if entry(world, &place)?.is_some() {
            remove_empty(world, &place)?;
        }
        world.make_folder(place.parent().unwrap_or(self.stage.out), None)?;
        world.rename(&self.stage.fresh(path), &place)
    }

    /// The folders in which something was done, as far as they are still there.
    fn touched(&self) -> io::Result<Vec<Utf8PathBuf>> {
        let paths = self.plan.writes.keys().chain(&self.plan.removes);
        let folders: BTreeSet<&Utf8Path> = paths.flat_map(|path| above(path)).chain([Utf8Path::new("")]).collect();
        let mut there = vec![];
        for folder in folders.into_iter().map(|folder| self.place(folder)) {
            there.extend(entry(self.stage.world, &folder)?.map(|_| folder));
        }
        Ok(there)
    }

    /// Folders that hold nothing any more go with what they held.
    fn remove_emptied(&self, path: &Utf8Path) {
        self.remove_folders(above(path));
    }

    /// The empty folders above a path that were not there before.
    fn remove_made(&self, path: &Utf8Path) {
        self.remove_folders(above(path).take_while(|folder| !self.plan.seen.contains_key(*folder)));
    }

    /// As far as they are empty, the innermost first.
    fn remove_folders<'f>(&self, folders: impl Iterator<Item = &'f Utf8Path>) {
        let removed = folders.map(|folder| remove_folder(self.stage.world, &self.place(folder)));
        removed.take_while(Result::is_ok).for_each(drop);
    }

    fn take_back(&self, done: &[Step<'_>]) -> io::Result<()> {
        let world = self.stage.world;
        for step in done.iter().rev() {
            match step {
                Step::Put(path) => {
                    if entry(world, &self.stage.fresh(path))?.is_none() {
                        world.rename(&self.place(path), &self.stage.fresh(path))?;
                    }
                    self.remove_made(path);
                }
                Step::Aside(path) => {
                    let place = self.place(path);
                    world.make_folder(place.parent().unwrap_or(self.stage.out), None)?;
                    world.rename(&self.old(path), &place)?;
                }
            }
        }
        Ok(())
    }

    /// An `out` that was not there before, if nothing is in it.
    fn remove_new_out(&self, changes: &Changes<'_>) -> io::Result<()> {
        if changes.listing.out.is_none() { self.stage.world.remove(self.stage.out) } else { Ok(()) }
    }

    /// As if the journal had never counted.
    fn forget(&self) -> io::Result<()> {
        self.stage.world.rename(&self.stage.place.join(JOURNAL), &self.stage.plan())?;
        self.stage.clear(&self.plan)
    }

    /// The journal goes when nothing is left to do, and the folders after it.
    fn end(&self) -> io::Result<()> {
        let world = self.stage.world;
        // The new files are in their places for good before the old ones and the journal go.
        world.sync(&self.touched()?)?;
        let old = self.stage.place.join(OLD);
        for found in world.entries(&old)?.into_iter().filter(|entry| entry.kind != Kind::Folder) {
            if found.path.strip_prefix(&old).is_ok_and(|path| self.plan.is_as_seen(path, &found)) {
                world.remove(&found.path)?;
            }
        }
        // New texts that were not needed go first: without the journal nobody knows whose they are.
        self.stage.clear(&self.plan)?;
        absent_is_fine(world.remove(&self.stage.place.join(JOURNAL)))?;
        remove_empty(world, &self.stage.place)
    }
}
