mod broken;
mod machine;
mod strange;

use std::io;

use super::*;
use crate::world::{Date, Entry, Memory};

const OUT: &str = "out";

fn tree(environment: &str, files: &[(&str, &str)]) -> Tree {
    Tree {
        environment: (!environment.is_empty()).then(|| environment.to_owned()),
        files: files.iter().map(|(path, text)| (Utf8PathBuf::from(path), (*text).to_owned())).collect(),
    }
}

/// What a run did, or its faults.
fn run(world: &dyn World, target: Target<'_>, trees: &[Tree]) -> Result<Summary, Vec<String>> {
    let mut sink = Sink::default();
    let done = emit(world, target, trees, &mut sink);
    done.ok_or_else(|| sink.iter().map(|fault| format!("{}: {}", fault.code, fault.message)).collect())
}

fn all() -> Target<'static> {
    Target::all(OUT.into())
}

fn done(files: usize, changed: usize, removed: usize) -> Result<Summary, Vec<String>> {
    Ok(Summary { trees: 1, files, changed, removed })
}

/// A world into which one tree was written.
fn written(files: &[(&str, &str)]) -> Memory {
    let world = Memory::default();
    run(&world, all(), &[tree("", files)]).unwrap();
    world
}

fn faults<const N: usize>(expected: [&str; N]) -> Result<Summary, Vec<String>> {
    Err(expected.map(str::to_owned).to_vec())
}

fn paths(world: &Memory) -> Vec<String> {
    world.snapshot().into_keys().map(Utf8PathBuf::into_string).collect()
}

#[test]
fn trees_are_written_with_a_record_of_what_is_ours() {
    let world = Memory::default();
    let trees = [tree("dev", &[("a/b", "1"), ("c", "2")]), tree("prod", &[("a/b", "3")])];
    assert_eq!(run(&world, all(), &trees), Ok(Summary { trees: 2, files: 3, changed: 3, removed: 0 }));
    assert_eq!(paths(&world), ["out/.platformc.json", "out/dev/a/b", "out/dev/c", "out/prod/a/b"]);
    let record = world.text("out/.platformc.json").unwrap();
    let sha = "4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce";
    assert!(record.contains(&format!("\"prod/a/b\": \"{sha}\"")), "{record}");
}

#[test]
fn a_second_run_changes_nothing() {
    let world = written(&[("a", "1"), ("b", "2")]);
    let before = world.snapshot();
    assert_eq!(run(&ReadOnly(&world), all(), &[tree("", &[("a", "1"), ("b", "2")])]), done(2, 0, 0));
    assert_eq!(world.snapshot(), before);
}

#[test]
fn what_is_no_more_is_removed_and_what_differs_is_replaced() {
    let world = written(&[("a", "1"), ("b/c", "2"), ("d", "3")]);
    assert_eq!(run(&world, all(), &[tree("", &[("a", "new"), ("d", "3")])]), done(2, 1, 1));
    assert_eq!(paths(&world), ["out/.platformc.json", "out/a", "out/d"]);
}

#[test]
fn a_file_that_was_lost_comes_back() {
    let world = written(&[("a", "1"), ("b", "2")]);
    world.remove("out/a".into()).unwrap();
    assert_eq!(run(&world, all(), &[tree("", &[("a", "1")])]), done(1, 1, 1));
}

#[test]
fn nothing_is_written_where_an_error_was_found_before() {
    let world = Memory::default();
    let mut sink = Sink::default();
    sink.push(crate::diagnostic::Diagnostic::new(crate::diagnostic::Code::UnknownKey, "before"));
    assert_eq!(emit(&world, all(), &[tree("", &[("a", "1")])], &mut sink), None);
    assert_eq!(paths(&world), [""; 0]);
}

#[test]
fn no_trees_leave_everything_as_it_is() {
    let world = written(&[("a", "1")]);
    assert_eq!(run(&ReadOnly(&world), all(), &[]), Err(vec![]));
    let only = Target { only: Some("prod"), ..all() };
    assert_eq!(run(&ReadOnly(&world), only, &[tree("dev", &[("a", "1")])]), Err(vec![]));
}

#[test]
fn a_file_that_is_not_ours_stops_everything() {
    let world = Memory::with([("out/b", "mine"), ("out/other", "mine")]);
    let expected = faults(["E0701: `out/b` is in the way, and platformc did not write it"]);
    assert_eq!(run(&world, all(), &[tree("", &[("a", "1"), ("b", "2")])]), expected);
    assert_eq!(paths(&world), ["out/b", "out/other"]);
}

#[test]
fn not_even_overwrite_touches_a_file_that_is_not_ours() {
    let world = Memory::with([("out/b", "mine")]);
    let target = Target { overwrite: true, ..all() };
    assert!(run(&world, target, &[tree("", &[("b", "2")])]).is_err());
    assert_eq!(world.text("out/b").unwrap(), "mine");
}

#[test]
fn a_file_that_is_already_right_becomes_ours() {
    let world = Memory::with([("out/a", "1")]);
    assert_eq!(run(&world, all(), &[tree("", &[("a", "1")])]), done(1, 0, 0));
    assert_eq!(run(&world, all(), &[tree("", &[("a", "2")])]), done(1, 1, 0));
}

#[test]
fn a_file_changed_by_hand_is_spared_until_overwrite() {
    let world = written(&[("a", "1"), ("b", "2"), ("c", "3")]);
    ["out/a", "out/b"].iter().for_each(|path| world.write((*path).into(), b"by hand").unwrap());
    let trees = [tree("", &[("a", "1"), ("c", "4")])];
    let expected = faults([
        "E0703: `out/a` was changed after platformc wrote it",
        "E0703: `out/b` was changed after platformc wrote it",
    ]);
    assert_eq!(run(&ReadOnly(&world), all(), &trees), expected);
    assert_eq!(run(&world, Target { overwrite: true, ..all() }, &trees), done(2, 2, 1));
    assert_eq!(world.text("out/a").unwrap(), "1");
}

#[test]
fn a_change_by_hand_that_the_input_caught_up_with_is_fine() {
    let world = written(&[("a", "1")]);
    world.write("out/a".into(), b"2").unwrap();
    assert_eq!(run(&world, all(), &[tree("", &[("a", "2")])]), done(1, 0, 0));
    assert_eq!(run(&world, all(), &[tree("", &[("a", "3")])]), done(1, 1, 0));
}

#[test]
fn one_environment_is_replaced_and_the_others_are_kept() {
    let world = Memory::default();
    let trees = [tree("dev", &[("a", "1"), ("b", "1")]), tree("prod", &[("a", "1"), ("b", "1")])];
    run(&world, all(), &trees).unwrap();
    let only = Target { only: Some("prod"), ..all() };
    let trees = [tree("dev", &[("a", "2")]), tree("prod", &[("a", "2")])];
    assert_eq!(run(&world, only, &trees), done(1, 1, 1));
    assert_eq!(paths(&world), ["out/.platformc.json", "out/dev/a", "out/dev/b", "out/prod/a"]);
    assert_eq!(world.text("out/dev/a").unwrap(), "1");
    assert_eq!(run(&world, all(), &trees), Ok(Summary { trees: 2, files: 2, changed: 1, removed: 1 }));
}

#[test]
fn a_folder_takes_a_files_place_and_the_other_way_round() {
    let world = written(&[("a", "1"), ("b/c", "1"), ("b/d/e", "1")]);
    assert_eq!(run(&world, all(), &[tree("", &[("a/x", "2"), ("b", "2")])]), done(2, 2, 3));
    assert_eq!(paths(&world), ["out/.platformc.json", "out/a/x", "out/b"]);
}

#[test]
fn a_folder_or_file_of_others_is_not_replaced_by_its_contrary() {
    let world = Memory::with([("out/a", "mine"), ("out/b/c", "mine")]);
    let expected = faults([
        "E0701: `out/a` is in the way, and platformc did not write it",
        "E0701: `out/b` is in the way, and platformc did not write it",
    ]);
    assert_eq!(run(&world, all(), &[tree("", &[("a/x", "1"), ("b", "1")])]), expected);
}

#[test]
fn a_broken_record_is_a_fault_that_says_what_to_do() {
    let outside = r#"{"platformc": "0.1.0", "files": {"../secret": "00"}}"#;
    for broken in ["<<<<<<< HEAD\n", "", "[]", "{}", outside] {
        let world = Memory::with([("out/.platformc.json", broken)]);
        let mut sink = Sink::default();
        assert_eq!(emit(&world, all(), &[tree("", &[("a", "1")])], &mut sink), None);
        let fault = sink.into_sorted().remove(0);
        assert_eq!((fault.code.as_str(), fault.help.len()), ("E0704", 1), "{broken}");
        assert_eq!(paths(&world), ["out/.platformc.json"]);
    }
}

#[test]
fn what_the_disk_refuses_is_told_with_its_path() {
    let world = Memory::default();
    let expected = faults(["E0702: cannot write below `out`: the disk is read-only"]);
    assert_eq!(run(&ReadOnly(&world), all(), &[tree("", &[("a", "1"), ("b", "1")])]), expected);
}

#[test]
fn a_run_that_broke_off_is_completed_by_the_next() {
    let world = written(&[("a", "1"), ("b", "1"), ("c", "1")]);
    world.remove("out/c".into()).unwrap();
    world.write("out/a".into(), b"2").unwrap();
    assert_eq!(run(&world, all(), &[tree("", &[("a", "2"), ("b", "2")])]), done(2, 1, 0));
    assert_eq!(run(&world, all(), &[tree("", &[("a", "2"), ("b", "2")])]), done(2, 0, 0));
}

#[test]
fn a_summary_reads_as_a_sentence() {
    let summary = Summary { trees: 2, files: 63, changed: 4, removed: 1 };
    assert_eq!(summary.to_string(), "2 trees, 63 files, 4 changed, 1 removed");
    assert_eq!(Summary { trees: 1, files: 1, changed: 0, removed: 0 }.to_string(), "1 tree, 1 file, nothing changed");
}

/// A disk that refuses every change.
struct ReadOnly<'a>(&'a Memory);

impl World for ReadOnly<'_> {
    fn read(&self, path: &Utf8Path) -> io::Result<Vec<u8>> {
        self.0.read(path)
    }

    fn entry(&self, path: &Utf8Path) -> io::Result<Entry> {
        self.0.entry(path)
    }

    fn entries(&self, folder: &Utf8Path) -> io::Result<Vec<Entry>> {
        self.0.entries(folder)
    }

    fn input(&self) -> io::Result<Vec<u8>> {
        Ok(vec![])
    }

    fn today(&self) -> Date {
        Date::EPOCH
    }
}

mod any {
    use proptest::prelude::*;

    use super::*;

    /// Few paths, so that they meet: as files, as folders, ours and not.
    fn path() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["a", "a/b", "a/b/c", "a/c", "b", "b/a", "c", "dev/a", ".hidden"])
    }

    fn files() -> impl Strategy<Value = BTreeMap<&'static str, String>> {
        prop::collection::btree_map(path(), "[01]", 0..5)
    }

    /// What someone does between two runs: files written, files lost.
    fn meddling() -> impl Strategy<Value = BTreeMap<&'static str, Option<String>>> {
        prop::collection::btree_map(path(), prop::option::of("[01]"), 0..3)
    }

    fn meddle(world: &Memory, changes: &BTreeMap<&str, Option<String>>) {
        for (path, change) in changes {
            let path = Utf8Path::new(OUT).join(path);
            // What cannot be done is not done.
            let _ = match change {
                Some(text) => world.write(&path, text.as_bytes()),
                None => world.remove(&path),
            };
        }
    }

    fn ours(world: &Memory) -> Record {
        Record::read(world, OUT.into()).unwrap()
    }

    proptest! {
        #[test]
        fn a_run_does_all_or_nothing_and_spares_what_is_not_ours(
            runs in prop::collection::vec((meddling(), files(), any::<bool>()), 1..6),
        ) {
            let world = Memory::default();
            for (changes, wanted, overwrite) in runs {
                meddle(&world, &changes);
                let (before, record) = (world.snapshot(), ours(&world));
                let files: Vec<(&str, &str)> = wanted.iter().map(|(path, text)| (*path, text.as_str())).collect();
                let target = Target { overwrite, ..all() };
                let Ok(_) = run(&world, target, &[tree("", &files)]) else {
                    prop_assert_eq!(world.snapshot(), before, "nothing");
                    continue;
                };
                for (path, text) in &files {
                    prop_assert_eq!(world.text(format!("out/{path}")), Some((*text).to_owned()), "all");
                }
                let spared = before.iter().filter(|(path, _)| !record.is_ours(path.strip_prefix(OUT).unwrap()));
                for (path, bytes) in spared.filter(|(path, _)| *path != "out/.platformc.json") {
                    prop_assert_eq!(&world.read(path).unwrap(), bytes, "not ours");
                }
                prop_assert_eq!(ours(&world).files.len(), files.len());
                prop_assert_eq!(run(&ReadOnly(&world), all(), &[tree("", &files)]), done(files.len(), 0, 0));
            }
        }
    }
}
