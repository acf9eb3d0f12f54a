//! The table that people read: a line for each open connection, and whose are not closed at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::matrix::{Line, Matrix, Side};
use super::names::End;
use crate::link::reach::Direction;

/// From this many on, what all closed workloads reach is told once.
const SEVERAL: usize = 3;

pub fn table(matrix: &Matrix, from: Option<&End>) -> String {
    let lines: Vec<Line> =
        matrix.lines().into_iter().filter(|line| from.is_none_or(|from| from.is(&line.from))).collect();
    let shared = if from.is_none() { shared(matrix, &lines) } else { BTreeSet::new() };
    let own = lines.iter().filter(|line| !shared.contains(&(line.to.clone(), line.ports.clone())));
    let all = shared.iter().map(|(to, ports)| ["every closed workload".into(), matrix.side(to), ports.to_string()]);
    let own = own.map(|line| [matrix.side(&line.from), matrix.side(&line.to), line.ports.to_string()]);
    let rows: Vec<[String; 3]> = all.chain(own).collect();
    let table = if rows.is_empty() { String::new() } else { columns(&rows) };
    let open = open(matrix, from);
    match (table.is_empty(), open.is_empty()) {
        (true, true) => "the policies let nothing through\n".into(),
        (true, false) => open.trim_start().into(),
        _ => table + &open,
    }
}

/// What every workload with closed egress reaches, such as DNS.
fn shared(matrix: &Matrix, lines: &[Line]) -> BTreeSet<(Side, crate::link::reach::PortSet)> {
    let governed = matrix.governed();
    let closed: BTreeSet<usize> =
        governed.into_iter().filter(|workload| !matrix.is_open(Direction::Egress, *workload)).collect();
    let mut by_target: BTreeMap<(&Side, &_), BTreeSet<usize>> = BTreeMap::new();
    for line in lines {
        let Side::Workload(from) = &line.from else { continue };
        by_target.entry((&line.to, &line.ports)).or_default().insert(*from);
    }
    let all = by_target.into_iter().filter(|(_, from)| closed.len() >= SEVERAL && *from == closed);
    all.map(|((to, ports), _)| (to.clone(), ports.clone())).collect()
}

/// A name is written once for the lines below it.
fn columns(rows: &[[String; 3]]) -> String {
    let heads = ["FROM".to_owned(), "TO".to_owned(), "PORTS".to_owned()];
    let width = |column: usize| {
        let texts = rows.iter().chain([&heads]).filter_map(|row| row.get(column));
        // One long list of addresses does not push the ports out of sight.
        texts.map(|text| text.chars().count()).filter(|width| *width <= 60).max().unwrap_or_default()
    };
    let (first, second) = (width(0), width(1));
    let mut text = String::new();
    let mut before = "";
    for [from, to, ports] in [&heads].into_iter().chain(rows) {
        let shown = if from == before { "" } else { from.as_str() };
        let _ = writeln!(text, "{shown:<first$}  {to:<second$}  {ports}");
        before = from;
    }
    text
}

/// What no policy closes.
fn open(matrix: &Matrix, from: Option<&End>) -> String {
    let shown = |workload: &usize| from.is_none_or(|from| from.is(&Side::Workload(*workload)));
    let governed: Vec<usize> = matrix.governed().into_iter().filter(shown).collect();
    let is_open = |direction| move |workload: &usize| matrix.is_open(direction, *workload);
    let (out, into) = (is_open(Direction::Egress), is_open(Direction::Ingress));
    let both: Vec<usize> = governed.iter().copied().filter(|it| out(it) && into(it)).collect();
    let only_out: Vec<usize> = governed.iter().copied().filter(|it| out(it) && !into(it)).collect();
    let only_into: Vec<usize> = governed.iter().copied().filter(|it| !out(it) && into(it)).collect();
    let on_nodes: Vec<usize> = matrix.on_nodes().into_iter().filter(shown).collect();
    let parts = [
        ("open, no policy closes them", both),
        ("reach everything that lets them in", only_out),
        ("let in everything that may reach them", only_into),
        ("on the network of their node, where no policy reaches", on_nodes),
    ];
    let parts = parts.into_iter().filter(|(_, workloads)| !workloads.is_empty());
    parts.map(|(what, workloads)| format!("\n{what}:\n{}", by_namespace(matrix, &workloads))).collect()
}

/// A namespace of which all are meant is told by its name.
fn by_namespace(matrix: &Matrix, workloads: &[usize]) -> String {
    let mut by_namespace: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for workload in workloads {
        by_namespace.entry(matrix.namespace(*workload)).or_default().push(*workload);
    }
    let all = |namespace: &str| {
        matrix.governed().into_iter().filter(|workload| matrix.namespace(*workload) == namespace).count()
    };
    let line = |(namespace, own): (&&str, &Vec<usize>)| match own.len() {
        len if len > 1 && len == all(namespace) => format!("  {namespace}: all {len} workloads\n"),
        _ => own.iter().map(|workload| format!("  {}\n", matrix.name(*workload))).collect(),
    };
    by_namespace.iter().map(line).collect()
}
