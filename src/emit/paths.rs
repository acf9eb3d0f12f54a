//! The trees as one: every file by its path below `out`, each path one that can be written.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use camino::{Utf8Path, Utf8PathBuf};

use super::{journal, record};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::emit::Tree;

/// Files by path below `out`.
pub type Wanted<'a> = BTreeMap<Utf8PathBuf, &'a str>;

/// All files of the trees. Faults: E0403 for a path that leads out, E0402 for two files that cannot both be there.
pub fn wanted<'a>(trees: &[&'a Tree], sink: &mut Sink) -> Wanted<'a> {
    let mut wanted = Wanted::new();
    for (path, text) in trees.iter().flat_map(|tree| placed(tree)) {
        if !stays_below(&path) {
            sink.push(leaves(&path));
        } else if is_reserved(&path) {
            sink.push(taken(&path));
        } else {
            match wanted.entry(path) {
                Entry::Vacant(free) => drop(free.insert(text)),
                Entry::Occupied(other) => sink.push(taken(other.key())),
            }
        }
    }
    // In their order a folder is followed by what is in it.
    let pairs = wanted.keys().zip(wanted.keys().skip(1));
    pairs.filter(|(path, next)| next.starts_with(path)).for_each(|(path, _)| sink.push(taken_by_folder(path)));
    wanted
}

/// Where platformc keeps what it needs to know.
fn is_reserved(path: &Utf8Path) -> bool {
    path == record::NAME || path.starts_with(journal::NAME)
}

fn placed(tree: &Tree) -> impl Iterator<Item = (Utf8PathBuf, &str)> {
    let folder = Utf8Path::new(tree.environment.as_deref().unwrap_or_default());
    tree.files.iter().map(move |(path, text)| (folder.join(path), text.as_str()))
}

/// The folders above a path below `out`, the nearest first.
pub fn above(path: &Utf8Path) -> impl Iterator<Item = &Utf8Path> {
    path.ancestors().skip(1).filter(|above| !above.as_str().is_empty())
}

/// Whether a path means the same file on every system, and that file lies below the folder it starts from.
pub fn stays_below(path: &Utf8Path) -> bool {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':']) && !part.contains(unseen);
    path.as_str().split('/').all(plain)
}

fn unseen(c: char) -> bool {
    c.is_control()
}

fn leaves(path: &Utf8Path) -> Diagnostic {
    Diagnostic::new(Code::BadPath, format!("`{path}` is no path below the output folder"))
        .note("a path is names separated by `/`, none of them `.` or `..`")
}

fn taken(path: &Utf8Path) -> Diagnostic {
    let fault = Diagnostic::new(Code::FileTaken, format!("two files would be written to `{path}`"));
    if is_reserved(path) { fault.note("platformc records there which files are its own") } else { fault }
}

fn taken_by_folder(path: &Utf8Path) -> Diagnostic {
    Diagnostic::new(Code::FileTaken, format!("`{path}` would have to be a file and a folder"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(paths: &[&str]) -> Vec<String> {
        let files = paths.iter().map(|path| (Utf8PathBuf::from(path), String::new())).collect();
        let mut sink = Sink::default();
        wanted(&[&Tree { environment: None, files }], &mut sink);
        sink.iter().map(|fault| format!("{}: {}", fault.code, fault.message)).collect()
    }

    #[test]
    fn a_path_that_leads_out_is_a_fault() {
        for path in ["../a", "a/../../b", "/etc/a", "a//b", "./a", "", "a/", "..", "c:\\a", "a\n"] {
            assert!(faults(&[path]).iter().all(|fault| fault.starts_with("E0403")), "{path:?}");
            assert_eq!(faults(&[path]).len(), 1, "{path:?}");
        }
        assert_eq!(faults(&["a", "b/..c/d", "b/.hidden"]), [""; 0]);
    }

    #[test]
    fn an_environment_cannot_lead_out_either() {
        let files = [("a".into(), String::new())].into();
        let mut sink = Sink::default();
        wanted(&[&Tree { environment: Some("..".into()), files }], &mut sink);
        assert!(sink.has_errors());
    }

    #[test]
    fn a_file_cannot_be_a_folder_too() {
        assert_eq!(faults(&["a/b", "a/b/c", "a/b.yaml"]), ["E0402: `a/b` would have to be a file and a folder"]);
    }

    #[test]
    fn the_record_is_nobody_elses_file() {
        assert_eq!(faults(&[".platformc.json"]), ["E0402: two files would be written to `.platformc.json`"]);
        assert_eq!(faults(&[".platformc/a"]), ["E0402: two files would be written to `.platformc/a`"]);
        assert_eq!(faults(&["a/.platformc.json"]), [""; 0]);
    }
}
