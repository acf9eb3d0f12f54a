//! How each file stands: against what is wanted, and against what was left there.

use std::collections::BTreeSet;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::Target;
use super::listing::Listing;
use super::paths::{Wanted, above};
use super::record::{Record, sha256};
use crate::world::{Kind, World};

/// How one path stands that is wanted, or was.
#[derive(Debug)]
pub enum State {
    /// It is as it should be.
    Fresh,
    /// It is wanted and not there.
    Missing,
    /// It is ours, and as we left it, which is not what is wanted now.
    Outdated,
    /// It is ours, and as we left it, and not wanted any more.
    Stale,
    /// It is not wanted, and gone already.
    Gone,
    /// It is ours, and was changed by hand; none where it is no file any more.
    Edited(Option<Vec<u8>>),
    /// It is wanted, and this path (or one above it) holds what is not ours.
    Foreign(Utf8PathBuf),
    /// It cannot be read.
    Unreadable(io::Error),
}

/// One path, how it stands, and the SHA-256 of what is wanted there.
#[derive(Debug)]
pub struct Finding {
    pub path: Utf8PathBuf,
    pub state: State,
    pub wanted: Option<String>,
}

/// Where a run looks, and for what.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    pub world: &'a dyn World,
    pub target: Target<'a>,
    pub record: &'a Record,
    pub wanted: &'a Wanted<'a>,
    pub listing: &'a Listing,
}

impl Search<'_> {
    /// Every path that this run decides about, by path.
    pub fn findings(self) -> Vec<Finding> {
        let old = self.record.files.keys().filter(|path| self.target.covers(path));
        let paths: BTreeSet<&Utf8PathBuf> = old.chain(self.wanted.keys()).collect();
        let folders: BTreeSet<&Utf8Path> = self.record.files.keys().flat_map(|path| above(path)).collect();
        let paths: Vec<&Utf8PathBuf> = paths.into_iter().collect();
        paths.into_par_iter().map(|path| self.finding(path, &folders)).collect()
    }

    fn finding(self, path: &Utf8PathBuf, folders: &BTreeSet<&Utf8Path>) -> Finding {
        let wanted = self.wanted.get(path).map(|text| text.as_bytes());
        let state = match self.listing.kind(path) {
            Some(Kind::File) => self.file(path, wanted),
            Some(Kind::Folder) => self.folder(path, folders),
            Some(_) if self.record.is_ours(path) => State::Edited(None),
            Some(_) => State::Foreign(path.clone()),
            None => self.nothing(path),
        };
        let state = if wanted.is_none() { unwanted(state) } else { state };
        Finding { path: path.clone(), state, wanted: wanted.map(sha256) }
    }

    fn file(self, path: &Utf8Path, wanted: Option<&[u8]>) -> State {
        match (self.world.read(&self.target.out.join(path)), self.record.files.get(path)) {
            (Err(error), _) => State::Unreadable(error),
            (Ok(bytes), _) if wanted == Some(&bytes) => State::Fresh,
            (Ok(bytes), Some(recorded)) if *recorded == sha256(&bytes) => State::Outdated,
            (Ok(bytes), Some(_)) => State::Edited(Some(bytes)),
            (Ok(_), None) => State::Foreign(path.to_owned()),
        }
    }

    /// A folder makes way where nothing in it would be left.
    fn folder(self, path: &Utf8Path, folders: &BTreeSet<&Utf8Path>) -> State {
        let goes = |(path, kind): (&Utf8Path, Kind)| match kind {
            Kind::Folder => folders.contains(path),
            _ => self.is_stale(path),
        };
        let all_go = folders.contains(path) && self.listing.below(path).all(goes);
        if all_go { State::Missing } else { State::Foreign(path.to_owned()) }
    }

    fn nothing(self, path: &Utf8Path) -> State {
        match self.listing.blocking(path) {
            Some(file) if !self.is_stale(file) => State::Foreign(file.to_owned()),
            _ => State::Missing,
        }
    }

    /// A file of ours that is wanted no more.
    fn is_stale(self, path: &Utf8Path) -> bool {
        self.record.is_ours(path) && self.target.covers(path) && !self.wanted.contains_key(path)
    }
}

fn unwanted(state: State) -> State {
    match state {
        State::Outdated => State::Stale,
        State::Missing | State::Foreign(_) => State::Gone,
        other => other,
    }
}
