//! How sure a fault of some manifests is.
//!
//! What stands in different folders may not be meant for one another, and what a kustomization patches is not yet what will be
//! applied: there an error is only a warning.

use camino::Utf8PathBuf;

use super::kustomize::Together;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::Sources;

/// A fault of a reference, as grave as it is sure.
pub fn of_reference(fault: &Diagnostic, together: &[Together], sources: &Sources) -> Diagnostic {
    if is_patched(fault, together, sources) {
        return softened(fault, PATCHED);
    }
    match is_far(fault, together, sources) {
        true => softened(fault, "the two stand in different folders, and may not be meant for one another"),
        false => fault.clone(),
    }
}

/// A fault of one object: what is missing may be what a patch brings.
pub fn of_object(fault: &Diagnostic, together: &[Together], sources: &Sources) -> Diagnostic {
    let is_missing = fault.code == Code::InvalidObject && fault.message.ends_with("` is missing");
    match is_missing && is_patched(fault, together, sources) {
        true => softened(fault, PATCHED),
        false => fault.clone(),
    }
}

const PATCHED: &str = "a kustomization patches this: `kustomize build FOLDER | platformc lint -` checks what it gives";

fn is_patched(fault: &Diagnostic, together: &[Together], sources: &Sources) -> bool {
    let patched = together.iter().filter(|together| together.is_patched);
    let mut files = patched.map(|together| &together.files);
    files.any(|files| paths(fault, sources).any(|path| files.contains(path)))
}

/// Whether the two ends stand in different folders, in no namespace, and nothing says that they belong together.
fn is_far(fault: &Diagnostic, together: &[Together], sources: &Sources) -> bool {
    let has_namespace = fault.object.as_ref().is_some_and(|object| object.matches('/').count() > 1);
    let mut paths = paths(fault, sources);
    let Some(own) = paths.next().filter(|_| !has_namespace) else { return false };
    let are_together =
        |other| together.iter().any(|together| together.files.contains(own) && together.files.contains(other));
    paths.any(|other| other.parent() != own.parent() && !are_together(other))
}

fn paths<'s>(fault: &'s Diagnostic, sources: &'s Sources) -> impl Iterator<Item = &'s Utf8PathBuf> {
    fault.labels.iter().map(|label| &sources.file(label.span.file).path)
}

fn softened(fault: &Diagnostic, why: &str) -> Diagnostic {
    let severity = fault.severity.max(Severity::Warning);
    let fault = Diagnostic { severity, ..fault.clone() };
    if severity == Severity::Warning { fault.note(why) } else { fault }
}
