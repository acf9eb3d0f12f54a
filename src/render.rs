//! Phase 4, `render`: [`Plan`] → [`Rendered`].
//!
//! Takes planned files; gives text, the trees in it, and who asked for each line. The platform's own files (helmfile,
//! kustomization, docs) are rendered last, since they list what the others hold. Faults E04xx, and E0501 where a template
//! made no YAML. What `patches` change is changed here. It does not judge what the text means.

mod alerts;
mod by_hand;
mod documents;
mod files;
mod folders;
mod instances;
mod json;
mod patches;
mod releases;
pub mod templates;

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::Utf8PathBuf;
use indexmap::IndexMap;

use self::documents::platform_files;
use self::files::Writer;
use self::patches::Patched;
pub use self::templates::Templates;
use crate::component::interface::FileUse;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::expand::{Origin, Plan, PlannedFile, asked};
use crate::source::{FileId, Node, Sources, Span};
use crate::validate::schemas::Schemas;

/// Everything that will be written, and what it came from.
#[derive(Debug, Default)]
pub struct Rendered {
    pub files: Vec<RenderedFile>,
}

/// A file of the tree.
#[derive(Debug, Clone)]
pub struct RenderedFile {
    pub path: Utf8PathBuf,
    pub text: String,
    pub used_as: FileUse,
    pub parts: Vec<Part>,
    /// The YAML documents of manifests and values; spans count in `text`.
    pub documents: Vec<Node>,
    /// Whether its pods read a Secret that an ExternalSecret of ours writes.
    pub reads_secrets: bool,
    /// The file itself, where it was written by hand: spans of its documents count in it.
    pub source: Option<FileId>,
    /// The documents that the user patched.
    pub patched: Vec<Patched>,
}

/// What one template gave to a file.
#[derive(Debug, Clone)]
pub struct Part {
    /// The line of the file where it begins, from 1.
    pub first_line: usize,
    pub template: Option<FileId>,
    /// The template's line for each line of the part.
    pub lines: Vec<u32>,
    pub origin: Origin,
    /// What platform.yaml says, as it was written.
    pub input: Arc<Node>,
}

/// Stands for rendered text in spans: no file of [`Sources`].
pub const RENDERED: FileId = FileId(u32::MAX);

pub fn render(plan: &Plan, templates: &Templates, schemas: &Schemas, sources: &Sources, sink: &mut Sink) -> Rendered {
    let mut by_path: IndexMap<&Utf8PathBuf, Vec<&PlannedFile>> = IndexMap::new();
    for file in &plan.files {
        by_path.entry(&file.path).or_default().push(file);
    }
    let embeds = |planned: &[&PlannedFile]| planned.iter().any(|file| file.embeds.is_some());
    let (last, first): (Vec<_>, Vec<_>) = by_path.into_iter().partition(|(_, planned)| embeds(planned));
    let mut rendered = Rendered::default();
    for by_path in [first, last] {
        let files = sink.on_all_cores(&by_path, |(path, planned), sink| {
            below_the_tree(path, planned, sink);
            one_owner(path, planned, sink);
            Writer { plan, templates, sources, before: &rendered }.file(path, planned, sink)
        });
        rendered.files.extend(files.into_iter().flatten());
    }
    by_hand::add(&mut rendered, plan, sink);
    if !sink.has_errors() {
        patches::apply(&mut rendered, plan, schemas, sink);
    }
    if !sink.has_errors() {
        let releases = releases::releases(plan, &rendered, sink);
        rendered.files.extend(platform_files(plan, &rendered, &releases, templates, sink));
    }
    if !sink.has_errors() {
        folders::hold_manifests_only(&rendered, sink);
    }
    rendered
}

/// Paths come from components, and components from users.
fn below_the_tree(path: &Utf8PathBuf, planned: &[&PlannedFile], sink: &mut Sink) {
    if let Some(first) = planned.first().filter(|_| !crate::emit::stays_below(path)) {
        let fault =
            first.origin.fault_of_component(Code::BadPath, &format!("`{path}` is no path below the output folder"));
        sink.push(fault.note("a path is names separated by `/`, none of them `.` or `..`"));
    }
}

/// Files of one instance may share a path; those of two may not.
fn one_owner(path: &Utf8PathBuf, planned: &[&PlannedFile], sink: &mut Sink) {
    let Some((first, others)) = planned.split_first() else { return };
    if let Some(other) = others.iter().find(|other| other.origin.instance != first.origin.instance) {
        let fault = Diagnostic::new(Code::FileTaken, format!("two things are written to `{path}`"));
        let places = [(&other.origin, "by this"), (&first.origin, "and by this")];
        let at = |fault: Diagnostic, (origin, text): (&Origin, &str)| match origin.place() {
            Some(span) => fault.at(span, text),
            None => fault,
        };
        sink.push(places.into_iter().fold(fault, at));
    }
}

/// What a generated file begins with; JSON has no comments.
pub fn header(path: &Utf8PathBuf, origin: &Origin) -> String {
    match path.extension() {
        Some("md") => "<!-- Made by platformc from platform.yaml. Change it there. -->\n\n".into(),
        Some("json") => String::new(),
        _ => format!("# Made by platformc from platform.yaml ({}). Change it there.\n", askers(origin)),
    }
}

/// Who asked, the first few by name.
fn askers(origin: &Origin) -> String {
    let names: Vec<&str> = origin.instance.split(", ").collect();
    match names.as_slice() {
        [first, second, third, rest @ ..] if rest.len() > 1 => {
            format!("{first}, {second}, {third} and {} more", rest.len())
        }
        _ => origin.instance.clone(),
    }
}

impl RenderedFile {
    /// A file that was written by hand: its faults stand in it.
    pub fn by_hand(file: FileId, sources: &Sources, sink: &mut Sink) -> Self {
        let documents = crate::source::read::read_manifests(file, &sources.file(file).text, sink);
        Self::of(file, documents, sources)
    }

    /// The same, of documents that were read already.
    pub fn of(file: FileId, documents: Vec<Node>, sources: &Sources) -> Self {
        let source = sources.file(file);
        let documents = documents.into_iter().filter(|document| !document.is_null());
        Self {
            path: source.path.clone(),
            text: source.text.to_string(),
            used_as: FileUse::Manifests,
            parts: vec![],
            documents: documents.flat_map(crate::lint::objects).collect(),
            reads_secrets: false,
            source: Some(file),
            patched: vec![],
        }
    }

    /// Manifests and values are read once; every later phase works on the trees.
    fn parse(&mut self, sources: &Sources, sink: &mut Sink) {
        let mut faults = Sink::default();
        self.documents = crate::source::read::read(RENDERED, &self.text, &mut faults);
        self.documents.retain(|document| !document.is_null());
        self.tell(&faults, sources, sink);
    }

    /// Code in YAML is for other programs: it may have tags and merge keys.
    fn check_yaml(&self, sources: &Sources, sink: &mut Sink) {
        let mut faults = Sink::default();
        crate::source::read::read_manifests(RENDERED, &self.text, &mut faults);
        self.tell(&faults, sources, sink);
    }

    fn tell(&self, faults: &Sink, sources: &Sources, sink: &mut Sink) {
        for fault in faults.iter() {
            let message = format!("`{}` is not YAML: {}", self.path, fault.message);
            let at = fault.primary().unwrap_or(Span::new(RENDERED, 0, 0));
            sink.push(self.fault(Code::RenderedYaml, message, at, sources));
        }
    }

    /// A fault at a place of this file: the input line that asked for it, and the template line that wrote it.
    pub fn fault(&self, code: Code, message: String, at: Span, sources: &Sources) -> Diagnostic {
        let fault = Diagnostic::new(code, message);
        if self.source.is_some() || at.file != RENDERED {
            return fault.at(at, "");
        }
        if let Some(null) = self.taken_at(at) {
            return fault.at(null, "this patch took something away");
        }
        let line = self.line_of(at);
        let Some(part) = self.part_of(line) else { return fault };
        let written = self.written_by(at, sources);
        let value = written.and_then(|line| self.asked(sources.text(line), at, part));
        let fault = value.or(part.origin.place()).into_iter().fold(fault, |fault, span| fault.at(span, ""));
        let fault = written.into_iter().fold(fault, |fault, span| fault.at(span, "written by this line"));
        let patch = self.patch_at(at).into_iter();
        let fault = patch.fold(fault, |fault, span| fault.at(span, "the object is changed by this patch"));
        let text = self.text.lines().nth(line - 1).unwrap_or_default().trim();
        fault.note(format!("{}:{line} would be `{text}`", self.path))
    }

    /// What the user wrote, and a line of a template put at a place.
    fn asked(&self, line: &str, at: Span, part: &Part) -> Option<Span> {
        let Part { origin, input, .. } = part;
        let written = self.text.get(at.range()).unwrap_or_default();
        asked::option_in(line, origin, input).or_else(|| asked::text_in(written, line, origin, input))
    }

    /// The template line that wrote a place.
    pub fn written_by(&self, at: Span, sources: &Sources) -> Option<Span> {
        let line = self.line_of(at);
        let part = self.part_of(line)?;
        let (file, template) = (part.template?, part.lines.get(line.checked_sub(part.first_line)?)?);
        Some(sources.file(file).line_span(file, *template as usize))
    }

    /// Who asked for the object that begins at a place.
    pub fn origin(&self, at: Span) -> Option<&Origin> {
        self.part_of(self.line_of(at)).map(|part| &part.origin)
    }

    fn line_of(&self, at: Span) -> usize {
        let before = self.text.get(..at.start as usize).unwrap_or(&self.text);
        before.bytes().filter(|byte| *byte == b'\n').count() + 1
    }

    fn part_of(&self, line: usize) -> Option<&Part> {
        self.parts.iter().rev().find(|part| part.first_line <= line)
    }
}

impl Rendered {
    /// The raw folders of the tree with their files, in order.
    pub fn folders(&self) -> BTreeMap<String, Vec<&RenderedFile>> {
        let mut folders: BTreeMap<String, Vec<&RenderedFile>> = BTreeMap::new();
        for file in self.files.iter().filter(|file| file.used_as == FileUse::Manifests) {
            folders.entry(by_hand::folder(file, &self.files)).or_default().push(file);
        }
        folders
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_askers_are_counted() {
        let asked = |instance: &str| {
            askers(&Origin { instance: instance.into(), asked: vec![], declared: None, by_user: true })
        };
        assert_eq!(asked("a, b, c, d"), "a, b, c, d");
        assert_eq!(asked("a, b, c, d, e"), "a, b, c and 2 more");
    }
}
