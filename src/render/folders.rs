//! The folders of the tree: what a release applies holds nothing else, and what is embedded holds something.
//!
//! Faults: E0408 (a manifest lies beside or above other things), E0652 (a folder that is embedded has no files).

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::{Rendered, RenderedFile};
use crate::component::interface::FileUse;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::expand::Origin;
use crate::manifests::FOLDER;

/// The folder of a manifest is a release, and helmfile applies all that lies in it and below. Hand-written ones see to
/// that themselves.
pub fn hold_manifests_only(rendered: &Rendered, sink: &mut Sink) {
    let others = others(rendered);
    let mut seen = BTreeSet::new();
    for file in rendered.files.iter().filter(|file| is_ours(file)) {
        let folder = file.path.parent().unwrap_or(Utf8Path::new(""));
        if !seen.insert(folder) {
            continue;
        }
        if folder.as_str().is_empty() {
            sink.push(fault(file, format!("the manifest `{}` lies in no folder", file.path)));
        } else if let Some(other) = others.get(folder.as_str()) {
            let fault = fault(file, format!("`{folder}` holds manifests, and `{}`", other.path));
            sink.push(declared(other).into_iter().fold(fault, |fault, span| fault.at(span, "the other file")));
        }
    }
}

fn is_ours(file: &RenderedFile) -> bool {
    file.used_as == FileUse::Manifests && !file.path.starts_with(FOLDER)
}

/// By folder, the first file that lies in it or below and is no manifest of just this folder.
fn others(rendered: &Rendered) -> BTreeMap<&str, &RenderedFile> {
    let mut others = BTreeMap::new();
    for file in &rendered.files {
        let above = file.path.ancestors().skip(1);
        for folder in above.skip(usize::from(file.used_as == FileUse::Manifests)) {
            others.entry(folder.as_str()).or_insert(file);
        }
    }
    others
}

fn fault(file: &RenderedFile, message: String) -> Diagnostic {
    let fault = match file.parts.first() {
        Some(part) => part.origin.fault_of_component(Code::MixedFolder, &message),
        None => Diagnostic::new(Code::MixedFolder, message),
    };
    fault
        .note("the folder of a manifest is one release: helmfile applies all that lies in it and below")
        .help("write it to `kubernetes/<namespace>/<name>.yaml`")
}

fn declared(file: &RenderedFile) -> Option<crate::source::Span> {
    file.parts.first()?.origin.declared
}

/// A folder that is embedded, and in which no file lies.
pub fn without_files(folder: &Utf8PathBuf, origin: &Origin, rendered: &Rendered) -> Diagnostic {
    let known: BTreeSet<&str> =
        rendered.files.iter().filter_map(|file| file.path.parent()).map(Utf8Path::as_str).collect();
    let fault = origin.fault_of_component(Code::UnknownFile, &format!("`{folder}` is embedded and holds no files"));
    fault.suggest(folder.as_str(), known.into_iter().filter(|known| !known.is_empty()))
}
