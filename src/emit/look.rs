//! What is at a path now, seen against the record.

use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};

use super::paths::above;
use super::record::Record;
use crate::diagnostic::{Code, Diagnostic};
use crate::world::World;

/// What stands where a file is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Nothing,
    /// A file of ours, as we left it.
    Ours(Vec<u8>),
    /// A file of ours that is not as we left it.
    Edited(Vec<u8>),
    /// A file that we did not write.
    Foreign(Vec<u8>),
    /// A folder, with these files below it.
    Folder(Vec<Utf8PathBuf>),
    /// Nothing, since this path above it is a file.
    Behind(Utf8PathBuf),
}

/// Looks at `path`, which lies below `out`.
pub fn look(world: &dyn World, out: &Utf8Path, record: &Record, path: &Utf8Path) -> Result<Found, Diagnostic> {
    let place = out.join(path);
    match world.read(&place) {
        Ok(bytes) if record.knows(path, &bytes) => Ok(Found::Ours(bytes)),
        Ok(bytes) if record.is_ours(path) => Ok(Found::Edited(bytes)),
        Ok(bytes) => Ok(Found::Foreign(bytes)),
        Err(error) => match error.kind() {
            ErrorKind::NotFound => Ok(Found::Nothing),
            ErrorKind::IsADirectory => folder(world, out, &place),
            ErrorKind::NotADirectory => behind(world, out, path).ok_or_else(|| unreadable(&place, &error)),
            _ => Err(unreadable(&place, &error)),
        },
    }
}

fn folder(world: &dyn World, out: &Utf8Path, place: &Utf8Path) -> Result<Found, Diagnostic> {
    let files = world.files(place).map_err(|error| unreadable(place, &error))?;
    Ok(Found::Folder(files.iter().filter_map(|file| file.strip_prefix(out).ok()).map(Utf8Path::to_owned).collect()))
}

fn behind(world: &dyn World, out: &Utf8Path, path: &Utf8Path) -> Option<Found> {
    above(path).find(|above| world.read(&out.join(above)).is_ok()).map(|file| Found::Behind(file.to_owned()))
}

pub fn unreadable(place: &Utf8Path, error: &io::Error) -> Diagnostic {
    let fault = Diagnostic::new(Code::CannotWrite, format!("cannot read `{place}`: {error}"));
    match error.kind() {
        io::ErrorKind::NotADirectory => fault.help("a file stands where a folder is needed: move it away"),
        io::ErrorKind::PermissionDenied => fault.help("let your user read it"),
        _ => fault,
    }
}
