//! The platform's own files: helmfile, kustomization, and the docs made from the same facts.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use serde_json::{Value as Json, json};

use super::phase::{Part, Rendered, RenderedFile, header};
use super::releases::{Release, What};
use super::templates::Templates;
use crate::component::interface::FileUse;
use crate::diagnostic::Sink;
use crate::expand::{Origin, Plan};

/// Template and path of each.
const FILES: [(&str, &str, FileUse); 5] = [
    ("platform/helmfile.yaml.j2", "helmfile.yaml", FileUse::Code),
    ("platform/kustomization.yaml.j2", "kustomization.yaml", FileUse::Code),
    ("platform/README.md.j2", "README.md", FileUse::Docs),
    ("platform/QUICK_START.md.j2", "QUICK_START.md", FileUse::Docs),
    ("platform/INTEGRATIONS.md.j2", "data/INTEGRATIONS.md", FileUse::Docs),
];

/// A user's own chart values as a file.
pub fn values_text(values: &Json) -> String {
    crate::source::write::document(values)
}

pub fn platform_files(
    plan: &Plan,
    rendered: &Rendered,
    releases: &[Release],
    templates: &Templates,
    sink: &mut Sink,
) -> Vec<RenderedFile> {
    let context = minijinja::Value::from(minijinja::value::Serde(context(plan, rendered, releases)));
    let mut files = vec![];
    for (template, path, used_as) in FILES {
        let path = Utf8PathBuf::from(path);
        let origin = Origin { instance: plan.platform.name.clone(), asked: vec![], declared: None, by_user: false };
        match templates.render(template, context.clone()) {
            Ok(page) => {
                let text = header(&path, &origin) + &page.text;
                let first_line = text.lines().count() - page.text.lines().count() + 1;
                let part = Part { first_line, template: templates.file(template), lines: page.lines, origin };
                files.push(RenderedFile {
                    path,
                    text,
                    used_as,
                    parts: vec![part],
                    documents: vec![],
                    reads_secrets: false,
                });
            }
            Err(fault) => sink.push(*fault),
        }
    }
    files
}

fn context(plan: &Plan, rendered: &Rendered, releases: &[Release]) -> Json {
    let platform = plan.platform;
    let mut manifests: Vec<&str> = rendered.folders().into_values().flatten().map(|file| file.path.as_str()).collect();
    manifests.sort_unstable();
    let mut repositories: BTreeMap<&str, &str> = BTreeMap::new();
    for release in &plan.releases {
        repositories.insert(&release.repository, &release.chart.repository);
    }
    let repositories: Vec<Json> =
        repositories.into_iter().map(|(name, url)| json!({ "name": name, "url": url })).collect();
    json!({
        "platform": { "name": platform.name, "domain": platform.domain, "environment": platform.environment },
        "kubernetes": platform.kubernetes,
        "context": platform.input.cluster.context,
        "tree": platform.environment.as_ref().map_or("out".to_owned(), |name| format!("out/{name}")),
        "manifests": manifests,
        "repositories": repositories,
        "releases": releases.iter().map(release).collect::<Vec<_>>(),
        "namespaces": plan.namespaces.iter().map(|(name, namespace)| json!({
            "name": name, "isolated": namespace.isolated, "podSecurity": namespace.pod_security.as_str(),
        })).collect::<Vec<_>>(),
        "instances": plan.instances.iter().map(|instance| super::instances::fact(instance, plan)).collect::<Vec<_>>(),
        "routes": plan.facts.routes,
        "secrets": plan.facts.secrets,
        "store": plan.facts.store,
        "hosts": hosts(plan),
        "tls": plan.facts.tls,
        "flows": plan.facts.flows,
        "metrics": plan.facts.metrics,
        "scaling": plan.facts.scaling,
    })
}

/// One address per host.
fn hosts<'p>(plan: &'p Plan) -> Vec<&'p Json> {
    let mut hosts: Vec<&Json> = plan.facts.routes.iter().map(|route| &route["url"]).collect();
    hosts.dedup();
    hosts
}

fn release(release: &Release) -> Json {
    let mut entry = json!({
        "name": release.name, "namespace": release.namespace, "needs": release.needs,
        "version": null, "values": [], "awaits": [],
    });
    match &release.what {
        What::Chart(chart) => {
            entry["chart"] = json!(format!("{}/{}", chart.repository, chart.chart.name));
            entry["version"] = json!(chart.version);
            entry["wait"] = json!(chart.chart.wait);
            entry["timeout"] = json!(chart.chart.timeout);
            entry["values"] = json!(chart.values.iter().map(|path| path.as_str()).collect::<Vec<_>>());
        }
        What::Folder { path, awaited } => {
            entry["chart"] = json!(format!("./{path}"));
            let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for secret in awaited {
                groups.entry(&secret.namespace).or_default().push(&secret.name);
            }
            let groups = groups.into_iter().map(|(namespace, names)| json!({ "namespace": namespace, "names": names }));
            entry["awaits"] = groups.collect();
        }
    }
    entry
}
