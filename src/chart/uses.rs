//! The platforms that use a component, each with its claims and the values that it gives the chart.
//!
//! Takes the examples of all components, and a platform.yaml; gives every use of a chart in them. Faults: those of the phases
//! up to `render`.

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value as Json;

use super::claims::Claims;
use super::shape::{Shape, Weights, flat, overlaid, shape, weights};
use crate::component::{Catalog, catalog};
use crate::diagnostic::{Severity, Sink};
use crate::expand::{self, ChartRelease, Instance, Plan};
use crate::load::{self, Document};
use crate::manifests::Manifests;
use crate::render::{Rendered, Templates, render};
use crate::resolve;
use crate::source::{FileId, Sources};
use crate::validate::schemas::Schemas;
use crate::world::World;

/// What the platform.yaml beside the components is called among the examples.
pub const PLATFORM: &str = "platform";

/// One use of a component with a chart.
#[derive(Debug, Clone)]
pub struct Use {
    /// `<component>/<example>`, with `/<environment>` where there are several; `platform` is a platform.yaml.
    pub name: String,
    pub component: String,
    pub version: String,
    pub claims: Claims,
    pub values: Json,
    pub weights: Weights,
}

/// A platform that may use components.
#[derive(Debug, Clone)]
pub struct Given {
    pub name: String,
    pub file: FileId,
}

/// Compiles platforms as far as their charts' values.
pub struct Compiler<'w> {
    pub world: &'w dyn World,
    pub catalog: &'w Catalog,
    pub templates: &'w Templates,
}

impl Use {
    /// What decides which objects there are: uses that are alike in it are one scenario.
    pub fn likeness(&self) -> (&str, &str, Shape) {
        (&self.claims.release, &self.claims.namespace, shape(&flat(&self.values), &self.weights))
    }
}

impl Given {
    /// The component whose example it is.
    pub fn of(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }
}

/// Every example of every component: those of `component` first, since a scenario is called after the first that has it.
pub fn examples(world: &dyn World, component: &str, sources: &mut Sources, sink: &mut Sink) -> Vec<Given> {
    let examples = catalog::examples(world, sources, sink);
    let mut given: Vec<Given> = examples.into_iter().map(|(name, file)| Given { name, file }).collect();
    given.sort_by_key(|given| given.of() != component);
    given
}

impl Compiler<'_> {
    /// Every use of a chart; none after an error.
    pub fn uses(&self, given: &Given, sources: &mut Sources, sink: &mut Sink) -> Vec<Use> {
        let Some(document) = load::document(given.file, sources, sink) else { return vec![] };
        let mut manifests = Manifests::of(&sources.file(given.file).path.clone());
        let environments = match resolve::environments(&document) {
            none if none.is_empty() => vec![None],
            some => some.into_iter().map(Some).collect(),
        };
        let mut uses = vec![];
        for environment in environments {
            let name = environment.iter().fold(given.name.clone(), |name, environment| format!("{name}/{environment}"));
            uses.extend(self.tree(&name, &document, environment.as_deref(), &mut manifests, sources, sink));
        }
        if sink.has_errors() { vec![] } else { uses }
    }

    fn tree(
        &self,
        name: &str,
        document: &Document,
        environment: Option<&str>,
        manifests: &mut Manifests,
        sources: &mut Sources,
        sink: &mut Sink,
    ) -> Vec<Use> {
        let Some(mut platform) = resolve::resolve(document, self.catalog, environment, sink) else { return vec![] };
        platform.by_hand = manifests.read(self.world, &platform, sources, sink);
        let plan = expand::expand(&platform, self.catalog, sink);
        if sink.has_errors() {
            return vec![];
        }
        let rendered = render(&plan, self.templates, &Schemas::default(), sources, sink);
        let of_release = |release| {
            let instance = plan.instances.iter().find(|instance| is_its(instance, release))?;
            Some(used(name, &plan, instance, release, &rendered))
        };
        plan.releases.iter().filter_map(of_release).collect()
    }
}

fn is_its(instance: &Instance, release: &ChartRelease) -> bool {
    instance.id() == release.origin.instance
}

fn used(name: &str, plan: &Plan, instance: &Instance, release: &ChartRelease, rendered: &Rendered) -> Use {
    // A collection may use its component several times in one platform.
    let entry = instance.component.provides.collection.as_ref().map(|_| &instance.used.name);
    Use {
        name: entry.iter().fold(name.to_owned(), |name, entry| format!("{name}/{entry}")),
        component: instance.component.id.clone(),
        version: release.version.clone(),
        claims: Claims::of(plan, instance, release),
        values: values(release, rendered),
        weights: weights(release),
    }
}

fn values(release: &ChartRelease, rendered: &Rendered) -> Json {
    let file = |path: &Utf8PathBuf| rendered.files.iter().find(|file| file.path == *path)?.documents.first();
    let files = release.values.iter().filter_map(file);
    files.fold(Json::Null, |below, above| overlaid(below, above.to_json()))
}

/// The platform.yaml of a user; none where there is none.
pub fn platform(world: &dyn World, path: &Utf8Path, sources: &mut Sources, sink: &mut Sink) -> Option<Given> {
    let bytes = match world.read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => {
            sink.push(load::unreadable(path, &error));
            return None;
        }
    };
    Some(Given { name: PLATFORM.into(), file: load::decoded(path, bytes, sources, sink)? })
}

/// The errors among faults: a platform that compiles may be warned of elsewhere.
pub fn errors(sink: &Sink) -> impl Iterator<Item = &crate::diagnostic::Diagnostic> {
    sink.iter().filter(|fault| fault.severity == Severity::Error)
}
