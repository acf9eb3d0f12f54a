//! Files, folders and symbolic links as a disk keeps them: what a path means, and what it says where it means nothing.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use crate::world::reason::refused;
use crate::world::{Entry, Kind, Stamp};

/// By plain path. The root itself is not in it, and is always there.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    nodes: BTreeMap<Utf8PathBuf, Node>,
    /// How many things there ever were.
    made: u64,
}

/// Names of one file have its inode and its bytes.
#[derive(Debug, Clone)]
struct Node {
    inode: u64,
    modified: u64,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    File(Vec<u8>),
    Folder,
    Link(Utf8PathBuf),
}

/// As many links as a path may lead through.
const LINKS: usize = 40;

impl Tree {
    pub fn files(&self) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
        let files = self.nodes.iter().filter_map(|(path, node)| match &node.what {
            What::File(bytes) => Some((path.clone(), bytes.clone())),
            _ => None,
        });
        files.collect()
    }

    pub fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        let path = self.followed(path)?;
        match self.nodes.get(&path).map(|node| &node.what) {
            Some(What::File(bytes)) => Ok(bytes.clone()),
            None if !path.as_str().is_empty() => Err(refused(ErrorKind::NotFound)),
            _ => Err(refused(ErrorKind::IsADirectory)),
        }
    }

    pub fn entry(&self, path: &Utf8Path) -> io::Result<Entry> {
        let place = self.place(path)?;
        if place.as_str().is_empty() {
            return Ok(Entry { path: path.to_owned(), kind: Kind::Folder, stamp: Stamp::default() });
        }
        let node = self.nodes.get(&place).ok_or_else(|| refused(ErrorKind::NotFound))?;
        Ok(node.entry(path.to_owned()))
    }

    pub fn entries(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>> {
        let place = self.followed(folder)?;
        match self.nodes.get(&place).map(|node| &node.what) {
            Some(What::File(_)) => return Err(refused(ErrorKind::NotADirectory)),
            None if !place.as_str().is_empty() => return Ok(vec![]),
            _ => {}
        }
        let below = self.from(&place).filter(|(path, _)| **path != place);
        let below = below.filter_map(|(path, node)| Some((path.strip_prefix(&place).ok()?, node)));
        Ok(below.map(|(rest, node)| node.entry(folder.join(rest))).collect())
    }

    pub fn write(&mut self, path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
        self.make_folder(path.parent().unwrap_or(Utf8Path::new("")))?;
        let place = self.place(path)?;
        if self.is_folder(&place) {
            return Err(refused(ErrorKind::IsADirectory));
        }
        self.insert(place, What::File(bytes.to_owned()));
        Ok(())
    }

    pub fn edit(&mut self, path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
        let node = self.nodes.get(&self.followed(path)?).ok_or_else(|| refused(ErrorKind::NotFound))?;
        let inode = node.inode;
        self.made += 1;
        for node in self.nodes.values_mut().filter(|node| node.inode == inode) {
            (node.modified, node.what) = (self.made, What::File(bytes.to_owned()));
        }
        Ok(())
    }

    pub fn symlink(&mut self, path: &Utf8Path, target: Utf8PathBuf) -> io::Result<()> {
        self.make_folder(path.parent().unwrap_or(Utf8Path::new("")))?;
        let place = self.free(path)?;
        self.insert(place, What::Link(target));
        Ok(())
    }

    pub fn make_folder(&mut self, path: &Utf8Path) -> io::Result<()> {
        let ancestors: Vec<&Utf8Path> = path.ancestors().collect();
        for folder in ancestors.into_iter().rev() {
            let place = self.followed(folder)?;
            if place.as_str().is_empty() || self.is_folder(&place) {
                continue;
            }
            if self.nodes.contains_key(&place) {
                return Err(refused(ErrorKind::NotADirectory));
            }
            self.insert(place, What::Folder);
        }
        Ok(())
    }

    pub fn link(&mut self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        let (from, to) = (self.place(from)?, self.free(to)?);
        let node = self.nodes.get(&from).cloned().ok_or_else(|| refused(ErrorKind::NotFound))?;
        if matches!(node.what, What::Folder) {
            return Err(refused(ErrorKind::PermissionDenied));
        }
        self.nodes.insert(to, node);
        Ok(())
    }

    pub fn rename(&mut self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        let (from, to) = (self.place(from)?, self.free(to)?);
        let moved = self.take(&from)?;
        self.put(&to, moved);
        Ok(())
    }

    pub fn exchange(&mut self, one: &Utf8Path, other: &Utf8Path) -> io::Result<()> {
        let (one, other) = (self.place(one)?, self.place(other)?);
        if !self.nodes.contains_key(&one) || !self.nodes.contains_key(&other) {
            return Err(refused(ErrorKind::NotFound));
        }
        let (first, second) = (self.take(&one)?, self.take(&other)?);
        self.put(&one, second);
        self.put(&other, first);
        Ok(())
    }

    pub fn remove(&mut self, path: &Utf8Path) -> io::Result<()> {
        let place = self.place(path)?;
        if self.from(&place).any(|(other, _)| *other != place) {
            return Err(refused(ErrorKind::DirectoryNotEmpty));
        }
        self.nodes.remove(&place).map(drop).ok_or_else(|| refused(ErrorKind::NotFound))
    }

    fn insert(&mut self, place: Utf8PathBuf, what: What) {
        self.made += 1;
        self.nodes.insert(place, Node { inode: self.made, modified: self.made, what });
    }

    /// What is at a place and below it.
    fn from(&self, place: &Utf8Path) -> impl Iterator<Item = (&Utf8PathBuf, &Node)> {
        self.nodes.range(place.to_owned()..).take_while(move |(path, _)| path.starts_with(place))
    }

    /// Takes what is at a place and below it, by its path from there.
    fn take(&mut self, place: &Utf8Path) -> io::Result<Vec<(Utf8PathBuf, Node)>> {
        let moved: Vec<Utf8PathBuf> = self.from(place).map(|(path, _)| path.clone()).collect();
        if moved.is_empty() {
            return Err(refused(ErrorKind::NotFound));
        }
        let rest = |path: &Utf8Path| path.strip_prefix(place).map(Utf8Path::to_owned).unwrap_or_default();
        Ok(moved.iter().filter_map(|path| Some((rest(path), self.nodes.remove(path)?))).collect())
    }

    fn put(&mut self, place: &Utf8Path, nodes: Vec<(Utf8PathBuf, Node)>) {
        let path = |rest: Utf8PathBuf| if rest.as_str().is_empty() { place.to_owned() } else { place.join(rest) };
        self.nodes.extend(nodes.into_iter().map(|(rest, node)| (path(rest), node)));
    }

    fn is_folder(&self, place: &Utf8Path) -> bool {
        place.as_str().is_empty() || self.nodes.get(place).is_some_and(|node| matches!(node.what, What::Folder))
    }

    /// A place where nothing stands, in a folder that is there.
    fn free(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        let place = self.place(path)?;
        match self.nodes.contains_key(&place) {
            true => Err(refused(ErrorKind::AlreadyExists)),
            false if place.parent().is_some_and(|folder| !self.is_folder(folder)) => Err(refused(ErrorKind::NotFound)),
            false => Ok(place),
        }
    }

    /// Where a path leads: the links above it are followed, it itself is not.
    fn place(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        let plain = plain(path);
        match (plain.parent(), plain.file_name()) {
            (Some(folder), Some(name)) => {
                let folder = self.followed(folder)?;
                match self.nodes.get(&folder).map(|node| &node.what) {
                    Some(What::File(_)) => Err(refused(ErrorKind::NotADirectory)),
                    _ => Ok(folder.join(name)),
                }
            }
            _ => Ok(plain),
        }
    }

    /// Where a path leads, itself followed.
    fn followed(&self, path: &Utf8Path) -> io::Result<Utf8PathBuf> {
        let mut path = plain(path);
        for _ in 0..LINKS {
            let place = self.place(&path)?;
            match self.nodes.get(&place).map(|node| &node.what) {
                Some(What::Link(target)) => path = plain(&place.parent().unwrap_or(Utf8Path::new("")).join(target)),
                _ => return Ok(place),
            }
        }
        Err(io::Error::other("its links go round in a circle"))
    }
}

impl Node {
    fn entry(&self, path: Utf8PathBuf) -> Entry {
        let (kind, size) = match &self.what {
            What::File(bytes) => (Kind::File, bytes.len()),
            What::Folder => (Kind::Folder, 0),
            What::Link(target) => (Kind::Link, target.as_str().len()),
        };
        let size = u64::try_from(size).unwrap_or_default();
        // A folder's time tells of what is in it, not of itself.
        let modified = if kind == Kind::Folder { 0 } else { self.modified };
        Entry { path, kind, stamp: Stamp { inode: self.inode, size, modified } }
    }
}

/// Without `.` and `..`, which the disk resolves.
fn plain(path: &Utf8Path) -> Utf8PathBuf {
    let mut plain = Utf8PathBuf::new();
    for component in path.components() {
        match component {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => drop(plain.pop()),
            other => plain.push(other),
        }
    }
    plain
}
