//! Phase 1, `load`: text → [`Document`].
//!
//! Takes the path of `platform.yaml`; gives a tree in which every key and value knows its bytes. Faults E01xx: the file
//! is not there or no text, the text is no YAML, has a key twice, or uses YAML that is not taken. The text is put among
//! the sources even then, so that it can be shown. It does not know what the keys mean, and takes any value at the top.

use std::io;

use camino::Utf8Path;

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::{FileId, Node, Sources, Span, read::read};
use crate::world::World;

/// What an empty file is to be filled with, and a missing one: no component is named in the compiler itself.
const SMALLEST: &str = include_str!("load/smallest.yaml");

/// A YAML file as a tree.
#[derive(Debug, Clone)]
pub struct Document {
    pub file: FileId,
    pub root: Node,
}

/// The one document of the file; none where there is no tree to go on with.
pub fn load(world: &dyn World, path: &Utf8Path, sources: &mut Sources, sink: &mut Sink) -> Option<Document> {
    let bytes = match world.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let fault = unreadable(&sources.called(path), &error);
            sink.push(match error.kind() {
                io::ErrorKind::NotFound => fault
                    .help("run platformc in the folder that holds it, or let `platformc init` write one")
                    .help(smallest()),
                _ => fault,
            });
            return None;
        }
    };
    document(decoded(path, bytes, sources, sink)?, sources, sink)
}

/// Any other text: it is put among the sources, or told why not.
pub fn text(world: &dyn World, path: &Utf8Path, sources: &mut Sources, sink: &mut Sink) -> Option<FileId> {
    match world.read(path) {
        Ok(bytes) => decoded(path, bytes, sources, sink),
        Err(error) => {
            sink.push(unreadable(&sources.called(path), &error));
            None
        }
    }
}

/// The text of bytes, put among the sources.
pub fn decoded(path: &Utf8Path, bytes: Vec<u8>, sources: &mut Sources, sink: &mut Sink) -> Option<FileId> {
    match String::from_utf8(bytes) {
        Ok(text) => Some(sources.add(path, text)),
        Err(error) => {
            sink.push(not_text(path, error.as_bytes(), error.utf8_error().valid_up_to(), sources));
            None
        }
    }
}

/// The one document of a text that is among the sources.
pub fn document(file: FileId, sources: &Sources, sink: &mut Sink) -> Option<Document> {
    let text = &sources.file(file).text;
    let mut found = Sink::default();
    let mut documents = read(file, text, &mut found).into_iter();
    let is_broken = found.iter().any(|fault| matches!(fault.code, Code::NotYaml | Code::TooLarge));
    found.into_sorted().into_iter().for_each(|fault| sink.push(fault));
    if is_broken || (documents.len() == 0 && !sink.is_empty()) {
        return None;
    }
    let Some(root) = documents.next().filter(|root| !is_nothing(root)) else {
        sink.push(empty(file, text));
        return None;
    };
    if let Some(second) = documents.next() {
        sink.push(second_document(text, &root, &second));
    }
    Some(Document { file, root })
}

/// A document without a word in it.
fn is_nothing(root: &Node) -> bool {
    root.is_null() && root.written.is_none()
}

pub fn unreadable(path: &Utf8Path, error: &io::Error) -> Diagnostic {
    match error.kind() {
        io::ErrorKind::NotFound => Diagnostic::new(Code::CannotRead, format!("`{path}` is not there")),
        io::ErrorKind::PermissionDenied => {
            Diagnostic::new(Code::CannotRead, format!("`{path}` may not be read")).help("let your user read the file")
        }
        _ if path.as_str().is_empty() => Diagnostic::new(Code::CannotRead, "the name of the file is empty"),
        io::ErrorKind::IsADirectory => Diagnostic::new(Code::CannotRead, format!("`{path}` is a folder"))
            .help("expected a file: give its path, or move the folder out of the way"),
        _ => Diagnostic::new(Code::CannotRead, format!("`{path}` cannot be read")).note(error.to_string()),
    }
}

/// The fault of bytes that are no UTF-8, `bad` being the first of them. What is shown ends with its line.
fn not_text(path: &Utf8Path, bytes: &[u8], bad: usize, sources: &mut Sources) -> Diagnostic {
    let shown = bytes.iter().skip(bad).take(80).take_while(|byte| **byte != b'\n').count();
    let text = String::from_utf8_lossy(bytes.get(..bad + shown).unwrap_or(bytes)).into_owned();
    let end = text.ceil_char_boundary(bad + 1);
    let span = Span::new(sources.add(path, text), bad, end);
    let byte = bytes.get(bad).copied().unwrap_or_default();
    Diagnostic::new(Code::CannotRead, format!("`{}` is not UTF-8 text", sources.called(path)))
        .at(span, format!("byte {bad} is 0x{byte:02X}"))
        .help(match bytes {
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "this looks like UTF-16: save the file as UTF-8",
            _ if bytes.contains(&0) => "this looks like a binary file: expected YAML",
            _ => "save the file as UTF-8",
        })
}

fn empty(file: FileId, text: &str) -> Diagnostic {
    let start = text.len() - text.trim_start_matches('\u{FEFF}').len();
    Diagnostic::new(Code::NotYaml, "this file says nothing").at(Span::new(file, start, start), "").help(smallest())
}

fn smallest() -> String {
    format!("the smallest one is:\n\n{}", SMALLEST.trim_end())
}

fn second_document(text: &str, first: &Node, second: &Node) -> Diagnostic {
    let between = first.span.range().end..second.span.range().start;
    let start = text.get(between.clone()).and_then(|text| text.find("\n---")).map(|line| between.start + line + 1);
    let span = start.map_or(second.span, |start| Span::new(second.span.file, start, start + "---".len()));
    Diagnostic::new(Code::UnsupportedYaml, "more than one document in this file")
        .at(span, "the second one starts here")
        .help("put everything into one document; hand-written manifests go below `manifests:`")
}

#[cfg(test)]
mod tests;
