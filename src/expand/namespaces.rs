//! Namespaces: which there are, which are isolated, and what their pods may do.

use std::collections::BTreeMap;

use serde_json::json;

use super::evaluate::Context;
use super::files::Derived;
use super::plan::{Instance, Namespace, Origin, PlannedFile};
use super::pod_security;
use crate::component::interface::PodSecurity;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::link::symbols::Pod;
use crate::resolve::Platform;
use crate::source::Span;
use crate::validate::Object;

/// Folders of the tree that stand beside `kubernetes/<namespace>`, or whose raw release has this name.
const RESERVED: [&str; 6] = ["namespaces", "ingress", "servicemonitors", "networkpolicies", "certificates", "secrets"];

/// Namespaces that are the cluster's own (Kubernetes docs, "Initial namespaces").
const CLUSTER: [&str; 4] = ["default", "kube-system", "kube-public", "kube-node-lease"];

/// A folder's release is called like the namespace, and Helm lets no release have a longer name (`helm.sh/helm/v3`,
/// `pkg/chartutil/validate_name.go`).
const LONGEST: usize = 53;

/// The namespaces of all instances; the weakest pod security of each, with the pods of hand-written files.
pub fn namespaces(
    platform: &Platform,
    instances: &[Instance],
    contexts: &[Context],
    sink: &mut Sink,
) -> BTreeMap<String, Namespace> {
    let mut all: BTreeMap<String, Namespace> = BTreeMap::new();
    for (instance, context) in instances.iter().zip(contexts) {
        let origin = origin(instance, context);
        check_name(&instance.namespace, &origin, sink);
        let level = level(instance, context, sink);
        let fresh = || Namespace { isolated: false, pod_security: level, origin };
        let namespace = all.entry(instance.namespace.clone()).or_insert_with(fresh);
        namespace.isolated |= instance.component.isolate;
        namespace.pod_security = namespace.pod_security.max(level);
    }
    let by_hand = by_hand(platform);
    for hand in &by_hand {
        if let Some(namespace) = all.get_mut(&hand.namespace) {
            namespace.pod_security = namespace.pod_security.max(hand.level);
        }
    }
    for (name, namespace) in all.iter().filter(|(_, namespace)| namespace.pod_security != PodSecurity::Restricted) {
        note_weakest(name, namespace, &by_hand, instances, contexts, sink);
    }
    all
}

/// The pods of a hand-written object.
struct Hand {
    namespace: String,
    title: String,
    place: Span,
    level: PodSecurity,
}

fn by_hand(platform: &Platform) -> Vec<Hand> {
    let documents = platform.by_hand.iter().flat_map(|file| file.documents.iter().map(move |node| (file, node)));
    let objects = documents.filter_map(|(file, node)| Object::of(file, node));
    let hand = |object: Object| {
        let (namespace, level) = (object.namespace.clone()?, pod_security::level(Pod::of(&object)?.spec).0);
        let title = format!("{} {namespace}/{}", object.kind, object.name);
        Some(Hand { namespace, title, place: object.metadata("name"), level })
    };
    objects.filter_map(hand).collect()
}

pub fn files(platform: &Platform, namespaces: &BTreeMap<String, Namespace>) -> Vec<PlannedFile> {
    let file = |(name, namespace): (&String, &Namespace)| {
        let facts = json!({ "podSecurity": namespace.pod_security.as_str() });
        let folder = "kubernetes/namespaces";
        let derived =
            Derived { platform, kind: "namespace", folder, file: name.clone(), name, namespace: None, of: name };
        derived.file(facts, namespace.origin.clone())
    };
    let external = &platform.input.external.namespaces;
    namespaces.iter().filter(|(name, _)| !external.contains(name)).map(file).collect()
}

/// Pods that keep to a stricter level than their namespace enforces should be known to.
fn note_weakest(
    name: &str,
    namespace: &Namespace,
    by_hand: &[Hand],
    instances: &[Instance],
    contexts: &[Context],
    sink: &mut Sink,
) {
    let level = |context: &Context, instance: &Instance| level(instance, context, &mut Sink::default());
    let here = || instances.iter().zip(contexts).filter(|(instance, _)| instance.namespace == name);
    let strict = here().filter(|(instance, context)| {
        instance.component.chart.is_none() && level(context, instance) == PodSecurity::Restricted
    });
    let strict: Vec<Span> = strict.map(|(instance, _)| place(instance)).collect();
    let needs = |level: PodSecurity| level == namespace.pod_security;
    let weakest = here().find(|(instance, context)| needs(level(context, instance))).map(|(weakest, _)| weakest.id());
    let hand = by_hand.iter().find(|hand| hand.namespace == name && needs(hand.level));
    let (Some(weakest), false) = (weakest.or_else(|| hand.map(|hand| hand.title.clone())), strict.is_empty()) else {
        return;
    };
    let allowed = namespace.pod_security.as_str();
    let message = format!("the namespace `{name}` allows what `{allowed}` pods may do, since `{weakest}` needs it");
    let note = Diagnostic::new(Code::WeakestPodSecurity, message);
    let note = strict.into_iter().fold(note, |note, span| note.at(span, "this one would do with `restricted`"));
    let note =
        hand.into_iter().fold(note, |note, hand| note.at(hand.place, "this one says too little, or asks for more"));
    sink.push(note.help("a namespace of their own keeps them apart"));
}

/// Where the namespace of an instance is said.
fn place(instance: &Instance) -> Span {
    instance.used.namespace.as_ref().map_or(instance.used.span, |node| node.span)
}

fn level(instance: &Instance, context: &Context, sink: &mut Sink) -> PodSecurity {
    let Some(pattern) = &instance.component.pod_security else { return PodSecurity::default() };
    match context.text(pattern, sink).as_ref().map(|(text, _)| text.as_str()) {
        Some("privileged") => PodSecurity::Privileged,
        Some("baseline") => PodSecurity::Baseline,
        _ => PodSecurity::Restricted,
    }
}

fn origin(instance: &Instance, context: &Context) -> Origin {
    Origin {
        instance: context.used.path.to_string(),
        asked: vec![place(instance)],
        declared: None,
        by_user: instance.used.namespace.is_some(),
    }
}

fn check_name(name: &str, origin: &Origin, sink: &mut Sink) {
    if RESERVED.contains(&name) {
        let fault = origin.fault(Code::ReservedName, &format!("`{name}` cannot be a namespace of the platform"));
        sink.push(fault.note(format!("the tree has a folder and a release of this name: `{name}`")));
    }
    if name.len() > LONGEST {
        let message = format!("`{name}` is too long for a namespace of the platform: {} characters", name.len());
        let fault = origin.fault(Code::WrongValue, &message);
        sink.push(fault.note(format!("the tree has a release of this name, and Helm takes {LONGEST} at most")));
    }
    if CLUSTER.contains(&name) {
        let fault = origin.fault(Code::ReservedName, &format!("the namespace `{name}` belongs to the cluster"));
        sink.push(fault.help("choose a namespace of the platform's own; it is made, labelled and isolated for you"));
    }
}
