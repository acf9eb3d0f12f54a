//! The real disk: the only place that touches it.

#![allow(clippy::disallowed_methods, reason = "this is where the disk is")]

use std::fs;
use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};

use super::World;
use super::reason::{refused, reworded};

/// The files below one folder.
#[derive(Debug, Clone)]
pub struct Disk {
    root: Utf8PathBuf,
}

impl Disk {
    pub fn at(root: impl Into<Utf8PathBuf>) -> Self {
        let root = root.into();
        // An empty path is no folder to the system.
        Self { root: if root.as_str().is_empty() { ".".into() } else { root } }
    }

    fn place(&self, path: &Utf8Path) -> Utf8PathBuf {
        if path.as_str().is_empty() { self.root.clone() } else { self.root.join(path) }
    }
}

impl World for Disk {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        fs::read(self.place(path)).map_err(reworded)
    }

    fn files(&self, folder: &Utf8Path) -> io::Result<Vec<Utf8PathBuf>> {
        let mut found = vec![];
        match walk(&self.place(folder), folder, &mut found) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(vec![]),
            other => other.map_err(reworded)?,
        }
        found.sort();
        Ok(found)
    }

    fn write(&self, path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
        let place = self.place(path);
        // Some systems let a file take an empty folder's place, or name the obstacle wrongly.
        if place.is_dir() {
            return Err(refused(ErrorKind::IsADirectory));
        }
        place.parent().map_or(Ok(()), make_folder)?;
        let fresh = place.with_file_name(format!(".{}.new", place.file_name().unwrap_or_default()));
        fs::write(&fresh, bytes).and_then(|()| fs::rename(&fresh, &place)).map_err(|error| {
            // The first error is the one to tell.
            let _ = fs::remove_file(&fresh);
            reworded(error)
        })
    }

    fn remove(&self, path: &Utf8Path, root: &Utf8Path) -> io::Result<()> {
        let place = self.place(path);
        if place.is_dir() {
            return Err(refused(ErrorKind::IsADirectory));
        }
        fs::remove_file(&place).map_err(reworded)?;
        let root = self.place(root);
        let above = place.ancestors().skip(1).take_while(|folder| *folder != root && folder.starts_with(&root));
        // A folder that is not empty stays, and so do those above it.
        above.map(fs::remove_dir).take_while(Result::is_ok).for_each(drop);
        Ok(())
    }
}

fn make_folder(folder: &Utf8Path) -> io::Result<()> {
    fs::create_dir_all(folder).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => refused(ErrorKind::NotADirectory),
        _ => reworded(error),
    })
}

/// Adds the files below `place`, which is called `name`.
fn walk(place: &Utf8Path, name: &Utf8Path, found: &mut Vec<Utf8PathBuf>) -> io::Result<()> {
    for entry in place.read_dir_utf8()? {
        let entry = entry?;
        let (kind, below) = (entry.file_type()?, name.join(entry.file_name()));
        if kind.is_dir() {
            walk(entry.path(), &below, found)?;
        } else if kind.is_file() {
            found.push(below);
        }
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn symbolic_links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        let disk = Disk::at(root);
        disk.write("a/file".into(), b"").unwrap();
        symlink(root, root.join("a/loop")).unwrap();
        symlink(root.join("a/file"), root.join("a/link")).unwrap();
        assert_eq!(disk.files("".into()).unwrap(), ["a/file"]);
    }

    #[test]
    fn writing_leaves_nothing_else_behind() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::at(Utf8Path::from_path(folder.path()).unwrap());
        disk.write("a".into(), b"old").unwrap();
        disk.write("a".into(), b"new").unwrap();
        assert_eq!(disk.files("".into()).unwrap(), ["a"]);
        assert_eq!(disk.read("a".into()).unwrap(), b"new");
    }
}
