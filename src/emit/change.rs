//! What has to change so that `out` holds what is wanted, and the changing.

use camino::{Utf8Path, Utf8PathBuf};

use super::faults;
use super::listing::Listing;
use super::paths::Wanted;
use super::record::{self, Record};
use super::state::{Finding, State};
use super::{Target, exchange, journal};
use crate::diagnostic::{Diagnostic, Sink};
use crate::world::World;

/// Files to remove and to write, and what to record then.
#[derive(Debug, Default)]
pub struct Changes<'a> {
    /// Sorted, as the others are.
    pub remove: Vec<Utf8PathBuf>,
    pub write: Vec<(Utf8PathBuf, &'a str)>,
    /// The new record; none where the old one says it already.
    pub record: Option<String>,
    pub listing: Listing,
}

impl<'a> Changes<'a> {
    /// What follows from the findings. Faults: E0701 for what is in the way and not ours, E0703 for what is ours and was
    /// changed, E0702 for what cannot be read.
    pub fn of(
        findings: &[Finding],
        target: Target<'_>,
        old: &Record,
        wanted: &Wanted<'a>,
        listing: Listing,
        sink: &mut Sink,
    ) -> Self {
        faults::tell(findings, target, old, wanted, sink);
        let mut changes = Changes { listing, ..Changes::default() };
        for Finding { path, state, .. } in findings {
            let is_changed = match state {
                State::Missing | State::Outdated | State::Stale => true,
                State::Edited(_) => target.overwrite,
                _ => false,
            };
            match wanted.get(path).filter(|_| is_changed) {
                Some(text) => changes.write.push((path.clone(), text)),
                None if is_changed => changes.remove.push(path.clone()),
                None => {}
            }
        }
        let text = old.after(findings, target).text();
        changes.record = (old.written.as_deref() != Some(text.as_bytes())).then_some(text);
        changes
    }

    pub fn is_empty(&self) -> bool {
        self.remove.is_empty() && self.write.is_empty() && self.record.is_none()
    }

    /// Everything to write. The record comes first, as its name does.
    pub fn writes(&self) -> impl Iterator<Item = (&Utf8Path, &str)> {
        let record = self.record.as_deref().map(|text| (Utf8Path::new(record::NAME), text));
        record.into_iter().chain(self.write.iter().map(|(path, text)| (path.as_path(), *text)))
    }

    pub fn is_written(&self, path: &Utf8Path) -> bool {
        let is_record = path == record::NAME && self.record.is_some();
        is_record || self.write.binary_search_by(|(other, _)| other.as_path().cmp(path)).is_ok()
    }

    pub fn is_removed(&self, path: &Utf8Path) -> bool {
        self.remove.binary_search_by(|other| other.as_path().cmp(path)).is_ok()
    }

    /// All of it or nothing: the whole tree at once, or where that cannot be done, file by file with a journal.
    pub fn apply(&self, world: &dyn World, out: &Utf8Path) -> Result<(), Diagnostic> {
        if self.is_empty() || exchange::apply(world, out, self).is_ok() {
            return Ok(());
        }
        journal::apply(world, out, self).map_err(|error| faults::refused(out, &error, journal::is_open(world, out)))
    }
}
