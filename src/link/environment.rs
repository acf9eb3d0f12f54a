//! Code and the pods that run it: each environment variable that it reads is one that the chart's values name.

use std::collections::BTreeSet;

use super::symbols::{ChartValues, Symbols};
use crate::component::interface::Meaning;
use crate::diagnostic::{Code, Sink};

pub fn check(symbols: &Symbols, sink: &mut Sink) {
    for chart in &symbols.charts {
        let (release, set) = (chart.release, variables(chart));
        for entry in release.environment.values().filter(|entry| !set.contains(entry.is.name.as_str())) {
            let name = &entry.is.name;
            let id = format!("{}/{}", release.namespace, release.name);
            let message = format!("code in the pods of release {id} reads {name}, which no value of it sets");
            sink.push(entry.origin.fault(Code::UnknownVariable, &message).suggest(name, set.iter().copied()));
        }
    }
}

/// The names of the variables that the values set.
fn variables<'s>(chart: &ChartValues<'s>) -> BTreeSet<&'s str> {
    let meanings = chart.release.meanings.iter().filter(|(_, entry)| entry.is.is == Meaning::Environment);
    meanings.flat_map(|(path, _)| chart.at(path)).filter_map(|value| value.node.as_str()).collect()
}
