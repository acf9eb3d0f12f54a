//! Phase 7, `emit`: [`Tree`]s → `out/`.
//!
//! Takes whole trees; gives files on the disk, all of them or none, whenever the process is killed. What it wrote it records
//! in `out/.platformc.json`, so that the next run can tell its own files from others: it replaces and removes only what is
//! its own and as it left it. Faults E0402 and E0403 (paths), E07xx. It does not look into the files.
//!
//! A run looks at everything first (`listing`, `state`); what has to change (`change`) is then done at once
//! (`exchange`) or, where the disk cannot, one by one (`journal`). Both begin with a `stage`.

mod change;
mod exchange;
mod faults;
mod journal;
mod listing;
mod paths;
mod record;
mod stage;
mod state;
mod turn;

use std::collections::BTreeMap;
use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};

use crate::diagnostic::{Diagnostic, Sink};
use crate::world::World;
use change::Changes;
use listing::Listing;
use record::Record;
use state::Search;

pub use paths::stays_below;

/// What one environment compiles to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree {
    /// None where the platform has no environments.
    pub environment: Option<String>,
    /// By their path below `out/<environment>/`, or below `out/` itself.
    pub files: BTreeMap<Utf8PathBuf, String>,
}

/// Where trees go, and how.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    pub out: &'a Utf8Path,
    /// The only environment to replace; all others stay as they are.
    pub only: Option<&'a str>,
    /// Whether files of ours that were changed by hand are replaced all the same.
    pub overwrite: bool,
    /// Told whom a run waits for, if it does.
    pub waits: fn(&str),
}

impl<'a> Target<'a> {
    /// All of `out`, sparing what was changed by hand.
    pub fn all(out: &'a Utf8Path) -> Self {
        Self { out, only: None, overwrite: false, waits: |_| {} }
    }
}

/// What was done. It reads as "2 trees, 63 files, 4 changed, 1 removed".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    pub trees: usize,
    pub files: usize,
    /// Files that were not there or not the same.
    pub changed: usize,
    pub removed: usize,
}

/// Makes `out` hold the trees; none, and nothing written, where the sink holds an error or there is no tree.
pub fn emit(world: &dyn World, target: Target<'_>, trees: &[Tree], sink: &mut Sink) -> Option<Summary> {
    let _lock = turn::take(world, target).map_err(|fault| sink.push(fault)).ok()?;
    turn::put_in_order(world, target.out).map_err(|fault| sink.push(fault)).ok()?;
    let survey = Survey::of(world, target, trees, sink)?;
    if sink.has_errors() || survey.summary.trees == 0 {
        return None;
    }
    survey.changes.apply(world, target.out).map_err(|fault| sink.push(fault)).ok()?;
    turn::put_in_order(world, target.out).map_err(|fault| sink.push(fault)).ok()?;
    Some(survey.summary)
}

/// The same, but for the writing: E0705 where there would be something to write.
pub fn check(world: &dyn World, target: Target<'_>, trees: &[Tree], sink: &mut Sink) -> Option<Summary> {
    let _lock = turn::take(world, target).map_err(|fault| sink.push(fault)).ok()?;
    if journal::is_open(world, target.out) {
        sink.push(faults::half_done(target.out));
        return None;
    }
    let survey = Survey::of(world, target, trees, sink)?;
    survey.differs.into_iter().for_each(|fault| sink.push(fault));
    (!sink.has_errors() && survey.summary.trees > 0).then_some(survey.summary)
}

/// What there is to do.
struct Survey<'a> {
    changes: Changes<'a>,
    summary: Summary,
    differs: Option<Diagnostic>,
}

impl<'a> Survey<'a> {
    fn of(world: &dyn World, target: Target<'_>, trees: &'a [Tree], sink: &mut Sink) -> Option<Self> {
        let trees: Vec<&Tree> = trees.iter().filter(|tree| target.includes(tree)).collect();
        let wanted = paths::wanted(&trees, sink);
        let record = Record::read(world, target.out).map_err(|fault| sink.push(fault)).ok()?;
        let listing = Listing::read(world, target.out).map_err(|fault| sink.push(fault)).ok()?;
        let findings = Search { world, target, record: &record, wanted: &wanted, listing: &listing }.findings();
        let changes = Changes::of(&findings, target, &record, &wanted, listing, sink);
        let (changed, removed) = (changes.write.len(), changes.remove.len());
        let differs = faults::differs(target.out, &findings, changes.record.is_none());
        let summary = Summary { trees: trees.len(), files: wanted.len(), changed, removed };
        Some(Self { changes, summary, differs })
    }
}

impl Target<'_> {
    fn includes(&self, tree: &Tree) -> bool {
        self.only.is_none() || tree.environment.as_deref() == self.only
    }

    /// Whether a recorded file is one that this run decides about.
    fn covers(&self, path: &Utf8Path) -> bool {
        self.only.is_none_or(|environment| path.starts_with(environment))
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { trees, files, changed, removed } = self;
        let (tree_s, file_s) = (plural(*trees), plural(*files));
        write!(f, "{trees} tree{tree_s}, {files} file{file_s}, ")?;
        match (changed, removed) {
            (0, 0) => f.write_str("nothing changed"),
            (_, 0) => write!(f, "{changed} changed"),
            (0, _) => write!(f, "{removed} removed"),
            _ => write!(f, "{changed} changed, {removed} removed"),
        }
    }
}

fn plural(number: usize) -> &'static str {
    if number == 1 { "" } else { "s" }
}

#[cfg(test)]
mod tests;
