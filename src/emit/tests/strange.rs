//! What stands where a run keeps its own things, and is not its own.

use super::*;

/// The run gives this fault, and nothing is changed.
fn refuses(world: &Memory, fault: &str) {
    let before = (world.snapshot(), world.entries("".into()).unwrap());
    assert_eq!(run(world, all(), &[tree("", &[("a", "2")])]), faults([fault]));
    assert_eq!((world.snapshot(), world.entries("".into()).unwrap()), before);
}

#[test]
fn a_link_where_a_run_keeps_its_things_is_not_gone_through() {
    let left = "E0707: `out/.platformc` holds what platformc does not know";
    let beside = "E0707: `.out.platformc` holds what platformc does not know";
    let links = [
        ("out/.platformc", left),
        ("out/.platformc/fresh", left),
        ("out/.platformc/old", left),
        (".out.platformc", beside),
        (".out.platformc/tree", beside),
        (".out.platformc/fresh", beside),
    ];
    for (link, fault) in links {
        let world = Memory::with([("home/a", "secret"), ("home/b/c", "secret"), ("out/mine", "1")]);
        let up = "../".repeat(Utf8Path::new(link).components().count() - 1);
        world.symlink(link, format!("{up}home")).unwrap();
        refuses(&world, fault);
    }
}

#[test]
fn a_plan_that_leads_out_of_the_output_is_not_followed() {
    let plan = r#"{"process": 1, "writes": {"../stolen": "00"}}"#;
    let journal = Memory::with([("out/.platformc/journal.json", plan), ("out/.platformc/stolen", "evil")]);
    let why = "`../stolen` in its plan leads out of the output";
    let fault = |place: &str| format!("E0707: cannot put in order what an earlier run left in `{place}`: {why}");
    refuses(&journal, &fault("out/.platformc"));
    let beside = Memory::with([(".out.platformc/plan.json", plan), (".out.platformc/stolen", "evil")]);
    refuses(&beside, &fault(".out.platformc"));
}

#[test]
fn a_journal_does_not_write_through_links() {
    let plan = r#"{"process": 1, "writes": {"link/b": "00"}, "removes": ["link/d/e"]}"#;
    let world = Memory::with([("out/.platformc/journal.json", plan), ("out/.platformc/fresh/link/b", "evil")]);
    world.symlink("out/link", "../home").unwrap();
    world.make_folder("home/d".into(), None).unwrap();
    run(&world, all(), &[tree("", &[("a", "1")])]).unwrap();
    let home: Vec<Utf8PathBuf> = world.entries("home".into()).unwrap().into_iter().map(|entry| entry.path).collect();
    assert_eq!(home, ["home/d"]);
}

#[test]
fn nothing_is_put_through_a_link_when_a_tree_is_taken_apart() {
    let world = Memory::with([(".out.platformc/tree/link/b", "theirs")]);
    world.make_folder("home".into(), None).unwrap();
    world.symlink("out/link", "../home").unwrap();
    refuses(&world, "E0707: `.out.platformc` holds what platformc does not know");
}

#[test]
fn a_record_that_is_a_link_is_nobodys() {
    let world = Memory::with([("record.json", "{\"platformc\": \"0.1.0\", \"files\": {}}")]);
    world.symlink("out/.platformc.json", "../record.json").unwrap();
    refuses(&world, "E0704: `out/.platformc.json` is not as platformc writes it: it is a link");
}

#[test]
fn an_output_that_is_a_link_to_nowhere_says_so() {
    let world = Memory::default();
    world.symlink("out", "nowhere").unwrap();
    refuses(&world, "E0702: cannot read `out`: it is a link that leads nowhere");
}

#[test]
fn check_says_that_a_run_broke_off() {
    let world = written(&[("a", "1")]);
    world.write("out/.platformc/journal.json".into(), b"{}").unwrap();
    let mut sink = Sink::default();
    assert_eq!(check(&world, all(), &[tree("", &[("a", "1")])], &mut sink), None);
    let found: Vec<String> = sink.iter().map(|fault| format!("{}: {}", fault.code, fault.message)).collect();
    assert_eq!(found, ["E0705: `out` is half done: a run broke off in it"]);
}
