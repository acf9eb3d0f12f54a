//! What stands where.

use std::fs::{self, DirEntry, FileType, Metadata};
use std::io::{self, ErrorKind};
use std::time::UNIX_EPOCH;

use camino::{Utf8Path, Utf8PathBuf};

use crate::world::reason::reworded;
use crate::world::{Entry, Kind, Stamp};

/// Where a shell puts what it hands over: `<(helm template …)`.
const HANDED_OVER: [&str; 3] = ["/dev/fd/", "/dev/stdin", "/proc/self/fd/"];
/// No file that is read is this large; one that is would only fill the memory.
const MOST: u64 = 1 << 30;

/// The bytes of a file. A pipe or a device may never end, or never begin.
pub fn read(place: &Utf8Path) -> io::Result<Vec<u8>> {
    let found = fs::metadata(place)?;
    match kind(found.file_type()) {
        Kind::File if found.len() > MOST => Err(ErrorKind::FileTooLarge.into()),
        Kind::Other if !HANDED_OVER.iter().any(|handed| place.as_str().starts_with(handed)) => {
            Err(io::Error::other("it is a pipe or a device, no file"))
        }
        _ => fs::read(place),
    }
}

/// What stands at `place`, which is called `path`.
pub fn entry(place: &Utf8Path, path: &Utf8Path) -> io::Result<Entry> {
    let found = place.symlink_metadata()?;
    Ok(Entry { path: path.to_owned(), kind: kind(found.file_type()), stamp: stamp(&found) })
}

/// Everything below the folder `place`, which is called `name`; nothing if it is not there.
pub fn entries(place: &Utf8Path, name: &Utf8Path) -> io::Result<Vec<Entry>> {
    let mut found = vec![];
    walk(place, name, &mut |path, kind, entry| {
        match entry.metadata() {
            Ok(metadata) => found.push(Entry { path, kind, stamp: stamp(&metadata) }),
            // Gone since the folder was read.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        Ok(())
    })?;
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// The files below a folder. It asks for nothing else, and so is faster.
pub fn files(place: &Utf8Path, name: &Utf8Path) -> io::Result<Vec<Utf8PathBuf>> {
    let mut found = vec![];
    walk(place, name, &mut |path, kind, _| {
        found.extend((kind == Kind::File).then_some(path));
        Ok(())
    })?;
    found.sort();
    Ok(found)
}

type Visit<'v> = dyn FnMut(Utf8PathBuf, Kind, &DirEntry) -> io::Result<()> + 'v;

fn walk(place: &Utf8Path, name: &Utf8Path, visit: &mut Visit<'_>) -> io::Result<()> {
    let folder = match fs::read_dir(place) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    for entry in folder {
        let entry = entry?;
        let file_name = entry.file_name();
        let is_text = file_name.to_str().is_some();
        let file_name = file_name.to_string_lossy();
        let below = name.join(&*file_name);
        let kind = if is_text { kind(entry.file_type()?) } else { Kind::Other };
        visit(below.clone(), kind, &entry)?;
        if kind == Kind::Folder {
            walk(&place.join(&*file_name), &below, visit).map_err(|error| within(error, &below))?;
        }
    }
    Ok(())
}

/// Names the innermost folder that it is about.
fn within(error: io::Error, folder: &Utf8Path) -> io::Error {
    if error.raw_os_error().is_none() {
        return error;
    }
    let error = reworded(error);
    io::Error::new(error.kind(), format!("{error} in `{folder}`"))
}

fn kind(found: FileType) -> Kind {
    match found {
        found if found.is_file() => Kind::File,
        found if found.is_dir() => Kind::Folder,
        found if found.is_symlink() => Kind::Link,
        _ => Kind::Other,
    }
}

/// A folder's size and time tell of what is in it, not of itself.
fn stamp(found: &Metadata) -> Stamp {
    let inode = inode(found);
    if found.is_dir() {
        return Stamp { inode, ..Stamp::default() };
    }
    let since = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    Stamp { inode, size: found.len(), modified: u64::try_from(since.as_nanos()).unwrap_or_default() }
}

#[cfg(unix)]
fn inode(found: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(found)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}
