//! Runs that go wrong at each change of the disk that there is: they fail, are killed, or somebody comes between.

use super::machine::{Can, DISKS, Event, Machine};
use super::*;
use crate::world::{Kind, Stamp};

/// What stands below `out`, with what it holds; without what a run keeps there.
type Seen = BTreeMap<Utf8PathBuf, (Kind, Vec<u8>)>;

fn seen(disk: &Memory) -> Seen {
    let entries = disk.entries(OUT.into()).unwrap();
    let entries = entries.into_iter().filter(|entry| !entry.path.starts_with("out/.platformc"));
    let holds = |entry: &Entry| match entry.kind {
        Kind::File => disk.read(&entry.path).unwrap(),
        // Another link is another thing.
        Kind::Link => entry.stamp.inode.to_be_bytes().to_vec(),
        _ => vec![],
    };
    entries.map(|entry| (entry.path.clone(), (entry.kind, holds(&entry)))).collect()
}

/// The same, but for folders of ours: one that cannot be removed is no reason to give up, and stays, empty.
fn seen_files(disk: &Memory) -> Seen {
    let mut seen = seen(disk);
    seen.retain(|path, (kind, _)| *kind != Kind::Folder || path.as_str().contains("mine"));
    seen
}

/// The same, to be read.
fn listed(seen: &Seen) -> Vec<String> {
    let line = |(path, (kind, bytes)): (&Utf8PathBuf, &(Kind, Vec<u8>))| {
        format!("{kind:?} {path} {}", String::from_utf8_lossy(bytes).escape_debug())
    };
    seen.iter().map(line).collect()
}

/// What others keep, each with its inode and time; a folder may be another one.
fn of_others(disk: &Memory) -> Vec<Entry> {
    let entries = disk.entries("".into()).unwrap().into_iter();
    let theirs =
        entries.filter(|entry| entry.path.as_str().contains("mine") && !entry.path.starts_with(".out.platformc"));
    let folder =
        |entry: Entry| if entry.kind == Kind::Folder { Entry { stamp: Stamp::default(), ..entry } } else { entry };
    theirs.map(folder).collect()
}

/// A state of the disk, and what a run is to make of it.
struct Case {
    name: &'static str,
    disk: fn() -> Memory,
    before: Vec<Tree>,
    /// Done between the two.
    then: fn(&Memory),
    after: Vec<Tree>,
}

impl Case {
    fn target() -> Target<'static> {
        Target { overwrite: true, ..all() }
    }

    /// The disk before the run.
    fn disk(&self) -> Memory {
        let disk = (self.disk)();
        if !self.before.is_empty() {
            run(&disk, Self::target(), &self.before).unwrap();
        }
        (self.then)(&disk);
        disk
    }

    /// What is there before the run, and what after it.
    fn ends(&self, see: fn(&Memory) -> Seen) -> (Seen, Seen) {
        let disk = self.disk();
        let before = see(&disk);
        run(&disk, Self::target(), &self.after).unwrap();
        (before, see(&disk))
    }

    fn run(&self, machine: &Machine<'_>) -> Result<Summary, Vec<String>> {
        run(machine, Self::target(), &self.after)
    }

    /// All is well after one more run.
    fn recovers(&self, disk: &Memory, can: Can, outcome: &Outcome<'_>) {
        let what = outcome.what;
        let others = of_others(disk);
        self.run(&Machine::new(disk, can, Event::Nothing)).unwrap_or_else(|faults| panic!("{what}: {faults:?}"));
        assert_eq!(listed(&(outcome.see)(disk)), listed(&outcome.ends.1), "{what}: the new tree");
        assert_eq!(of_others(disk), others, "{what}: what is not ours");
        let left = disk.entries("".into()).unwrap().into_iter().map(|entry| entry.path);
        let left = left.filter(|path| path.as_str().contains(".platformc") && !path.ends_with(".platformc.json"));
        let left: Vec<Utf8PathBuf> = left.collect();
        assert_eq!(left, [""; 0], "{what}: nothing is left behind");
    }
}

/// What others keep in `folder`.
fn beside(folder: &str) -> Memory {
    let disk = Memory::with([("mine", "1"), ("dev/mine", "2"), ("dev/old/mine", "3"), ("mine/file", "4")].map(
        |(path, text)| {
            let path = if path == "mine" { "mine.txt" } else { path };
            (Utf8Path::new(folder).join(path), text)
        },
    ));
    disk.symlink(Utf8Path::new(folder).join("mine.link"), "mine.txt").unwrap();
    disk.make_folder(&Utf8Path::new(folder).join("dev/mine.d/mine.e"), None).unwrap();
    disk
}

fn linked() -> Memory {
    let disk = beside("real");
    disk.symlink("out", "real").unwrap();
    disk
}

fn old() -> Vec<Tree> {
    let dev = [("a", "1"), ("b/c", "1"), ("b/d/e", "1"), ("f", "1"), ("old/x", "1"), ("same", "1")];
    vec![tree("dev", &dev), tree("gone", &[("a", "1")])]
}

fn new() -> Vec<Tree> {
    vec![tree("dev", &[("a", "2"), ("b", "2"), ("f/g/h", "2"), ("more/y", "2"), ("same", "1")])]
}

fn cases() -> Vec<Case> {
    let case = |name, disk, before, after| Case { name, disk, before, then: |_| (), after };
    let by_hand = |disk: &Memory| disk.edit("out/dev/a", b"by hand").unwrap();
    let unrecorded = |disk: &Memory| disk.remove("out/.platformc.json".into()).unwrap();
    vec![
        case("first run", Memory::default, vec![], new()),
        case("first run, beside others", || beside(OUT), vec![], new()),
        case("change", Memory::default, old(), new()),
        case("change, beside others", || beside(OUT), old(), new()),
        case("stale only", || beside(OUT), old(), old()[..1].to_vec()),
        case("nothing to do", || beside(OUT), old(), old()),
        case("through a link", linked, old(), new()),
        Case { then: by_hand, ..case("changed by hand", || beside(OUT), old(), new()) },
        Case { then: unrecorded, ..case("the record was lost", || beside(OUT), new(), new()) },
    ]
}

/// The one in which most happens.
fn busy() -> Case {
    cases().remove(3)
}

/// Runs each case on each disk with an event at each change, until there is none of that number any more. Gives how often.
fn at_each(
    cases: &[Case],
    event: impl Fn(usize) -> Event,
    see: fn(&Memory) -> Seen,
    check: impl Fn(&Case, Can, &Machine<'_>, Outcome<'_>),
) -> usize {
    let mut runs = 0;
    for (case, can) in cases.iter().flat_map(|case| DISKS.map(|can| (case, can))) {
        let (ends, start) = (case.ends(see), case.disk());
        for number in 0.. {
            let disk = start.copied();
            let others = of_others(&disk);
            let machine = Machine::new(&disk, can, event(number));
            let done = case.run(&machine);
            let what = format!("{}, {can:?}, change {number}", case.name);
            assert_eq!(of_others(&disk), others, "{what}: what is not ours");
            if !machine.happened() {
                assert!(done.is_ok() && see(&disk) == ends.1, "{what}: nothing happened: {done:?}");
                break;
            }
            runs += 1;
            check(case, can, &machine, Outcome { what: &what, done, ends: &ends, see });
        }
    }
    runs
}

/// How a run ended.
struct Outcome<'o> {
    what: &'o str,
    done: Result<Summary, Vec<String>>,
    ends: &'o (Seen, Seen),
    see: fn(&Memory) -> Seen,
}

impl Outcome<'_> {
    /// The old tree or the new one, and no other; with a journal, one that the next run makes so.
    fn is_whole(&self, case: &Case, can: Can, disk: &Memory) {
        let (what, found) = (self.what, (self.see)(disk));
        if journal::is_open(disk, OUT.into()) {
            assert!(
                can != DISKS[0] || case.name == "through a link",
                "{what}: a journal where there can be an exchange"
            );
        } else {
            assert!(found == self.ends.0 || found == self.ends.1, "{what}: mixed: {:#?}", listed(&found));
        }
        assert!(self.done.is_err() || found == self.ends.1, "{what}: not done: {:#?}", listed(&found));
    }
}

#[test]
fn a_change_that_fails_leaves_all_or_nothing() {
    let runs = at_each(&cases(), Event::Fails, seen_files, |case, can, machine, outcome| {
        assert!(!journal::is_open(machine.disk, OUT.into()) || outcome.done.is_err(), "{}", outcome.what);
        outcome.is_whole(case, can, machine.disk);
        case.recovers(machine.disk, can, &outcome);
    });
    assert!(runs > 500, "{runs}");
}

#[test]
fn changes_that_all_fail_leave_all_or_nothing() {
    at_each(&cases(), Event::FailsFor, seen_files, |case, can, machine, outcome| {
        outcome.is_whole(case, can, machine.disk);
        assert!(outcome.done.is_err(), "{}", outcome.what);
        case.recovers(machine.disk, can, &outcome);
    });
}

#[test]
fn a_run_that_is_killed_leaves_all_or_nothing() {
    at_each(&cases(), Event::Killed, seen, |case, can, machine, outcome| {
        outcome.is_whole(case, can, machine.disk);
        let back = machine.disk.copied();
        case.recovers(machine.disk, can, &outcome);
        if !case.before.is_empty() {
            // The next run may want something else.
            let done = run(&Machine::new(&back, can, Event::Nothing), Case::target(), &case.before);
            assert!(done.is_ok(), "{}: back: {done:?}", outcome.what);
            let is_old = |path: &Utf8Path| outcome.ends.0.contains_key(path) || path.ends_with(record::NAME);
            let found = seen(&back).into_keys().filter(|path| !is_old(path));
            assert_eq!(found.collect::<Vec<_>>(), [""; 0], "{}: back", outcome.what);
        }
    });
}

#[test]
fn a_run_that_is_killed_while_it_recovers_recovers_later() {
    at_each(&[busy()], Event::Killed, seen, |case, can, machine, outcome| {
        // Each second end is met after some first one.
        for number in (machine.changes() % STRIDE..).step_by(STRIDE) {
            let disk = machine.disk.copied();
            let second = Machine::new(&disk, can, Event::Killed(number));
            let done = case.run(&second);
            Outcome { what: outcome.what, done, ends: outcome.ends, see: seen }.is_whole(case, can, &disk);
            case.recovers(&disk, can, &outcome);
            if !second.happened() {
                break;
            }
        }
    });
}

const STRIDE: usize = 31;

/// What it is, and the doing.
type Doing = (&'static str, fn(&Memory));

/// What others do meanwhile, and what must be found of it afterwards, somewhere.
const DOINGS: [Doing; 5] = [
    ("saves a file", |disk| disk.write("out/mine.txt".into(), b"newer").unwrap()),
    ("edits a file", |disk| disk.edit("out/mine.txt", b"newer").unwrap()),
    ("makes a file", |disk| disk.write("out/dev/b2/mine".into(), b"newer").unwrap()),
    ("takes the place of ours", |disk| or_could_not(disk, disk.write("out/dev/more/y".into(), b"newer"))),
    ("edits ours", |disk| or_could_not(disk, disk.edit("out/dev/a", b"newer"))),
];

/// Where it is just being moved, there is nothing to be edited.
fn or_could_not(disk: &Memory, done: io::Result<()>) {
    if done.is_err() {
        disk.write("out/newer".into(), b"newer").unwrap();
    }
}

#[test]
fn what_others_do_meanwhile_is_not_lost() {
    let mut runs = 0;
    let case = busy();
    for ((doing, meddle), can) in DOINGS.into_iter().flat_map(|doing| DISKS.map(|can| (doing, can))) {
        for number in 0.. {
            let disk = case.disk();
            let machine = Machine::new(&disk, can, Event::Meddling(number, meddle));
            let done = case.run(&machine);
            if !machine.happened() {
                break;
            }
            runs += 1;
            let what = format!("{doing}, {can:?}, change {number}: {done:?}");
            let newer: Vec<Utf8PathBuf> =
                disk.snapshot().into_iter().filter(|(_, bytes)| bytes == b"newer").map(|(path, _)| path).collect();
            let is_told = done.as_ref().is_err_and(|faults| faults.iter().any(|fault| fault.contains("E0707")));
            let is_in_place = newer.iter().any(|path| path.starts_with(OUT) && !path.starts_with("out/.platformc"));
            assert!(is_in_place || (is_told && !newer.is_empty()), "{what}: {newer:?}");
        }
    }
    assert!(runs > 500, "{runs}");
}

#[test]
fn a_link_that_others_replace_meanwhile_is_not_lost() {
    let case = busy();
    for number in 0.. {
        let disk = case.disk();
        let replace = |disk: &Memory| {
            disk.remove("out/mine.link".into()).unwrap();
            disk.symlink("out/mine.link", "newer/target").unwrap();
        };
        let machine = Machine::new(&disk, DISKS[0], Event::Meddling(number, replace));
        let done = case.run(&machine);
        if !machine.happened() {
            break;
        }
        let newer = disk.entries("".into()).unwrap().into_iter().filter(|entry| entry.stamp.size == 12);
        assert_eq!(newer.filter(|entry| entry.kind == Kind::Link).count(), 1, "change {number}: {done:?}");
    }
}
