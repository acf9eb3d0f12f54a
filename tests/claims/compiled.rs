//! The claims that the compiler makes of each example, and the values that it gives the charts.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use libtest_mimic::Failed;
use platformc::component::catalog::Word;
use platformc::component::interface::{By, Webhook};
use platformc::component::{Catalog, Component};
use platformc::diagnostic::{Format, Sink, Style, render as drawn};
use platformc::expand::plan::Entries;
use platformc::expand::{ChartRelease, Instance, Plan};
use platformc::render::{Rendered, Templates, render};
use platformc::source::Sources;
use platformc::world::{Disk, Memory, World};
use platformc::{expand, load, resolve};
use serde_json::Value as Json;

use super::Claims;
use super::values::{Weights, overlaid, weights};

const FILE: &str = "platform.yaml";

/// One use of a component with a chart.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// `<component>/<example>`, or `platform/<environment>` of the root's platform.yaml.
    pub example: String,
    pub component: String,
    pub version: String,
    pub claims: Claims,
    pub values: Json,
    pub weights: Weights,
}

/// What the examples come to; of one that does not compile, why.
pub fn all() -> Result<BTreeMap<String, Result<Vec<Compiled>, String>>, Failed> {
    let disk = Disk::at(env!("CARGO_MANIFEST_DIR"));
    let mut compiled = BTreeMap::new();
    for path in disk.files("templates".into())?.into_iter().chain([FILE.into()]) {
        if let Some(name) = example(&path) {
            let text = disk.read(&path)?;
            compiled.insert(name.clone(), of_example(&name, text));
        }
    }
    Ok(compiled)
}

/// `templates/<component>/examples/<example>.yaml` is `<component>/<example>`.
fn example(path: &Utf8PathBuf) -> Option<String> {
    let parts: Vec<&str> = path.iter().collect();
    match parts[..] {
        [FILE] => Some("platform".into()),
        ["templates", component, "examples", _] => Some(format!("{component}/{}", path.file_stem()?)),
        _ => None,
    }
}

/// Every component with a chart, and its version.
pub fn charts() -> BTreeSet<String> {
    let catalog = Catalog::load(&Memory::default(), &mut Sources::default(), &mut Sink::default());
    let charts = catalog.components.values().filter_map(|component| Some((&component.id, component.chart.as_ref()?)));
    charts.map(|(id, chart)| format!("{id}-{}", chart.version)).collect()
}

fn of_example(name: &str, text: Vec<u8>) -> Result<Vec<Compiled>, String> {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let compiled = of_platform(name, text, &mut sources, &mut sink);
    match (compiled, sink.has_errors()) {
        (Ok(Some(compiled)), false) => Ok(compiled),
        (Err(error), false) => Err(error.message().unwrap_or("it does not compile").to_owned()),
        _ => Err(drawn(&sink.into_sorted(), &sources, Format::Human, Style::Plain)),
    }
}

/// None where a phase found faults.
fn of_platform(
    name: &str,
    text: Vec<u8>,
    sources: &mut Sources,
    sink: &mut Sink,
) -> Result<Option<Vec<Compiled>>, Failed> {
    let world = Memory::with([(FILE, text)]);
    let catalog = Catalog::load(&world, sources, sink);
    let templates = Templates::new(catalog.all_templates(sources), sink);
    let Some(document) = load::load(&world, Utf8Path::new(FILE), sources, sink) else { return Ok(None) };
    let environments: Vec<Option<String>> = match resolve::environments(&document) {
        none if none.is_empty() => vec![None],
        some => some.into_iter().map(Some).collect(),
    };
    let mut compiled = vec![];
    for environment in environments {
        let Some(platform) = resolve::resolve(&document, &catalog, environment.as_deref(), sink) else {
            return Ok(None);
        };
        let plan = expand::expand(&platform, &catalog, sink);
        let rendered = render(&plan, &templates, sources, sink);
        if sink.has_errors() {
            return Ok(None);
        }
        let name = environment.map_or_else(|| name.to_owned(), |environment| format!("{name}/{environment}"));
        compiled.extend(of_plan(&name, &plan, &rendered)?);
    }
    Ok(Some(compiled))
}

fn of_plan(example: &str, plan: &Plan, rendered: &Rendered) -> Result<Vec<Compiled>, Failed> {
    let mut compiled = vec![];
    for instance in &plan.instances {
        let is_its =
            |release: &&ChartRelease| release.name == instance.release && release.namespace == instance.namespace;
        let Some(release) = plan.releases.iter().find(is_its) else { continue };
        compiled.push(Compiled {
            example: example.to_owned(),
            component: instance.component.id.clone(),
            version: release.version.clone(),
            claims: claims(plan, instance, release)?,
            values: values(release, rendered)?,
            weights: weights(instance.component)?,
        });
    }
    Ok(compiled)
}

fn values(release: &ChartRelease, rendered: &Rendered) -> Result<Json, Failed> {
    let mut values = Json::Null;
    for path in &release.values {
        let file =
            rendered.files.iter().find(|file| file.path == *path).ok_or_else(|| format!("`{path}` is not rendered"))?;
        values = overlaid(values, serde_yaml::from_str(&file.text)?);
    }
    Ok(values)
}

fn claims(plan: &Plan, instance: &Instance, release: &ChartRelease) -> Result<Claims, Failed> {
    let mut workloads = entries(&instance.workloads);
    workloads.values_mut().for_each(|workload| workload.by = workload.by.or(Some(By::Chart)));
    let mut services = entries(&instance.services);
    services.values_mut().for_each(|service| service.by = service.by.or(Some(By::Chart)));
    let mut secrets = entries(&instance.secrets);
    secrets.values_mut().for_each(|secret| secret.by = secret.by.or(Some(By::Files)));
    Ok(Claims {
        release: release.name.clone(),
        namespace: release.namespace.clone(),
        workloads,
        services,
        secrets,
        brings: release.brings.clone(),
        webhooks: webhooks(instance.component)?,
        pod_security: plan
            .namespaces
            .get(&release.namespace)
            .map(|namespace| namespace.pod_security)
            .unwrap_or_default(),
    })
}

fn entries<T: Clone>(entries: &Entries<T>) -> indexmap::IndexMap<String, T> {
    entries.iter().map(|(id, entry)| (id.clone(), entry.is.clone())).collect()
}

fn webhooks(component: &Component) -> Result<indexmap::IndexMap<String, Webhook>, Failed> {
    let mut webhooks = indexmap::IndexMap::new();
    for declared in component.word(Word::Webhooks) {
        let node = declared.body.as_plain().ok_or_else(|| format!("webhooks.{}: has expressions", declared.id))?;
        webhooks.insert(declared.id.clone(), serde_json::from_value(node.to_json())?);
    }
    Ok(webhooks)
}
