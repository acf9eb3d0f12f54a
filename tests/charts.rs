//! What the components claim about their charts, against what `tools/charts/record.py` recorded of the real ones.
//!
//! Every example of every component is compiled, and so is the platform.yaml of the root; each chart in it is held against the
//! recorded case in which the chart's values have the same shape. Then each claim is broken in turn, and that must be seen.

mod claims;

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use claims::breaks::{self, Break};
use claims::compiled::{self, Compiled};
use claims::recorded::{self, Record};
use claims::{faults, values};
use libtest_mimic::{Arguments, Failed, Trial};

/// All uses of a chart in one recorded case of it.
struct Case {
    name: String,
    of: String,
    record: Record,
    uses: Vec<Compiled>,
}

fn main() -> Result<ExitCode, Failed> {
    let records = recorded::all()?;
    let mut trials = vec![];
    let mut cases: BTreeMap<String, Case> = BTreeMap::new();
    for (example, uses) in compiled::all()? {
        match uses {
            Ok(uses) => uses.into_iter().for_each(|used| trials.extend(add(&mut cases, used, &records))),
            Err(error) => trials.push(failing(format!("{example} compiles"), error)),
        }
    }
    trials.push(all_used(&records, &cases));
    trials.push(switches_decide(&records, &cases));
    trials.extend(breaks::ALL.iter().map(|(what, how)| is_seen(what, *how, &cases)));
    trials.extend(cases.into_values().map(are_borne_out));
    Ok(libtest_mimic::run(&Arguments::from_args(), trials).exit_code())
}

fn failing(name: String, error: String) -> Trial {
    Trial::test(name, move || Err(error.into()))
}

/// Puts a use to its case; a use without one is a trial that fails.
fn add(cases: &mut BTreeMap<String, Case>, used: Compiled, records: &BTreeMap<String, Record>) -> Option<Trial> {
    let of = format!("{}-{}", used.component, used.version);
    match case_of(&of, &used, records) {
        Ok((record, case)) => {
            let new = || Case { record: record.case(&case), name: case.clone(), of: of.clone(), uses: vec![] };
            cases.entry(format!("{of} {case}")).or_insert_with(new).uses.push(used);
            None
        }
        Err(error) => Some(failing(format!("{}: {of} is recorded", used.example), error)),
    }
}

fn case_of<'r>(
    of: &str,
    used: &Compiled,
    records: &'r BTreeMap<String, Record>,
) -> Result<(&'r Record, String), String> {
    let known = || records.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    let unknown = || format!("{of} is not recorded (tools/charts/README.md says how); recorded are {}", known());
    let record = records.get(of).ok_or_else(unknown)?;
    Ok((record, values::case(record, &used.values, &used.weights)?))
}

fn are_borne_out(case: Case) -> Trial {
    Trial::test(format!("the claims about {} are borne out as in {}", case.of, case.name), move || {
        let mut found: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for used in &case.uses {
            for fault in faults(&used.claims, &case.record) {
                found.entry(fault).or_default().push(&used.example);
            }
        }
        let lines = found.into_iter().map(|(fault, examples)| format!("{fault}\n    in {}", examples.join(", ")));
        none(lines.collect())
    })
}

fn none(faults: Vec<String>) -> Result<(), Failed> {
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

/// One way to break claims, at each claim of each use in which all is well.
fn is_seen(what: &str, how: Break, cases: &BTreeMap<String, Case>) -> Trial {
    let mut broken = 0;
    let mut unseen = BTreeSet::new();
    for (case, used) in cases.values().flat_map(|case| case.uses.iter().map(move |used| (case, used))) {
        if faults(&used.claims, &case.record).is_empty() {
            let all = how(&used.claims, &case.record);
            broken += all.len();
            let quiet = all.into_iter().filter(|(_, claims)| faults(claims, &case.record).is_empty());
            unseen.extend(quiet.map(|(id, _)| format!("not seen in {}, as in {}: `{id}`", case.of, case.name)));
        }
    }
    if broken == 0 {
        unseen.insert("there is no sound claim to break in this way".to_owned());
    }
    Trial::test(format!("it is seen that {what}"), move || none(unseen.into_iter().collect()))
}

/// Values in which one switch stands otherwise are another case.
fn switches_decide(records: &BTreeMap<String, Record>, cases: &BTreeMap<String, Case>) -> Trial {
    let mut unseen = BTreeSet::new();
    for (case, used) in cases.values().flat_map(|case| case.uses.iter().map(move |used| (case, used))) {
        let turned =
            values::turned(&used.values).into_iter().map(|(path, values)| (path, Compiled { values, ..used.clone() }));
        let same = |used: &Compiled| case_of(&case.of, used, records).is_ok_and(|(_, name)| name == case.name);
        let quiet = turned.filter(|(_, used)| same(used));
        unseen.extend(
            quiet.map(|(path, _)| format!("{} in {}: not seen that `{path}` is turned", case.of, used.example)),
        );
    }
    Trial::test("it is seen that a switch of the values is turned", move || none(unseen.into_iter().collect()))
}

/// A record that no component asks for, or a case that no example has, tells nothing.
fn all_used(records: &BTreeMap<String, Record>, cases: &BTreeMap<String, Case>) -> Trial {
    let charts = compiled::charts();
    let stray = records.keys().filter(|of| !charts.contains(*of));
    let mut faults: Vec<String> =
        stray.map(|of| format!("tests/charts/{of}.yaml: no component has this version of this chart")).collect();
    faults.extend(charts.iter().filter(|of| !records.contains_key(*of)).map(|of| format!("{of} is not recorded")));
    for (of, record) in records {
        let unused = record.cases.keys().filter(|case| !cases.contains_key(&format!("{of} {case}")));
        faults.extend(unused.map(|case| format!("tests/charts/{of}.yaml: no example has the case `{case}`")));
    }
    Trial::test("every_record_and_every_case_is_used", move || none(faults))
}
