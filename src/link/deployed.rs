//! Deployment: what helmfile.yaml and kustomization.yaml name is there, and all that is there is named.
//!
//! Each release needs releases, installs a chart from a repository of the file or a folder of the tree, and reads values
//! files of the tree; the folders of its raw releases, and the resources of the kustomization, are all the manifests.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::helmfile::{HELMFILE, Release, Releases};
use super::symbols::Symbols;
use crate::component::interface::FileUse;
use crate::diagnostic::{Code, Sink};
use crate::expand::{ChartRelease, Plan};
use crate::render::{RENDERED, RenderedFile};
use crate::source::{Node, Span, read};
use crate::validate::Object;

const KUSTOMIZATION: &str = "kustomization.yaml";

pub fn check(symbols: &Symbols, sink: &mut Sink) {
    let Some(plan) = symbols.plan else { return };
    let paths = &symbols.files.iter().map(|file| (file.path.as_str(), file.used_as)).collect();
    let manifests = symbols.files.iter().filter(|file| file.used_as == FileUse::Manifests);
    let folders = &manifests.filter_map(|file| file.path.parent()).collect();
    if let Some((file, releases)) = Releases::of(symbols) {
        let deployed = Deployed { symbols, file, paths, folders };
        for release in releases.all() {
            deployed.needs(release, &releases, sink);
            deployed.values(release, sink);
            deployed.chart(release, plan, &releases, sink);
        }
        charts(symbols, plan, &releases, sink);
        deployed.folders(&releases, sink);
    }
    if let Some(file) = symbols.files.iter().find(|file| file.path.as_str() == KUSTOMIZATION) {
        Deployed { symbols, file, paths, folders }.resources(sink);
    }
}

/// Each chart of the plan is a release, in a namespace that is there: helmfile makes none (`createNamespace: false`).
fn charts(symbols: &Symbols, plan: &Plan, releases: &Releases, sink: &mut Sink) {
    for chart in &plan.releases {
        let id = format!("{}/{}", chart.namespace, chart.name);
        if !symbols.namespaces.contains_key(&chart.namespace) {
            let message = format!("the release `{id}` is in the namespace `{}`, which nothing makes", chart.namespace);
            sink.push(chart.origin.fault(Code::UnknownNamespace, &message));
        }
        if releases.get(&id).is_none() {
            sink.push(chart.origin.fault(Code::NotDeployed, &format!("the release `{id}` is not in {HELMFILE}")));
        }
    }
}

struct Deployed<'s, 'a> {
    symbols: &'s Symbols<'a>,
    /// What is judged.
    file: &'s RenderedFile,
    /// Every file of the tree, by its path.
    paths: &'s BTreeMap<&'s str, FileUse>,
    /// Every folder in which a manifest lies.
    folders: &'s BTreeSet<&'s Utf8Path>,
}

impl Deployed<'_, '_> {
    /// Each need is a release, and none needs itself.
    fn needs(&self, release: &Release, releases: &Releases, sink: &mut Sink) {
        for (need, span) in &release.needs {
            let fault = |message| self.file.fault(Code::BrokenNeed, message, *span, self.symbols.sources);
            if releases.get(need).is_none() {
                let message = format!("the release `{}` needs `{need}`, which is no release", release.id);
                sink.push(fault(message).suggest(need, releases.all().map(|known| known.id.as_str())));
            } else if *need == release.id || releases.comes_after(need, &release.id) {
                sink.push(fault(format!("the release `{}` needs `{need}`, which needs it in turn", release.id)));
            }
        }
    }

    /// Each values file is one of the tree.
    fn values(&self, release: &Release, sink: &mut Sink) {
        for (path, span) in &release.values {
            self.is_there(path, *span, FileUse::Values, &format!("the release `{}` reads", release.id), sink);
        }
    }

    /// A folder is one of the tree with manifests; a chart is the one that the component describes.
    fn chart(&self, release: &Release, plan: &Plan, releases: &Releases, sink: &mut Sink) {
        let Some((chart, span)) = &release.chart else { return };
        if let Some(folder) = release.folder() {
            if !self.folders.contains(Utf8Path::new(folder)) {
                let message = format!("the release `{}` applies `{folder}/`, which holds no manifests", release.id);
                sink.push(self.file.fault(Code::UnknownFile, message, *span, self.symbols.sources));
            }
            return;
        }
        let of = |known: &&ChartRelease| format!("{}/{}", known.namespace, known.name) == release.id;
        let Some(known) = plan.releases.iter().find(of) else { return };
        if !installs(known, chart, release, releases) {
            let version = release.version.as_deref().unwrap_or("no version");
            let message = format!(
                "the release `{}` installs `{chart}` ({version}), and the component describes {} {} of {}",
                release.id, known.chart.name, known.version, known.chart.repository
            );
            sink.push(self.file.fault(Code::OtherChart, message, *span, self.symbols.sources));
        }
    }

    /// Every folder with manifests is a release.
    fn folders(&self, releases: &Releases, sink: &mut Sink) {
        let mut lost: BTreeMap<&Utf8Path, Vec<&Object>> = BTreeMap::new();
        for object in self.symbols.objects.iter().filter(|object| releases.of_file(&object.file.path).is_none()) {
            lost.entry(object.file.path.parent().unwrap_or(&object.file.path)).or_default().push(object);
        }
        for (folder, objects) in lost {
            let Some(object) = objects.first() else { continue };
            let message = format!("no release in {HELMFILE} applies {folder}/, where {} stands", told(&objects));
            sink.push(self.symbols.fault(Code::NotDeployed, message, object, object.metadata("name")));
        }
    }

    /// Every manifest is a resource, every resource a manifest.
    fn resources(&self, sink: &mut Sink) {
        let documents = read::read(RENDERED, &self.file.text, &mut Sink::default());
        let lists = documents.iter().filter_map(|node| node.get("resources")?.as_list()).flatten();
        let named: BTreeMap<&str, Span> = lists.filter_map(|node: &Node| Some((node.as_str()?, node.span))).collect();
        for (path, span) in &named {
            self.is_there(path, *span, FileUse::Manifests, &format!("{KUSTOMIZATION} names"), sink);
        }
        let mut files = self.symbols.files.iter().filter(|file| file.used_as == FileUse::Manifests);
        if let Some(file) = files.find(|file| !named.contains_key(file.path.as_str())) {
            let message = format!("{KUSTOMIZATION} does not name `{}`", file.path);
            let place = file.documents.first().map_or(Span::new(RENDERED, 0, 0), |node| node.span);
            sink.push(file.fault(Code::NotDeployed, message, place, self.symbols.sources));
        }
    }

    fn is_there(&self, path: &str, span: Span, used_as: FileUse, who: &str, sink: &mut Sink) {
        if self.paths.get(path) != Some(&used_as) {
            let known = self.paths.keys().copied();
            let message = format!("{who} `{path}`, which is not written");
            let fault = self.file.fault(Code::UnknownFile, message, span, self.symbols.sources);
            sink.push(fault.suggest(path, known));
        }
    }
}

/// Whether a release installs the chart that its component describes, in that version, from that repository.
fn installs(known: &ChartRelease, chart: &str, release: &Release, releases: &Releases) -> bool {
    let Some((repository, name)) = chart.split_once('/') else { return false };
    releases.repositories.get(repository) == Some(&known.chart.repository)
        && name == known.chart.name
        && release.version.as_ref() == Some(&known.version)
}

/// `Service shop/web with 3 more`
pub fn told(objects: &[&Object]) -> String {
    match objects {
        [] => String::new(),
        [one] => one.identity(),
        [first, rest @ ..] => format!("{} with {} more", first.identity(), rest.len()),
    }
}
