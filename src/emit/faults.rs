//! How faults of the output read.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind};

use camino::{Utf8Path, Utf8PathBuf};
use similar::TextDiff;

use super::Target;
use super::paths::Wanted;
use super::record::{self, Record};
use super::state::{Finding, State};
use crate::diagnostic::{Code, Diagnostic, Sink};

/// How many lines of a change are shown, and how many files of one state are named.
const SHOWN: usize = 12;

/// What speaks against writing.
pub fn tell(findings: &[Finding], target: Target<'_>, record: &Record, wanted: &Wanted<'_>, sink: &mut Sink) {
    let mut in_the_way = BTreeSet::new();
    for finding in findings {
        let place = target.out.join(&finding.path);
        match &finding.state {
            State::Unreadable(error) => sink.push(unreadable(&place, error)),
            State::Edited(found) if !target.overwrite => {
                let written = wanted.get(&finding.path).copied();
                let is_as_recorded = finding.wanted.as_ref() == record.files.get(&finding.path);
                sink.push(edited(&place, found.as_deref(), written, is_as_recorded));
            }
            State::Foreign(path) if in_the_way.insert(path) => sink.push(foreign(target.out, path, record)),
            _ => {}
        }
    }
}

/// A change by hand, and what it changed.
fn edited(place: &Utf8Path, found: Option<&[u8]>, wanted: Option<&str>, is_as_recorded: bool) -> Diagnostic {
    let fault = Diagnostic::new(Code::Edited, format!("`{place}` was changed after platformc wrote it"));
    let fault = match (found.map(std::str::from_utf8), wanted) {
        (None, _) => fault.note("it is no file any more"),
        (Some(Ok(found)), Some(wanted)) => {
            let what = if is_as_recorded { "the change" } else { "against what would be written now" };
            fault.note(format!("{what}:\n{}", difference(wanted, found)))
        }
        (_, None) => fault.note("it would be removed: platform.yaml asks for it no more"),
        (Some(Err(_)), _) => fault.note("it is no text any more"),
    };
    fault.help("say in platform.yaml what you want, then take the change back or add `--overwrite`")
}

/// The lines that differ, with few around them.
fn difference(from: &str, to: &str) -> String {
    let difference =
        TextDiff::from_lines(from, to).unified_diff().context_radius(1).missing_newline_hint(false).to_string();
    let lines: Vec<&str> = difference.lines().collect();
    let shown = lines.iter().take(SHOWN).copied().collect::<Vec<_>>().join("\n");
    match lines.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown}\n… {more} more lines"),
    }
}

fn foreign(out: &Utf8Path, path: &Utf8Path, record: &Record) -> Diagnostic {
    let message = format!("`{}` is in the way, and platformc did not write it", out.join(path));
    let fault = Diagnostic::new(Code::NotOurs, message)
        .help("move it away or delete it: platformc touches no file but its own");
    if record.written.is_some() {
        fault
    } else {
        fault.note(format!("there is no `{out}/{}`, which says what is its own", record::NAME))
    }
}

pub fn unreadable(place: &Utf8Path, error: &io::Error) -> Diagnostic {
    let fault = Diagnostic::new(Code::CannotWrite, format!("cannot read `{place}`: {error}"));
    match error.kind() {
        ErrorKind::NotADirectory => fault.help("a file stands where a folder is needed: move it away"),
        ErrorKind::PermissionDenied => fault.help("let your user read it"),
        _ => fault,
    }
}

/// Why nothing was written; or why it is half done.
pub fn refused(out: &Utf8Path, error: &io::Error, is_half_done: bool) -> Diagnostic {
    let fault = Diagnostic::new(Code::CannotWrite, format!("cannot write below `{out}`: {error}"));
    let fault = match is_half_done {
        false => fault.note("nothing was changed"),
        true => fault.note("it is half done: the next run goes on where this one stopped"),
    };
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => fault.help("make room, then run again"),
        ErrorKind::PermissionDenied => fault.help(format!("let your user write to `{out}` and to the folder it is in")),
        ErrorKind::ReadOnlyFilesystem => fault.help("write elsewhere with `--out FOLDER`"),
        ErrorKind::CrossesDevices => fault.help("a folder in it lies on another disk: `--out` may name that one"),
        ErrorKind::NotADirectory => fault.help("a file stands where a folder is needed: move it away"),
        ErrorKind::ResourceBusy | ErrorKind::AlreadyExists => fault.help("somebody works in it: run again"),
        _ => fault.help("run again once the cause is gone"),
    }
}

/// What is there is neither the old nor the new.
pub fn half_done(out: &Utf8Path) -> Diagnostic {
    Diagnostic::new(Code::NotAsSaid, format!("`{out}` is half done: a run broke off in it"))
        .help("run `platformc render`: it goes on where that one stopped")
}

/// What a run left behind cannot be put in order.
pub fn unfinished(place: &Utf8Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(Code::Leftover, format!("cannot put in order what an earlier run left in `{place}`: {error}"))
        .help("run again once the cause is gone")
}

/// Files of others where only ours should be.
pub fn leftover(place: &Utf8Path, files: &[Utf8PathBuf]) -> Diagnostic {
    Diagnostic::new(Code::Leftover, format!("`{place}` holds what platformc does not know"))
        .note(named(files))
        .note("platformc works in that folder and removes it; what others put there meanwhile it leaves alone")
        .help("move what you need to another place, then delete the folder")
}

pub fn locked(out: &Utf8Path, holder: &str) -> Diagnostic {
    Diagnostic::new(Code::Locked, format!("{holder} is at work on `{out}` and does not end"))
        .help("wait for it or end it, then run again")
}

/// `out` is not what it should be, by state.
pub fn differs(out: &Utf8Path, findings: &[Finding], is_recorded: bool) -> Option<Diagnostic> {
    let of = |wanted: fn(&State) -> bool| -> Vec<Utf8PathBuf> {
        let found = findings.iter().filter(|finding| wanted(&finding.state));
        found.map(|finding| finding.path.clone()).collect()
    };
    let mut outdated = of(|state| matches!(state, State::Outdated));
    let (missing, stale) = (of(|state| matches!(state, State::Missing)), of(|state| matches!(state, State::Stale)));
    if !is_recorded && missing.is_empty() && outdated.is_empty() && stale.is_empty() {
        outdated.push(record::NAME.into());
    }
    let states = [("missing", missing), ("outdated", outdated), ("stale", stale)];
    let found: Vec<_> = states.iter().filter(|(_, files)| !files.is_empty()).collect();
    let count: usize = found.iter().map(|(_, files)| files.len()).sum();
    if count == 0 {
        return None;
    }
    let files = if count == 1 { "file" } else { "files" };
    let fault = Diagnostic::new(Code::NotAsSaid, format!("`{out}` is not what platform.yaml says: {count} {files}"));
    let fault = found.iter().fold(fault, |fault, (state, files)| fault.note(format!("{state}: {}", named(files))));
    Some(fault.help("run `platformc render`, and commit what it writes"))
}

fn named(files: &[Utf8PathBuf]) -> String {
    let names: Vec<String> = files.iter().take(SHOWN).map(|file| format!("`{file}`")).collect();
    let names = names.join(", ");
    match files.len().saturating_sub(SHOWN) {
        0 => names,
        more => format!("{names} and {more} more"),
    }
}
