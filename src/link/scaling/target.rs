//! HorizontalPodAutoscaler → what it scales.
//!
//! The controller looks the kind up in the group of `apiVersion`, whatever the version (kubernetes/pkg/controller/
//! podautoscaler/horizontal.go, `reconcileAutoscaler`): without one, or with one of an old group, it finds nothing.

use super::{Autoscaler, Scalables};
use crate::diagnostic::{Code, Diagnostic, Sink, nearest};
use crate::link::data::{Place, called};
use crate::link::symbols::{Extent, Symbols};
use crate::source::{Node, Span};

/// Kinds with a scale subresource, and their groups (API docs, "Scale").
pub(super) const SCALABLE: [(&str, &str); 4] =
    [("Deployment", "apps"), ("StatefulSet", "apps"), ("ReplicaSet", "apps"), ("ReplicationController", "")];

/// Kinds of Kubernetes' own without one.
const FIXED: [&str; 4] = ["DaemonSet", "Job", "CronJob", "Pod"];

pub(super) fn check(symbols: &Symbols, scaler: &Autoscaler, scalables: &Scalables, sink: &mut Sink) {
    let Some(target) = Target::of(scaler) else { return };
    let group = SCALABLE.iter().find(|(kind, _)| *kind == target.kind).map(|(_, group)| *group);
    let fault = match group {
        None if FIXED.contains(&target.kind) => Some(target.fixed(symbols, scaler)),
        Some(group) if group != target.group() => Some(target.wrong_group(symbols, scaler, group)),
        Some(_) if scaler.workloads.is_empty() => target.absent(symbols, scaler, scalables),
        None => target.custom(symbols, scaler),
        Some(_) => None,
    };
    sink.extend(fault);
}

struct Target<'s> {
    version: &'s str,
    kind: &'s str,
    name: &'s str,
    node: &'s Node,
}

impl<'s> Target<'s> {
    fn of(scaler: &Autoscaler<'s>) -> Option<Self> {
        let node = scaler.spec.get("scaleTargetRef")?;
        let text = |key: &str| node.get(key).and_then(Node::as_str);
        Some(Self { version: text("apiVersion").unwrap_or_default(), kind: text("kind")?, name: text("name")?, node })
    }

    fn group(&self) -> &str {
        self.version.rsplit_once('/').map_or("", |(group, _)| group)
    }

    fn at(&self, key: &str) -> Span {
        self.node.get(key).unwrap_or(self.node).span
    }

    /// `Deployment shop/web`
    fn called(&self, scaler: &Autoscaler) -> String {
        match scaler.object.namespace_name() {
            "" => format!("{} {}", self.kind, self.name),
            namespace => format!("{} {namespace}/{}", self.kind, self.name),
        }
    }

    fn fixed(&self, symbols: &Symbols, scaler: &Autoscaler) -> Diagnostic {
        let message = format!(
            "{} scales {}, and the number of pods of a {} cannot be set",
            called(scaler.object),
            self.called(scaler),
            self.kind
        );
        let fault = symbols.fault(Code::UnknownScaleTarget, message, scaler.object, self.at("kind"));
        let fault = scaler.workloads.iter().fold(fault, |fault, workload| workload.made.beside(fault, "its target"));
        fault.note("a Deployment or a StatefulSet can be scaled")
    }

    fn wrong_group(&self, symbols: &Symbols, scaler: &Autoscaler, group: &str) -> Diagnostic {
        let said = match self.version {
            "" => "no `apiVersion`".to_owned(),
            version => format!("the `apiVersion` `{version}`"),
        };
        let message = format!("{} gives its target {said}, where no {} is", called(scaler.object), self.kind);
        let fault = symbols.fault(Code::UnknownScaleTarget, message, scaler.object, self.at("apiVersion"));
        let version = if group.is_empty() { "v1".to_owned() } else { format!("{group}/v1") };
        fault.help(format!("write `apiVersion: {version}`"))
    }

    fn absent(&self, symbols: &Symbols, scaler: &Autoscaler, scalables: &Scalables) -> Option<Diagnostic> {
        let namespace = scaler.object.namespace_name();
        let unplaced = symbols.extent == Extent::Part
            && (namespace.is_empty() && symbols.anywhere(self.kind, self.name).is_some()
                || scalables.named("", self.name).iter().any(|workload| workload.kind == self.kind));
        if unplaced {
            return None;
        }
        let message = format!("{} scales {}, which is not there", called(scaler.object), self.called(scaler));
        let place = Place::Object(scaler.object, self.at("name"));
        let fault = place.absent(symbols, Code::UnknownScaleTarget, message);
        let fault = match scalables.named(namespace, self.name).first() {
            Some(other) => {
                let fault = other.made.beside(fault, "one of that name");
                fault.help(format!("{} is there: did you mean `kind: {}`?", other.title(), other.kind))
            }
            None => match nearest(self.name, scalables.names_in(namespace)) {
                Some(near) => {
                    let made = scalables.named(namespace, near).first().map(|workload| workload.made);
                    let fault = made.into_iter().fold(fault, |fault, made| made.beside(fault, "the nearest one"));
                    fault.help(format!("did you mean `{near}`?"))
                }
                None => fault,
            },
        };
        Some(fault)
    }

    /// Whether a custom kind can be scaled is not known; that it must be there is.
    fn custom(&self, symbols: &Symbols, scaler: &Autoscaler) -> Option<Diagnostic> {
        let group = self.group();
        let kind = if group.is_empty() { self.kind.to_owned() } else { format!("{}.{group}", self.kind) };
        let is_there = symbols.named(&kind, scaler.object.namespace_name(), self.name).is_some();
        if is_there || !scaler.workloads.is_empty() || symbols.extent == Extent::Part {
            return None;
        }
        let message = format!("{} scales {}, which is not there", called(scaler.object), self.called(scaler));
        Some(symbols.fault(Code::UnknownScaleTarget, message, scaler.object, self.at("name")))
    }
}
