//! Faulty platforms: each `tests/faults/<code>-<what>/` has its faults, each at its place, no more and no fewer.
//!
//! The folder holds the input (`platform.yaml` and whatever else the case needs, `out/` too), `stderr.txt` as a person sees
//! it, `faults.json` for the places, and in `args` further arguments of `platformc render`. `BLESS=1 cargo test` writes what
//! is expected anew. `tests/faults/waiting.txt` names the codes that have no case yet.

mod cases;

use std::collections::BTreeSet;
use std::process::ExitCode;

use cases::Case;
use libtest_mimic::{Arguments, Failed, Trial};
use platformc::cli::render::Run;
use platformc::diagnostic::{Code, Format, Style, render};
use platformc::world::{Disk, World};
use serde_json::{Value, json};

const FAULTS: &str = "faults.json";
const WAITING: &str = "tests/faults/waiting.txt";

fn main() -> Result<ExitCode, Failed> {
    let cases = cases::all("faults")?;
    let named: BTreeSet<String> = cases.iter().map(|case| code(case).to_owned()).collect();
    let registry = Trial::test("every_code_has_a_case_or_waits_for_one", move || every_code_has_a_case(&named));
    let mut trials: Vec<Trial> =
        cases.into_iter().map(|case| Trial::test(case.name.clone(), move || check(&case))).collect();
    trials.push(registry);
    Ok(libtest_mimic::run(&Arguments::from_args(), trials).exit_code())
}

/// `E0201-misspelt-key` is about E0201.
fn code(case: &Case) -> &str {
    case.name.split('-').next().unwrap_or_default()
}

fn check(case: &Case) -> Result<(), Failed> {
    let world = case.world(|path| path == FAULTS);
    let before = world.snapshot();
    let run = case.run(&world)?;
    if !run.diagnostics.iter().any(|fault| fault.code.as_str() == code(case)) {
        return Err(format!("{} was not found:\n{}", code(case), cases::seen(&run)).into());
    }
    if run.done.is_none() && world.snapshot() != before {
        return Err("something was written in spite of the faults".into());
    }
    case.expect(FAULTS.into(), Some(places(&run)?.as_bytes()))?;
    case.expect_seen(&run)
}

/// Code and primary place of each fault, one line each.
fn places(run: &Run) -> Result<String, Failed> {
    let document: Value = serde_json::from_str(&render(&run.diagnostics, &run.sources, Format::Json, Style::Plain))?;
    let faults = document.get("diagnostics").and_then(Value::as_array).into_iter().flatten();
    let lines: Vec<String> = faults.map(|fault| format!("  {}", place(fault))).collect();
    Ok(format!("[\n{}\n]\n", lines.join(",\n")))
}

fn place(fault: &Value) -> Value {
    let mut place = json!({ "code": fault["code"] });
    for key in ["file", "line", "column", "spanned"] {
        match &fault["labels"][0][key] {
            Value::Null => {}
            Value::String(file) if key == "file" && file == "platform.yaml" => {}
            value => place[key] = value.clone(),
        }
    }
    place
}

/// A code with a case waits no more: `BLESS=1` strikes it off.
fn every_code_has_a_case(named: &BTreeSet<String>) -> Result<(), Failed> {
    let disk = Disk::at(env!("CARGO_MANIFEST_DIR"));
    let waiting = disk.read(WAITING.into()).unwrap_or_default();
    let waiting: BTreeSet<String> = String::from_utf8(waiting)?.lines().map(str::to_owned).collect();
    let all: BTreeSet<String> = Code::ALL.iter().map(ToString::to_string).collect();
    let left: BTreeSet<&String> = waiting.iter().filter(|code| all.contains(*code) && !named.contains(*code)).collect();
    let missing: Vec<&String> = all.iter().filter(|code| !named.contains(*code) && !left.contains(code)).collect();
    let unknown: Vec<&String> = named.iter().filter(|code| !all.contains(*code)).collect();
    if !missing.is_empty() || !unknown.is_empty() {
        return Err(format!("codes without a case: {missing:?}; cases without a code: {unknown:?}").into());
    }
    match left.len() == waiting.len() {
        true => Ok(()),
        false => strike_off(&disk, &left),
    }
}

fn strike_off(disk: &Disk, left: &BTreeSet<&String>) -> Result<(), Failed> {
    let text: String = left.iter().map(|code| format!("{code}\n")).collect();
    match (cases::bless(), text.is_empty()) {
        (true, true) => Ok(disk.remove(WAITING.into())?),
        (true, false) => Ok(disk.write(WAITING.into(), text.as_bytes())?),
        (false, _) => Err(format!("codes in {WAITING} have a case now: strike them off (BLESS=1 does)").into()),
    }
}
