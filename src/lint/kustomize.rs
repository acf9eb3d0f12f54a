//! What a kustomization says of the files beside it: which are no objects of their own, what they are given, and what it
//! generates.
//!
//! Its bases and prefixes change references and their targets alike, so nothing else of it matters here (kustomize docs,
//! "The Kustomization File").

mod given;

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Map, Value as Json, json};

use self::given::Given;
use super::find::plain;
use crate::diagnostic::Sink;
use crate::render::RenderedFile;
use crate::source::{FileId, Node, Sources, Span, read::read_manifests};
use crate::validate::schemas::{Schemas, versions};
use crate::world::World;

/// Lists of files that are read by kustomize itself.
const OWN: [&str; 6] =
    ["configurations", "generators", "patches", "patchesStrategicMerge", "transformers", "validators"];

/// Lists of entries that name such a file under `path`.
const WITH_PATH: [&str; 3] = ["patches", "patchesJson6902", "replacements"];

/// What changes objects beyond what is followed here.
const PATCHES: [&str; 6] =
    ["components", "patches", "patchesJson6902", "patchesStrategicMerge", "replacements", "transformers"];

const GENERATORS: [(&str, &str); 2] = [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")];

/// What one kustomization puts together.
#[derive(Debug, Default)]
pub struct Together {
    pub files: BTreeSet<Utf8PathBuf>,
    /// Whether it, or one that it lists, patches any of it.
    pub is_patched: bool,
}

/// By its folder, what a kustomization gives and lists, and whether it patches.
type Listed = BTreeMap<Utf8PathBuf, Listing>;

struct Listing {
    given: Given,
    resources: Vec<Utf8PathBuf>,
    patches: bool,
}

/// Kustomizations of kustomizations; one that lists itself comes to an end.
const DEEPEST: usize = 8;

#[derive(Debug, Default)]
pub struct Kustomized {
    /// Patches and their like.
    pub aside: BTreeSet<Utf8PathBuf>,
    /// ConfigMaps and Secrets, as far as their keys are known.
    pub generated: Vec<RenderedFile>,
    /// What each kustomization puts together that no other one lists.
    pub together: Vec<Together>,
    /// What the objects of a file are given.
    given: BTreeMap<Utf8PathBuf, Given>,
}

impl Kustomized {
    /// Gives the objects of a file what its kustomizations give them.
    pub fn complete(&self, path: &Utf8Path, documents: &mut [Node], schemas: &Schemas) {
        let Some(given) = self.given.get(path) else { return };
        for document in documents {
            let text = |key: &str| document.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
            let newest = versions().last().map(|version| (*version).to_owned());
            let is_namespaced = schemas.is_namespaced(newest.as_slice(), &text("apiVersion"), &text("kind"));
            given.give(document, is_namespaced);
        }
    }
}

pub fn is_kustomization(path: &Utf8Path) -> bool {
    matches!(path.file_name(), Some("kustomization.yaml" | "kustomization.yml" | "Kustomization"))
}

pub fn read(world: &dyn World, files: impl Iterator<Item = FileId>, sources: &Sources) -> Kustomized {
    let mut kustomized = Kustomized::default();
    let mut listed = Listed::new();
    for file in files.filter(|file| is_kustomization(&sources.file(*file).path)) {
        let source = sources.file(file);
        let folder = source.path.parent().unwrap_or(Utf8Path::new(""));
        let documents = read_manifests(file, &source.text, &mut Sink::default());
        for document in &documents {
            kustomized.aside.extend(aside(document).map(|path| plain(&folder.join(path))));
            let resources = ["resources", "bases", "components"].into_iter().flat_map(|key| items(document, key));
            let resources: Vec<Utf8PathBuf> =
                resources.filter_map(|node| Some(plain(&folder.join(node.as_str()?)))).collect();
            let patches = PATCHES.iter().any(|key| items(document, key).next().is_some());
            listed.insert(folder.to_owned(), Listing { given: Given::by(document), resources, patches });
        }
        let made: Vec<Node> = documents.iter().flat_map(|document| generated(world, folder, document)).collect();
        if !made.is_empty() {
            kustomized.generated.push(RenderedFile::of(file, made, sources));
        }
    }
    kustomized.together = together(&listed);
    for (folder, listing) in listed.iter().filter(|(_, listing)| !listing.given.is_nothing()) {
        give(&listing.given, folder, &listed, &mut kustomized.given, DEEPEST);
    }
    kustomized
}

/// The files of each kustomization that no other one lists.
fn together(listed: &Listed) -> Vec<Together> {
    let inner: BTreeSet<&Utf8PathBuf> = listed.values().flat_map(|listing| &listing.resources).collect();
    let outermost = listed.keys().filter(|folder| !inner.contains(folder));
    let files = outermost.map(|folder| {
        let mut together = Together::default();
        collect(folder, listed, &mut together, DEEPEST);
        together
    });
    files.collect()
}

fn collect(folder: &Utf8Path, listed: &Listed, together: &mut Together, depth: usize) {
    let Some(listing) = listed.get(folder).filter(|_| depth > 0) else { return };
    together.is_patched |= listing.patches;
    together.files.extend(["kustomization.yaml", "kustomization.yml", "Kustomization"].map(|name| folder.join(name)));
    for path in &listing.resources {
        match listed.contains_key(path) {
            true => collect(path, listed, together, depth - 1),
            false => drop(together.files.insert(path.clone())),
        }
    }
}

/// Gives to all that a kustomization lists, and to what that lists in turn; who lists it itself goes first.
fn give(given: &Given, folder: &Utf8Path, listed: &Listed, to: &mut BTreeMap<Utf8PathBuf, Given>, depth: usize) {
    let Some(listing) = listed.get(folder).filter(|_| depth > 0) else { return };
    for path in &listing.resources {
        match listed.get(path) {
            Some(inner) => give(&inner.given.clone().within(given), path, listed, to, depth - 1),
            None => drop(to.entry(path.clone()).or_insert_with(|| given.clone())),
        }
    }
}

fn aside(document: &Node) -> impl Iterator<Item = &str> {
    let own = OWN.iter().flat_map(|key| items(document, key)).filter_map(Node::as_str);
    let with_path = WITH_PATH.iter().flat_map(|key| items(document, key));
    own.chain(with_path.filter_map(|entry| entry.get("path")?.as_str())).filter(|path| !path.contains('\n'))
}

fn items<'n>(node: &'n Node, key: &str) -> impl Iterator<Item = &'n Node> {
    node.get(key).and_then(Node::as_list).unwrap_or_default().iter()
}

fn generated(world: &dyn World, folder: &Utf8Path, document: &Node) -> Vec<Node> {
    let mut made = vec![];
    for (key, kind) in GENERATORS {
        for entry in items(document, key) {
            let Some(name) = entry.get("name").filter(|name| name.as_str().is_some()) else { continue };
            let Some(keys) = keys(world, folder, entry) else { continue };
            let of = |key: &'static str| [entry, document].into_iter().find_map(|node| node.get(key)?.as_str());
            let namespaces = [None, of("namespace")];
            // What stands beside it may say the namespace or leave it to kustomize.
            let needed = if entry.get("namespace").is_some() { 1.. } else { 0.. };
            let namespaces = namespaces.into_iter().skip(needed.start);
            made.extend(
                namespaces
                    .enumerate()
                    .filter(|(at, namespace)| *at == 0 || namespace.is_some())
                    .map(|(_, namespace)| object(kind, name, namespace, &keys)),
            );
        }
    }
    made
}

/// The keys of a generator; none where they cannot be known.
fn keys(world: &dyn World, folder: &Utf8Path, entry: &Node) -> Option<Vec<String>> {
    let before = |node: &Node| node.as_str().and_then(|text| text.split_once('=')).map(|(key, _)| key.to_owned());
    let of_file = |node: &Node| before(node).or_else(|| Utf8Path::new(node.as_str()?).file_name().map(str::to_owned));
    let mut keys: Vec<String> = items(entry, "literals").filter_map(before).collect();
    keys.extend(items(entry, "files").filter_map(of_file));
    for path in items(entry, "envs").chain(entry.get("env")).filter_map(Node::as_str) {
        let text = String::from_utf8(world.read(&plain(&folder.join(path))).ok()?).ok()?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        keys.extend(lines.map(|line| line.split_once('=').map_or(line, |(key, _)| key).to_owned()));
    }
    Some(keys)
}

/// An object that stands where its generator says its name.
fn object(kind: &str, name: &Node, namespace: Option<&str>, keys: &[String]) -> Node {
    let at: Span = name.span;
    let mut metadata = Map::from_iter([("name".to_owned(), name.to_json())]);
    metadata.extend(namespace.map(|namespace| ("namespace".to_owned(), json!(namespace))));
    let data: Map<String, Json> = keys.iter().map(|key| (key.clone(), json!(""))).collect();
    Node::from_json(&json!({ "apiVersion": "v1", "kind": kind, "metadata": metadata, "data": data }), at)
}
