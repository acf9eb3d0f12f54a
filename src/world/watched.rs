//! A world that remembers what it was asked, to tell what it would answer otherwise now.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Date, Entry, Kind, Ran, Stamp, World};

/// Another world, in which every look at a file or a folder is remembered. It is only read.
pub struct Watched<'w> {
    world: &'w dyn World,
    /// What is below it is written by whoever asks, and no news.
    out: Utf8PathBuf,
    /// The first answer to each question.
    asked: Mutex<Answers>,
}

pub type Answers = BTreeMap<Question, Answer>;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    File(Utf8PathBuf),
    Folder(Utf8PathBuf),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    File(Stamp),
    /// Of a link, and of what else has no time of its own; or what stands against reading.
    Bytes(Result<Vec<u8>, ErrorKind>),
    Folder(Result<Vec<(Utf8PathBuf, Kind)>, ErrorKind>),
}

impl<'w> Watched<'w> {
    pub fn new(world: &'w dyn World, out: impl Into<Utf8PathBuf>) -> Self {
        Self { world, out: out.into(), asked: Mutex::default() }
    }

    /// What is answered otherwise than when it was first asked.
    pub fn changes(&self) -> Answers {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let now = asked.iter().map(|(question, before)| (question, before, self.answer(question)));
        now.filter(|(_, before, now)| now != *before).map(|(question, _, now)| (question.clone(), now)).collect()
    }

    fn answer(&self, question: &Question) -> Answer {
        match question {
            Question::File(path) => match self.world.entry(path) {
                Ok(Entry { kind: Kind::File, stamp, .. }) => Answer::File(stamp),
                _ => Answer::Bytes(self.world.read(path).map_err(|error| error.kind())),
            },
            Question::Folder(path) => Answer::Folder(self.names(path)),
        }
    }

    fn names(&self, folder: &Utf8Path) -> Result<Vec<(Utf8PathBuf, Kind)>, ErrorKind> {
        let entries = self.world.entries(folder).map_err(|error| error.kind())?;
        let meant = entries.into_iter().filter(|entry| !entry.path.starts_with(&self.out));
        Ok(meant.map(|entry| (entry.path, entry.kind)).collect())
    }

    /// Before it is answered: what changes meanwhile is found later.
    fn remember(&self, question: Question) {
        let answer = self.answer(&question);
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).entry(question).or_insert(answer);
    }
}

impl Question {
    pub fn path(&self) -> &Utf8Path {
        match self {
            Self::File(path) | Self::Folder(path) => path,
        }
    }
}

impl World for Watched<'_> {
    fn folder(&self) -> &Utf8Path {
        self.world.folder()
    }

    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        self.remember(Question::File(path.to_owned()));
        self.world.read(path)
    }

    fn entry(&self, path: &Utf8Path) -> io::Result<Entry> {
        self.world.entry(path)
    }

    fn entries(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>> {
        self.remember(Question::Folder(folder.to_owned()));
        self.world.entries(folder)
    }

    fn run(&self, program: &str, arguments: &[&str], input: &[u8]) -> io::Result<Ran> {
        self.world.run(program, arguments, input)
    }

    fn pause(&self, time: Duration) {
        self.world.pause(time);
    }

    fn input(&self) -> io::Result<Vec<u8>> {
        self.world.input()
    }

    fn today(&self) -> Date {
        self.world.today()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Memory;

    fn changed(watched: &Watched) -> Vec<String> {
        watched.changes().keys().map(|question| question.path().to_string()).collect()
    }

    #[test]
    fn only_what_was_asked_counts() {
        let world = Memory::with([("a", "old"), ("b", "old")]);
        let watched = Watched::new(&world, "out");
        watched.read("a".into()).unwrap();
        world.write("b".into(), b"new").unwrap();
        assert!(changed(&watched).is_empty());
        world.write("a".into(), b"new").unwrap();
        assert_eq!(changed(&watched), ["a"]);
    }

    #[test]
    fn what_was_missing_and_comes_is_a_change() {
        let world = Memory::default();
        let watched = Watched::new(&world, "out");
        assert!(watched.read("a".into()).is_err());
        assert!(changed(&watched).is_empty());
        world.write("a".into(), b"").unwrap();
        assert_eq!(changed(&watched), ["a"]);
    }

    #[test]
    fn what_a_link_leads_to_is_a_change() {
        let world = Memory::with([("a", "old")]);
        world.symlink("link", "a").unwrap();
        let watched = Watched::new(&world, "out");
        watched.read("link".into()).unwrap();
        assert!(changed(&watched).is_empty());
        world.write("a".into(), b"new").unwrap();
        assert_eq!(changed(&watched), ["link"]);
    }

    #[test]
    fn a_new_file_in_a_folder_is_a_change_unless_it_is_ours() {
        let world = Memory::with([("manifests/a", "")]);
        let watched = Watched::new(&world, "manifests/out");
        watched.files("manifests".into()).unwrap();
        world.write("manifests/out/a".into(), b"").unwrap();
        assert!(changed(&watched).is_empty());
        world.write("manifests/b".into(), b"").unwrap();
        assert_eq!(changed(&watched), ["manifests"]);
    }
}
