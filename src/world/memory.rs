//! A world in memory, for tests: it answers as the disk would.

mod tree;

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::reason::refused;
use super::{Date, Entry, Lock, NO_PROGRAM, Ran, World};
use tree::Tree;

/// Files, folders and links by path.
#[derive(Debug, Default)]
pub struct Memory {
    tree: Mutex<Tree>,
    /// Whether another run is in there for ever.
    locked: AtomicBool,
    today: Option<Date>,
    input: Vec<u8>,
    programs: Programs,
}

/// Stands for every program: program, arguments, input.
type Program = dyn Fn(&str, &[&str], &[u8]) -> io::Result<Ran> + Send + Sync;

#[derive(Default)]
struct Programs(Option<Box<Program>>);

impl std::fmt::Debug for Programs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "programs" } else { "no programs" })
    }
}

impl Memory {
    pub fn with<P: AsRef<Utf8Path>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        let mut tree = Tree::default();
        for (path, bytes) in files {
            // A file below another one is a fault of the test, which will see that it is not there.
            let _ = tree.write(path.as_ref(), &bytes.into());
        }
        Self { tree: Mutex::new(tree), ..Self::default() }
    }

    /// The same files, with something on standard input.
    #[must_use]
    pub fn given(self, input: impl Into<Vec<u8>>) -> Self {
        Self { input: input.into(), ..self }
    }

    /// The same files on another day; else it is always the first of 1970.
    #[must_use]
    pub fn on(self, today: Date) -> Self {
        Self { today: Some(today), ..self }
    }

    /// The same files, where programs answer so; else there are none.
    #[must_use]
    pub fn answering(self, program: impl Fn(&str, &[&str], &[u8]) -> io::Result<Ran> + Send + Sync + 'static) -> Self {
        Self { programs: Programs(Some(Box::new(program))), ..self }
    }

    /// The same files once more, and nothing else of it.
    #[must_use]
    pub fn copied(&self) -> Self {
        Self { tree: Mutex::new(self.tree().clone()), ..Self::default() }
    }

    /// All files in it.
    pub fn snapshot(&self) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
        self.tree().files()
    }

    /// Puts a symbolic link there.
    pub fn symlink(&self, path: impl AsRef<Utf8Path>, target: impl Into<Utf8PathBuf>) -> io::Result<()> {
        self.tree().symlink(path.as_ref(), target.into())
    }

    /// Writes into a file, under all its names; [`World::write`] puts a new one in its place.
    pub fn edit(&self, path: impl AsRef<Utf8Path>, bytes: &[u8]) -> io::Result<()> {
        self.tree().edit(path.as_ref(), bytes)
    }

    /// From now on another run holds the lock, or it does so no more.
    pub fn hold(&self, locked: bool) {
        self.locked.store(locked, Ordering::SeqCst);
    }

    /// A file as text; none if it is not there or no text.
    pub fn text(&self, path: impl AsRef<Utf8Path>) -> Option<String> {
        String::from_utf8(self.read(path.as_ref()).ok()?).ok()
    }

    /// A test that panicked elsewhere does not make the files wrong.
    fn tree(&self) -> MutexGuard<'_, Tree> {
        self.tree.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World for Memory {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        self.tree().read(path)
    }

    fn entry(&self, path: &Utf8Path) -> io::Result<Entry> {
        self.tree().entry(path)
    }

    fn entries(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>> {
        self.tree().entries(folder)
    }

    fn write(&self, path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
        self.tree().write(path, bytes)
    }

    fn create(&self, path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
        let mut tree = self.tree();
        if tree.entry(path).is_ok() { Err(refused(ErrorKind::AlreadyExists)) } else { tree.write(path, bytes) }
    }

    fn make_folder(&self, path: &Utf8Path, _: Option<&Utf8Path>) -> io::Result<()> {
        self.tree().make_folder(path)
    }

    fn link(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        self.tree().link(from, to)
    }

    fn rename(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        self.tree().rename(from, to)
    }

    fn exchange(&self, one: &Utf8Path, other: &Utf8Path) -> io::Result<()> {
        self.tree().exchange(one, other)
    }

    fn remove(&self, path: &Utf8Path) -> io::Result<()> {
        self.tree().remove(path)
    }

    fn lock(&self, _: &Utf8Path, _: Duration) -> io::Result<Option<Lock>> {
        Ok((!self.locked.load(Ordering::SeqCst)).then(Lock::default))
    }

    fn run(&self, program: &str, arguments: &[&str], input: &[u8]) -> io::Result<Ran> {
        match &self.programs.0 {
            Some(answer) => answer(program, arguments, input),
            None => Err(io::Error::new(ErrorKind::NotFound, NO_PROGRAM)),
        }
    }

    fn input(&self) -> io::Result<Vec<u8>> {
        Ok(self.input.clone())
    }

    fn today(&self) -> Date {
        self.today.unwrap_or(Date::EPOCH)
    }
}
