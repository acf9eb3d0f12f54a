//! Whole platforms: each `tests/golden/<case>/platform.yaml` compiles to its `out/`, byte for byte, no file more or less.
//!
//! So do the platforms in `examples/`.
//!
//! `stderr.txt` holds the warnings and notes, `args` further arguments. `BLESS=1 cargo test` writes `out/` anew.

mod cases;

use std::collections::BTreeSet;
use std::process::ExitCode;

use camino::{Utf8Path, Utf8PathBuf};
use cases::{Case, OUT, seen};
use libtest_mimic::{Arguments, Failed, Trial};
use platformc::world::Memory;

/// It says of each file what the file itself says, and changes with every version.
const RECORD: &str = "out/.platformc.json";

fn main() -> Result<ExitCode, Failed> {
    let cases = cases::all("golden")?.into_iter().chain(cases::examples()?);
    let trials = cases.into_iter().map(|case| Trial::test(case.name.clone(), move || check(&case))).collect();
    Ok(libtest_mimic::run(&Arguments::from_args(), trials).exit_code())
}

fn check(case: &Case) -> Result<(), Failed> {
    let world = case.world(|path| path.starts_with(OUT));
    let run = case.run(&world)?;
    if run.done.is_none() {
        return Err(seen(&run).into());
    }
    case.expect_seen(&run)?;
    expect_tree(case, &world)?;
    changes_nothing_when_run_again(case, &world)
}

fn expect_tree(case: &Case, world: &Memory) -> Result<(), Failed> {
    let mut actual = world.snapshot();
    actual.remove(Utf8Path::new(RECORD));
    let both = actual.keys().chain(case.files.keys()).filter(|path| path.starts_with(OUT));
    let paths: BTreeSet<&Utf8PathBuf> = both.collect();
    let unlike = paths.into_iter().filter_map(|path: &Utf8PathBuf| {
        let held = case.expect(path, actual.get::<Utf8Path>(path).map(Vec::as_slice));
        held.err()?.message().map(str::to_owned)
    });
    match unlike.collect::<Vec<_>>() {
        unlike if unlike.is_empty() => Ok(()),
        unlike => Err(unlike.join("\n").into()),
    }
}

fn changes_nothing_when_run_again(case: &Case, world: &Memory) -> Result<(), Failed> {
    let again = case.run(world)?.done;
    match again.map(|summary| (summary.changed, summary.removed)) {
        Some((0, 0)) => Ok(()),
        _ => Err(format!("a second run did not leave everything as it was: {again:?}").into()),
    }
}
