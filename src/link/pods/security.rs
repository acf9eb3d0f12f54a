//! Pods that their namespace refuses: it enforces a stricter pod security standard than they keep to (Kubernetes docs, "Pod
//! Security Admission").

use crate::component::interface::PodSecurity;
use crate::diagnostic::{Code, Sink};
use crate::expand::pod_security;
use crate::link::fields::{called, field, listed};
use crate::link::symbols::{Pod, Symbols};
use crate::source::Span;
use crate::validate::Object;

const ENFORCE: [&str; 3] = ["metadata", "labels", "pod-security.kubernetes.io/enforce"];

pub fn check(symbols: &Symbols, object: &Object, pod: &Pod, sink: &mut Sink) {
    let Some(namespace) = object.namespace.as_deref().and_then(|name| symbols.named("Namespace", "", name)) else {
        return;
    };
    let Some((label, allowed)) = enforced(namespace) else { return };
    let minded = pod_security::minded(pod.spec, allowed);
    if minded.is_empty() {
        return;
    }
    let allowed = allowed.as_str();
    let message = format!("the pods of {} are not `{allowed}`: their namespace refuses them", called(object));
    let minded: Vec<&String> = minded.iter().collect();
    let fault = symbols.fault(Code::RefusedPods, message, object, object.metadata("name"));
    let fault = if namespace.file.source.is_some() { fault.at(label, "enforced here") } else { fault };
    let fault = fault.note(format!("it minds {} (Kubernetes docs, Pod Security Standards)", listed(&minded)));
    sink.push(fault.help("mend the pod, or let its namespace allow more: a component says so with `podSecurity`"));
}

/// The level, and where it is said.
fn enforced(namespace: &Object) -> Option<(Span, PodSecurity)> {
    let label = field(namespace.node, &ENFORCE)?;
    let is = |level: &PodSecurity| Some(level.as_str()) == label.as_str();
    Some((label.span, PodSecurity::ALL.into_iter().find(is)?))
}
