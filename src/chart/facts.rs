//! What is known of the objects of a chart: names, labels, ports, keys.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::component::interface::{PodSecurity, Protocol};
pub use crate::link::symbols::{Labels, Target};

/// The kinds that make pods.
pub const WORKLOADS: [&str; 8] =
    ["CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "ReplicationController", "StatefulSet"];

/// Everything that one render tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub workloads: Vec<Workload>,
    pub services: Vec<Service>,
    /// Those that the chart makes.
    pub secrets: Vec<Secret>,
    pub definitions: Vec<Definition>,
    pub webhooks: Vec<Webhook>,
}

/// Which object a fact is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    pub kind: String,
    /// Empty where it is the release's, or none.
    pub namespace: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    pub is: Name,
    /// Of its pods.
    pub labels: Labels,
    pub service_account: Option<String>,
    pub ports: Vec<PodPort>,
    /// Ports that the pod does not declare, and where they are told.
    pub undeclared: BTreeMap<u16, String>,
    pub pod_security: PodSecurity,
    /// What keeps it from a stricter level.
    pub because: BTreeSet<String>,
    /// Secrets without which its pods do not start, with the keys that they need; no key: the Secret, whatever is in it.
    pub reads: BTreeMap<String, BTreeSet<String>>,
}

/// A port of a container, or a run of them that have no names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PodPort {
    pub first: u16,
    pub last: u16,
    pub protocol: Protocol,
    pub name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    pub is: Name,
    /// `ClusterIP`, `LoadBalancer`, …
    pub sort: String,
    pub labels: Labels,
    pub selector: Labels,
    pub ports: Vec<ServicePort>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePort {
    pub number: u16,
    pub protocol: Protocol,
    pub name: Option<String>,
    pub target: Target,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    pub is: Name,
    /// `Opaque`, `kubernetes.io/tls`, …
    pub sort: String,
    pub keys: BTreeSet<String>,
}

/// A CustomResourceDefinition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    pub is: Name,
    /// `group/version/Kind`
    pub serves: BTreeSet<String>,
}

/// A configuration of admission webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub is: Name,
    /// The kinds whose writing calls each Service.
    pub guards: BTreeMap<String, BTreeSet<String>>,
}

impl Facts {
    /// Every object, in the order of their kinds.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        let workloads = self.workloads.iter().map(|found| &found.is);
        let services = self.services.iter().map(|found| &found.is);
        let secrets = self.secrets.iter().map(|found| &found.is);
        let definitions = self.definitions.iter().map(|found| &found.is);
        workloads.chain(services).chain(secrets).chain(definitions).chain(self.webhooks.iter().map(|found| &found.is))
    }
}

impl fmt::Display for Name {
    /// `Deployment/web`; `kube-system/Service/web` where it is not in the release's namespace.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slash = if self.namespace.is_empty() { "" } else { "/" };
        write!(f, "{}{slash}{}/{}", self.namespace, self.kind, self.name)
    }
}

impl Workload {
    /// The labels of its pods: the template's, and what Kubernetes adds to those of a Job.
    pub fn pod_labels(&self) -> Labels {
        let mut labels = self.labels.clone();
        if self.is.kind == "Job" {
            labels.insert("batch.kubernetes.io/job-name".into(), self.is.name.clone());
        }
        labels
    }

    pub fn is_on_host_network(&self) -> bool {
        self.because.contains("hostNetwork")
    }
}

impl PodPort {
    pub fn holds(&self, port: u16) -> bool {
        (self.first..=self.last).contains(&port)
    }

    /// `8080/TCP`, `9001-9030/TCP`
    pub fn numbers(&self) -> String {
        numbers(self.first, self.last, self.protocol)
    }
}

impl ServicePort {
    /// `8080/TCP`
    pub fn numbers(&self) -> String {
        numbers(self.number, self.number, self.protocol)
    }
}

/// `8080/TCP`, `9001-9030/TCP`
pub fn numbers(first: u16, last: u16, protocol: Protocol) -> String {
    let protocol = protocol.as_str();
    if first == last { format!("{first}/{protocol}") } else { format!("{first}-{last}/{protocol}") }
}

/// Reads `8080/TCP` and `9001-9030/TCP`; without a protocol it is TCP.
pub fn read_numbers(text: &str) -> Option<(u16, u16, Protocol)> {
    let (range, protocol) = text.split_once('/').unwrap_or((text, "TCP"));
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    let protocol = [Protocol::Tcp, Protocol::Udp, Protocol::Sctp].into_iter().find(|one| one.as_str() == protocol)?;
    Some((first.parse().ok()?, last.parse().ok()?, protocol))
}
