//! A machine on which something goes wrong at one change of the disk.

use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};

use crate::world::{Date, Entry, Lock, Memory, World};

/// What happens at the change of this number, counted from 0.
#[derive(Clone, Copy)]
pub enum Event {
    /// It fails, and all others work.
    Fails(usize),
    /// It fails, and so do all after it.
    FailsFor(usize),
    /// The process ends in it: nothing happens any more.
    Killed(usize),
    /// Somebody does something, then it goes on.
    Meddling(usize, fn(&Memory)),
    Nothing,
}

/// What a disk can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Can {
    pub exchange: bool,
    pub link: bool,
}

pub const DISKS: [Can; 3] =
    [Can { exchange: true, link: true }, Can { exchange: true, link: false }, Can { exchange: false, link: true }];

pub struct Machine<'e> {
    pub disk: &'e Memory,
    can: Can,
    event: Event,
    changes: AtomicUsize,
}

impl<'e> Machine<'e> {
    pub fn new(disk: &'e Memory, can: Can, event: Event) -> Self {
        Self { disk, can, event, changes: AtomicUsize::new(0) }
    }

    /// How many changes were asked for.
    pub fn changes(&self) -> usize {
        self.changes.load(Ordering::SeqCst)
    }

    /// Whether the event came.
    pub fn happened(&self) -> bool {
        match self.event {
            Event::Nothing => false,
            Event::Fails(at) | Event::FailsFor(at) | Event::Killed(at) | Event::Meddling(at, _) => self.changes() > at,
        }
    }

    fn change(&self) -> io::Result<()> {
        let number = self.changes.fetch_add(1, Ordering::SeqCst);
        match &self.event {
            Event::Fails(at) if number == *at => Err(full()),
            Event::FailsFor(at) | Event::Killed(at) if number >= *at => Err(full()),
            Event::Meddling(at, meddle) if number == *at => {
                meddle(self.disk);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Who is dead reads nothing.
    fn look(&self) -> io::Result<()> {
        let is_dead = matches!(self.event, Event::Killed(_)) && self.happened();
        if is_dead { Err(full()) } else { Ok(()) }
    }

    /// Writes a file, or half of it at `half` if that is where the process ends.
    fn put(&self, put: Put, path: &Utf8Path, half: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
        let was_alive = self.look().is_ok();
        self.change().and_then(|()| put(self.disk, path, bytes)).inspect_err(|_| {
            if was_alive && self.look().is_err() {
                let _ = put(self.disk, half, bytes.get(..bytes.len() / 2).unwrap_or_default());
            }
        })
    }
}

type Put = fn(&Memory, &Utf8Path, &[u8]) -> io::Result<()>;

fn full() -> io::Error {
    io::Error::new(ErrorKind::StorageFull, "the disk is full")
}

fn cannot() -> io::Error {
    io::Error::new(ErrorKind::Unsupported, "this disk cannot do it")
}

impl World for Machine<'_> {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        self.look().and_then(|()| self.disk.read(path))
    }

    fn entry(&self, path: &Utf8Path) -> io::Result<Entry> {
        self.look().and_then(|()| self.disk.entry(path))
    }

    fn entries(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>> {
        self.look().and_then(|()| self.disk.entries(folder))
    }

    fn write(&self, path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
        // A disk writes beside the file, then gives it its name.
        let name = format!(".{}.new", path.file_name().unwrap_or_default());
        self.put(World::write, path, &path.with_file_name(name), bytes)
    }

    fn create(&self, path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
        self.put(World::create, path, path, bytes)
    }

    fn make_folder(&self, path: &Utf8Path, like: Option<&Utf8Path>) -> io::Result<()> {
        self.change().and_then(|()| self.disk.make_folder(path, like))
    }

    fn link(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        self.change()?;
        if self.can.link { self.disk.link(from, to) } else { Err(cannot()) }
    }

    fn rename(&self, from: &Utf8Path, to: &Utf8Path) -> io::Result<()> {
        self.change().and_then(|()| self.disk.rename(from, to))
    }

    fn exchange(&self, one: &Utf8Path, other: &Utf8Path) -> io::Result<()> {
        self.change()?;
        if self.can.exchange { self.disk.exchange(one, other) } else { Err(cannot()) }
    }

    fn remove(&self, path: &Utf8Path) -> io::Result<()> {
        self.change().and_then(|()| self.disk.remove(path))
    }

    fn sync(&self, paths: &[Utf8PathBuf]) -> io::Result<()> {
        self.change().and_then(|()| self.disk.sync(paths))
    }

    fn lock(&self, folder: &Utf8Path, patience: Duration) -> io::Result<Option<Lock>> {
        self.disk.lock(folder, patience)
    }

    fn input(&self) -> io::Result<Vec<u8>> {
        Ok(vec![])
    }

    fn today(&self) -> Date {
        Date::EPOCH
    }
}
