//! The platform's own files: helmfile, kustomization, and the docs made from the same facts.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use serde_json::{Value as Json, json};

use super::releases::{Release, What};
use super::templates::{Page, Templates};
use super::{Part, Rendered, RenderedFile, header};
use crate::component::interface::FileUse;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::expand::{Awaited, ChartRelease, Origin, Plan};
use crate::resolve::input::PATCHES;
use crate::source::{FileId, Node};

/// Template and path of each.
const FILES: [(&str, &str, FileUse); 5] = [
    ("platform/helmfile.yaml.j2", "helmfile.yaml", FileUse::Code),
    ("platform/kustomization.yaml.j2", "kustomization.yaml", FileUse::Code),
    ("platform/README.md.j2", "README.md", FileUse::Docs),
    ("platform/QUICK_START.md.j2", "QUICK_START.md", FileUse::Docs),
    ("platform/INTEGRATIONS.md.j2", "data/INTEGRATIONS.md", FileUse::Docs),
];

pub fn platform_files(
    plan: &Plan,
    rendered: &Rendered,
    releases: &[Release],
    templates: &Templates,
    sink: &mut Sink,
) -> Vec<RenderedFile> {
    let context = minijinja::Value::from(minijinja::value::Serde(context(plan, rendered, releases)));
    let files = sink.on_all_cores(&FILES, |(template, path, used_as), sink| {
        if let Some(other) = rendered.files.iter().find(|file| file.path.as_str() == *path) {
            sink.push(taken(other));
            return None;
        }
        match templates.render(template, context.clone()) {
            Ok(page) => return Some(file(plan, (*path).into(), *used_as, templates.file(template), page)),
            Err(_) if templates.is_faulty(template) => {}
            Err(fault) => sink.push(*fault),
        }
        None
    });
    files.into_iter().flatten().collect()
}

fn file(plan: &Plan, path: Utf8PathBuf, used_as: FileUse, template: Option<FileId>, page: Page) -> RenderedFile {
    let origin = Origin { instance: plan.platform.name.clone(), asked: vec![], declared: None, by_user: false };
    let header = header(&path, &origin);
    let part = Part {
        first_line: header.lines().count() + 1,
        template,
        lines: page.lines,
        origin,
        input: plan.platform.merged.clone(),
    };
    RenderedFile {
        text: header + &page.text,
        path,
        used_as,
        parts: vec![part],
        documents: vec![],
        reads_secrets: false,
        source: None,
        patched: vec![],
    }
}

fn taken(file: &RenderedFile) -> Diagnostic {
    let fault = Diagnostic::new(Code::FileTaken, format!("`{}` is a file of the platform itself", file.path));
    let origin = file.parts.first().map(|part| &part.origin);
    let fault = origin.and_then(Origin::place).into_iter().fold(fault, |fault, span| fault.at(span, ""));
    let declared = origin.and_then(|origin| origin.declared);
    declared.into_iter().fold(fault, |fault, span| fault.at(span, "written by this")).help("choose another `path`")
}

fn context(plan: &Plan, rendered: &Rendered, releases: &[Release]) -> Json {
    let platform = plan.platform;
    let mut manifests: Vec<&str> = rendered.folders().into_values().flatten().map(|file| file.path.as_str()).collect();
    manifests.sort_unstable();
    let namespaces = plan.namespaces.iter().map(|(name, namespace)| {
        json!({ "name": name, "isolated": namespace.isolated, "podSecurity": namespace.pod_security.as_str() })
    });
    json!({
        "platform": { "name": platform.name, "domain": platform.domain, "environment": platform.environment },
        "kubernetes": platform.kubernetes,
        "context": platform.input.cluster.context,
        "manifests": manifests,
        "repositories": repositories(plan),
        "releases": releases.iter().map(release).collect::<Vec<_>>(),
        "namespaces": namespaces.collect::<Vec<_>>(),
        "instances": plan.instances.iter().map(|instance| super::instances::fact(instance, plan)).collect::<Vec<_>>(),
        "routes": plan.facts.routes,
        "patches": patches(plan),
        "secrets": plan.facts.secrets,
        "byHand": plan.facts.by_hand,
        "prerequisites": plan.facts.prerequisites,
        "gateway": plan.facts.gateway,
        "store": plan.facts.store,
        "hosts": hosts(plan),
        "tls": plan.facts.tls,
        "flows": plan.facts.flows,
        "metrics": plan.facts.metrics,
        "alerts": super::alerts::facts(rendered),
        "scaling": plan.facts.scaling,
    })
}

/// The objects that the user changed, as the patches name them.
fn patches<'p>(plan: &'p Plan) -> Vec<&'p String> {
    plan.platform.merged.get(PATCHES).and_then(Node::as_map).into_iter().flatten().map(|(key, _)| key).collect()
}

/// Where the charts are found, each place once.
fn repositories(plan: &Plan) -> Vec<Json> {
    let places = plan.releases.iter().map(|release| (&release.repository, &release.chart.repository));
    let places: BTreeMap<&String, &String> = places.collect();
    places.into_iter().map(|(name, url)| json!({ "name": name, "url": url })).collect()
}

/// The addresses of the routes, each once.
fn hosts<'p>(plan: &'p Plan) -> Vec<&'p Json> {
    let mut hosts: Vec<&Json> = plan.facts.routes.iter().map(|route| &route["url"]).collect();
    hosts.dedup();
    hosts
}

/// What helmfile.yaml and the docs tell of one release.
fn release(release: &Release) -> Json {
    let mut entry = match &release.what {
        What::Chart(chart) => chart_release(chart),
        What::Folder { path, awaited } => json!({ "chart": format!("./{path}"), "awaits": awaits(awaited) }),
    };
    let common = json!({
        "name": release.name, "namespace": release.namespace, "needs": release.needs,
        "version": null, "values": [], "awaits": [],
    });
    if let (Json::Object(entry), Json::Object(common)) = (&mut entry, common) {
        for (key, value) in common {
            entry.entry(key).or_insert(value);
        }
    }
    entry
}

fn chart_release(chart: &ChartRelease) -> Json {
    json!({
        "chart": format!("{}/{}", chart.repository, chart.chart.name),
        "version": chart.version,
        "wait": chart.chart.wait,
        "timeout": chart.chart.timeout,
        "values": chart.values.iter().map(|path| path.as_str()).collect::<Vec<_>>(),
    })
}

/// The Secrets that a release waits for, by namespace.
fn awaits(awaited: &[Awaited]) -> Vec<Json> {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for secret in awaited {
        groups.entry(&secret.namespace).or_default().push(&secret.name);
    }
    groups.into_iter().map(|(namespace, names)| json!({ "namespace": namespace, "names": names })).collect()
}
