//! Why the outside refused, as the end of a sentence.

use std::io::{Error, ErrorKind};

/// An error of this kind in our words.
pub fn refused(kind: ErrorKind) -> Error {
    Error::new(kind, words(kind).unwrap_or("the system refuses it"))
}

/// The same error in our words, or in the system's without its number.
pub fn reworded(error: Error) -> Error {
    // Somebody found words for it already.
    if error.get_ref().is_some() {
        return error;
    }
    let kind = error.kind();
    let system = error.to_string();
    let system = system.split(" (os error").next().unwrap_or_default().to_lowercase();
    Error::new(kind, words(kind).map_or(system, str::to_owned))
}

fn words(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "there is no such file",
        ErrorKind::PermissionDenied => "permission is denied",
        ErrorKind::IsADirectory => "it is a folder",
        ErrorKind::NotADirectory => "a part of its path is a file",
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full",
        ErrorKind::AlreadyExists => "something stands there already",
        ErrorKind::DirectoryNotEmpty => "the folder is not empty",
        ErrorKind::FileTooLarge => "it is larger than anything that is read",
        ErrorKind::CrossesDevices => "it lies on another disk",
        ErrorKind::Unsupported => "this disk cannot do it",
        ErrorKind::InvalidFilename => "its name is not one that this disk takes",
        _ => return None,
    })
}
