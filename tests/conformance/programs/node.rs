//! Packages of Node.js, all in one folder.

use std::collections::BTreeMap;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};

use super::{fingerprint, once};
use crate::{Failed, process};

/// Gives the folder of their programs, and whether it was made now. No package's own scripts are run.
pub fn install(cache: &Utf8Path, packages: &BTreeMap<String, String>) -> Result<(Utf8PathBuf, bool), Failed> {
    let folder = cache.join(format!("node-{}", fingerprint(packages)));
    let is_new = once(&folder, |into| {
        let wanted = packages.iter().map(|(name, version)| format!("{name}@{version}"));
        let options = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", into.as_str()];
        process::must(Command::new("npm").args(options).args(wanted)).map(drop)
    })?;
    Ok((folder.join("node_modules/.bin"), is_new))
}
