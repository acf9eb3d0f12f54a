//! Mutants of the golden platforms: each broken reference is found, by a code that names it.
//!
//! `tests/mutants/table.yaml` says where references stand. A mutant that nothing finds, or that only another code finds,
//! fails the test of its platform.

#![allow(clippy::print_stdout, reason = "how many were killed is for the terminal")]

mod cases;
#[path = "mutants/generate.rs"]
mod generate;

use std::collections::BTreeMap;
use std::process::ExitCode;

use cases::{Case, OUT};
use generate::{Base, Mutant, Site, each_environment};
use libtest_mimic::{Arguments, Failed, Trial};
use rayon::prelude::*;

fn main() -> Result<ExitCode, Failed> {
    let table = generate::table(include_str!("mutants/table.yaml"))?;
    let mut trials = vec![];
    for case in cases::all("golden")? {
        let table = table.clone();
        trials.push(Trial::test(case.name.clone(), move || check(&case, &table)));
    }
    Ok(libtest_mimic::run(&Arguments::from_args(), trials).exit_code())
}

fn check(case: &Case, table: &[Site]) -> Result<(), Failed> {
    let world = case.world(|path| path.starts_with(OUT));
    let (mut all, mut survivors) = (0, vec![]);
    each_environment(&world, |environment, base| {
        let mutants = base.mutants(table);
        all += mutants.len();
        survivors.extend(surviving(environment, base, &mutants));
    })?;
    println!("{}: {} of {all} killed", case.name, all - survivors.len());
    match survivors.is_empty() {
        true => Ok(()),
        false => Err(told(&survivors).into()),
    }
}

/// The mutants that no code of theirs names, with what was found in its place.
fn surviving(environment: &str, base: &Base, mutants: &[Mutant]) -> Vec<(String, String)> {
    let judged = mutants.par_iter().filter_map(|mutant| {
        let found: Vec<String> = base.faults(Some(mutant)).iter().map(ToString::to_string).collect();
        let killed = mutant.killed_by.iter().any(|code| found.contains(code));
        (!killed && !base.opens_the_same(mutant))
            .then(|| (mutant.class.clone(), format!("{environment} {} → {found:?}", mutant.what)))
    });
    judged.collect()
}

/// The survivors of each line of the table, the first few by name.
fn told(survivors: &[(String, String)]) -> String {
    let mut by_class: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (class, what) in survivors {
        by_class.entry(class).or_default().push(what);
    }
    let lines = by_class.iter().map(|(class, all)| {
        let first: Vec<String> = all.iter().take(3).map(|what| format!("    {what}")).collect();
        format!("  {class}: {} survive\n{}", all.len(), first.join("\n"))
    });
    format!("{} survivors:\n{}", survivors.len(), lines.collect::<Vec<_>>().join("\n"))
}
