//! Code and the pods that run it: each environment variable that a file reads is one that the chart's values set.
//!
//! A component says of its files which variables they read, and of its chart's values which ones name variables. A file of a
//! component without a chart is not judged.

use std::collections::BTreeSet;

use super::symbols::{ChartValues, Symbols};
use crate::component::interface::Meaning;
use crate::diagnostic::{Code, Sink};

pub fn check(symbols: &Symbols, sink: &mut Sink) {
    let Some(plan) = symbols.plan else { return };
    for file in plan.files.iter().filter(|file| !file.environment.is_empty()) {
        let of_file = |chart: &&ChartValues| chart.release.origin.instance == file.origin.instance;
        let Some(chart) = symbols.charts.iter().find(of_file) else { continue };
        let set = variables(chart);
        for name in file.environment.iter().filter(|name| !set.contains(name.as_str())) {
            let release = format!("{}/{}", chart.release.namespace, chart.release.name);
            let message = format!("`{}` reads {name}, which no value of release {release} sets", file.path);
            sink.push(file.origin.fault(Code::UnknownVariable, &message).suggest(name, set.iter().copied()));
        }
    }
}

/// The names of the variables that the values set.
fn variables<'s>(chart: &ChartValues<'s>) -> BTreeSet<&'s str> {
    let meanings = chart.release.meanings.iter().filter(|(_, entry)| entry.is.is == Meaning::Environment);
    meanings.flat_map(|(path, _)| chart.at(path)).filter_map(|value| value.node.as_str()).collect()
}
