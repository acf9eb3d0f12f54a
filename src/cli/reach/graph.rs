//! The open connections as a graph, for Graphviz and for Markdown. A namespace is a box.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::matrix::{Line, Matrix, Side};
use super::names::End;

/// What is drawn.
struct Graph<'g, 'm> {
    matrix: &'g Matrix<'m>,
    lines: Vec<Line>,
    /// Everything that a line leads from or to.
    nodes: Vec<Side>,
}

impl<'g, 'm> Graph<'g, 'm> {
    fn new(matrix: &'g Matrix<'m>, from: Option<&End>, to: Option<&End>) -> Self {
        let meant = |end: Option<&End>, side: &Side| end.is_none_or(|end| end.is(side));
        let lines: Vec<Line> = matrix.lines();
        let lines: Vec<Line> =
            lines.into_iter().filter(|line| meant(from, &line.from) && meant(to, &line.to)).collect();
        let nodes: BTreeSet<&Side> = lines.iter().flat_map(|line| [&line.from, &line.to]).collect();
        let nodes = nodes.into_iter().cloned().collect();
        Self { matrix, lines, nodes }
    }

    fn id(&self, side: &Side) -> String {
        format!("n{}", self.nodes.binary_search(side).unwrap_or_default())
    }

    /// The nodes of each namespace; addresses stand in none.
    fn by_namespace(&self) -> BTreeMap<&str, Vec<&Side>> {
        let mut boxes: BTreeMap<&str, Vec<&Side>> = BTreeMap::new();
        for side in &self.nodes {
            let namespace = if let Side::Workload(workload) = side { self.matrix.namespace(*workload) } else { "" };
            boxes.entry(namespace).or_default().push(side);
        }
        boxes
    }

    /// Inside of its box a workload needs no namespace.
    fn label(&self, side: &Side, namespace: &str) -> String {
        let name = self.matrix.side(side);
        name.strip_prefix(namespace).and_then(|rest| rest.strip_prefix('/')).unwrap_or(&name).to_owned()
    }
}

pub fn dot(matrix: &Matrix, environment: Option<&str>, from: Option<&End>, to: Option<&End>) -> String {
    let graph = Graph::new(matrix, from, to);
    let mut text = format!("digraph {:?} {{\n  rankdir=LR;\n  node [shape=box];\n", environment.unwrap_or("reach"));
    for (index, (namespace, nodes)) in graph.by_namespace().iter().enumerate() {
        let nodes =
            nodes.iter().map(|side| format!("    {} [label={:?}];\n", graph.id(side), graph.label(side, namespace)));
        let nodes: String = nodes.collect();
        let _ = match namespace.is_empty() {
            true => write!(text, "{nodes}"),
            false => write!(text, "  subgraph cluster_{index} {{\n    label={namespace:?};\n{nodes}  }}\n"),
        };
    }
    for line in &graph.lines {
        let (from, to) = (graph.id(&line.from), graph.id(&line.to));
        let _ = writeln!(text, "  {from} -> {to} [label={:?}];", line.ports.to_string());
    }
    text + "}\n"
}

pub fn mermaid(matrix: &Matrix, from: Option<&End>, to: Option<&End>) -> String {
    let graph = Graph::new(matrix, from, to);
    let mut text = String::from("flowchart LR\n");
    for (index, (namespace, nodes)) in graph.by_namespace().iter().enumerate() {
        let nodes = nodes.iter().map(|side| format!("    {}[{:?}]\n", graph.id(side), graph.label(side, namespace)));
        let nodes: String = nodes.collect();
        let _ = match namespace.is_empty() {
            true => write!(text, "{nodes}"),
            false => write!(text, "  subgraph box{index}[{namespace:?}]\n{nodes}  end\n"),
        };
    }
    for line in &graph.lines {
        let (from, to) = (graph.id(&line.from), graph.id(&line.to));
        let _ = writeln!(text, "  {from} -->|{:?}| {to}", line.ports.to_string());
    }
    text
}
