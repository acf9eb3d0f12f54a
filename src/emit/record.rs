//! `out/.platformc.json`: which files are ours, and what we left in them.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Target;
use super::faults::unreadable;
use super::paths::stays_below;
use super::stage::entry;
use super::state::Finding;
use crate::diagnostic::{Code, Diagnostic};
use crate::world::{Kind, World};

/// Where it stands below `out`.
pub const NAME: &str = ".platformc.json";

/// Our files by path below `out`, with the SHA-256 of what we wrote.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    pub files: BTreeMap<Utf8PathBuf, String>,
    /// What was read; none if there is none.
    pub written: Option<Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
struct Written {
    platformc: String,
    files: BTreeMap<String, String>,
}

impl Record {
    /// An absent record is an empty one; E0704 for one that is not as we write it.
    pub fn read(world: &dyn World, out: &Utf8Path) -> Result<Self, Diagnostic> {
        let path = out.join(NAME);
        let found = entry(world, &path).map_err(|error| unreadable(&path, &error))?;
        match found.map(|found| found.kind) {
            None => return Ok(Self::default()),
            Some(Kind::File) => {}
            Some(kind) => return Err(broken(&path, out, &format!("it is {}", kind.words()))),
        }
        let bytes = world.read(&path).map_err(|error| unreadable(&path, &error))?;
        let written: Written =
            serde_json::from_slice(&bytes).map_err(|error| broken(&path, out, &error.to_string()))?;
        let files: BTreeMap<_, _> =
            written.files.into_iter().map(|(path, sha)| (Utf8PathBuf::from(path), sha)).collect();
        match files.keys().find(|file| !stays_below(file)) {
            Some(file) => Err(broken(&path, out, &format!("`{file}` does not lie below `{out}`"))),
            None => Ok(Self { files, written: Some(bytes) }),
        }
    }

    /// The same bytes for the same files.
    pub fn text(&self) -> String {
        let files = self.files.iter().map(|(path, sha)| (path.to_string(), sha.clone())).collect();
        let written = Written { platformc: env!("CARGO_PKG_VERSION").to_owned(), files };
        // A map of texts: nothing in it can fail.
        serde_json::to_string_pretty(&written).unwrap_or_default() + "\n"
    }

    pub fn is_ours(&self, path: &Utf8Path) -> bool {
        self.files.contains_key(path)
    }

    /// What to record once everything is as it should be. What a run is not about stays recorded as it was.
    pub fn after(&self, findings: &[Finding], target: Target<'_>) -> Self {
        let kept = self.files.iter().filter(|(path, _)| !target.covers(path));
        let kept = kept.map(|(path, sha)| (path.clone(), sha.clone()));
        let fresh = findings.iter().filter_map(|finding| Some((finding.path.clone(), finding.wanted.clone()?)));
        Self { files: kept.chain(fresh).collect(), written: None }
    }
}

pub fn sha256(bytes: &[u8]) -> String {
    let halves = Sha256::digest(bytes).into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves.filter_map(|half| char::from_digit(half.into(), 16)).collect()
}

fn broken(path: &Utf8Path, out: &Utf8Path, why: &str) -> Diagnostic {
    Diagnostic::new(Code::BrokenRecord, format!("`{path}` is not as platformc writes it: {why}"))
        .note("it says which files are platformc's own, so that no other is touched")
        .help(format!("take it from version control; or delete `{out}`, if nothing of yours is in there"))
}
