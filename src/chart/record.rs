//! The record of a chart: `objects.tsv`, one fact per line.
//!
//! Lines are sorted and tell with tabs between: kind, namespace, name, fact, key, value, scenarios. The namespace is empty
//! where it is the release's. A scenario is a way to set the chart's values, called after the first platform that does so;
//! `*` stands for all of them, which the lines of `Release` name. The lines of `Values` say what is set. Nothing that a
//! chart draws at random is a fact, so that the same chart gives the same bytes.

mod lines;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::facts::{Facts, Name};
use lines::Read;

/// What a file tells first, below its comments.
const HEADER: &str = "kind\tnamespace\tname\tfact\tkey\tvalue\tscenarios";
const EVERY: &str = "*";

/// Everything that is known of one version of a chart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    pub scenarios: Vec<Scenario>,
}

/// The chart with one way to set its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    pub name: String,
    pub release: String,
    pub namespace: String,
    /// What is set, by dotted path ([`super::shape::flat`]).
    pub values: Values,
    pub facts: Facts,
}

pub type Values = BTreeMap<String, String>;

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    is: Name,
    fact: String,
    key: String,
    value: String,
}

impl Record {
    /// The text of the file; `about` says of which chart and by whom.
    pub fn text(&self, about: &[String]) -> String {
        let comments = about.iter().map(|line| format!("# {line}\n"));
        let mut lines: Vec<String> = self.lines().iter().map(|(line, holders)| self.line(line, holders)).collect();
        lines.sort();
        comments.collect::<String>() + HEADER + "\n" + &lines.concat()
    }

    fn lines(&self) -> BTreeMap<Line, Vec<&str>> {
        let mut holders: BTreeMap<Line, Vec<&str>> = BTreeMap::new();
        for scenario in &self.scenarios {
            lines::of(scenario).into_iter().for_each(|line| holders.entry(line).or_default().push(&scenario.name));
        }
        holders
    }

    fn line(&self, line: &Line, holders: &[&str]) -> String {
        let is_everywhere = holders.len() == self.scenarios.len() && line.is.kind != lines::RELEASE;
        let holders = if is_everywhere { EVERY.to_owned() } else { holders.join(",") };
        let Line { is: Name { kind, namespace, name }, fact, key, value } = line;
        let columns = [kind, namespace, name, fact, key, value, &holders].map(|column| plain(column));
        columns.join("\t") + "\n"
    }

    /// Reads a file; what is wrong is told with its line.
    pub fn read(text: &str) -> Result<Self, String> {
        let rows = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#'));
        let mut rows = rows.map(|(at, line)| (at + 1, line));
        if rows.next().map(|(_, line)| line) != Some(HEADER) {
            return Err(format!("the first line that is no comment must be `{}`", HEADER.replace('\t', " ")));
        }
        let mut read = Read::default();
        for (at, row) in rows {
            let (line, scenarios) = columns(row).ok_or_else(|| format!("line {at}: expected seven columns"))?;
            read.add(line, &scenarios).map_err(|error| format!("line {at}: {error}"))?;
        }
        read.record()
    }
}

fn columns(row: &str) -> Option<(Line, Vec<String>)> {
    let columns: Vec<String> = row.split('\t').map(str::to_owned).collect();
    let [kind, namespace, name, fact, key, value, scenarios] = <[String; 7]>::try_from(columns).ok()?;
    let scenarios = scenarios.split(',').map(str::to_owned).collect();
    Some((Line { is: Name { kind, namespace, name }, fact, key, value }, scenarios))
}

/// No column holds a tab or a line break: neither names nor values in JSON do.
fn plain(column: &str) -> String {
    column.replace(char::is_control, " ")
}
