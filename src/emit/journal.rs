//! File by file, where a tree cannot be exchanged: what is to be done is written down in `out` itself, then done.
//!
//! The journal is what counts. Before it is there, nothing was changed; from then on the next run goes on to the end. An
//! error on the way takes everything back.

use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};

use super::change::Changes;
use super::paths::above;
use super::stage::{Plan, Stage, absent_is_fine, entry, remove_empty};
use crate::world::{Kind, World};

/// The folder in `out`.
pub const NAME: &str = ".platformc";
const JOURNAL: &str = "journal.json";
const OLD: &str = "old";

pub fn stage<'w>(world: &'w dyn World, out: &'w Utf8Path) -> Stage<'w> {
    Stage { world, out, place: out.join(NAME) }
}

/// What was done so far.
enum Step<'p> {
    /// What stood there is aside.
    Aside(&'p Utf8Path),
    /// The new text stands there.
    Put(&'p Utf8Path),
}

/// All of the changes; or an error, and none.
pub fn apply(world: &dyn World, out: &Utf8Path, changes: &Changes<'_>) -> io::Result<()> {
    let journal = Journal { stage: stage(world, out), plan: Plan::of(changes) };
    let written = journal.stage.fill(&journal.plan, changes).and_then(|()| journal.begin());
    if let Err(error) = written {
        let _ = journal.stage.clear(&journal.plan);
        return Err(error);
    }
    let mut done = vec![];
    match journal.go(&mut done) {
        Ok(()) => journal.end(),
        Err(error) => {
            // Where even this fails, the next run goes on.
            let _ = journal.take_back(&done).and_then(|()| journal.forget());
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
    if entry(world, &stage.place)?.is_none() {
        return Ok(vec![]);
    }
    if is_open(world, out) {
        let plan = serde_json::from_slice(&world.read(&stage.place.join(JOURNAL))?)?;
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
        let fresh = self.plan.writes.keys().map(|path| self.stage.fresh(path));
        world.sync(&fresh.chain([self.stage.plan()]).collect::<Vec<_>>())?;
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
            self.put(path)?;
            done.push(Step::Put(path));
        }
        Ok(())
    }

    /// What a run that broke off has not done yet. What was changed by hand since is left as it is.
    fn go_on(&self) -> io::Result<()> {
        for path in &self.plan.removes {
            if self.is_as_seen(path)? {
                self.aside(path, &mut vec![])?;
            }
            self.remove_emptied(path);
        }
        for path in self.plan.writes.keys() {
            let waits = entry(self.stage.world, &self.stage.fresh(path))?.is_some();
            if waits && self.is_as_seen(path)? {
                self.aside(path, &mut vec![])?;
            }
            if waits && self.is_free(path)? {
                self.put(path)?;
            }
        }
        Ok(())
    }

    fn is_as_seen(&self, path: &Utf8Path) -> io::Result<bool> {
        let found = entry(self.stage.world, &self.place(path))?;
        Ok(found.is_some_and(|found| found.kind != Kind::Folder && self.plan.is_as_seen(path, &found)))
    }

    /// Whether nothing stands there, or a folder of nothing.
    fn is_free(&self, path: &Utf8Path) -> io::Result<bool> {
        let place = self.place(path);
        Ok(entry(self.stage.world, &place)?.is_none_or(|found| found.kind == Kind::Folder))
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

    /// Folders that hold nothing any more go with what they held.
    fn remove_emptied(&self, path: &Utf8Path) {
        let folders = above(path).map(|folder| self.stage.world.remove(&self.place(folder)));
        folders.take_while(Result::is_ok).for_each(drop);
    }

    fn take_back(&self, done: &[Step<'_>]) -> io::Result<()> {
        let world = self.stage.world;
        for step in done.iter().rev() {
            match step {
                Step::Put(path) => {
                    world.rename(&self.place(path), &self.stage.fresh(path))?;
                    self.remove_emptied(path);
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

    /// As if the journal had never counted.
    fn forget(&self) -> io::Result<()> {
        self.stage.world.rename(&self.stage.place.join(JOURNAL), &self.stage.plan())?;
        self.stage.clear(&self.plan)
    }

    /// The journal goes when nothing is left to do, and the folders after it.
    fn end(&self) -> io::Result<()> {
        let world = self.stage.world;
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
