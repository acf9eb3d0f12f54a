//! What changes do: each `tests/diff/<case>/` has an `old/` and a `new/` tree, or a platform.yaml in each that is compiled to one,
//! and `diff.txt` as a person sees the difference. The case `formats` has every other format too. `BLESS=1 cargo test` writes what is
//! expected anew.

mod cases;

use std::collections::BTreeSet;
use std::process::ExitCode;

use camino::Utf8Path;
use cases::Case;
use clap::ValueEnum;
use libtest_mimic::{Arguments, Failed, Trial};
use platformc::Request;
use platformc::cli::diff::{Report, compiled, shown};
use platformc::diagnostic::{Format, Sink, Style, render};
use platformc::diff::rules::rules;
use platformc::diff::{Compiled, Diff, diff};
use platformc::emit::Tree;
use platformc::source::Sources;
use platformc::validate::schemas::Schemas;
use platformc::world::{Date, Memory, World};

const SEEN: &str = "diff.txt";
const FORMATS: &str = "formats";
const FILE: &str = "platform.yaml";

fn main() -> Result<ExitCode, Failed> {
    let cases = cases::all("diff")?;
    let all = cases.clone();
    let mut trials: Vec<Trial> =
        cases.into_iter().map(|case| Trial::test(case.name.clone(), move || check(&case))).collect();
    trials.push(Trial::test("every_rule_has_a_case", move || every_rule_has_a_case(&all)));
    Ok(libtest_mimic::run(&Arguments::from_args(), trials).exit_code())
}

fn check(case: &Case) -> Result<(), Failed> {
    let found = found(case)?;
    case.expect(SEEN.into(), Some(shown(&found, Report::Human, Style::Plain, FILE.into()).as_bytes()))?;
    for format in Report::value_variants().iter().filter(|format| case.name == FORMATS && **format != Report::Human) {
        let name = format.to_possible_value().ok_or("a format without a name")?;
        let path = format!("diff.{}", name.get_name());
        case.expect(Utf8Path::new(&path), Some(shown(&found, *format, Style::Plain, FILE.into()).as_bytes()))?;
    }
    // Nothing differs from itself.
    let (before, after) = (side(case, "old")?, side(case, "new")?);
    for one in [before, after] {
        let trees: Vec<Tree> = one.iter().map(|one| one.tree.clone()).collect();
        let same = diff(&trees, &one, &Schemas::default());
        if !same.changes.is_empty() || !same.reordered.is_empty() {
            return Err(
                format!("it differs from itself:\n{}", shown(&same, Report::Human, Style::Plain, FILE.into())).into()
            );
        }
    }
    Ok(())
}

fn found(case: &Case) -> Result<Diff, Failed> {
    let old: Vec<Tree> = side(case, "old")?.into_iter().map(|old| old.tree).collect();
    Ok(diff(&old, &side(case, "new")?, &Schemas::default()))
}

fn side(case: &Case, name: &str) -> Result<Vec<Compiled>, Failed> {
    let files = case.files.iter().filter_map(|(path, bytes)| Some((path.strip_prefix(name).ok()?, bytes.clone())));
    let world = Memory::with(files);
    if world.read(FILE.into()).is_err() {
        let text = |(path, bytes): (_, Vec<u8>)| (path, String::from_utf8_lossy(&bytes).into_owned());
        let tree = Tree { environment: None, files: world.snapshot().into_iter().map(text).collect() };
        return Ok(vec![Compiled { tree, ..Compiled::default() }]);
    }
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let request = Request::all(FILE, Date::EPOCH);
    let trees = compiled(&world, &request, &mut sources, &mut sink);
    trees.ok_or_else(|| render(&sink.into_sorted(), &sources, Format::Human, Style::Plain).into())
}

fn every_rule_has_a_case(cases: &[Case]) -> Result<(), Failed> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for case in cases {
        seen.extend(found(case)?.changes.iter().flat_map(|change| &change.findings).map(|finding| finding.rule));
    }
    let missing: Vec<&str> =
        rules().all().iter().map(|rule| rule.id.as_str()).filter(|id| !seen.contains(id)).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("no case has these rules: {}", missing.join(", ")).into()) }
}
