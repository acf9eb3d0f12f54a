//! The root's `out/` is what the compiler makes of the root's platform.yaml, today.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Parser;
use platformc::cli::render::{Run, build};
use platformc::cli::{Cli, Command};
use platformc::diagnostic::{Format, Style, render};
use platformc::world::{Memory, World};

use crate::platforms::FILE;
use crate::repository;

const OUT: &str = "out";
const RECORD: &str = "out/.platformc.json";

#[test]
fn the_committed_output_is_current_byte_for_byte() {
    let committed = Memory::with(files());
    let fresh = Memory::with(files().into_iter().filter(|(path, _)| !path.starts_with(OUT)));
    let run = run(&fresh);
    let seen = render(&run.diagnostics, &run.sources, Format::Human, Style::Plain);
    assert!(run.done.is_some(), "{seen}");
    let (committed, fresh) = (committed.snapshot(), fresh.snapshot());
    let paths: BTreeSet<&Utf8PathBuf> = committed.keys().chain(fresh.keys()).collect();
    let unlike: Vec<&Utf8PathBuf> = paths.into_iter().filter(|path| committed.get(*path) != fresh.get(*path)).collect();
    assert!(unlike.is_empty(), "`cargo run -- render` would change {unlike:?}");
}

#[test]
fn a_run_over_the_committed_output_changes_nothing() {
    let world = Memory::with(files());
    let done = run(&world).done.map(|summary| (summary.trees, summary.changed, summary.removed));
    assert_eq!(done, Some((2, 0, 0)));
    assert!(world.read(RECORD.into()).is_ok());
}

/// The root's platform.yaml and `out/`.
pub fn files() -> Vec<(Utf8PathBuf, Vec<u8>)> {
    let read = |path: Utf8PathBuf| (path.clone(), repository::disk().read(&path).unwrap());
    repository::files(OUT).into_iter().chain([Utf8PathBuf::from(FILE)]).map(read).collect()
}

pub fn run(world: &Memory) -> Run {
    let Command::Render(arguments) = Cli::try_parse_from(["platformc", "render"]).unwrap().command else { panic!() };
    build(world, Utf8Path::new(FILE), world, Utf8Path::new(OUT), &arguments)
}
