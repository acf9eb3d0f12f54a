//! The releases of a helmfile, and which of them come before which.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::symbols::Symbols;
use crate::diagnostic::Sink;
use crate::render::{RENDERED, RenderedFile};
use crate::source::{Node, Span, read};

pub const HELMFILE: &str = "helmfile.yaml";

/// One entry of `releases:`.
#[derive(Debug)]
pub struct Release {
    /// `namespace/name`
    pub id: String,
    pub span: Span,
    /// A folder of plain files as `./folder`, else `repository/chart`.
    pub chart: Option<(String, Span)>,
    pub version: Option<String>,
    /// The paths of its values files.
    pub values: Vec<(String, Span)>,
    pub needs: Vec<(String, Span)>,
    /// The arguments of each hook that runs after it.
    hooks: Vec<Vec<String>>,
}

#[derive(Debug, Default)]
pub struct Releases {
    by_id: BTreeMap<String, Release>,
    /// Those of plain files, by their folder.
    by_folder: BTreeMap<String, String>,
    /// Their addresses by name.
    pub repositories: BTreeMap<String, String>,
    /// Everything that comes before a release, at any distance.
    before: BTreeMap<String, BTreeSet<String>>,
}

impl Releases {
    /// Those of the tree's helmfile.yaml, and the file itself.
    pub fn of<'s>(symbols: &'s Symbols) -> Option<(&'s RenderedFile, Self)> {
        let file = symbols.files.iter().find(|file| file.path.as_str() == HELMFILE)?;
        Some((file, Self::read(&file.text)))
    }

    fn read(text: &str) -> Self {
        let documents = read::read(RENDERED, text, &mut Sink::default());
        let releases = documents.iter().filter_map(|node| node.get("releases")?.as_list()).flatten();
        let by_id = releases.filter_map(Release::of).map(|release| (release.id.clone(), release));
        let repositories = documents.iter().filter_map(|node| node.get("repositories")?.as_list()).flatten();
        let repositories = repositories.filter_map(|entry| Some((text_of(entry, "name")?, text_of(entry, "url")?)));
        let mut releases = Self { by_id: by_id.collect(), repositories: repositories.collect(), ..Self::default() };
        let folders = releases.all().filter_map(|release| Some((release.folder()?.to_owned(), release.id.clone())));
        releases.by_folder = folders.collect();
        releases.before = releases.by_id.keys().map(|id| (id.clone(), releases.reached(id))).collect();
        releases
    }

    pub fn all(&self) -> impl Iterator<Item = &Release> {
        self.by_id.values()
    }

    pub fn get(&self, id: &str) -> Option<&Release> {
        self.by_id.get(id)
    }

    /// The release that applies a file.
    pub fn of_file(&self, path: &Utf8Path) -> Option<&Release> {
        // helmfile takes what lies below a folder with it.
        let mut folders = path.ancestors().skip(1);
        folders.find_map(|folder| self.get(self.by_folder.get(folder.as_str())?))
    }

    /// Whether `id` is applied once `first` is done.
    pub fn comes_after(&self, id: &str, first: &str) -> bool {
        self.before.get(id).is_some_and(|before| before.contains(first))
    }

    fn reached(&self, id: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut rest = vec![id];
        while let Some(release) = rest.pop().and_then(|id| self.by_id.get(id)) {
            for (need, _) in &release.needs {
                if found.insert(need.clone()) {
                    rest.push(need);
                }
            }
        }
        found
    }
}

impl Release {
    fn of(node: &Node) -> Option<Self> {
        let texts = |key: &str| {
            let list = node.get(key).and_then(Node::as_list).unwrap_or_default();
            list.iter().filter_map(|item| Some((item.as_str()?.to_owned(), item.span))).collect()
        };
        let hooks = node.get("hooks").and_then(Node::as_list).unwrap_or_default();
        Some(Self {
            id: format!("{}/{}", text_of(node, "namespace")?, text_of(node, "name")?),
            span: node.span,
            chart: node.get("chart").and_then(|chart| Some((chart.as_str()?.to_owned(), chart.span))),
            version: text_of(node, "version"),
            values: texts("values"),
            needs: texts("needs"),
            hooks: hooks.iter().filter(|hook| runs_after(hook)).map(arguments).collect(),
        })
    }

    /// Its folder, where it is one of plain files.
    pub fn folder(&self) -> Option<&str> {
        self.chart.as_ref()?.0.strip_prefix("./")
    }

    /// Whether a hook asks `kubectl wait`, in the cluster that is meant, for an ExternalSecret to be Ready.
    pub fn waits_for(&self, namespace: &str, name: &str, context: Option<&str>) -> bool {
        let wanted = format!("externalsecrets.external-secrets.io/{name}");
        self.hooks.iter().any(|arguments| {
            let has = |wanted: &str| arguments.iter().any(|argument| argument == wanted);
            let behind =
                |option: &str| arguments.iter().skip_while(|argument| *argument != option).nth(1).map(String::as_str);
            let is_there = behind("--namespace") == Some(namespace) && behind("--context") == context;
            is_there && has("wait") && has("--for=condition=Ready") && has(&wanted)
        })
    }
}

fn text_of(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::as_str).map(str::to_owned)
}

fn runs_after(hook: &Node) -> bool {
    let events = hook.get("events").and_then(Node::as_list).unwrap_or_default();
    let is_kubectl = hook.get("command").and_then(Node::as_str) == Some("kubectl");
    is_kubectl && events.iter().any(|event| event.as_str() == Some("postsync"))
}

fn arguments(hook: &Node) -> Vec<String> {
    let arguments = hook.get("args").and_then(Node::as_list).unwrap_or_default();
    arguments.iter().filter_map(Node::as_str).map(str::to_owned).collect()
}
