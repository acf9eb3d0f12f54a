//! What stands at a path, without a look into it.

use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};

/// One thing at one path. A symbolic link is itself, not what it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub path: Utf8PathBuf,
    pub kind: Kind,
    pub stamp: Stamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    File,
    Folder,
    Link,
    /// A socket, a device, or something whose name is no text.
    Other,
}

/// Tells one thing from another that came to stand at the same path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stamp {
    /// 0 where the system has none.
    pub inode: u64,
    /// Of files only, as the time is.
    pub size: u64,
    /// Nanoseconds since 1970.
    pub modified: u64,
}

impl Kind {
    /// As the end of a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::File => "a file",
            Self::Folder => "a folder",
            Self::Link => "a link",
            Self::Other => "no file",
        }
    }
}

impl Stamp {
    /// Whether both are names of one thing, whatever was written into it since.
    pub fn is_same_thing(self, other: Self) -> bool {
        self.inode == other.inode && self.inode != 0
    }
}
