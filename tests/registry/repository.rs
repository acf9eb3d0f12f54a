//! The repository's own files.

use camino::{Utf8Path, Utf8PathBuf};
use platformc::component::Catalog;
use platformc::diagnostic::Sink;
use platformc::source::Sources;
use platformc::world::{Disk, Memory, World};

pub fn root() -> &'static Utf8Path {
    env!("CARGO_MANIFEST_DIR").into()
}

pub fn disk() -> Disk {
    Disk::at(root())
}

pub fn text(path: impl AsRef<Utf8Path>) -> String {
    let path = path.as_ref();
    let bytes = disk().read(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    String::from_utf8(bytes).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below a folder, sorted.
pub fn files(folder: &str) -> Vec<Utf8PathBuf> {
    disk().files(folder.into()).unwrap()
}

/// The built-in components.
pub fn catalog() -> Catalog {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let catalog = Catalog::load(&Memory::default(), &mut sources, &mut sink);
    assert!(sink.is_empty(), "{:?}", sink.into_sorted());
    catalog
}

/// Whether a file or folder is there.
pub fn is_there(path: &Utf8Path) -> bool {
    disk().read(path).is_ok() || disk().files(path).is_ok_and(|files| !files.is_empty())
}
