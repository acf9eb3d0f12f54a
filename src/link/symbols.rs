//! The symbol table: all that a reference can mean.
//!
//! Takes valid objects, what the components' interfaces say their charts create, and what `external` declares; gives
//! workloads, Services, Secrets and ConfigMaps whoever makes them, each with its place, and finds objects by identity and
//! pods by selector. It judges nothing.

mod data;
mod elsewhere;
mod interface;
mod made;
mod pods;
mod selector;
mod service;
mod values;
mod workload;

use std::collections::BTreeMap;

use indexmap::IndexMap;

pub use data::{Data, DataKind};
pub use interface::{listens, maker};
pub use made::Made;
pub use pods::{Pod, beside_each_other, containers};
pub use selector::{Labels, Selector, labels_at};
pub use service::{Service, ServicePort, Target};
pub use values::{ChartValues, SetValue, beside};
pub use workload::{Listens, Workload, protocol};

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::expand::Plan;
use crate::render::RenderedFile;
use crate::resolve::input::External;
use crate::source::{Sources, Span};
use crate::validate::Object;

/// The label that the API server puts on every namespace (Kubernetes docs, "Well-Known Labels").
pub const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";

/// The namespace of the control plane's own pods (Kubernetes docs, "Initial namespaces").
pub const CONTROL_PLANE: &str = "kube-system";

/// Whether what is not here is nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The whole platform: what a reference means is here, or `external` names it.
    Whole,
    /// Some manifests: the cluster may hold more.
    Part,
}

/// Everything that can be referred to.
pub struct Symbols<'a> {
    pub extent: Extent,
    pub objects: &'a [Object<'a>],
    pub plan: Option<&'a Plan<'a>>,
    /// Every file of the tree, what is no manifest too.
    pub files: &'a [RenderedFile],
    pub external: &'a External,
    pub sources: &'a Sources,
    /// Labels by namespace; of a namespace that is made elsewhere its name alone.
    pub namespaces: BTreeMap<String, Labels>,
    pub workloads: Vec<Workload<'a>>,
    pub services: Vec<Service<'a>>,
    pub data: Vec<Data<'a>>,
    /// The values of every chart.
    pub charts: Vec<ChartValues<'a>>,
    by_identity: IndexMap<String, usize>,
    by_kind: IndexMap<&'a str, Vec<usize>>,
    /// The first of each kind and name, wherever it is.
    by_name: IndexMap<(&'a str, &'a str), usize>,
    /// Workloads by namespace, label and value.
    by_label: IndexMap<(String, String, String), Vec<usize>>,
    by_namespace: IndexMap<String, Vec<usize>>,
    /// Objects of custom kinds by namespace, among some manifests.
    resources: IndexMap<String, Vec<usize>>,
    services_by_name: IndexMap<(String, String), usize>,
    data_by_name: IndexMap<(DataKind, String, String), Vec<usize>>,
}

/// Whether the pods of a workload may carry a label: it shows it, unless its controller sets it. One that shows what its
/// controller will set is known by that.
fn may_carry(workload: &Workload, key: &str) -> bool {
    match selector::set_by_controllers(key, &workload.kind) {
        (true, is_set) => is_set && !workload.labels.contains_key(key),
        (false, _) => true,
    }
}

impl<'a> Symbols<'a> {
    pub fn new(
        objects: &'a [Object<'a>],
        plan: Option<&'a Plan<'a>>,
        files: &'a [RenderedFile],
        external: &'a External,
        extent: Extent,
        sources: &'a Sources,
    ) -> Self {
        let mut symbols = Self {
            extent,
            objects,
            plan,
            files,
            external,
            sources,
            namespaces: BTreeMap::new(),
            workloads: vec![],
            services: vec![],
            data: vec![],
            charts: plan.map(|plan| ChartValues::all(plan, files)).unwrap_or_default(),
            by_identity: IndexMap::new(),
            by_kind: IndexMap::new(),
            by_name: IndexMap::new(),
            by_label: IndexMap::new(),
            by_namespace: IndexMap::new(),
            resources: if extent == Extent::Part { elsewhere::resources(objects) } else { IndexMap::new() },
            services_by_name: IndexMap::new(),
            data_by_name: IndexMap::new(),
        };
        symbols.add_objects();
        symbols.add_external();
        if let Some(plan) = plan {
            interface::add(&mut symbols, plan);
        }
        symbols.index();
        symbols
    }

    /// The object with an identity: `Deployment.apps integration/healthz`, `ClusterIssuer.cert-manager.io letsencrypt`.
    pub fn object(&self, identity: &str) -> Option<&'a Object<'a>> {
        self.by_identity.get(identity).and_then(|index| self.objects.get(*index))
    }

    /// The object of a kind (`Certificate.cert-manager.io`) with a name in a namespace.
    pub fn named(&self, kind: &str, namespace: &str, name: &str) -> Option<&'a Object<'a>> {
        self.object(&format!("{kind} {namespace}/{name}")).or_else(|| self.object(&format!("{kind} {name}")))
    }

    /// An object of a kind (`Certificate`, whatever its group) with a name, in any namespace.
    pub fn anywhere(&self, kind: &str, name: &str) -> Option<&'a Object<'a>> {
        self.by_name.get(&(kind, name)).and_then(|index| self.objects.get(*index))
    }

    /// All objects of a kind (`Ingress.networking.k8s.io`, whatever its version).
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &'a Object<'a>> {
        let short = kind.split_once('.').map_or(kind, |(short, _)| short);
        let found = self.by_kind.get(short).map(Vec::as_slice).unwrap_or_default();
        found.iter().filter_map(|index| self.objects.get(*index)).filter(move |object| object.is(kind))
    }

    /// The workloads of a namespace whose pods a selector selects.
    pub fn selected(&self, namespace: &str, selector: &Selector) -> Vec<&Workload<'a>> {
        let exactly = self.with_labels(namespace, selector);
        match selector.of_template() {
            Some(shown) if exactly.is_empty() => {
                let mut found = self.with_labels(namespace, &shown);
                found.retain(|workload| selector.keys().all(|key| may_carry(workload, key)));
                found
            }
            _ => exactly,
        }
    }

    fn with_labels(&self, namespace: &str, selector: &Selector) -> Vec<&Workload<'a>> {
        let fewest = selector.labels().filter_map(|(key, value)| {
            let key = (namespace.to_owned(), key.to_owned(), value.to_owned());
            self.by_label.get(&key).map(Vec::len).or(Some(0)).map(|many| (many, key))
        });
        let found = match fewest.min() {
            Some((_, key)) => self.by_label.get(&key),
            None => self.by_namespace.get(namespace),
        };
        let workloads = found.into_iter().flatten().filter_map(|index| self.workloads.get(*index));
        workloads.filter(|workload| selector.matches(&workload.labels)).collect()
    }

    /// Whether pods with the labels of a selector may be made by what is not here: among some manifests those of the
    /// control plane, and those that an operator makes for a custom resource that carries the labels or is called by them.
    pub fn may_be_made(&self, namespace: &str, selector: &Selector) -> bool {
        let resources = self.resources.get(namespace).into_iter().flatten();
        let mut resources = resources.filter_map(|index| self.objects.get(*index));
        self.extent == Extent::Part
            && (namespace == CONTROL_PLANE || resources.any(|object| elsewhere::may_make(object, selector)))
    }

    /// The workloads of a namespace.
    pub fn workloads_in(&self, namespace: &str) -> impl Iterator<Item = &Workload<'a>> {
        let found = self.by_namespace.get(namespace);
        found.into_iter().flatten().filter_map(|index| self.workloads.get(*index))
    }

    /// Among some manifests, a Service that says no namespace may be applied to any.
    pub fn service(&self, namespace: &str, name: &str) -> Option<&Service<'a>> {
        let of = |namespace: &str| self.services_by_name.get(&(namespace.to_owned(), name.to_owned()));
        let nowhere = || of("").filter(|_| self.extent == Extent::Part);
        self.services.get(*of(namespace).or_else(nowhere)?)
    }

    pub fn services_in(&self, namespace: &str) -> impl Iterator<Item = &Service<'a>> {
        self.services.iter().filter(move |service| service.namespace == namespace)
    }

    /// The pods behind a Service.
    pub fn behind(&self, service: &Service<'a>) -> Vec<&Workload<'a>> {
        match (&service.selector, &service.workload) {
            (Some(selector), _) => self.selected(&service.namespace, selector),
            (None, Some(name)) => {
                self.workloads_in(&service.namespace).filter(|workload| workload.name == *name).collect()
            }
            (None, None) => vec![],
        }
    }

    /// Everything that makes a Secret or ConfigMap of this name.
    pub fn data(&self, kind: DataKind, namespace: &str, name: &str) -> Vec<&Data<'a>> {
        let found = self.data_by_name.get(&(kind, namespace.to_owned(), name.to_owned()));
        found.into_iter().flatten().filter_map(|index| self.data.get(*index)).collect()
    }

    /// The names of all Secrets or ConfigMaps in a namespace.
    pub fn data_in(&self, kind: DataKind, namespace: &str) -> impl Iterator<Item = &str> {
        let found = self.data.iter().filter(move |data| data.kind == kind && data.namespace == namespace);
        found.map(|data| data.name.as_str())
    }

    /// A fault where a reference stands.
    pub fn fault(&self, code: Code, message: impl Into<String>, object: &Object, at: Span) -> Diagnostic {
        object.file.fault(code, message.into(), at, self.sources).about(object.title())
    }

    /// A fault about what is not here: among some manifests only a warning, since the cluster may hold it.
    pub fn absent(&self, code: Code, message: impl Into<String>, object: &Object, at: Span) -> Diagnostic {
        let mut fault = self.fault(code, message, object, at);
        if self.extent == Extent::Part {
            fault.severity = fault.severity.max(Severity::Warning);
            fault
                .notes
                .push("it may be in the cluster; `--external FILE` says what is, and makes this an error".into());
        }
        fault
    }

    fn add_objects(&mut self) {
        for (index, object) in self.objects.iter().enumerate() {
            self.by_identity.entry(object.identity()).or_insert(index);
            self.by_kind.entry(object.kind).or_default().push(index);
            self.by_name.entry((object.kind, object.name)).or_insert(index);
            if object.is("Namespace") {
                let labels = self.namespaces.entry(object.name.to_owned()).or_default();
                labels.extend(selector::labels_at(object.node, &["metadata", "labels"]));
            }
            self.workloads.extend(Workload::of(object));
            self.services.extend(Service::of(object));
            self.data.extend(Data::of(object));
        }
    }

    fn add_external(&mut self) {
        let dns = self.plan.map(|plan| &plan.platform.input.cluster.dns.namespace);
        for namespace in self.external.namespaces.iter().chain(dns) {
            self.namespaces.entry(namespace.clone()).or_default();
        }
        self.services.push(Service::of_the_cluster());
        for (path, ports) in &self.external.services {
            let namespaces = self.namespaces.keys().map(String::as_str);
            let found = Service::external(path, ports, namespaces);
            self.services.extend(found);
        }
    }

    fn index(&mut self) {
        for (name, labels) in &mut self.namespaces {
            labels.insert(NAMESPACE_NAME.to_owned(), name.clone());
        }
        for (index, workload) in self.workloads.iter().enumerate() {
            self.by_namespace.entry(workload.namespace.clone()).or_default().push(index);
            for (key, value) in &workload.labels {
                let key = (workload.namespace.clone(), key.clone(), value.clone());
                self.by_label.entry(key).or_default().push(index);
            }
        }
        for (index, service) in self.services.iter().enumerate() {
            self.services_by_name.entry((service.namespace.clone(), service.name.clone())).or_insert(index);
        }
        for (index, data) in self.data.iter().enumerate() {
            let key = (data.kind, data.namespace.clone(), data.name.clone());
            self.data_by_name.entry(key).or_default().push(index);
        }
    }
}
