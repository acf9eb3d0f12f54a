//! All that the compiler may ask of the outside. Only [`disk`] touches the machine.

pub mod disk;
pub mod memory;

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

/// Files by path, relative to the project's folder, and the date.
pub trait World: Sync {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>>;

    /// All files below `folder`, sorted; none if the folder is not there. Paths start with `folder`.
    fn files(&self, folder: &Utf8Path) -> io::Result<Vec<Utf8PathBuf>>;

    /// Writes a file and the folders above it.
    fn write(&self, path: &Utf8Path, bytes: &[u8]) -> io::Result<()>;

    /// Removes a file, and the folders above it that this empties, up to `root`.
    fn remove(&self, path: &Utf8Path, root: &Utf8Path) -> io::Result<()>;
}
