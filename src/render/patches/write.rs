//! A file whose objects were patched, written anew.
//!
//! A patched document is written by the emitter, in its own order of fields. The comments that stood above what is still
//! there are kept, with one in front that names the patches; so is the template line of each line. The other documents of
//! the file stay as they are.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, Patched, is_rendered};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::render::{Part, RENDERED, RenderedFile};
use crate::source::{Node, Span, Value, read, write};

/// A line of the new text, and the line of the old one (from 0) that it stands for.
struct Line {
    text: String,
    old: usize,
}

/// Writes the changed documents of a file, each by its index.
pub(super) fn anew(file: &mut RenderedFile, changes: BTreeMap<usize, Change>, sink: &mut Sink) {
    let old = Old::of(file);
    let lines: Vec<Line> = old
        .documents(file)
        .flat_map(|(index, first, end)| match index.and_then(|index| changes.get(&index)) {
            Some(change) => old.changed(first, change),
            None => old.kept(first, end),
        })
        .collect();
    file.parts = parts(&file.parts, &lines);
    file.text = lines.iter().map(|line| format!("{}\n", line.text)).collect();
    let mut faults = Sink::default();
    file.documents = read::read(RENDERED, &file.text, &mut faults);
    file.documents.retain(|document| !document.is_null());
    for fault in faults.iter() {
        let by = changes.values().flat_map(|change| &change.patches);
        let told = Diagnostic::new(Code::RenderedYaml, format!("`{}` is not YAML: {}", file.path, fault.message));
        sink.push(by.fold(told, |told, (_, span)| told.at(*span, "with this patch")));
    }
    let documents = file.documents.iter_mut().enumerate();
    let changed = documents.filter_map(|(index, node)| Some((node, changes.get(&index)?)));
    file.patched = changed.map(|(node, change)| placed(node, change)).collect();
}

/// What a patch brought stands where the patch does, the rest in the new text.
fn placed(node: &mut Node, change: &Change) -> Patched {
    let document = node.span;
    let mut taken = vec![];
    let by = change.patches.iter().map(|(_, span)| *span).collect();
    let mut took = |old: Span, new: Span| {
        taken.extend(change.taken.iter().filter(|(place, _)| *place == old).map(|(_, null)| (new, *null)));
    };
    together(&change.node, node, &mut |old, new| match is_rendered(*old) {
        true => took(*old, *new),
        false => *new = *old,
    });
    took(change.node.span, document);
    Patched { document, by, taken }
}

/// Both trees are the same but for their places: shows each place of one with that of the other.
fn together(old: &Node, new: &mut Node, show: &mut impl FnMut(&Span, &mut Span)) {
    show(&old.span, &mut new.span);
    match (&old.value, &mut new.value) {
        (Value::Map(old), Value::Map(new)) => {
            for (old, new) in old.values().zip(new.values_mut()) {
                show(&old.key, &mut new.key);
                together(&old.node, &mut new.node, show);
            }
        }
        (Value::List(old), Value::List(new)) => {
            old.iter().zip(new).for_each(|(old, new)| together(old, new, show));
        }
        _ => {}
    }
}

/// The text as templates made it.
struct Old {
    lines: Vec<String>,
    starts: Vec<usize>,
    /// Lines inside of texts: what looks like a comment there is none.
    inside: BTreeSet<usize>,
}

impl Old {
    fn of(file: &RenderedFile) -> Self {
        let starts = std::iter::once(0).chain(file.text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let lines = file.text.lines().map(str::to_owned).collect();
        let mut old = Self { lines, starts, inside: BTreeSet::new() };
        file.documents.iter().for_each(|document| old.look_into(document));
        old
    }

    fn look_into(&mut self, node: &Node) {
        match &node.value {
            Value::Map(map) => map.values().for_each(|entry| self.look_into(&entry.node)),
            Value::List(list) => list.iter().for_each(|item| self.look_into(item)),
            Value::Text(text) if text.contains('\n') => {
                let last = (node.span.end as usize).saturating_sub(1);
                self.inside.extend(self.line(node.span.start as usize)..=self.line(last));
            }
            _ => {}
        }
    }

    fn line(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// Runs of lines: each document (by its index) from its first line to the end of its last, and what is between them.
    fn documents(&self, file: &RenderedFile) -> impl Iterator<Item = (Option<usize>, usize, usize)> {
        let begins: Vec<usize> = file.documents.iter().map(|node| self.line(node.span.start as usize)).collect();
        let is_mark =
            |line: &usize| self.lines.get(*line).is_some_and(|line| line == "---") && !self.inside.contains(line);
        let mut marks: Vec<usize> = (0..self.lines.len()).filter(is_mark).collect();
        marks.push(self.lines.len());
        let mut runs = vec![];
        let mut from = 0;
        for mark in marks {
            let index = begins.iter().position(|begin| (from..mark).contains(begin));
            runs.push((index, from, mark));
            runs.push((None, mark, (mark + 1).min(self.lines.len())));
            from = mark + 1;
        }
        runs.into_iter()
    }

    fn kept(&self, first: usize, end: usize) -> Vec<Line> {
        let lines = self.lines.get(first..end).unwrap_or_default();
        lines.iter().zip(first..).map(|(text, old)| Line { text: text.clone(), old }).collect()
    }

    /// The document as it is now, below the comments that stood above it and one that says who changed it.
    fn changed(&self, first: usize, change: &Change) -> Vec<Line> {
        let text = write::document(&change.node.to_json());
        let stands_for = self.lines_of(&change.node, &text);
        let (mut lines, mut seen) = (vec![], BTreeSet::from([first]));
        for (at, text) in text.lines().enumerate() {
            let old = stands_for.get(&at).copied();
            if let Some(old) = old.filter(|old| seen.insert(*old) || at == 0) {
                lines.extend(self.comments(first, old, text));
            }
            if at == 0 {
                lines.push(Line { text: mark(change), old: old.unwrap_or(first) });
            }
            let last = lines.last().map_or(first, |line: &Line| line.old);
            lines.push(Line { text: text.to_owned(), old: old.unwrap_or(last) });
        }
        lines
    }

    /// For the lines of a text that is the same tree, the old lines of what templates made.
    fn lines_of(&self, tree: &Node, text: &str) -> BTreeMap<usize, usize> {
        let mut documents = read::read(RENDERED, text, &mut Sink::default());
        let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let mut lines = BTreeMap::new();
        for document in &mut documents {
            together(tree, document, &mut |old, new| {
                if is_rendered(*old) {
                    let at = starts.partition_point(|start| *start <= new.start as usize).saturating_sub(1);
                    lines.entry(at).or_insert(self.line(old.start as usize));
                }
            });
        }
        lines
    }

    /// The comments directly above an old line, indented as the new one.
    fn comments(&self, first: usize, old: usize, new: &str) -> Vec<Line> {
        let indent = new.len() - new.trim_start().len();
        let comment = |line: &usize| {
            let text = self.lines.get(*line)?.trim_start();
            (text.starts_with('#') && !self.inside.contains(line)).then(|| format!("{:indent$}{text}", ""))
        };
        let mut lines: Vec<Line> =
            (first..old).rev().map_while(|line| Some(Line { text: comment(&line)?, old: line })).collect();
        lines.reverse();
        lines
    }
}

fn mark(change: &Change) -> String {
    let names: Vec<&str> = change.patches.iter().map(|(key, _)| *key).collect();
    format!("# Changed by `patches` of platform.yaml: {}.", names.join(", "))
}

/// Each part with the template lines of its lines as they are now.
fn parts(old: &[Part], lines: &[Line]) -> Vec<Part> {
    let part_of = |line: usize| old.iter().rposition(|part| part.first_line <= line + 1);
    let mut parts: Vec<Part> = vec![];
    let mut last = None;
    for (at, line) in lines.iter().enumerate() {
        let index = part_of(line.old);
        let Some(part) = index.and_then(|index| old.get(index)) else { continue };
        if index != last {
            parts.push(Part { first_line: at + 1, lines: vec![], ..part.clone() });
            last = index;
        }
        let template = part.lines.get(line.old + 1 - part.first_line);
        if let (Some(new), Some(template)) = (parts.last_mut(), template.or(part.lines.last())) {
            new.lines.push(*template);
        }
    }
    parts
}
