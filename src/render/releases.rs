//! The releases of the helmfile: charts and raw folders, and what each waits for.
//!
//! `needs` come from what is known: CRDs that a chart brings, webhooks that it answers, Secrets, namespaces, policies. The
//! waves of the tree (namespaces, operators, secrets and policies, charts, the rest) only sort the file.

use std::collections::{BTreeMap, BTreeSet};

use super::{Rendered, RenderedFile, by_hand};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::expand::{Awaited, ChartRelease, Origin, Plan};
use crate::manifests::FOLDER;
use crate::source::Node;

/// Where raw releases are recorded: Helm needs a namespace to keep its state in.
const RAW_NAMESPACE: &str = "default";
const NAMESPACES: &str = "default/namespaces";
const POLICIES: &str = "default/networkpolicies";
const SECRETS: &str = "default/secrets";

/// Kinds with pods of their own (Kubernetes docs, "Workloads").
const PODS: [&str; 7] = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet", "Pod"];

/// One entry of `releases:`.
#[derive(Debug, Clone)]
pub struct Release<'p> {
    pub name: String,
    pub namespace: String,
    pub needs: BTreeSet<String>,
    pub what: What<'p>,
}

#[derive(Debug, Clone)]
pub enum What<'p> {
    Chart(&'p ChartRelease),
    /// A folder of plain files, and the ExternalSecrets in it that must be Ready before it counts as there.
    Folder {
        path: String,
        awaited: Vec<Awaited>,
    },
}

impl Release<'_> {
    /// Of a raw release.
    pub fn folder(&self) -> Option<&str> {
        match &self.what {
            What::Folder { path, .. } => Some(path),
            What::Chart(_) => None,
        }
    }

    pub fn id(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }
}

/// Every release, in an order in which each comes after what it needs.
pub fn releases<'p>(plan: &'p Plan, rendered: &Rendered, sink: &mut Sink) -> Vec<Release<'p>> {
    let mut all: Vec<Release> = plan.releases.iter().map(|chart| of_chart(chart, plan)).collect();
    for (path, files) in rendered.folders() {
        all.push(of_folder(path, &files, plan));
    }
    configured(&mut all, plan, rendered);
    by_hand::order(&mut all, rendered, sink);
    distinct(&all, plan, sink);
    let known: BTreeSet<String> = all.iter().map(Release::id).collect();
    for release in &mut all {
        let id = release.id();
        release.needs.retain(|need| known.contains(need) && *need != id);
    }
    sorted(all, plan, sink)
}

fn of_chart<'p>(chart: &'p ChartRelease, plan: &Plan) -> Release<'p> {
    let mut needs = BTreeSet::from([NAMESPACES.to_owned()]);
    if chart.reads_secrets {
        needs.insert(SECRETS.into());
    }
    if is_isolated(plan, &chart.namespace) {
        needs.insert(POLICIES.into());
    }
    Release { name: chart.name.clone(), namespace: chart.namespace.clone(), needs, what: What::Chart(chart) }
}

fn of_folder<'p>(path: String, files: &[&RenderedFile], plan: &Plan) -> Release<'p> {
    let name = match path.starts_with(FOLDER) {
        true => by_hand::release_name(&path),
        false => path.rsplit('/').next().unwrap_or(&path).to_owned(),
    };
    let mut needs = BTreeSet::from([NAMESPACES.to_owned()]);
    let mut awaited = BTreeSet::new();
    for file in files {
        for document in &file.documents {
            needs.extend(charts_needed(document, plan));
            awaited.extend(written(document).filter(|secret| plan.awaited.contains(secret)));
            if has_pods(document) {
                needs.extend(file.reads_secrets.then(|| SECRETS.to_owned()));
                needs.extend(isolated(document, plan).then(|| POLICIES.to_owned()));
            }
        }
    }
    let what = What::Folder { path, awaited: awaited.into_iter().collect() };
    Release { name, namespace: RAW_NAMESPACE.into(), needs, what }
}

/// A pod waits for the ConfigMaps that it mounts, and a release for its pods: those of its own component come first.
fn configured(all: &mut [Release], plan: &Plan, rendered: &Rendered) {
    let is_config = |file: &&RenderedFile| {
        let kind = |document: &Node| document.get("kind").and_then(Node::as_str) == Some("ConfigMap");
        !file.documents.is_empty() && file.documents.iter().all(kind)
    };
    for chart in &plan.releases {
        let own = |file: &&RenderedFile| file.parts.iter().any(|part| part.origin.instance == chart.origin.instance);
        let folders: BTreeSet<&str> = rendered
            .files
            .iter()
            .filter(is_config)
            .filter(own)
            .filter_map(|file| Some(file.path.parent()?.as_str()))
            .collect();
        let needed: Vec<String> = all
            .iter()
            .filter(|release| release.folder().is_some_and(|path| folders.contains(path)))
            .map(Release::id)
            .collect();
        let is_it = |release: &&mut Release| (&release.name, &release.namespace) == (&chart.name, &chart.namespace);
        all.iter_mut().filter(is_it).for_each(|release| release.needs.extend(needed.iter().cloned()));
    }
}

/// The charts that bring an object's kind, or answer when it is written.
fn charts_needed(document: &Node, plan: &Plan) -> Vec<String> {
    let text = |key: &str| document.get(key).and_then(Node::as_str).unwrap_or_default();
    let (version, kind) = (text("apiVersion"), text("kind"));
    let full = format!("{version}/{kind}");
    let needed = plan
        .releases
        .iter()
        .filter(|chart| chart.brings.contains(&full) || chart.guards.iter().any(|guarded| guarded == kind));
    needed.map(|chart| format!("{}/{}", chart.namespace, chart.name)).collect()
}

/// What an object with a target writes: of ours only an ExternalSecret has one.
fn written(document: &Node) -> Option<Awaited> {
    document.get("spec")?.get("target")?;
    let text = |key: &str| document.get("metadata")?.get(key)?.as_str().map(str::to_owned);
    Some(Awaited { namespace: text("namespace")?, name: text("name")? })
}

fn has_pods(document: &Node) -> bool {
    document.get("kind").and_then(Node::as_str).is_some_and(|kind| PODS.contains(&kind))
}

fn isolated(document: &Node, plan: &Plan) -> bool {
    let namespace = document.get("metadata").and_then(|metadata| metadata.get("namespace")).and_then(Node::as_str);
    namespace.is_some_and(|namespace| is_isolated(plan, namespace))
}

fn is_isolated(plan: &Plan, namespace: &str) -> bool {
    plan.namespaces.get(namespace).is_some_and(|namespace| namespace.isolated)
}

/// Helm knows a release by namespace and name.
fn distinct(releases: &[Release], plan: &Plan, sink: &mut Sink) {
    let mut seen: BTreeMap<String, &Release> = BTreeMap::new();
    for release in releases {
        if let Some(first) = seen.insert(release.id(), release) {
            let fault = Diagnostic::new(Code::NameTaken, format!("two releases are called `{}`", release.id()));
            let origins = [release, first].into_iter().filter_map(|release| origin(release, plan));
            let places = origins.filter_map(Origin::place).zip(["one of them", "the other one"]);
            sink.push(places.fold(fault, |fault, (span, text)| fault.at(span, text)));
        }
    }
}

fn origin<'o>(release: &'o Release, plan: &'o Plan) -> Option<&'o Origin> {
    match &release.what {
        What::Chart(chart) => Some(&chart.origin),
        What::Folder { .. } => plan.namespaces.get(&release.name).map(|namespace| &namespace.origin),
    }
}

/// What sorts first where nothing is needed.
fn wave(release: &Release) -> u8 {
    match (&release.what, release.id().as_str()) {
        (_, NAMESPACES) => 0,
        (What::Chart(chart), _) if !chart.brings.is_empty() || !chart.guards.is_empty() => 1,
        (_, SECRETS | POLICIES) => 2,
        (What::Chart(_), _) => 3,
        (What::Folder { .. }, _) => 4,
    }
}

fn sorted<'p>(mut rest: Vec<Release<'p>>, plan: &Plan, sink: &mut Sink) -> Vec<Release<'p>> {
    rest.sort_by_key(|release| (wave(release), release.id()));
    let mut sorted: Vec<Release> = vec![];
    let mut done: BTreeSet<String> = BTreeSet::new();
    while let Some(next) = rest.iter().position(|release| release.needs.iter().all(|need| done.contains(need))) {
        let release = rest.remove(next);
        done.insert(release.id());
        sorted.push(release);
    }
    if !rest.is_empty() {
        sink.push(cycle(&rest, plan));
    }
    sorted
}

/// Follows needs among what is left until one repeats.
fn cycle(rest: &[Release], plan: &Plan) -> Diagnostic {
    let mut way: Vec<&Release> = rest.first().into_iter().collect();
    while let Some(next) = way.last().and_then(|last| rest.iter().find(|other| last.needs.contains(&other.id()))) {
        if let Some(first) = way.iter().position(|known| known.id() == next.id()) {
            way.drain(..first);
            way.push(next);
            break;
        }
        way.push(next);
    }
    let names: Vec<String> = way.iter().map(|release| release.id()).collect();
    let fault = Diagnostic::new(Code::ReleaseCycle, format!("releases need each other: {}", names.join(" → ")));
    let charts = way.iter().skip(1).filter(|release| matches!(release.what, What::Chart(_)));
    let places = charts.filter_map(|release| Some((release.id(), origin(release, plan)?.place()?)));
    let fault = places.fold(fault, |fault, (id, span)| fault.at(span, format!("`{id}`")));
    let steps = names.iter().zip(names.iter().skip(1));
    steps.fold(fault, |fault, (release, need)| fault.note(format!("`{release}` needs `{need}` for {}", reason(need))))
}

/// What a release is needed for.
fn reason(need: &str) -> &'static str {
    match need {
        NAMESPACES => "its namespace",
        POLICIES => "the policies of its isolated namespace",
        SECRETS => "the Secrets that its pods read",
        _ => "the kinds that it brings, or for its webhooks",
    }
}
