//! Kinds that neither a version of Kubernetes nor a known CRD has.

use std::collections::BTreeMap;

use super::schemas::Schemas;
use super::{Against, Object, UnknownKinds, schemas_of};
use crate::diagnostic::{Code, Diagnostic, Severity, Sink};
use crate::source::Sources;

/// Kubernetes' own kinds are known: one that is not is a mistake wherever it stands.
pub fn is_told_at_each(object: &Object, against: Against) -> bool {
    against.unknown == UnknownKinds::Each || must_be_known(object, against)
}

/// Alpha versions are served where somebody switched them on.
fn must_be_known(object: &Object, against: Against) -> bool {
    let is_native = || against.kubernetes.iter().any(|version| Schemas::is_native(version, object.group()));
    !object.version().contains("alpha") && is_native()
}

pub fn kind(object: &Object, versions: &[&str], schemas: &Schemas, sources: &Sources) -> Diagnostic {
    let full = full_name(object);
    let message = format!("no `{full}` in Kubernetes {}, and no CRD of it is known", versions.join(", "));
    let known = schemas.kinds(versions.first().copied().unwrap_or_default());
    let mut elsewhere =
        known.iter().filter_map(|known| known.rsplit_once('/')).filter(|(_, kind)| *kind == object.kind);
    let found = elsewhere.next_back();
    let place =
        object.node.get(if found.is_some() { "apiVersion" } else { "kind" }).map_or(object.node.span, |node| node.span);
    let fault = object.file.fault(Code::UnknownKind, message, place, sources);
    match found {
        Some((api_version, kind)) => fault.help(format!("write `apiVersion: {api_version}`, which has `{kind}`")),
        None => fault.suggest(&full, known.iter().map(String::as_str)),
    }
}

/// One fault for each kind, where the first of its objects stands.
pub fn once(objects: &[Object], against: Against, severity: Severity, sources: &Sources, sink: &mut Sink) {
    let mut unknown: BTreeMap<String, (&Object, Vec<&str>, usize)> = BTreeMap::new();
    for object in objects {
        if let Some((_, _, count)) = unknown.get_mut(&full_name(object)) {
            *count += 1;
            continue;
        }
        let (_, versions) = schemas_of(object, against);
        if !versions.is_empty() && !must_be_known(object, against) {
            unknown.insert(full_name(object), (object, versions, 1));
        }
    }
    for (object, versions, count) in unknown.into_values() {
        let mut fault = kind(object, &versions, against.schemas, sources);
        fault.severity = severity;
        let what = if count == 1 { "its one object is".to_owned() } else { format!("its {count} objects are") };
        let fault = fault.note(format!("{what} not checked against a schema"));
        sink.push(fault.help("give the CRD as its project publishes it: `--schemas FILE`"));
    }
}

fn full_name(object: &Object) -> String {
    format!("{}/{}", object.api_version, object.kind)
}
