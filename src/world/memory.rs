//! A world in memory, for tests: it answers as the disk would.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::sync::{Mutex, MutexGuard, PoisonError};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::reason::refused;
use super::{Date, NO_PROGRAM, Ran, World};

type Files = BTreeMap<Utf8PathBuf, Vec<u8>>;

/// Files by path. A folder is there where a file lies below it.
#[derive(Debug, Default)]
pub struct Memory {
    files: Mutex<Files>,
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
        let files = files.into_iter().map(|(path, bytes)| (plain(path.as_ref()), bytes.into())).collect();
        Self { files: Mutex::new(files), ..Self::default() }
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

    /// Everything in it.
    pub fn snapshot(&self) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
        self.lock().clone()
    }

    /// A file as text; none if it is not there or no text.
    pub fn text(&self, path: impl AsRef<Utf8Path>) -> Option<String> {
        String::from_utf8(self.read(path.as_ref()).ok()?).ok()
    }

    /// A test that panicked elsewhere does not make the files wrong.
    fn lock(&self) -> MutexGuard<'_, Files> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World for Memory {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        let (files, path) = (self.lock(), plain(path));
        files.get(&path).cloned().ok_or_else(|| refused(absent(&files, &path)))
    }

    fn files(&self, folder: &Utf8Path) -> io::Result<Vec<Utf8PathBuf>> {
        let (files, below) = (self.lock(), plain(folder));
        if files.contains_key(&below) {
            return Err(refused(ErrorKind::NotADirectory));
        }
        let rest = files.keys().filter_map(|path| path.strip_prefix(&below).ok());
        Ok(rest.map(|rest| folder.join(rest)).collect())
    }

    fn write(&self, path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
        let (mut files, path) = (self.lock(), plain(path));
        match absent(&files, &path) {
            ErrorKind::NotFound => drop(files.insert(path, bytes.to_owned())),
            other => return Err(refused(other)),
        }
        Ok(())
    }

    fn remove(&self, path: &Utf8Path, _root: &Utf8Path) -> io::Result<()> {
        let (mut files, path) = (self.lock(), plain(path));
        match files.remove(&path) {
            Some(_) => Ok(()),
            None => Err(refused(absent(&files, &path))),
        }
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

/// What the disk would say of a path at which no file is.
fn absent(files: &Files, path: &Utf8Path) -> ErrorKind {
    if files.keys().any(|file| file != path && file.starts_with(path)) {
        ErrorKind::IsADirectory
    } else if path.ancestors().skip(1).any(|above| files.contains_key(above)) {
        ErrorKind::NotADirectory
    } else {
        ErrorKind::NotFound
    }
}

/// Without `.` and `..`, which the disk resolves.
fn plain(path: &Utf8Path) -> Utf8PathBuf {
    let mut plain = Utf8PathBuf::new();
    for component in path.components() {
        match component {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => drop(plain.pop()),
            other => plain.push(other),
        }
    }
    plain
}
