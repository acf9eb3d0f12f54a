//! A world in which some files are supposed to be there: to try what would come of them before they are written.

use std::collections::BTreeMap;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Date, Entry, Kind, Stamp, World};

/// Another world, with files laid over it. Nothing is written where things are only tried.
pub struct Supposed<'w> {
    world: &'w dyn World,
    files: BTreeMap<Utf8PathBuf, Vec<u8>>,
}

impl<'w> Supposed<'w> {
    pub fn with(world: &'w dyn World, files: impl IntoIterator<Item = (Utf8PathBuf, Vec<u8>)>) -> Self {
        Self { world, files: files.into_iter().collect() }
    }
}

impl World for Supposed<'_> {
    fn folder(&self) -> &Utf8Path {
        self.world.folder()
    }

    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        self.files.get(path).map_or_else(|| self.world.read(path), |bytes| Ok(bytes.clone()))
    }

    fn entry(&self, path: &Utf8Path) -> io::Result<Entry> {
        let supposed = self.files.contains_key(path).then(|| supposed(path));
        supposed.map_or_else(|| self.world.entry(path), Ok)
    }

    fn entries(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>> {
        let mut entries = self.world.entries(folder)?;
        entries.retain(|entry| !self.files.contains_key(&entry.path));
        let below = self.files.keys().filter(|path| folder == "" || path.starts_with(folder));
        entries.extend(below.map(|path| supposed(path)));
        entries.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(entries)
    }

    fn input(&self) -> io::Result<Vec<u8>> {
        self.world.input()
    }

    fn today(&self) -> Date {
        self.world.today()
    }
}

fn supposed(path: &Utf8Path) -> Entry {
    Entry { path: path.to_owned(), kind: Kind::File, stamp: Stamp::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Memory;

    #[test]
    fn what_is_supposed_lies_over_what_is_there() {
        let below = Memory::with([("a/b", "old"), ("a/c", "c")]);
        let world = Supposed::with(&below, [("a/b".into(), b"new".to_vec()), ("a/a".into(), vec![])]);
        assert_eq!(world.read("a/b".into()).unwrap(), b"new");
        assert_eq!(world.read("a/c".into()).unwrap(), b"c");
        assert_eq!(world.files("a".into()).unwrap(), ["a/a", "a/b", "a/c"]);
        assert!(world.write("a/d".into(), b"").is_err());
        assert_eq!(below.text("a/b").unwrap(), "old");
    }
}
