//! Order: what is applied stands on what is there already.
//!
//! Read off helmfile.yaml as it was written: helmfile applies a release after all that it `needs` (helmfile docs, "DAG-aware
//! installation"). A custom resource comes after the release that brings its kind, an object after its namespace and
//! after whatever answers when it is written, pods after the policies of their namespace and the Secrets that they read, and
//! whoever needs those Secrets waits until the operator has written them.

use std::collections::BTreeMap;

use super::helmfile::{HELMFILE, Release, Releases};
use super::symbols::{Data, Made, Pod, Symbols};
use crate::diagnostic::{Code, Sink};
use crate::expand::{ChartRelease, Origin, Plan};
use crate::render::RenderedFile;
use crate::validate::Object;

pub fn check(symbols: &Symbols, sink: &mut Sink) {
    let (Some(plan), Some((file, releases))) = (symbols.plan, Releases::of(symbols)) else { return };
    let policies = symbols.of_kind("NetworkPolicy.networking.k8s.io").map(|policy| (policy.namespace_name(), policy));
    let namespaces = symbols.of_kind("Namespace");
    let namespaces = namespaces.filter_map(|object| Some((object.name, releases.of_file(&object.file.path)?)));
    let charts = plan.releases.iter().map(|chart| (chart, format!("{}/{}", chart.namespace, chart.name)));
    let order = Order {
        symbols,
        plan,
        file,
        releases: &releases,
        makers: makers(symbols),
        policies: policies.collect(),
        namespaces: namespaces.collect(),
        charts: charts.collect(),
    };
    order.objects(sink);
    order.charts(sink);
    order.waits(sink);
}

/// The object that an operator writes each Secret for.
fn makers<'s>(symbols: &'s Symbols) -> BTreeMap<(&'s str, &'s str), &'s Object<'s>> {
    let written = symbols.data.iter().filter_map(|data| match data {
        Data { made: Made::Object(object), .. } => Some(((data.namespace.as_str(), data.name.as_str()), *object)),
        _ => None,
    });
    written.filter(|(_, object)| object.is("ExternalSecret.external-secrets.io")).collect()
}

/// What is applied too early: by its release, the release that should be first, and why.
type Early<'s> = BTreeMap<(&'s str, String, String), Vec<&'s Object<'s>>>;

struct Order<'s, 'a> {
    symbols: &'s Symbols<'a>,
    plan: &'s Plan<'s>,
    file: &'s RenderedFile,
    releases: &'s Releases,
    /// ExternalSecrets by the namespace and name of what they write.
    makers: BTreeMap<(&'s str, &'s str), &'s Object<'s>>,
    /// One NetworkPolicy of each namespace that has some.
    policies: BTreeMap<&'s str, &'s Object<'s>>,
    /// The release that makes each namespace.
    namespaces: BTreeMap<&'s str, &'s Release>,
    /// Each chart with the `namespace/name` of its release.
    charts: Vec<(&'s ChartRelease, String)>,
}

impl<'s> Order<'s, '_> {
    fn objects(&self, sink: &mut Sink) {
        let mut early = Early::new();
        for object in self.symbols.objects {
            if let Some(release) = self.releases.of_file(&object.file.path) {
                self.object(object, release, &mut early);
            }
        }
        for ((release, first, why), objects) in early {
            self.too_early(release, &first, &why, &objects, sink);
        }
    }

    fn object(&self, object: &'s Object<'s>, release: &'s Release, early: &mut Early<'s>) {
        for (chart, id) in &self.charts {
            let brings = chart.brings.iter().any(|brought| is_kind_of(brought, object));
            if !brings && !chart.guards.iter().any(|guarded| guarded == object.kind) {
                continue;
            }
            let why = if brings { "brings its kind" } else { "is asked when it is written" };
            self.object_after(object, release, id, why, early);
        }
        self.namespace_of(object, release, early);
        if Pod::of(object).is_some() {
            self.pods(object, release, early);
        }
    }

    fn namespace_of(&self, object: &'s Object<'s>, release: &'s Release, early: &mut Early<'s>) {
        if let Some(first) = self.namespaces.get(object.namespace_name()) {
            self.object_after(object, release, &first.id, "makes its namespace", early);
        }
    }

    fn pods(&self, object: &'s Object<'s>, release: &'s Release, early: &mut Early<'s>) {
        if let Some(policies) = self.policies(object.namespace_name()) {
            self.object_after(object, release, &policies.id, "opens what its pods may reach", early);
        }
        for secret in read_by(object) {
            let Some(maker) = self.makers.get(&(object.namespace_name(), secret.as_str())) else { continue };
            let Some(first) = self.releases.of_file(&maker.file.path) else { continue };
            let why = format!("has the Secret `{secret}` written, which its pods read");
            self.object_after(object, release, &first.id, &why, early);
        }
    }

    /// The release with the policies of a closed namespace.
    fn policies(&self, namespace: &str) -> Option<&'s Release> {
        let isolated = self.plan.namespaces.get(namespace).is_some_and(|namespace| namespace.isolated);
        let policy = self.policies.get(namespace).filter(|_| isolated)?;
        self.releases.of_file(&policy.file.path)
    }

    /// Charts after their namespace, its policies, and the Secrets that their pods read.
    fn charts(&self, sink: &mut Sink) {
        for (chart, id) in &self.charts {
            let Some(release) = self.releases.get(id) else { continue };
            let namespace = self.namespaces.get(chart.namespace.as_str()).copied();
            self.chart_after(&chart.origin, release, namespace, "makes its namespace", sink);
            let policies = self.policies(&chart.namespace);
            self.chart_after(&chart.origin, release, policies, "opens what its pods may reach", sink);
            for (secret, maker) in self.secrets_of(id) {
                let why = format!("has the Secret `{secret}` written, which its pods read");
                self.chart_after(&chart.origin, release, self.releases.of_file(&maker.file.path), &why, sink);
            }
        }
    }

    /// What a chart's interface says that its pods read, and that an ExternalSecret writes.
    fn secrets_of(&self, id: &str) -> Vec<(&str, &Object<'_>)> {
        let of = |instance: &&crate::expand::Instance| format!("{}/{}", instance.namespace, instance.release) == id;
        let secrets = self.plan.instances.iter().filter(of).flat_map(|instance| {
            instance.secrets.values().map(|secret| (instance.namespace.as_str(), secret.is.name.as_str()))
        });
        secrets.filter_map(|key| Some((key.1, *self.makers.get(&key)?))).collect()
    }

    /// Where something reads a Secret, the release that has it written waits for it.
    fn waits(&self, sink: &mut Sink) {
        let context = self.plan.platform.input.cluster.context.as_deref();
        for awaited in &self.plan.awaited {
            let key = (awaited.namespace.as_str(), awaited.name.as_str());
            let Some(maker) = self.makers.get(&key) else { continue };
            let Some(release) = self.releases.of_file(&maker.file.path) else { continue };
            if !release.waits_for(&awaited.namespace, maker.name, context) {
                let message = format!(
                    "nothing waits until {} is Ready: the release `{}` ends before",
                    maker.identity(),
                    release.id
                );
                let fault = self.symbols.fault(Code::AppliedTooEarly, message, maker, maker.metadata("name"));
                sink.push(fault.note("the operator writes the Secret later than its ExternalSecret is applied"));
            }
        }
    }

    fn object_after(
        &self,
        object: &'s Object<'s>,
        release: &'s Release,
        first: &str,
        why: &str,
        early: &mut Early<'s>,
    ) {
        if first != release.id && !self.releases.comes_after(&release.id, first) {
            early.entry((&release.id, first.to_owned(), why.to_owned())).or_default().push(object);
        }
    }

    /// Told at the first of the objects.
    fn too_early(&self, release: &str, first: &str, why: &str, objects: &[&Object], sink: &mut Sink) {
        let Some(object) = objects.first() else { return };
        let message =
            format!("{} may be applied before the release `{first}`, which {why}", super::deployed::told(objects));
        let fault = self.symbols.fault(Code::AppliedTooEarly, message, object, object.metadata("name"));
        let release = self.releases.get(release);
        let place = release.and_then(|release| self.file.written_by(release.span, self.symbols.sources));
        let text = format!("this release does not need `{first}`, nor does what it needs");
        sink.push(place.into_iter().fold(fault, |fault, place| fault.at(place, text.clone())));
    }

    fn chart_after(&self, origin: &Origin, release: &Release, first: Option<&Release>, why: &str, sink: &mut Sink) {
        let Some(first) = first.filter(|first| !self.releases.comes_after(&release.id, &first.id)) else { return };
        let message = format!("the release `{}` may be installed before `{}`, which {why}", release.id, first.id);
        let fault = origin.fault(Code::AppliedTooEarly, &message);
        sink.push(fault.note(format!("in {HELMFILE} it does not need `{}`, nor does what it needs", first.id)));
    }
}

/// Whether an object is of a kind written `group/version/Kind`.
fn is_kind_of(kind: &str, object: &Object) -> bool {
    kind.rsplit_once('/').is_some_and(|(version, kind)| kind == object.kind && version == object.api_version)
}

/// The names of the Secrets that an object's pods cannot start without.
fn read_by(object: &Object) -> Vec<String> {
    let Some(pod) = Pod::of(object) else { return vec![] };
    let mut found = vec![];
    let mut rest = vec![pod.spec];
    while let Some(node) = rest.pop() {
        for (key, entry) in node.as_map().into_iter().flatten() {
            let name = match key.as_str() {
                "secretKeyRef" | "secretRef" => entry.node.get("name"),
                "secret" => entry.node.get("secretName").or_else(|| entry.node.get("name")),
                _ => None,
            };
            found.extend(name.and_then(crate::source::Node::as_str).map(str::to_owned));
            rest.push(&entry.node);
        }
        rest.extend(node.as_list().unwrap_or_default());
    }
    found
}
