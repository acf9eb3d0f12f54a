//! Packages of Python, all in one virtual environment.

use std::collections::BTreeMap;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};

use super::{fingerprint, once};
use crate::{Failed, process};

/// Gives the folder of its programs, and whether it was made now. A virtual environment cannot be moved, so it is made where it
/// stays, and a file beside it says that it is whole.
pub fn install(cache: &Utf8Path, packages: &BTreeMap<String, String>) -> Result<(Utf8PathBuf, bool), Failed> {
    let folder = cache.join(format!("python-{}", fingerprint(packages)));
    let is_new = once(&Utf8PathBuf::from(format!("{folder}.whole")), |_| {
        process::must(Command::new("python3").args(["-m", "venv", "--clear", folder.as_str()]))?;
        let wanted = packages.iter().map(|(name, version)| format!("{name}=={version}"));
        process::must(Command::new(folder.join("bin/pip")).args(["install", "--quiet"]).args(wanted)).map(drop)
    })?;
    Ok((folder.join("bin"), is_new))
}
