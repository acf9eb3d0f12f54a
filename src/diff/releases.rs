//! Releases of the helmfiles of both sides, values of charts, and every other file.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::Comparison;
use super::change::{Change, Subject};
use super::fields::{fields, is_same};
use super::objects::Pair;
use crate::source::{Node, Span, Value};

/// The releases of a tree, by namespace and name.
type Releases<'n> = BTreeMap<(&'n str, &'n str), &'n Node>;

pub fn compare(comparison: &Comparison) -> Vec<Change> {
    let (old, new) = (&comparison.old, &comparison.new);
    let mut changes = releases(&releases_of(&old.helmfiles), &releases_of(&new.helmfiles));
    let users = users(&old.helmfiles, &new.helmfiles);
    changes.extend(trees(&old.helmfiles, &new.helmfiles, |path| Subject::File { path, is_docs: false }));
    changes.extend(trees(&old.values, &new.values, |path| {
        let releases = users.get(&path).cloned().unwrap_or_default();
        Subject::Values { path, releases }
    }));
    changes.extend(texts(&old.texts, &new.texts));
    changes
}

fn releases(old: &Releases, new: &Releases) -> Vec<Change> {
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let mut changes = vec![];
    for key in keys {
        let subject = Subject::Release { namespace: key.0.to_owned(), name: key.1.to_owned() };
        let pair = Pair { subject: &subject, old: old.get(key).copied(), new: new.get(key).copied() };
        match (pair.old, pair.new) {
            (Some(one), Some(other)) => changes.extend(pair.parts(&fields(one, other, None).changed)),
            // A folder of ours: its objects are told.
            (one, other) if one.or(other).is_some_and(is_raw) => {}
            _ => changes.extend(pair.whole()),
        }
    }
    changes
}

pub fn releases_of<'n>(helmfiles: &'n BTreeMap<&Utf8Path, Node>) -> Releases<'n> {
    let text = |node: &'n Node, key: &str| node.get(key).and_then(Node::as_str);
    let lists = helmfiles.values().filter_map(|node| node.get("releases")?.as_list());
    lists
        .flatten()
        .filter_map(|release| Some(((text(release, "namespace").unwrap_or_default(), text(release, "name")?), release)))
        .collect()
}

/// A release of plain files.
pub fn is_raw(release: &Node) -> bool {
    release.get("chart").and_then(Node::as_str).is_some_and(|chart| chart.starts_with("./"))
}

/// Which releases take a file.
fn users(old: &BTreeMap<&Utf8Path, Node>, new: &BTreeMap<&Utf8Path, Node>) -> BTreeMap<Utf8PathBuf, Vec<String>> {
    let mut users: BTreeMap<Utf8PathBuf, BTreeSet<String>> = BTreeMap::new();
    for helmfiles in [old, new] {
        for ((namespace, name), release) in releases_of(helmfiles) {
            let files = release.get("values").and_then(Node::as_list).unwrap_or_default();
            for file in files.iter().filter_map(Node::as_str) {
                let file = Utf8PathBuf::from(file.trim_start_matches("./"));
                users.entry(file).or_default().insert(format!("{namespace}/{name}"));
            }
        }
    }
    users.into_iter().map(|(file, users)| (file, users.into_iter().collect())).collect()
}

/// Files that are trees, but for the releases in them.
fn trees(
    old: &BTreeMap<&Utf8Path, Node>,
    new: &BTreeMap<&Utf8Path, Node>,
    subject: impl Fn(Utf8PathBuf) -> Subject,
) -> Vec<Change> {
    let paths: BTreeSet<&&Utf8Path> = old.keys().chain(new.keys()).collect();
    let mut changes = vec![];
    for path in paths {
        let subject = subject((*path).to_owned());
        let (one, other) = (old.get(path).map(without_releases), new.get(path).map(without_releases));
        let pair = Pair { subject: &subject, old: one.as_ref(), new: other.as_ref() };
        match (&one, &other) {
            (Some(one), Some(other)) => changes.extend(pair.parts(&fields(one, other, None).changed)),
            _ => changes.extend(pair.whole()),
        }
    }
    changes
}

fn without_releases(node: &Node) -> Node {
    let mut node = node.clone();
    let is_helmfile = node.get("releases").is_some_and(|releases| releases.as_list().is_some());
    match &mut node.value {
        Value::Map(map) if is_helmfile => drop(map.shift_remove("releases")),
        _ => {}
    }
    node
}

fn texts(old: &BTreeMap<&Utf8Path, &str>, new: &BTreeMap<&Utf8Path, &str>) -> Vec<Change> {
    let paths: BTreeSet<&&Utf8Path> = old.keys().chain(new.keys()).collect();
    let node = |text: &&str| Node::text(Span::new(crate::render::RENDERED, 0, 0), *text);
    let mut changes = vec![];
    for path in paths {
        let is_docs = path.extension() == Some("md");
        let subject = Subject::File { path: (*path).to_owned(), is_docs };
        let (one, other) = (old.get(path).map(node), new.get(path).map(node));
        let pair = Pair { subject: &subject, old: one.as_ref(), new: other.as_ref() };
        match (&one, &other) {
            (Some(one), Some(other)) if is_same(one, other) => {}
            (Some(one), Some(other)) => changes.extend(pair.parts(&fields(one, other, None).changed)),
            _ => changes.extend(pair.whole()),
        }
    }
    changes
}
