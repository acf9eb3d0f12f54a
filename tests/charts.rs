//! What the components claim about their charts, against what `platformc verify-chart --record` wrote down of the real ones.
//!
//! Every example of every component is compiled, and so is the platform.yaml of the root; each chart in it is held against the
//! recorded scenarios in which the chart's values have the same shape. Each claim is a test. Then claims are broken in turn,
//! and that must be seen. README.md in `tests/charts/` says how a record is made.

mod claims;

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use camino::Utf8Path;
use claims::breaks::{self, Break};
use claims::turned::turned;
use libtest_mimic::{Arguments, Failed, Trial};
use platformc::chart::record::{Record, Scenario};
use platformc::chart::shape::{flat, scenarios};
use platformc::chart::uses::{Compiler, Use, examples, platform};
use platformc::chart::{Claims, differences};
use platformc::component::{Catalog, Component};
use platformc::diagnostic::{Format, Sink, Style, render};
use platformc::render::Templates;
use platformc::source::path::Step;
use platformc::source::{Node, NodePath, Sources};
use platformc::world::{Disk, Memory, World};

const FILE: &str = "platform.yaml";
const FOLDER: &str = "tests/charts";
const RECORD: &str = "objects.tsv";
/// Words whose entries are claims of their own.
const WORDS: [&str; 5] = ["workloads", "services", "secrets", "webhooks", "ignores"];
/// Claims that are no entries.
const WHOLE: [&str; 4] = ["release", "namespace", "brings", "podSecurity"];

/// By component and version: `airbyte-2.2.0`.
type Records = BTreeMap<String, Record>;

/// A use of a chart, in one recorded scenario of it.
struct Case {
    of: String,
    used: Use,
    scenario: Scenario,
}

fn main() -> Result<ExitCode, Failed> {
    let records = records()?;
    let mut sources = Sources::default();
    let catalog = Catalog::load(&Memory::default(), &mut sources, &mut Sink::default());
    let mut trials = vec![];
    let mut cases = vec![];
    for used in uses(&catalog, sources, &mut trials)? {
        match cases_of(&used, &records) {
            Ok(found) => cases.extend(found),
            Err(error) => trials.push(failing(format!("{}: {} is recorded", used.name, used.component), error)),
        }
    }
    trials.push(all_used(&records, &catalog, &cases));
    trials.push(switches_decide(&records, &cases));
    trials.push(read_back(&records));
    trials.extend(breaks::ALL.iter().map(|(what, how)| is_seen(what, *how, &cases)));
    trials.extend(each_claim(&catalog, &cases));
    Ok(libtest_mimic::run(&Arguments::from_args(), trials).exit_code())
}

fn records() -> Result<Records, Failed> {
    let disk = Disk::at(Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER));
    let mut records = Records::new();
    for path in disk.files("".into())?.iter().filter(|path| path.file_name() == Some(RECORD)) {
        let text = String::from_utf8(disk.read(path)?)?;
        let of = path.parent().map(Utf8Path::as_str).unwrap_or_default();
        records.insert(of.to_owned(), Record::read(&text).map_err(|error| format!("{path}: {error}"))?);
    }
    Ok(records)
}

/// What the examples come to; one that does not compile is a trial that fails.
fn uses(catalog: &Catalog, mut sources: Sources, trials: &mut Vec<Trial>) -> Result<Vec<Use>, Failed> {
    let mut sink = Sink::default();
    let world = Memory::with([(FILE, Disk::at(env!("CARGO_MANIFEST_DIR")).read(FILE.into())?)]);
    let templates = Templates::new(catalog.all_templates(&sources), &mut sink);
    let compiler = Compiler { world: &world, catalog, templates: &templates };
    let mut given = examples(&world, "", &mut sources, &mut sink);
    given.extend(platform(&world, FILE.into(), &mut sources, &mut sink));
    let mut uses = vec![];
    for given in given {
        let mut sink = Sink::default();
        let found = compiler.uses(&given, &mut sources, &mut sink);
        if sink.has_errors() {
            let faults = render(&sink.into_sorted(), &sources, Format::Human, Style::Plain);
            trials.push(failing(format!("{} compiles", given.name), faults));
        }
        uses.extend(found);
    }
    Ok(uses)
}

fn failing(name: String, error: String) -> Trial {
    Trial::test(name, move || Err(error.into()))
}

fn of(used: &Use) -> String {
    format!("{}-{}", used.component, used.version)
}

fn cases_of(used: &Use, records: &Records) -> Result<Vec<Case>, String> {
    let (of, known) = (of(used), || records.keys().map(String::as_str).collect::<Vec<_>>().join(", "));
    let record = records.get(&of).ok_or_else(|| format!("{of} is not recorded; recorded are {}", known()))?;
    let found = scenarios(record, &flat(&used.values), &used.weights)?;
    Ok(found.into_iter().map(|one| Case { of: of.clone(), used: used.clone(), scenario: one.clone() }).collect())
}

/// A test for each claim, and one for each word: whether nothing of its sort goes unclaimed.
fn each_claim(catalog: &Catalog, cases: &[Case]) -> Vec<Trial> {
    let mut found: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for component in catalog.components.values() {
        let Some(chart) = &component.chart else { continue };
        let of = format!("{}-{}", component.id, chart.version);
        let used: Vec<&Claims> = cases.iter().filter(|case| case.of == of).map(|case| &case.used.claims).collect();
        for claim in declared(component) {
            let idle = used.iter().all(|claims| !holds(claims, &claim)).then(|| "no example has it".to_owned());
            found.entry((of.clone(), claim)).or_default().extend(idle);
        }
    }
    for case in cases {
        for difference in differences(&case.used.claims, &case.scenario) {
            let key = (case.of.clone(), claim_of(&difference.path));
            let text = format!("{}: {}\n    in {}", difference.path, difference.message, case.used.name);
            found.entry(key).or_default().insert(text);
        }
    }
    let trial = |((of, claim), faults): ((String, String), BTreeSet<String>)| {
        Trial::test(format!("{of} {claim}"), move || none(faults))
    };
    found.into_iter().map(trial).collect()
}

/// Every claim of a component about its chart.
fn declared(component: &Component) -> Vec<String> {
    let by =
        |word: &str, id: &str| component.description.at(&NodePath::dotted(word).key(id).key("by")).map(Node::to_json);
    let mut claims: Vec<String> = WHOLE.into_iter().chain(WORDS).map(str::to_owned).collect();
    for word in WORDS {
        let entries = component.description.get(word).and_then(Node::as_map).into_iter().flatten();
        let of_chart = entries.filter(|(id, _)| word == "secrets" || by(word, id).is_none_or(|by| by == "chart"));
        claims.extend(of_chart.map(|(id, _)| format!("{word}.{id}")));
    }
    claims
}

/// Whether a use makes the claim.
fn holds(claims: &Claims, claim: &str) -> bool {
    let Some((word, id)) = claim.split_once('.') else { return true };
    let is_it = |known: &String| known.split('.').next() == Some(id);
    match word {
        "workloads" => claims.workloads.keys().any(is_it),
        "services" => claims.services.keys().any(is_it),
        "secrets" => claims.secrets.keys().any(is_it),
        "webhooks" => claims.webhooks.keys().any(is_it),
        _ => claims.ignores.keys().any(is_it),
    }
}

/// `workloads.server`, whatever of it; `brings`
fn claim_of(path: &NodePath) -> String {
    match path.steps() {
        [Step::Key(word), Step::Key(id), ..] if WORDS.contains(&word.as_str()) => format!("{word}.{id}"),
        [Step::Key(word), ..] => word.clone(),
        _ => path.to_string(),
    }
}

fn none(faults: impl IntoIterator<Item = String>) -> Result<(), Failed> {
    let faults: Vec<String> = faults.into_iter().collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

/// One way to break claims, at each claim of each use in which all is well.
fn is_seen(what: &str, how: Break, cases: &[Case]) -> Trial {
    let mut broken = 0;
    let mut unseen = BTreeSet::new();
    for case in cases.iter().filter(|case| differences(&case.used.claims, &case.scenario).is_empty()) {
        let all = how(&case.used.claims, &case.scenario.facts);
        broken += all.len();
        let quiet = all.into_iter().filter(|(_, claims)| differences(claims, &case.scenario).is_empty());
        unseen.extend(quiet.map(|(id, _)| format!("not seen in {}, as in {}: `{id}`", case.of, case.scenario.name)));
    }
    if broken == 0 {
        unseen.insert("there is no sound claim to break in this way".to_owned());
    }
    Trial::test(format!("it is seen that {what}"), move || none(unseen))
}

/// Values in which one switch stands otherwise are another scenario.
fn switches_decide(records: &Records, cases: &[Case]) -> Trial {
    let mut unseen = BTreeSet::new();
    for case in cases {
        for (path, values) in turned(&case.used.values) {
            let used = Use { values, ..case.used.clone() };
            let found = cases_of(&used, records).unwrap_or_default();
            if found.iter().any(|other| other.scenario.name == case.scenario.name) {
                unseen.insert(format!("{} in {}: not seen that `{path}` is turned", case.of, case.used.name));
            }
        }
    }
    Trial::test("it is seen that a switch of the values is turned", move || none(unseen))
}

/// A record that no component asks for, or a scenario that no example has, tells nothing.
fn all_used(records: &Records, catalog: &Catalog, cases: &[Case]) -> Trial {
    let charts = catalog.components.values().filter_map(|component| Some((&component.id, component.chart.as_ref()?)));
    let charts: BTreeSet<String> = charts.map(|(id, chart)| format!("{id}-{}", chart.version)).collect();
    let stray = records.keys().filter(|of| !charts.contains(*of));
    let mut faults: Vec<String> =
        stray.map(|of| format!("{FOLDER}/{of}: no component has this version of this chart")).collect();
    faults.extend(charts.iter().filter(|of| !records.contains_key(*of)).map(|of| format!("{of} is not recorded")));
    for (of, record) in records {
        let used = |name: &String| cases.iter().any(|case| case.of == *of && case.scenario.name == *name);
        let unused = record.scenarios.iter().filter(|scenario| !used(&scenario.name));
        faults.extend(unused.map(|scenario| format!("{FOLDER}/{of}: no example has the scenario `{}`", scenario.name)));
    }
    Trial::test("every_record_and_every_scenario_is_used", move || none(faults))
}

/// What is written is what was read, line by line.
fn read_back(records: &Records) -> Trial {
    let again = |record: &Record| Record::read(&record.text(&[]));
    let unlike = records.iter().filter(|(_, record)| again(record).as_ref() != Ok(record));
    let unlike: Vec<String> =
        unlike.map(|(of, _)| format!("{FOLDER}/{of} is not read back as it is written")).collect();
    Trial::test("records_are_read_back_as_they_are_written", move || none(unlike))
}
