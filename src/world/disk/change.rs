//! Changes of the disk, each in one step of the system where it has one.

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};

/// So many bytes of them; who has more has what we cannot give.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
const ATTRIBUTES: usize = 1 << 12;

/// From so many files on, it is faster to wait for the whole disk.
#[cfg(target_os = "linux")]
const MANY: usize = 16;

pub fn link(from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
    fs::hard_link(from, to)
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub fn rename(from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, from.as_std_path(), CWD, to.as_std_path(), RenameFlags::NOREPLACE).map_err(io::Error::from)
    {
        Err(error) if is_unknown(&error) => rename_in_steps(from, to),
        other => other,
    }
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub fn rename(from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
    rename_in_steps(from, to)
}

/// A second name, then the first one goes: nothing is replaced. Folders have no second name, but do not replace much.
fn rename_in_steps(from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
    if from.symlink_metadata()?.is_dir() {
        if to.symlink_metadata().is_ok() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        return fs::rename(from, to);
    }
    match link(from, to) {
        Ok(()) => fs::remove_file(from),
        Err(error) if error.kind() == ErrorKind::AlreadyExists || to.symlink_metadata().is_ok() => Err(error),
        // A disk without second names.
        Err(_) => fs::rename(from, to),
    }
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub fn exchange(one: &Utf8Path, other: &Utf8Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one.as_std_path(), CWD, other.as_std_path(), RenameFlags::EXCHANGE).map_err(|error| {
        let error = io::Error::from(error);
        if is_unknown(&error) { ErrorKind::Unsupported.into() } else { error }
    })
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub fn exchange(_: &Utf8Path, _: &Utf8Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// What the kernel or the disk says of a flag that it does not know.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn is_unknown(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported)
}

pub fn remove(place: &Utf8Path) -> io::Result<()> {
    if place.symlink_metadata()?.is_dir() { fs::remove_dir(place) } else { fs::remove_file(place) }
}

/// Gives a folder the owner and the permissions of another; an error where it would not be like that one all the same.
pub fn permit(like: &Utf8Path, place: &Utf8Path) -> io::Result<()> {
    own(like, place)?;
    fs::set_permissions(place, fs::metadata(like)?.permissions())?;
    if attributes(like)? == attributes(place)? { Ok(()) } else { Err(ErrorKind::Unsupported.into()) }
}

#[cfg(unix)]
fn own(like: &Utf8Path, place: &Utf8Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let (like, found) = (fs::metadata(like)?, fs::metadata(place)?);
    if like.dev() != found.dev() {
        return Err(ErrorKind::CrossesDevices.into());
    }
    match (like.uid(), like.gid()) {
        (user, group) if (user, group) == (found.uid(), found.gid()) => Ok(()),
        (user, group) => std::os::unix::fs::chown(place, Some(user), Some(group)),
    }
}

#[cfg(not(unix))]
fn own(_: &Utf8Path, _: &Utf8Path) -> io::Result<()> {
    Ok(())
}

/// Access lists, labels and whatever else a folder carries, by name.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn attributes(place: &Utf8Path) -> io::Result<BTreeMap<Vec<u8>, Vec<u8>>> {
    use rustix::fs::{getxattr, listxattr};
    let mut names = vec![0; ATTRIBUTES];
    let length = match listxattr(place.as_std_path(), &mut names).map_err(io::Error::from) {
        Err(error) if error.kind() == ErrorKind::Unsupported => return Ok(BTreeMap::new()),
        other => other?,
    };
    names.truncate(length);
    let value = |name: &[u8]| {
        let mut value = vec![0; ATTRIBUTES];
        let length = getxattr(place.as_std_path(), name, &mut value)?;
        value.truncate(length);
        Ok((name.to_owned(), value))
    };
    names.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(value).collect()
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn attributes(_: &Utf8Path) -> io::Result<()> {
    Ok(())
}

pub fn sync(places: &[Utf8PathBuf]) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    if let Some(first) = places.first().filter(|_| places.len() > MANY) {
        return Ok(rustix::fs::syncfs(File::open(first)?)?);
    }
    places.iter().try_for_each(|place| sync_one(place))
}

fn sync_one(place: &Utf8Path) -> io::Result<()> {
    match File::open(place).and_then(|opened| opened.sync_all()) {
        // Not every system opens folders, not every disk waits.
        Err(error) if place.is_dir() || error.kind() == ErrorKind::Unsupported => Ok(()),
        other => other,
    }
}
