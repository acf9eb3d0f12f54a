//! A world in which some files are supposed to be there: to try what would come of them before they are written.

use std::collections::BTreeMap;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Date, World};

/// Another world, with files laid over it.
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
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        self.files.get(path).map_or_else(|| self.world.read(path), |bytes| Ok(bytes.clone()))
    }

    fn files(&self, folder: &Utf8Path) -> io::Result<Vec<Utf8PathBuf>> {
        let mut files = self.world.files(folder)?;
        let supposed = self.files.keys().filter(|path| folder == "" || path.starts_with(folder));
        files.extend(supposed.cloned());
        files.sort();
        files.dedup();
        Ok(files)
    }

    /// Nothing is written where things are only tried.
    fn write(&self, _: &Utf8Path, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn remove(&self, _: &Utf8Path, _: &Utf8Path) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn input(&self) -> io::Result<Vec<u8>> {
        self.world.input()
    }

    fn today(&self) -> Date {
        self.world.today()
    }
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
