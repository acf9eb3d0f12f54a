//! Pod templates in the objects that have one.

use crate::link::fields::field;
use crate::source::Node;
use crate::validate::Object;
use crate::validate::pods::way_to_pod;

/// The metadata and spec of the pods that an object makes.
#[derive(Debug, Clone, Copy)]
pub struct Pod<'a> {
    pub metadata: Option<&'a Node>,
    pub spec: &'a Node,
}

impl<'a> Pod<'a> {
    /// None where the object makes no pods.
    pub fn of(object: &Object<'a>) -> Option<Self> {
        let way = way_to_pod(object.group(), object.kind).filter(|_| object.kind != "PodTemplate")?;
        let template = field(object.node, way)?;
        Some(Self { metadata: template.get("metadata"), spec: template.get("spec")? })
    }
}

/// Every container of a pod's spec, init containers first.
pub fn containers(spec: &Node) -> impl Iterator<Item = &Node> {
    let lists = ["initContainers", "containers"].into_iter().filter_map(|key| spec.get(key)?.as_list());
    lists.flatten()
}

/// The containers that run beside each other: an init container does only where it is restarted (Kubernetes docs, "Sidecar
/// containers").
pub fn beside_each_other(spec: &Node) -> impl Iterator<Item = &Node> {
    let init = spec.get("initContainers").and_then(Node::as_list).unwrap_or_default();
    let waits = |container: &Node| container.get("restartPolicy").and_then(Node::as_str) != Some("Always");
    containers(spec).filter(move |container| !init.iter().any(|init| std::ptr::eq(init, *container) && waits(init)))
}
