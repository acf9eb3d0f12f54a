//! What `expand` gives: instances, and every file that is to be rendered.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use indexmap::IndexMap;
use serde_json::Value as Json;

use super::ends::{Port, kebab};
use crate::component::Component;
use crate::component::interface::{
    Chart, ChartValue, Exports, FileUse, Ignored, Outside, PodSecurity, Route, Scaling, Secret, SecretKey, Service,
    ServiceAccount, Variable, Webhook, Workload,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::resolve::{Platform, Use};
use crate::source::Span;

/// One environment, with everything derived.
#[derive(Debug)]
pub struct Plan<'a> {
    pub platform: &'a Platform,
    pub instances: Vec<Instance<'a>>,
    pub namespaces: BTreeMap<String, Namespace>,
    pub releases: Vec<ChartRelease>,
    /// In the order in which files of one path are joined.
    pub files: Vec<PlannedFile>,
    /// Every ExternalSecret of ours: the operator writes the Secret later than the object is applied.
    pub awaited: BTreeSet<Awaited>,
    /// Every autoscaler.
    pub scaled: Vec<Scaled>,
    /// Every allowed connection of pods.
    pub flows: Vec<DeclaredFlow>,
    /// Everything that components say can be scraped.
    pub metrics: Vec<DeclaredMetric>,
    /// Namespaces in which an object of a capability stands, by capability.
    pub within: BTreeMap<String, BTreeSet<String>>,
    pub facts: Facts,
}

/// One use of a component, its own options alone considered.
#[derive(Debug)]
pub struct Instance<'a> {
    pub component: &'a Component,
    pub used: &'a Use,
    pub release: String,
    pub namespace: String,
    /// Options, with null for each absent one that the schema knows.
    pub options: Json,
    pub workloads: Entries<Workload>,
    pub outside: Entries<Outside>,
    pub services: Entries<Service>,
    pub secrets: Entries<Secret>,
    pub service_accounts: Entries<ServiceAccount>,
    pub routes: Entries<Route>,
    pub exports: Exports,
}

/// Entries of one word by id; those under `for` as `id.key`.
pub type Entries<T> = IndexMap<String, Entry<T>>;

/// An evaluated entry and who asked for it.
#[derive(Debug, Clone)]
pub struct Entry<T> {
    pub is: T,
    pub origin: Origin,
}

/// Who asked for a thing: the narrowest places known.
#[derive(Debug, Clone)]
pub struct Origin {
    /// `dataIntegration`, `services.healthz`, or the platform itself.
    pub instance: String,
    /// Places in platform.yaml, the one that says most first.
    pub asked: Vec<Span>,
    /// The entry in component.yaml.
    pub declared: Option<Span>,
    /// Whether the user wrote any of what it was made from (defaults aside).
    pub by_user: bool,
}

impl Origin {
    pub fn place(&self) -> Option<Span> {
        self.asked.first().copied()
    }
}

#[derive(Debug, Clone)]
pub struct Namespace {
    /// Whether it gets a default deny.
    pub isolated: bool,
    pub pod_security: PodSecurity,
    pub origin: Origin,
}

/// A Helm release of somebody's chart.
#[derive(Debug, Clone)]
pub struct ChartRelease {
    pub name: String,
    pub namespace: String,
    pub chart: Chart,
    pub version: String,
    /// The component's id: the name of the repository in helmfile.
    pub repository: String,
    pub values: Vec<Utf8PathBuf>,
    /// What the values mean, by dotted path.
    pub meanings: Entries<ChartValue>,
    /// What code that its pods run reads.
    pub environment: Entries<Variable>,
    pub brings: Vec<String>,
    /// Kinds whose writing calls a webhook of this release.
    pub guards: Vec<String>,
    pub webhooks: Entries<Webhook>,
    /// What the chart makes and nobody needs to know of.
    pub ignores: Entries<Ignored>,
    /// Whether its pods read a Secret that an ExternalSecret of ours writes.
    pub reads_secrets: bool,
    pub origin: Origin,
}

/// A template with its context, and where the text goes.
#[derive(Debug, Clone)]
pub struct PlannedFile {
    pub path: Utf8PathBuf,
    /// `airbyte/values.yaml.j2`, `kubernetes/ingress.yaml.j2`; none: the context itself is written, as YAML.
    pub template: Option<String>,
    pub context: Json,
    pub used_as: FileUse,
    /// Whether its pods read a Secret that an ExternalSecret of ours writes.
    pub reads_secrets: bool,
    /// The folder whose other files its template sees.
    pub embeds: Option<Embeds>,
    pub origin: Origin,
}

/// A folder, and whether all its files may be left out by their `when` or `for`.
#[derive(Debug, Clone)]
pub struct Embeds {
    pub folder: Utf8PathBuf,
    pub may_be_empty: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Awaited {
    pub namespace: String,
    pub name: String,
}

/// A workload that follows its load.
#[derive(Debug, Clone)]
pub struct Scaled {
    /// The id of the instance.
    pub instance: String,
    /// What the workload is called.
    pub name: String,
    pub scaling: Entry<Scaling>,
}

/// A connection that an interface, a route, a metric or a webhook opens.
#[derive(Debug, Clone)]
pub struct DeclaredFlow {
    pub from: FlowEnd,
    pub to: FlowEnd,
    /// On the pods or addresses that are reached; empty: every port.
    pub ports: Vec<Port>,
    pub why: String,
    /// Who asked for it.
    pub origin: Origin,
}

/// Where a component says that metrics are.
#[derive(Debug, Clone)]
pub struct DeclaredMetric {
    pub namespace: String,
    /// Whether `name` is that of a Service; else it is that of a workload.
    pub of_service: bool,
    pub name: String,
    /// Of the Service or the pods.
    pub port: u16,
    pub path: String,
    pub origin: Origin,
}

/// One end of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlowEnd {
    Pods {
        namespace: String,
        name: String,
    },
    /// Beyond the cluster: its address ranges; none: any address.
    Outside(Vec<String>),
    Internet,
    ApiServer,
    Nodes,
}

/// What the generated docs tell.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub routes: Vec<Json>,
    pub secrets: Vec<Json>,
    /// Secrets that the user makes: `{namespace, name, holds}`.
    pub by_hand: Vec<Json>,
    pub flows: Vec<Json>,
    pub metrics: Vec<Json>,
    pub scaling: Vec<Json>,
    /// What the cluster must have first: `{text, command}`.
    pub prerequisites: Vec<Json>,
    /// The Gateway of the routes, as the ingress's component says; null where they are Ingresses.
    pub gateway: Json,
    /// By instance.
    pub notes: BTreeMap<String, Vec<String>>,
    /// Where the secrets are read from, and the release of what reads it; null without a store.
    pub store: Json,
    /// Whether routes have certificates.
    pub tls: bool,
}

impl<'a> Plan<'a> {
    pub fn new(platform: &'a Platform) -> Self {
        Self {
            platform,
            instances: vec![],
            namespaces: BTreeMap::new(),
            releases: vec![],
            files: vec![],
            awaited: BTreeSet::new(),
            scaled: vec![],
            flows: vec![],
            metrics: vec![],
            within: BTreeMap::new(),
            facts: Facts::default(),
        }
    }

    /// Takes what was planned for one instance by itself.
    pub fn append(&mut self, mut part: Plan<'a>) {
        self.releases.append(&mut part.releases);
        self.files.append(&mut part.files);
        self.scaled.append(&mut part.scaled);
        self.metrics.append(&mut part.metrics);
        self.facts.metrics.append(&mut part.facts.metrics);
        self.facts.scaling.append(&mut part.facts.scaling);
        self.facts.prerequisites.append(&mut part.facts.prerequisites);
        self.facts.notes.append(&mut part.facts.notes);
    }
}

impl Plan<'_> {
    /// Where the pods of an instance's workload stand.
    pub fn namespaces_of(&self, instance: &Instance, workload: &Workload) -> Vec<String> {
        match (&workload.within, &workload.namespace) {
            (Some(capability), _) => self.within.get(capability).into_iter().flatten().cloned().collect(),
            (None, Some(namespace)) => vec![namespace.clone()],
            (None, None) => vec![instance.namespace.clone()],
        }
    }
}

impl Instance<'_> {
    /// What the workload `id` is called.
    pub fn name_of(&self, id: &str, workload: &Workload) -> String {
        workload.name.clone().unwrap_or_else(|| format!("{}-{}", self.used.name, kebab(id)))
    }

    /// `dataIntegration`, `services.healthz`
    pub fn id(&self) -> String {
        self.used.path.to_string()
    }
}

/// The entries that `id` names: one, or all of a `for`.
pub fn named<'s, T>(entries: &'s Entries<T>, id: &'s str) -> impl Iterator<Item = (&'s str, &'s Entry<T>)> {
    entries.iter().filter(move |(key, _)| is_named(key, id)).map(|(key, entry)| (key.as_str(), entry))
}

/// Whether the key of an entry is `id`, or stands below it because of a `for`.
pub fn is_named(key: &str, id: &str) -> bool {
    key.strip_prefix(id).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl Workload {
    /// A Kubernetes LabelSelector that selects its pods.
    pub fn pod_selector(&self) -> Json {
        match &self.selector {
            Some(selector) => Json::Object(selector.clone().into_iter().collect()),
            None if self.labels.is_empty() => Json::Object(serde_json::Map::new()),
            None => serde_json::json!({ "matchLabels": self.labels }),
        }
    }
}

impl Secret {
    /// Where each key comes from, in the order written.
    pub fn sources(&self) -> IndexMap<String, SecretKey> {
        use crate::component::interface::SecretKeys;
        match &self.keys {
            SecretKeys::Names(names) => names.iter().map(|name| (name.clone(), SecretKey::default())).collect(),
            SecretKeys::Map(map) => map.clone(),
        }
    }

    /// The keys that the Secret holds.
    pub fn holds(&self) -> Vec<String> {
        if self.template.is_empty() {
            self.sources().into_keys().collect()
        } else {
            self.template.keys().cloned().collect()
        }
    }
}

impl Origin {
    /// Somebody else asked for the same thing.
    pub fn join(&mut self, other: &Origin) {
        self.asked.extend(other.asked.iter().take(1));
        self.by_user |= other.by_user;
        if !self.instance.split(", ").any(|known| known == other.instance) {
            self.instance = format!("{}, {}", self.instance, other.instance);
        }
    }

    /// A fault about what was asked for here. What the user wrote says enough; else the component's entry is shown too.
    pub fn fault(&self, code: Code, message: &str) -> Diagnostic {
        if !self.by_user {
            return self.fault_of_component(code, message);
        }
        self.place().into_iter().fold(Diagnostic::new(code, message), |fault, span| fault.at(span, ""))
    }

    /// A fault of the component's entry, and who made it show.
    pub fn fault_of_component(&self, code: Code, message: &str) -> Diagnostic {
        let fault = self.place().into_iter().fold(Diagnostic::new(code, message), |fault, span| fault.at(span, ""));
        self.declared.into_iter().fold(fault, |fault, span| fault.at(span, "declared here"))
    }
}
