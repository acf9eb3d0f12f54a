//! The whole tree at once: a new one is put together beside `out`, and the two change places in one step of the system.
//!
//! What does not change is taken along by a second name, so that it keeps its inode and its time; so is all that is not
//! ours. The old tree is then taken apart; what somebody put into it in the last moment is moved to the new one.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};

use super::change::Changes;
use super::listing::Listing;
use super::paths::above;
use super::record::sha256;
use super::stage::{Plan, Stage, TREE, entry, remove_empty};
use crate::world::{Entry, Kind, World};

/// The folder beside `out`; none where `out` has no name.
pub fn stage<'w>(world: &'w dyn World, out: &'w Utf8Path) -> Option<Stage<'w>> {
    let name = out.file_name()?;
    Some(Stage { world, out, place: out.with_file_name(format!(".{name}.platformc")) })
}

/// All of the changes or none, and an error where this cannot be done here.
pub fn apply(world: &dyn World, out: &Utf8Path, changes: &Changes<'_>) -> io::Result<()> {
    let stage = stage(world, out).ok_or(ErrorKind::Unsupported)?;
    if changes.listing.out.is_some_and(|(kind, _)| kind != Kind::Folder) || entry(world, &stage.place)?.is_some() {
        return Err(ErrorKind::Unsupported.into());
    }
    let done = put(&stage, changes);
    if done.is_err() {
        // The first error is the one to tell.
        let _ = tidy(&stage);
    }
    done
}

/// Up to the exchange: from there on it is done.
fn put(stage: &Stage<'_>, changes: &Changes<'_>) -> io::Result<()> {
    let (world, out, tree) = (stage.world, stage.out, stage.place.join(TREE));
    stage.fill(&Plan::of(changes), changes)?;
    let made = assemble(stage, changes)?;
    world.sync(&made)?;
    if Listing::find(world, out)? != changes.listing {
        return Err(io::Error::new(ErrorKind::ResourceBusy, "something in it was changed meanwhile"));
    }
    match changes.listing.out {
        Some(_) => world.exchange(&tree, out),
        None => world.rename(&tree, out),
    }
}

/// Puts the new tree together; gives what has to be on the disk before it counts.
fn assemble(stage: &Stage<'_>, changes: &Changes<'_>) -> io::Result<Vec<Utf8PathBuf>> {
    let (world, tree, listing) = (stage.world, stage.place.join(TREE), &changes.listing);
    let there = |folder: &Utf8Path| listing.kind(folder) == Some(Kind::Folder);
    world.make_folder(&tree, listing.out.is_some().then_some(stage.out))?;
    let folders = changes.folders();
    for folder in &folders {
        let old = stage.out.join(folder);
        world.make_folder(&tree.join(folder), there(folder).then_some(&old))?;
    }
    for path in changes.kept() {
        world.link(&stage.out.join(path), &tree.join(path))?;
    }
    for (path, _) in changes.writes() {
        world.rename(&stage.fresh(path), &tree.join(path))?;
    }
    let files = changes.writes().map(|(path, _)| tree.join(path));
    Ok([tree.clone()].into_iter().chain(files).chain(folders.iter().map(|folder| tree.join(folder))).collect())
}

/// Takes apart whatever tree the stage holds, a new one that came to nothing or an old one. Gives what is in there that
/// nobody knows, and whose place in `out` is taken.
pub fn tidy(stage: &Stage<'_>) -> io::Result<Vec<Utf8PathBuf>> {
    let (world, tree) = (stage.world, stage.place.join(TREE));
    if let Some(strange) = stage.strange()? {
        return Ok(vec![strange]);
    }
    if entry(world, &stage.place)?.is_none() {
        return Ok(vec![]);
    }
    let plan = stage.read_plan(&stage.plan())?;
    // If there was an exchange, it lasts before the old tree goes.
    world.sync(&[stage.place.clone(), stage.beside()])?;
    let mut left = vec![];
    let entries = world.entries(&tree)?;
    for found in entries.iter().filter(|entry| entry.kind != Kind::Folder) {
        let path = found.path.strip_prefix(&tree).unwrap_or(&found.path);
        if is_known(stage, &plan, path, found)? {
            world.remove(&found.path)?;
        } else if !rescue(stage, path, &found.path) {
            left.push(found.path.clone());
        }
    }
    for folder in entries.iter().filter(|entry| entry.kind == Kind::Folder) {
        let path = folder.path.strip_prefix(&tree).unwrap_or(&folder.path);
        if !plan.seen.contains_key(path) && !plan.writes.keys().any(|file| file.starts_with(path)) {
            // An empty folder that somebody made.
            let _ = world.make_folder(&stage.out.join(path), None);
        }
    }
    // The plan stays longer than what it tells of.
    remove_empty(world, &tree)?;
    if left.is_empty() {
        stage.clear(&plan)?;
    }
    left.extend(
        world.entries(&stage.place)?.into_iter().filter(|entry| entry.kind != Kind::Folder).map(|entry| entry.path),
    );
    left.sort();
    left.dedup();
    left.retain(|path| *path != stage.plan());
    Ok(left)
}

/// Whether nothing is lost with it: it is as it was looked at, has its second name in `out`, or is of our own making.
fn is_known(stage: &Stage<'_>, plan: &Plan, path: &Utf8Path, found: &Entry) -> io::Result<bool> {
    if plan.is_as_seen(path, found) {
        return Ok(true);
    }
    let twin = entry(stage.world, &stage.out.join(path))?;
    if twin.is_some_and(|twin| twin.stamp.is_same_thing(found.stamp)) {
        return Ok(true);
    }
    let Some(sha) = plan.writes.get(path).filter(|_| found.kind == Kind::File) else { return Ok(false) };
    Ok(*sha == sha256(&stage.world.read(&found.path)?))
}

/// Moves something to its place in `out`, if that is free.
fn rescue(stage: &Stage<'_>, path: &Utf8Path, from: &Utf8Path) -> bool {
    if stage.is_elsewhere(path).unwrap_or(true) {
        return false;
    }
    let to = stage.out.join(path);
    let folder = to.parent().map_or(Ok(()), |folder| stage.world.make_folder(folder, None));
    folder.and_then(|()| stage.world.rename(from, &to)).is_ok()
}

impl Changes<'_> {
    /// What stays as it is, folders aside.
    fn kept(&self) -> impl Iterator<Item = &Utf8Path> {
        let goes = |path: &Utf8Path| self.is_written(path) || self.is_removed(path);
        let kept = self.listing.entries.iter().filter(|(_, entry)| entry.kind != Kind::Folder);
        kept.map(|(path, _)| path.as_path()).filter(move |path| !goes(path))
    }

    /// The folders of the new tree: those that hold something, and those in which nothing of ours ever was.
    fn folders(&self) -> BTreeSet<Utf8PathBuf> {
        let holding = self.kept().chain(self.writes().map(|(path, _)| path));
        let mut folders: BTreeSet<Utf8PathBuf> = holding.flat_map(above).map(Utf8Path::to_owned).collect();
        let emptied: BTreeSet<&Utf8Path> = self.remove.iter().flat_map(|path| above(path)).collect();
        let old = self.listing.entries.iter().filter(|(_, entry)| entry.kind == Kind::Folder);
        for (folder, _) in old.rev().filter(|(folder, _)| !self.is_written(folder)) {
            if !emptied.contains(folder.as_path()) && !above(folder).any(|above| self.is_written(above)) {
                folders.insert(folder.clone());
                folders.extend(above(folder).map(Utf8Path::to_owned));
            }
        }
        folders
    }
}
