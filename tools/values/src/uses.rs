//! What templates do with the values: which they read, and which they hand on whole.
//!
//! Templates are walked, not run ([`walk`](crate::walk)).

use std::collections::BTreeSet;

use crate::Path;

#[derive(Debug, Default)]
pub struct Uses {
    pub reads: BTreeSet<Path>,
    /// Handed on whole.
    pub whole: BTreeSet<Path>,
    /// Handed to what takes any type.
    pub any: BTreeSet<Path>,
    /// Written as it is.
    pub written: BTreeSet<Path>,
    /// Whether all of the values are handed on.
    pub everything: bool,
}

impl Uses {
    pub fn read(&mut self, path: &Path) {
        self.reads.insert(path.clone());
    }

    pub fn hand_on(&mut self, path: &Path) {
        self.read(path);
        self.whole.insert(path.clone());
    }

    /// Those of a chart whose values stand under `prefix`.
    pub fn extend(&mut self, inner: Self, prefix: &[String]) {
        let global = |path: &&Path| path.first().is_some_and(|key| key == "global");
        let placed = |paths: &BTreeSet<Path>| {
            let own = paths.iter().map(|path| [prefix, path].concat());
            own.chain(paths.iter().filter(global).cloned()).collect::<Vec<Path>>()
        };
        self.reads.extend(placed(&inner.reads));
        self.whole.extend(placed(&inner.whole));
        self.any.extend(placed(&inner.any));
        self.written.extend(placed(&inner.written));
        if inner.everything {
            match prefix {
                [] => self.everything = true,
                _ => self.hand_on(&prefix.to_vec()),
            }
        }
    }
}
