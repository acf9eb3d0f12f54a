//! From files to objects, and which files hold none.
//!
//! A file that was named itself is meant to be checked: one without objects is a fault (E0506), as is everything that
//! cannot be read in it. Of a folder only what is written for a cluster is: templates of Helm charts, patches and everything
//! else are counted and left alone.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::find::{Found, INPUT, plain};
use super::kinds;
use super::kustomize::{self, Kustomized, Together};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::load;
use crate::render::RenderedFile;
use crate::source::{FileId, Node, Sources, Span, read::read_manifests};
use crate::validate::schemas::Schemas;
use crate::world::World;

const CHART: &str = "Chart.yaml";
const TEMPLATES: &str = "templates";
const RENDER_FIRST: &str = "check what it gives: `helm template CHART | platformc lint -`";

/// What became of the files.
#[derive(Debug, Default)]
pub struct Read {
    pub files: Vec<RenderedFile>,
    /// Files that belong together.
    pub together: Vec<Together>,
    /// Those that hold no object.
    pub others: Vec<Utf8PathBuf>,
    /// Those that are templates.
    pub templates: Vec<Utf8PathBuf>,
}

/// A text and whether it was named itself.
struct Input {
    file: FileId,
    is_named: bool,
}

enum Outcome {
    Objects(RenderedFile),
    Other,
    Template,
}

pub fn read(world: &dyn World, found: &Found, schemas: &Schemas, sources: &mut Sources, sink: &mut Sink) -> Read {
    let charts = charts(found);
    let mut read = Read::default();
    let mut inputs = vec![];
    for (path, is_named) in found {
        if !is_named && charts.iter().any(|chart| path.starts_with(chart)) {
            read.templates.push(path.clone());
        } else if let Some(file) = text(world, path, *is_named, sources, sink) {
            inputs.push(Input { file, is_named: *is_named });
        } else if !is_named {
            read.others.push(path.clone());
        }
    }
    let kustomized = kustomize::read(world, inputs.iter().map(|input| input.file), sources);
    let (aside, inputs): (Vec<Input>, Vec<Input>) = inputs.into_iter().partition(|input| {
        let path = &sources.file(input.file).path;
        !input.is_named && (kustomize::is_kustomization(path) || kustomized.aside.contains(path))
    });
    let path = |input: &Input| sources.file(input.file).path.clone();
    read.others.extend(aside.iter().map(path));
    let judged = sink.on_all_cores(&inputs, |input, sink| judge(input, &kustomized, schemas, sources, sink));
    for (input, outcome) in inputs.iter().zip(judged) {
        match outcome {
            Outcome::Objects(file) => read.files.push(file),
            Outcome::Other => read.others.push(path(input)),
            Outcome::Template => read.templates.push(path(input)),
        }
    }
    read.together = kustomized.together;
    read.files.extend(kustomized.generated);
    read
}

/// The folders of templates beside a chart's description.
fn charts(found: &Found) -> BTreeSet<Utf8PathBuf> {
    let charts = found.keys().filter(|path| path.file_name() == Some(CHART));
    charts.filter_map(|path| Some(path.parent()?.join(TEMPLATES))).collect()
}

/// A file among others that is no text is none of ours.
fn text(world: &dyn World, path: &Utf8Path, is_named: bool, sources: &mut Sources, sink: &mut Sink) -> Option<FileId> {
    let bytes = if path == INPUT { world.input() } else { world.read(path) };
    match bytes {
        Ok(bytes) if is_named => load::decoded(path, bytes, sources, sink),
        Ok(bytes) => String::from_utf8(bytes).ok().map(|text| sources.add(plain(path), text)),
        Err(error) => {
            sink.push(load::unreadable(path, &error));
            None
        }
    }
}

fn judge(input: &Input, kustomized: &Kustomized, schemas: &Schemas, sources: &Sources, sink: &mut Sink) -> Outcome {
    let source = sources.file(input.file);
    let mut faults = Sink::default();
    let mut documents = read_manifests(input.file, &source.text, &mut faults);
    kustomized.complete(&source.path, &mut documents, schemas);
    let has_objects = documents.iter().any(|document| kinds::is_object(document, schemas));
    let is_broken = faults.iter().any(|fault| fault.code != Code::DuplicateKey);
    let is_template = is_broken && is_template(&source.text) || documents.iter().any(kinds::is_template);
    let is_ours = has_objects || is_broken && looks_like_objects(&source.text);
    if !is_template && is_ours || input.is_named && is_broken && !is_template {
        faults.iter().for_each(|fault| sink.push(fault.clone()));
        return Outcome::Objects(RenderedFile::of(input.file, documents, sources));
    }
    if input.is_named {
        sink.push(nothing_in(input.file, is_template, &documents, sources));
    }
    if is_template { Outcome::Template } else { Outcome::Other }
}

/// Whether text of a template language stands outside of quotes, where a line or a value begins.
fn is_template(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| line.contains("{{") || line.contains("{%"));
    lines.any(|line| {
        let line = line.trim_start().trim_start_matches("- ");
        line.starts_with(['{']) && (line.starts_with("{{") || line.starts_with("{%")) || line.contains(": {{")
    })
}

/// Whether a text that cannot be read seems to be written for a cluster.
fn looks_like_objects(text: &str) -> bool {
    let has = |key: &str| {
        let mut lines = text.lines().map(|line| line.trim_start_matches(['\u{FEFF}', ' ', '\t', '-', '"']));
        lines.any(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with([':', '"'])))
    };
    has("apiVersion") && has("kind")
}

fn nothing_in(file: FileId, is_template: bool, documents: &[Node], sources: &Sources) -> Diagnostic {
    let path = &sources.file(file).path;
    if is_template {
        let fault = Diagnostic::new(Code::NoObjects, format!("`{path}` is a template, not a manifest"));
        return fault.at(start(file), "").help(RENDER_FIRST);
    }
    let fault = Diagnostic::new(Code::NoObjects, format!("`{path}` holds no Kubernetes object"));
    let fault = fault.at(documents.first().map_or(start(file), |document| first_line(document, sources)), "");
    let of_tool = documents.iter().any(|document| document.get("kind").is_some());
    fault.help(match of_tool {
        true => "this is read by a tool, and no cluster holds it: leave it out",
        false => "an object has `apiVersion`, `kind` and `metadata`",
    })
}

fn start(file: FileId) -> Span {
    Span::new(file, 0, 0)
}

fn first_line(document: &Node, sources: &Sources) -> Span {
    let file = sources.file(document.span.file);
    file.line_span(document.span.file, file.position(document.span.start).line)
}

/// The fault of paths in which there is nothing to check at all.
pub fn nothing(paths: &[&Utf8Path], read: &Read) -> Diagnostic {
    let paths: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
    let fault = Diagnostic::new(Code::NoObjects, format!("there is no Kubernetes object in {}", paths.join(", ")));
    if !read.templates.is_empty() { fault.help(RENDER_FIRST) } else { fault }
}
