//! `kill -9` at random moments of a run: the output is the old one or the new one, and nobody's file is lost.
//!
//! Most kills come while files are being written, the others anywhere in the run. A few at each `cargo test`; a thousand, with
//! their figures: `KILLS=1000 cargo test --release --test kill -- --nocapture`.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "these tests start the program and end it")]
#![allow(clippy::print_stderr, reason = "its figures are for the terminal")]
#![allow(clippy::unwrap_used, reason = "these are tests")]
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How often a run is killed, where nobody says so.
const FEW: usize = 5;
/// One kill of so many comes anywhere in the run.
const ANYWHERE: u64 = 5;
const SIGKILL: i32 = 9;
/// Between two looks: short beside the time that writing takes.
const PAUSE: Duration = Duration::from_micros(100);
/// What is compiled in turn.
const FILES: [&str; 2] = ["one.yaml", "two.yaml"];

#[test]
fn a_killed_exchange_leaves_the_old_tree_or_the_new_one() {
    let place = Place::new("out");
    let figures = kill_often(&place);
    assert_eq!(figures.journals, 0, "it was to be an exchange");
}

#[test]
fn a_killed_journal_is_finished_by_the_next_run() {
    let place = Place::new("real");
    symlink("real", place.path("out")).unwrap();
    let figures = kill_often(&place);
    assert!(figures.kills < 100 || figures.journals > 0, "it was to be a journal");
}

#[derive(Debug, Default)]
struct Figures {
    kills: usize,
    /// Kills that came between the first write and the last one.
    in_the_middle: usize,
    /// Among them, with a journal that the next run goes on with.
    journals: usize,
}

fn kill_often(place: &Place) -> Figures {
    let wanted = std::env::var("KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(FEW);
    let trees = FILES.map(|file| place.rendered(file));
    let mine = place.of_others();
    let took = FILES.map(|file| place.measured(file)).into_iter().max().unwrap();
    let (mut figures, mut random) = (Figures::default(), Random(0x9e37_79b9_7f4a_7c15));
    while figures.kills < wanted {
        let next = usize::from(random.below(2) == 0);
        if !place.kill(FILES[next], took, &mut random) {
            continue;
        }
        figures.kills += 1;
        figures.in_the_middle += usize::from(place.is_in_the_middle());
        figures.journals += usize::from(place.is_journal());
        let what = format!("after {figures:?}");
        let found = place.tree();
        assert!(place.is_journal() || trees.contains(&found), "{what}: mixed: {:#?}", found.keys());
        assert_eq!(place.of_others(), mine, "{what}: what is not ours");
        // The others are killed again before they are in order.
        if random.below(2) == 0 {
            let next = usize::from(random.below(2) == 0);
            place.render(FILES[next]);
            assert_eq!((place.tree(), place.of_others()), (trees[next].clone(), mine.clone()), "{what}: the next run");
            assert!(!place.is_in_the_middle(), "{what}: something is left behind");
        }
    }
    eprintln!("{}: {figures:?}; mixed trees: 0, lost files of others: 0", place.folder);
    assert!(figures.kills < 100 || figures.in_the_middle * 3 > figures.kills, "too few in the middle: {figures:?}");
    figures
}

/// Text by path.
type Tree = BTreeMap<PathBuf, Vec<u8>>;

/// How long a run takes until it begins to write, and from there to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Took {
    writing: Duration,
    before: Duration,
}

/// A folder with two platforms, an output, and files of others in it.
struct Place {
    root: TempDir,
    /// What `out` is, or leads to.
    folder: &'static str,
}

impl Place {
    fn new(folder: &'static str) -> Self {
        let place = Self { root: tempfile::tempdir().unwrap(), folder };
        place.write("one.yaml", &platform(0..12, 1));
        place.write("two.yaml", &platform(4..16, 2));
        for path in ["mine", "kubernetes/mine", "kubernetes/apps1/mine", "theirs/deep/mine"] {
            place.write(&format!("{folder}/{path}"), path);
        }
        symlink("mine", place.path(folder).join("kubernetes/mine.link")).unwrap();
        fs::create_dir(place.path(folder).join("mine.folder")).unwrap();
        place
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn start(&self, file: &str) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_platformc"));
        command.args(["render", "--out", "out", "--file", file]).current_dir(&self.root);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn render(&self, file: &str) {
        let ended = self.start(file).wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }

    /// What this file compiles to.
    fn rendered(&self, file: &str) -> Tree {
        self.render(file);
        self.tree()
    }

    fn measured(&self, file: &str) -> Took {
        let start = Instant::now();
        let mut child = self.start(file);
        while !self.is_in_the_middle() && child.try_wait().unwrap().is_none() {
            sleep(PAUSE);
        }
        let before = start.elapsed();
        child.wait().unwrap();
        Took { before, writing: start.elapsed() - before }
    }

    /// Whether it did not end before.
    fn kill(&self, file: &str, took: Took, random: &mut Random) -> bool {
        let mut child = self.start(file);
        if random.below(ANYWHERE) == 0 {
            sleep(random.part_of(took.before + took.writing));
        } else {
            let was_in_the_middle = self.is_in_the_middle();
            while self.is_in_the_middle() == was_in_the_middle && child.try_wait().unwrap().is_none() {
                sleep(PAUSE);
            }
            sleep(random.part_of(took.writing));
        }
        child.kill().unwrap();
        child.wait().unwrap().signal() == Some(SIGKILL)
    }

    /// Whether something is left of a run that was writing.
    fn is_in_the_middle(&self) -> bool {
        self.path(".out.platformc").exists() || self.path("out/.platformc").exists()
    }

    fn is_journal(&self) -> bool {
        self.path("out/.platformc/journal.json").exists()
    }

    /// Whether this is a part of a path in this place.
    fn has(&self, path: &Path, part: &str) -> bool {
        path.strip_prefix(self.root.path()).unwrap().to_string_lossy().contains(part)
    }

    /// What is ours.
    fn tree(&self) -> Tree {
        let files = below(&self.path(self.folder)).into_iter().filter(|path| path.is_file());
        let ours = files.filter(|path| !self.has(path, "mine") && !self.has(path, ".platformc/"));
        ours.map(|path| (path.clone(), fs::read(&path).unwrap())).collect()
    }

    /// What is not, with the inode and the time of files.
    fn of_others(&self) -> BTreeMap<PathBuf, (u64, i64, Vec<u8>)> {
        let theirs = below(&self.path(self.folder)).into_iter().filter(|path| self.has(path, "mine"));
        let what = |path: PathBuf| {
            let found = fs::symlink_metadata(&path).unwrap();
            let bytes = if found.is_file() { fs::read(&path).unwrap() } else { vec![] };
            let stamp = if found.is_dir() { (0, 0) } else { (found.ino(), found.mtime_nsec()) };
            (path, (stamp.0, stamp.1, bytes))
        };
        theirs.map(what).collect()
    }
}

/// Everything below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        found.push(entry.path());
        if entry.file_type().unwrap().is_dir() {
            found.extend(below(&entry.path()));
        }
    }
    found
}

/// Services of this version: files that change, come and go.
fn platform(services: std::ops::Range<usize>, version: usize) -> String {
    let mut text = String::from("name: acme\ndomain: example.com\nservices:\n");
    for number in services {
        let image = format!("acme/api:{version}");
        writeln!(text, "  api-{number}: {{namespace: apps{}, image: {image}, port: 80}}", number % 5).unwrap();
    }
    text
}

/// The same numbers each time; the moments they stand for are never the same.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn part_of(&mut self, time: Duration) -> Duration {
        time * u32::try_from(self.below(1000)).unwrap() / 1000
    }
}
