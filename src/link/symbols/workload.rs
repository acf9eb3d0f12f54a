//! Workloads: what makes pods, and what these pods carry.

use super::made::Made;
use super::pods::{Pod, containers};
use super::selector::{Labels, labels_at};
use crate::component::interface::Protocol;
use crate::source::Node;
use crate::validate::Object;

/// Something whose pods share their labels and ports.
#[derive(Debug, Clone)]
pub struct Workload<'a> {
    pub namespace: String,
    pub kind: String,
    pub name: String,
    /// Of the pods.
    pub labels: Labels,
    pub ports: Vec<Listens>,
    pub service_account: Option<String>,
    /// Its pods are on the network of their node, where no NetworkPolicy reaches.
    pub on_host_network: bool,
    pub made: Made<'a>,
}

/// A port that a pod listens on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Listens {
    pub name: Option<String>,
    pub number: u16,
    pub protocol: Protocol,
}

impl<'a> Workload<'a> {
    /// None where the object makes no pods, or another object makes it.
    pub fn of(object: &'a Object<'a>) -> Option<Self> {
        let pod = Pod::of(object)?;
        let ports = containers(pod.spec).filter_map(|container| container.get("ports")?.as_list()).flatten();
        Some(Self {
            namespace: object.namespace_name().to_owned(),
            kind: object.kind.to_owned(),
            name: object.name.to_owned(),
            labels: pod.metadata.map(|metadata| labels_at(metadata, &["labels"])).unwrap_or_default(),
            ports: ports.filter_map(Listens::of).collect(),
            service_account: pod.spec.get("serviceAccountName").and_then(Node::as_str).map(str::to_owned),
            on_host_network: matches!(
                pod.spec.get("hostNetwork").map(|node| &node.value),
                Some(crate::source::Value::Bool(true))
            ),
            made: Made::Object(object),
        })
    }

    /// `Deployment integration/healthz`
    pub fn title(&self) -> String {
        match self.namespace.as_str() {
            "" => format!("{} {}", self.kind, self.name),
            namespace => format!("{} {namespace}/{}", self.kind, self.name),
        }
    }

    /// The port with a name.
    pub fn port_named(&self, name: &str) -> Option<&Listens> {
        self.ports.iter().find(|port| port.name.as_deref() == Some(name))
    }

    pub fn listens_on(&self, number: u16, protocol: Protocol) -> bool {
        self.ports.iter().any(|port| port.number == number && port.protocol == protocol)
    }
}

impl std::fmt::Display for Listens {
    /// `8080/TCP (http)`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.protocol.as_str())?;
        self.name.iter().try_for_each(|name| write!(f, " ({name})"))
    }
}

impl Listens {
    fn of(node: &Node) -> Option<Self> {
        Some(Self {
            name: node.get("name").and_then(Node::as_str).map(str::to_owned),
            number: u16::try_from(node.get("containerPort")?.as_integer()?).ok()?,
            protocol: protocol(node),
        })
    }
}

/// The `protocol` of a port; TCP where it says none.
pub fn protocol(node: &Node) -> Protocol {
    match node.get("protocol").and_then(Node::as_str) {
        Some("UDP") => Protocol::Udp,
        Some("SCTP") => Protocol::Sctp,
        _ => Protocol::Tcp,
    }
}
