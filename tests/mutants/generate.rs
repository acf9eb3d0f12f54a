//! Mutants: a platform as it was rendered, with one reference broken.
//!
//! `table.yaml` says where references stand, how each is broken, and which codes name the break. One mutant breaks one
//! reference in one file; the file is written anew, everything else stays.

use camino::Utf8PathBuf;
use platformc::component::Catalog;
use platformc::component::interface::FileUse;
use platformc::diagnostic::{Code, Severity, Sink};
use platformc::expand::Plan;
use platformc::link;
use platformc::manifests::Manifests;
use platformc::render::{RENDERED, Rendered, RenderedFile, Templates};
use platformc::resolve::{self, Platform};
use platformc::source::{Node, Sources, read, write};
use platformc::validate::crds;
use platformc::validate::schemas::Schemas;
use platformc::validate::{Objects, validate};
use platformc::world::World;
use platformc::{expand, load, render};
use serde_json::{Map, Value as Json, json};

/// One line of the table.
#[derive(Debug, Clone)]
pub struct Site {
    /// A kind, `helmfile.yaml`, or `values` for the values of charts.
    pub of: String,
    /// Keys and indexes; `*` is each of them.
    path: Vec<String>,
    change: Change,
    /// The codes of which one must name the break.
    pub killed_by: Vec<String>,
    /// What begins like one of these is no reference.
    unless: Vec<String>,
    /// It is one only where an object of this kind names the broken one.
    named_by: Option<String>,
    /// It is one only where the platform has an object of this kind.
    with: Option<String>,
    /// It is one only where the object has something at this path.
    beside: Option<String>,
}

#[derive(Debug, Clone)]
enum Change {
    /// A name becomes one that nothing has.
    Rename,
    /// The key of a map does.
    RenameKey,
    /// A number becomes another.
    Number,
    /// A namespace becomes another one of the platform.
    Namespace,
    Drop,
    Add(Json),
    Set(Json),
}

/// A broken file.
#[derive(Debug, Clone)]
pub struct Mutant {
    pub file: Utf8PathBuf,
    /// What was broken: `Ingress integration/api: spec.rules.0.host: rename`.
    pub what: String,
    /// The line of the table.
    pub class: String,
    pub killed_by: Vec<String>,
    pub text: String,
}

/// A platform that compiles, every phase at hand.
pub struct Base<'a> {
    pub platform: &'a Platform,
    pub plan: Plan<'a>,
    pub rendered: Rendered,
    pub sources: &'a Sources,
    schemas: Schemas,
}

/// Calls `each` with every environment of the platform.yaml in `world`.
pub fn each_environment(world: &dyn World, mut each: impl FnMut(&str, &Base)) -> Result<(), String> {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let catalog = Catalog::load(world, &mut sources, &mut sink);
    let document = load::load(world, "platform.yaml".into(), &mut sources, &mut sink).ok_or("platform.yaml")?;
    let templates = Templates::new(catalog.all_templates(&sources), &mut sink);
    let crds = crds::beside(world, &mut sources, &mut sink);
    let mut manifests = Manifests::of("platform.yaml".into());
    let names = resolve::environments(&document);
    let environments =
        if names.is_empty() { vec![None] } else { names.iter().map(|name| Some(name.as_str())).collect() };
    for environment in environments {
        let mut platform =
            resolve::resolve(&document, &catalog, environment, &mut sink).ok_or("it does not resolve")?;
        platform.by_hand = manifests.read(world, &platform, &mut sources, &mut sink);
        let schemas = Schemas::with(crds.iter().cloned().chain(crds::among(&platform.by_hand)));
        let plan = expand::expand(&platform, &catalog, &mut sink);
        let rendered = render::render(&plan, &templates, &schemas, &sources, &mut sink);
        let base = Base { platform: &platform, plan, rendered, sources: &sources, schemas };
        let faults = base.faults(None);
        if sink.has_errors() || !faults.is_empty() {
            return Err(format!("it has faults before anything is broken: {faults:?}"));
        }
        each(environment.unwrap_or_default(), &base);
    }
    Ok(())
}

impl Base<'_> {
    /// The codes of what validate and link find with one file broken; errors, and warnings that nothing broken has not.
    pub fn faults(&self, mutant: Option<&Mutant>) -> Vec<Code> {
        let mut sink = Sink::default();
        let all = self.with(mutant);
        let objects = self.objects(&all, &mut sink);
        link::link(objects, &all, &self.plan, self.sources, &mut sink);
        let errors = sink.iter().filter(|fault| fault.severity == Severity::Error);
        errors.map(|fault| fault.code).collect()
    }

    /// Whether the policies let through the same with one file broken: what another rule opens as well is not missed.
    pub fn opens_the_same(&self, mutant: &Mutant) -> bool {
        mutant.class.starts_with("NetworkPolicy ") && self.opened(None) == self.opened(Some(mutant))
    }

    /// What each end lets through, and at which addresses.
    fn opened(&self, mutant: Option<&Mutant>) -> Vec<String> {
        let rendered = self.with(mutant);
        let (objects, external) = (self.objects(&rendered, &mut Sink::default()), &self.platform.input.external);
        let extent = link::symbols::Extent::Whole;
        let symbols =
            link::symbols::Symbols::new(&objects.objects, Some(&self.plan), &[], external, extent, self.sources);
        let model = link::reach::Model::new(&objects.objects, symbols.workloads.iter().collect(), &symbols.namespaces);
        let mut opened = vec![];
        for direction in link::reach::Direction::BOTH {
            opened.extend(model.let_through(direction).map(|pair| format!("{pair:?}")));
            opened.extend((0..model.workloads.len()).map(|own| format!("{:?}", model.addresses(direction, own))));
        }
        opened
    }

    fn with(&self, mutant: Option<&Mutant>) -> Rendered {
        let broken = mutant.map(|mutant| self.broken(mutant)).unwrap_or_default();
        let is_broken = |file: &RenderedFile| broken.iter().any(|other| other.path == file.path);
        let files: Vec<RenderedFile> = self.rendered.files.iter().filter(|file| !is_broken(file)).cloned().collect();
        Rendered { files: broken.into_iter().chain(files).collect() }
    }

    fn objects<'r>(&self, rendered: &'r Rendered, sink: &mut Sink) -> Objects<'r> {
        // One version is enough: what differs between versions is no reference.
        validate(rendered, &self.platform.kubernetes[..1], &self.schemas, self.sources, sink)
    }

    fn broken(&self, mutant: &Mutant) -> Vec<RenderedFile> {
        let file = self.rendered.files.iter().find(|file| file.path == mutant.file);
        let mut file = file.cloned().into_iter().collect::<Vec<_>>();
        for file in &mut file {
            file.text.clone_from(&mutant.text);
            if matches!(file.used_as, FileUse::Manifests | FileUse::Values) {
                file.documents = read::read(RENDERED, &mutant.text, &mut Sink::default());
            }
        }
        file
    }

    /// Whether the platform has what the site asks for.
    fn has(&self, site: &Site, document: &Json) -> bool {
        let is_beside = |path: &String| document.pointer(&format!("/{}", path.replace('.', "/"))).is_some();
        if !site.beside.as_ref().is_none_or(is_beside) {
            return false;
        }
        let is_of = |node: &&Node, kind: &str| node.get("kind").and_then(Node::as_str) == Some(kind);
        let mut all = self.rendered.files.iter().flat_map(|file| &file.documents);
        if site.with.as_ref().is_some_and(|kind| !all.any(|node| is_of(&node, kind))) {
            return false;
        }
        let Some(kind) = &site.named_by else { return true };
        let name = document.pointer("/metadata/name").and_then(Json::as_str).unwrap_or_default();
        let documents = self.rendered.files.iter().flat_map(|file| &file.documents);
        let of_kind = documents.filter(|node| is_of(node, kind));
        of_kind
            .filter_map(|node| node.get("spec"))
            .any(|spec| spec.to_json().to_string().contains(&format!("\"{name}\"")))
    }

    /// Every mutant that the table knows.
    pub fn mutants(&self, table: &[Site]) -> Vec<Mutant> {
        let namespaces: Vec<&str> = self.plan.namespaces.keys().map(String::as_str).collect();
        let mut mutants = vec![];
        for file in self.rendered.files.iter().filter(|file| file.path.extension() == Some("yaml")) {
            let documents = read::read(RENDERED, &file.text, &mut Sink::default());
            let documents: Vec<Json> = documents.iter().map(|node| node.to_json()).collect();
            for (index, document) in documents.iter().enumerate() {
                let sites = table.iter().filter(|site| site.is_of(file, document));
                for site in sites.filter(|site| self.has(site, document)) {
                    for (place, broken) in site.broken(document, &namespaces) {
                        let mut documents = documents.clone();
                        documents[index] = broken;
                        mutants.push(mutant(file, document, site, &place, &documents));
                    }
                }
            }
        }
        mutants
    }
}

fn mutant(file: &RenderedFile, document: &Json, site: &Site, place: &str, documents: &[Json]) -> Mutant {
    let texts: Vec<String> = documents.iter().map(write::document).collect();
    let change = site.change.as_str();
    Mutant {
        file: file.path.clone(),
        what: format!("{} {}: {place}: {change}", file.path, title(document)),
        class: site.class(),
        killed_by: site.killed_by.clone(),
        text: texts.join("---\n"),
    }
}

fn title(document: &Json) -> String {
    let text = |pointer: &str| document.pointer(pointer).and_then(Json::as_str).unwrap_or_default();
    format!("{} {}/{}", text("/kind"), text("/metadata/namespace"), text("/metadata/name"))
}

impl Site {
    /// `Ingress spec.rules.*.host: rename`
    pub fn class(&self) -> String {
        format!("{} {}: {}", self.of, self.path.join("."), self.change.as_str())
    }

    fn is_of(&self, file: &RenderedFile, document: &Json) -> bool {
        // No component declares what was written by hand, so nothing need refer to its names.
        if file.source.is_some() && self.killed_by.iter().any(|code| code == "E0651") {
            return false;
        }
        match self.of.as_str() {
            "values" => file.used_as == FileUse::Values,
            kind => file.path == kind || document.get("kind").and_then(Json::as_str) == Some(kind),
        }
    }

    /// The document with the site broken, once for each place that the path leads to.
    fn broken(&self, document: &Json, namespaces: &[&str]) -> Vec<(String, Json)> {
        let mut places = vec![];
        self.places(document, 0, &mut vec![], &mut places);
        let broken = places.into_iter().filter_map(|place| {
            let mut document = document.clone();
            self.change.make(&mut document, &place, namespaces)?;
            Some((place.join("."), document))
        });
        broken.collect()
    }

    fn places(&self, node: &Json, at: usize, way: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
        let Some(step) = self.path.get(at) else {
            let is_none = |prefix: &String| node.as_str().is_some_and(|text| text.starts_with(prefix));
            if !self.unless.iter().any(is_none) {
                found.push(way.clone());
            }
            return;
        };
        for (key, below) in children(node).into_iter().filter(|(key, _)| step == "*" || step == key) {
            way.push(key);
            self.places(below, at + 1, way, found);
            way.pop();
        }
    }
}

fn children(node: &Json) -> Vec<(String, &Json)> {
    match node {
        Json::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Json::Array(list) => list.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        _ => vec![],
    }
}

impl Change {
    fn as_str(&self) -> &'static str {
        match self {
            Change::Rename => "rename",
            Change::RenameKey => "renameKey",
            Change::Number => "number",
            Change::Namespace => "namespace",
            Change::Drop => "drop",
            Change::Add(_) => "add",
            Change::Set(_) => "set",
        }
    }

    /// None where it does not apply to what stands there.
    fn make(&self, document: &mut Json, place: &[String], namespaces: &[&str]) -> Option<()> {
        let (last, way) = place.split_last()?;
        let parent = way.iter().try_fold(document, |node, step| match node {
            Json::Object(map) => map.get_mut(step),
            Json::Array(list) => list.get_mut(step.parse::<usize>().ok()?),
            _ => None,
        })?;
        match (parent, self) {
            (Json::Object(map), Change::Drop) => map.shift_remove(last).map(drop),
            (Json::Array(list), Change::Drop) => {
                list.remove(last.parse().ok()?);
                Some(())
            }
            (Json::Object(map), Change::RenameKey) => {
                let renamed = map
                    .iter()
                    .map(|(key, value)| (if key == last { format!("{key}x") } else { key.clone() }, value.clone()));
                *map = renamed.collect::<Map<_, _>>();
                Some(())
            }
            (Json::Object(map), _) => self.change(map.get_mut(last)?, namespaces),
            (Json::Array(list), _) => self.change(list.get_mut(last.parse::<usize>().ok()?)?, namespaces),
            _ => None,
        }
    }

    fn change(&self, node: &mut Json, namespaces: &[&str]) -> Option<()> {
        let changed = match (self, &*node) {
            (Change::Rename, Json::String(text)) => json!(format!("{text}x")),
            (Change::Number, Json::Number(number)) => json!((number.as_i64()? + 1111) % 65535),
            (Change::Namespace, Json::String(text)) => json!(namespaces.iter().find(|other| *other != text)?),
            (Change::Add(value), Json::Array(list)) => list.iter().chain([value]).cloned().collect(),
            (Change::Add(Json::Object(new)), Json::Object(map)) => {
                Json::Object(map.clone().into_iter().chain(new.clone()).collect())
            }
            (Change::Set(value), _) => value.clone(),
            _ => return None,
        };
        let differs = changed != *node;
        *node = changed;
        differs.then_some(())
    }
}

/// Reads the table: `{of, at, change, unless, named_by, with, beside, killed}`, several paths and changes a line.
pub fn table(text: &str) -> Result<Vec<Site>, String> {
    let mut sink = Sink::default();
    let documents = read::read(RENDERED, text, &mut sink);
    let lines = documents.first().map(|node| node.to_json()).ok_or_else(|| format!("{:?}", sink.into_sorted()))?;
    let mut sites = vec![];
    for line in lines.as_array().into_iter().flatten() {
        let texts = |key: &str| match &line[key] {
            Json::Array(list) => list.iter().map(|item| item.as_str().unwrap_or_default().to_owned()).collect(),
            Json::String(text) => vec![text.clone()],
            _ => vec![],
        };
        for of in texts("of") {
            for at in texts("at") {
                for change in changes(line)? {
                    let path = at.split('.').map(str::to_owned).collect();
                    let [named_by, with, beside] = ["named_by", "with", "beside"].map(|key| texts(key).pop());
                    sites.push(Site {
                        of: of.clone(),
                        path,
                        change,
                        killed_by: texts("killed"),
                        unless: texts("unless"),
                        named_by,
                        with,
                        beside,
                    });
                }
            }
        }
    }
    Ok(sites)
}

fn changes(line: &Json) -> Result<Vec<Change>, String> {
    let names: Vec<&str> = match &line["change"] {
        Json::Array(list) => list.iter().filter_map(Json::as_str).collect(),
        Json::String(name) => vec![name],
        _ => vec![],
    };
    let named = names.into_iter().map(|name| match name {
        "rename" => Ok(Change::Rename),
        "renameKey" => Ok(Change::RenameKey),
        "number" => Ok(Change::Number),
        "namespace" => Ok(Change::Namespace),
        "drop" => Ok(Change::Drop),
        other => Err(format!("no change is called `{other}`")),
    });
    let mut all = named.collect::<Result<Vec<_>, _>>()?;
    all.extend(line.get("add").cloned().map(Change::Add));
    all.extend(line.get("set").cloned().map(Change::Set));
    Ok(all)
}
