//! Hand-written manifests among what is rendered: they come as they are.
//!
//! Faults: E0402 (a path is taken), E0640 (a CRD and objects of its kind in one release).

use std::collections::BTreeMap;

use super::releases::Release;
use super::{Rendered, RenderedFile};
use crate::component::interface::FileUse;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::expand::Plan;
use crate::manifests::FOLDER;
use crate::source::{Node, Span, Value};

/// Adds the files that `manifests` names. A path that is taken is a fault (E0402).
pub fn add(rendered: &mut Rendered, plan: &Plan, sink: &mut Sink) {
    for file in &plan.platform.by_hand {
        if let Some(other) = rendered.files.iter().find(|other| other.path == file.path) {
            let fault = Diagnostic::new(Code::FileTaken, format!("two things are written to `{}`", file.path));
            let places = [(place(file), "by this"), (place(other), "and by this")];
            let places = places.into_iter().filter_map(|(place, text)| Some((place?, text)));
            sink.push(places.fold(fault, |fault, (place, text)| fault.at(place, text)));
        }
        let reads_secrets = file.documents.iter().any(|document| reads_secrets(document, plan));
        rendered.files.push(RenderedFile { reads_secrets, ..file.clone() });
    }
}

fn place(file: &RenderedFile) -> Option<Span> {
    let asked = file.parts.first().and_then(|part| part.origin.place());
    asked.or(file.source.map(|source| Span::new(source, 0, 0)))
}

/// Whether a document names a Secret of its namespace that an operator writes for us.
pub(super) fn reads_secrets(document: &Node, plan: &Plan) -> bool {
    let namespace = document.get("metadata").and_then(|metadata| metadata.get("namespace")).and_then(Node::as_str);
    let written = plan.awaited.iter().filter(|awaited| namespace == Some(&awaited.namespace));
    let names: Vec<&str> = written.map(|awaited| awaited.name.as_str()).collect();
    !names.is_empty() && names_any(document, &names)
}

fn names_any(node: &Node, names: &[&str]) -> bool {
    match &node.value {
        Value::Text(text) => names.contains(&text.as_str()),
        Value::List(list) => list.iter().any(|node| names_any(node, names)),
        Value::Map(map) => map.values().any(|entry| names_any(&entry.node, names)),
        _ => false,
    }
}

/// The folder of the release that applies a file: of hand-written ones the topmost that holds files itself, since helmfile
/// takes what lies below a folder with it.
pub fn folder(file: &RenderedFile, all: &[RenderedFile]) -> String {
    let own = file.path.parent().map_or(String::new(), ToString::to_string);
    if !file.path.starts_with(FOLDER) {
        return own;
    }
    let holds_files = |folder: &str| {
        let mut manifests = all.iter().filter(|other| other.used_as == FileUse::Manifests);
        manifests.any(|other| other.path.parent().is_some_and(|parent| parent == folder))
    };
    let above = file.path.ancestors().skip(1).filter(|folder| folder.starts_with(FOLDER));
    above.map(ToString::to_string).filter(|folder| holds_files(folder)).last().unwrap_or(own)
}

/// What helmfile calls the release of a folder of hand-written files: a name that Helm takes.
pub fn release_name(folder: &str) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    folder.chars().map(word).collect::<String>().trim_matches('-').to_owned()
}

/// Makes the releases of hand-written files wait for one another: for a namespace or a CRD that another of them brings.
pub fn order(releases: &mut [Release], rendered: &Rendered, sink: &mut Sink) {
    let folders = rendered.folders();
    let ids: BTreeMap<String, String> =
        releases.iter().filter_map(|of| Some((of.folder()?.to_owned(), of.id()))).collect();
    let by_hand = || folders.iter().filter(|(folder, _)| folder.starts_with(FOLDER));
    let mut makers: BTreeMap<String, (&String, &Node)> = BTreeMap::new();
    for (folder, document) in by_hand().flat_map(|(folder, files)| documents(folder, files)) {
        makers.extend(makes(document).map(|what| (what, (folder, document))));
    }
    for release in releases {
        let Some((folder, files)) = release.folder().and_then(|folder| folders.get_key_value(folder)) else { continue };
        let mut needs = vec![];
        for (_, document) in documents(folder, files) {
            for what in stands_on(document) {
                match makers.get(&what) {
                    Some((maker, crd)) if *maker == folder && what.starts_with(KIND) => {
                        sink.push(too_early(document, crd, &release.id()));
                    }
                    Some((maker, _)) => needs.extend(ids.get(*maker).cloned()),
                    None => {}
                }
            }
        }
        release.needs.extend(needs);
    }
}

const KIND: &str = "kind ";

fn documents<'f>(folder: &'f String, files: &[&'f RenderedFile]) -> impl Iterator<Item = (&'f String, &'f Node)> {
    let documents: Vec<_> = files.iter().flat_map(|file| &file.documents).map(|document| (folder, document)).collect();
    documents.into_iter()
}

/// What others may stand on: a namespace, or the kind of a CRD.
fn makes(document: &Node) -> Option<String> {
    let text = |path: &[&str]| path.iter().try_fold(document, |node, key| node.get(key)).and_then(Node::as_str);
    match text(&["kind"])? {
        "Namespace" => Some(format!("namespace {}", text(&["metadata", "name"])?)),
        "CustomResourceDefinition" => {
            Some(format!("{KIND}{}/{}", text(&["spec", "group"])?, text(&["spec", "names", "kind"])?))
        }
        _ => None,
    }
}

fn stands_on(document: &Node) -> Vec<String> {
    let text = |node: Option<&Node>| node.and_then(Node::as_str).map(str::to_owned);
    let namespace = text(document.get("metadata").and_then(|metadata| metadata.get("namespace")));
    let (api_version, kind) = (text(document.get("apiVersion")), text(document.get("kind")));
    let group = api_version.as_ref().and_then(|version| version.split_once('/')).map(|(group, _)| group.to_owned());
    let kind = group.zip(kind).map(|(group, kind)| format!("{KIND}{group}/{kind}"));
    namespace.map(|name| format!("namespace {name}")).into_iter().chain(kind).collect()
}

/// Helm looks every kind up before it makes anything.
fn too_early(object: &Node, crd: &Node, release: &str) -> Diagnostic {
    let name = |node: &Node| {
        node.get("metadata").and_then(|metadata| metadata.get("name")).map_or(node.span, |node| node.span)
    };
    let message = format!("the release `{release}` would bring a CRD and an object of its kind at once");
    Diagnostic::new(Code::AppliedTooEarly, message)
        .at(name(object), "of a kind that is not there yet")
        .at(name(crd), "the CRD that brings it")
        .note("Helm looks up every kind before it makes anything")
        .help("put the CRD into a folder of its own below `manifests/`")
}
