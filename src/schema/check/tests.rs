use crate::diagnostic::{Diagnostic, Sink};
use crate::schema::Schema;
use crate::schema::read::read as read_schema;
use crate::source::{Node, Sources, read::read};

mod faults;
mod filled;
mod templated;

/// A text as a tree.
pub(crate) fn node(text: &str) -> Node {
    let mut sources = Sources::default();
    node_in(text, &mut sources)
}

pub(crate) fn node_in(text: &str, sources: &mut Sources) -> Node {
    let mut sink = Sink::default();
    let file = sources.add("test.yaml", text);
    let node = read(file, text, &mut sink).into_iter().next().expect("a document");
    assert!(sink.is_empty(), "{sink:?}");
    node
}

pub(crate) fn schema(text: &str) -> Schema {
    let mut sink = Sink::default();
    let schema = read_schema(&node(text), &mut sink);
    assert!(sink.is_empty(), "{sink:?}");
    schema
}

/// Each fault in a line: code, place, what is marked, message, notes and help.
pub(crate) fn told<'a>(faults: impl IntoIterator<Item = &'a Diagnostic>, sources: &Sources) -> Vec<String> {
    faults.into_iter().map(|fault| line(fault, sources)).collect()
}

fn line(fault: &Diagnostic, sources: &Sources) -> String {
    let mut text = fault.code.to_string();
    for (at, label) in fault.labels.iter().enumerate() {
        let place = sources.position(label.span);
        let marked = sources.text(label.span).lines().next().unwrap_or_default();
        let between = if at == 0 { " " } else { " | also " };
        text += &format!("{between}{}:{} `{marked}`", place.line, place.column);
        if at == 0 {
            text += &format!(" {}", fault.message);
        }
        if !label.text.is_empty() {
            text += &format!(" ({})", label.text);
        }
    }
    if fault.labels.is_empty() {
        text += &format!(" {}", fault.message);
    }
    fault.notes.iter().for_each(|note| text += &format!(" | {note}"));
    fault.help.iter().for_each(|help| text += &format!(" | help: {help}"));
    text
}
