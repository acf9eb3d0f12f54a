//! Services: what they select and where they lead.

use super::made::Made;
use super::selector::{Labels, Selector, labels_at};
use super::workload::protocol;
use crate::component::interface::Protocol;
use crate::source::{Node, Value};
use crate::validate::Object;

#[derive(Debug, Clone)]
pub struct Service<'a> {
    pub namespace: String,
    pub name: String,
    pub labels: Labels,
    /// None where it selects no pods: its endpoints are made by hand, or it is a name for a host outside. A chart's
    /// Service has none either: its interface names the workload.
    pub selector: Option<Selector>,
    /// The name of the workload behind it, as its interface says.
    pub workload: Option<String>,
    pub is_headless: bool,
    /// `type: ExternalName`: a name for a host outside.
    pub is_external: bool,
    pub ports: Vec<ServicePort>,
    pub made: Made<'a>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePort {
    pub name: Option<String>,
    pub number: u16,
    pub protocol: Protocol,
    pub target: Target,
}

/// A port of the pods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Number(u16),
    Name(String),
}

impl<'a> Service<'a> {
    pub fn of(object: &'a Object<'a>) -> Option<Self> {
        if !object.is("Service") {
            return None;
        }
        let spec = object.node.get("spec")?;
        let text = |key: &str| spec.get(key).and_then(Node::as_str);
        let selector = spec.get("selector").filter(|node| node.as_map().is_some_and(|map| !map.is_empty()));
        let is_external = text("type") == Some("ExternalName");
        let ports = spec.get("ports").and_then(Node::as_list).unwrap_or_default();
        Some(Self {
            namespace: object.namespace_name().to_owned(),
            name: object.name.to_owned(),
            labels: labels_at(object.node, &["metadata", "labels"]),
            selector: selector.filter(|_| !is_external).map(Selector::plain),
            workload: None,
            is_headless: text("clusterIP") == Some("None"),
            is_external,
            ports: ports.iter().filter_map(ServicePort::of).collect(),
            made: Made::Object(object),
        })
    }

    /// That of the API server, which every cluster has.
    pub fn of_the_cluster() -> Self {
        let labels = [("component", "apiserver"), ("provider", "kubernetes")];
        let port = ServicePort {
            name: Some("https".to_owned()),
            number: 443,
            protocol: Protocol::Tcp,
            target: Target::Number(443),
        };
        Self {
            namespace: "default".to_owned(),
            name: "kubernetes".to_owned(),
            labels: labels.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
            selector: None,
            workload: None,
            is_headless: false,
            is_external: false,
            ports: vec![port],
            made: Made::External,
        }
    }

    /// What `external` says that is there: `name` means the Service in whatever namespace it is asked for.
    pub fn external<'n>(path: &str, ports: &[u16], namespaces: impl Iterator<Item = &'n str>) -> Vec<Self> {
        let (namespaces, name) = match path.split_once('/') {
            Some((namespace, name)) => (vec![namespace], name),
            None => (namespaces.collect(), path),
        };
        let ports = ports.iter().map(|number| ServicePort {
            name: None,
            number: *number,
            protocol: Protocol::Tcp,
            target: Target::Number(*number),
        });
        let service = |namespace: &str| Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            labels: Labels::new(),
            selector: None,
            workload: None,
            is_headless: false,
            is_external: false,
            ports: ports.clone().collect(),
            made: Made::External,
        };
        namespaces.into_iter().map(service).collect()
    }

    /// `Service integration/healthz`
    pub fn title(&self) -> String {
        match self.namespace.as_str() {
            "" => format!("Service {}", self.name),
            namespace => format!("Service {namespace}/{}", self.name),
        }
    }
}

impl ServicePort {
    pub fn of(node: &Node) -> Option<Self> {
        let number = u16::try_from(node.get("port")?.as_integer()?).ok()?;
        let target = node.get("targetPort").and_then(Target::of).unwrap_or(Target::Number(number));
        let name = node.get("name").and_then(Node::as_str).map(str::to_owned);
        Some(Self { name, number, protocol: protocol(node), target })
    }
}

impl Target {
    /// A number, or a name.
    pub fn of(node: &Node) -> Option<Self> {
        match &node.value {
            Value::Integer(number) => u16::try_from(*number).ok().map(Target::Number),
            Value::Text(name) => Some(Target::Name(name.clone())),
            _ => None,
        }
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Target::Number(number) => write!(f, "{number}"),
            Target::Name(name) => f.write_str(name),
        }
    }
}
