//! The releases of a helmfile, and which of them come before which.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use crate::diagnostic::Sink;
use crate::render::RENDERED;
use crate::source::{Node, Span, read};

/// One entry of `releases:`.
#[derive(Debug)]
pub struct Release {
    /// `namespace/name`
    pub id: String,
    pub span: Span,
    /// Its folder, where it is one of plain files.
    folder: Option<String>,
    pub needs: Vec<(String, Span)>,
    /// The arguments of each hook that runs after it.
    hooks: Vec<Vec<String>>,
}

#[derive(Debug, Default)]
pub struct Releases {
    by_id: BTreeMap<String, Release>,
    /// Everything that comes before a release, at any distance.
    before: BTreeMap<String, BTreeSet<String>>,
}

impl Releases {
    pub fn read(text: &str) -> Self {
        let documents = read::read(RENDERED, text, &mut Sink::default());
        let releases = documents.iter().filter_map(|node| node.get("releases")?.as_list()).flatten();
        let by_id = releases.filter_map(Release::of).map(|release| (release.id.clone(), release));
        let mut releases = Self { by_id: by_id.collect(), before: BTreeMap::new() };
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
        let folder = path.parent()?;
        self.all().find(|release| release.folder.as_deref().is_some_and(|own| own == folder))
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
        let text = |key: &str| node.get(key).and_then(Node::as_str);
        let needs = node.get("needs").and_then(Node::as_list).unwrap_or_default();
        let hooks = node.get("hooks").and_then(Node::as_list).unwrap_or_default();
        Some(Self {
            id: format!("{}/{}", text("namespace")?, text("name")?),
            span: node.span,
            folder: text("chart").and_then(|chart| chart.strip_prefix("./")).map(str::to_owned),
            needs: needs.iter().filter_map(|need| Some((need.as_str()?.to_owned(), need.span))).collect(),
            hooks: hooks.iter().filter(|hook| runs_after(hook)).map(arguments).collect(),
        })
    }

    /// Whether a hook asks `kubectl wait` for an ExternalSecret to be Ready.
    pub fn waits_for(&self, namespace: &str, name: &str) -> bool {
        let wanted = format!("externalsecrets.external-secrets.io/{name}");
        self.hooks.iter().any(|arguments| {
            let has = |wanted: &str| arguments.iter().any(|argument| argument == wanted);
            let namespaced = arguments.iter().skip_while(|argument| *argument != "--namespace").nth(1);
            has("wait")
                && has("--for=condition=Ready")
                && has(&wanted)
                && namespaced.is_some_and(|own| own == namespace)
        })
    }
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
