//! All that the compiler may ask of the outside. Only [`disk`] touches the machine.

pub mod date;
pub mod disk;
mod entry;
mod lock;
pub mod memory;
mod reason;
pub mod supposed;
pub mod watched;

pub use date::Date;
pub use disk::Disk;
pub use entry::{Entry, Kind, Stamp};
pub use lock::Lock;
pub use memory::Memory;
pub use supposed::Supposed;
pub use watched::Watched;

use std::io;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use reason::refused;

const NO_PROGRAM: &str = "there is no such program on the path";

/// What a program said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ran {
    /// Whether its exit code was 0.
    pub succeeded: bool,
    pub output: Vec<u8>,
    pub errors: Vec<u8>,
}

/// Files by path, relative to the project's folder.
///
/// Errors keep their [`io::ErrorKind`] and read as the end of a sentence: "there is no such file". A world that does not say
/// how it is changed refuses every change.
pub trait World: Sync {
    /// What the folder is called from where one stands; empty: one stands in it.
    fn folder(&self) -> &Utf8Path {
        Utf8Path::new("")
    }

    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>>;

    /// What stands at a path.
    fn entry(&self, path: &Utf8Path) -> io::Result<Entry>;

    /// Everything below `folder`, sorted, each folder before what is in it; nothing if the folder is not there. Paths start
    /// with `folder`. Links below it are not followed.
    fn entries(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>>;

    /// The files among the [`Self::entries`].
    fn files(&self, folder: &Utf8Path) -> io::Result<Vec<Utf8PathBuf>> {
        let files = self.entries(folder)?.into_iter().filter(|entry| entry.kind == Kind::File);
        Ok(files.map(|entry| entry.path).collect())
    }

    /// Writes a file and the folders above it. Whoever reads it sees the old bytes or the new ones.
    fn write(&self, path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
        let _ = (path, bytes);
        read_only()
    }

    /// Writes a file that is not there yet, and the folders above it. Who breaks off leaves a part of it.
    fn create(&self, path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
        let _ = (path, bytes);
        read_only()
    }

    /// Makes a folder and those above it, with the permissions of the folder `like`, if one is given. One that is there stays
    /// as it is.
    fn make_folder(&self, path: &Utf8Path, like: Option<&Utf8Path>) -> io::Result<()> {
        let _ = (path, like);
        read_only()
    }

    /// Gives a file, or whatever else is no folder, a second name. Nothing is replaced.
    fn link(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        let _ = (from, to);
        read_only()
    }

    /// Moves a file or a whole folder. Nothing is replaced.
    fn rename(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        let _ = (from, to);
        read_only()
    }

    /// Lets two folders take each other's place in one step. [`io::ErrorKind::Unsupported`] where the system cannot.
    fn exchange(&self, one: &Utf8Path, other: &Utf8Path) -> io::Result<()> {
        let _ = (one, other);
        read_only()
    }

    /// Removes whatever is no folder, and a folder that is empty.
    fn remove(&self, path: &Utf8Path) -> io::Result<()> {
        let _ = path;
        read_only()
    }

    /// Waits until these files and folders would survive a loss of power.
    fn sync(&self, paths: &[Utf8PathBuf]) -> io::Result<()> {
        let _ = paths;
        Ok(())
    }

    /// Keeps other runs out of a folder for as long as the lock lives; none if one is still in there when the time is up.
    /// Where the system knows no locks, everyone gets one.
    fn lock(&self, folder: &Utf8Path, patience: Duration) -> io::Result<Option<Lock>> {
        let _ = (folder, patience);
        Ok(Some(Lock::default()))
    }

    /// Runs a program that the machine has, in this folder, gives it `input`, and waits for its end. That there is no such
    /// program is [`io::ErrorKind::NotFound`].
    fn run(&self, program: &str, arguments: &[&str], input: &[u8]) -> io::Result<Ran> {
        let _ = (program, arguments, input);
        Err(io::Error::new(io::ErrorKind::NotFound, NO_PROGRAM))
    }

    /// Lets time pass. Where there is none, it goes on at once.
    fn pause(&self, time: Duration) {
        let _ = time;
    }

    /// Everything on standard input.
    fn input(&self) -> io::Result<Vec<u8>>;

    /// The day on which this runs, for what ends on a day. It never reaches an output byte.
    fn today(&self) -> Date;
}

fn read_only() -> io::Result<()> {
    Err(refused(io::ErrorKind::ReadOnlyFilesystem))
}

#[cfg(test)]
mod tests;
