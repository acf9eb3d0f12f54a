//! The values of each chart's release, as Helm merges them: maps by key, everything else replaced whole, and a later file
//! over an earlier one (Helm docs, "Values Files").

use crate::expand::{ChartRelease, Instance, Plan};
use crate::render::RenderedFile;
use crate::source::path::Step;
use crate::source::{Node, NodePath};

/// Stands in a path for every item of a list, or every value of a map.
const EACH: &str = "*";

/// The values of one release.
pub struct ChartValues<'a> {
    pub release: &'a ChartRelease,
    pub instance: &'a Instance<'a>,
    /// The last one wins.
    pub files: Vec<&'a RenderedFile>,
}

/// A value that is set, and where.
#[derive(Debug, Clone)]
pub struct SetValue<'a> {
    pub file: &'a RenderedFile,
    pub node: &'a Node,
    pub path: NodePath,
}

impl<'a> ChartValues<'a> {
    pub fn all(plan: &'a Plan<'a>, files: &'a [RenderedFile]) -> Vec<Self> {
        let of_release = |release: &'a ChartRelease| {
            let instance = plan.instances.iter().find(|instance| instance.id() == release.origin.instance)?;
            let own = release.values.iter().filter_map(|path| files.iter().find(|file| file.path == *path));
            Some(Self { release, instance, files: own.collect() })
        };
        plan.releases.iter().filter_map(of_release).collect()
    }

    /// What is set at a dotted path, in which `*` is every item; nothing where it is absent or null.
    pub fn at(&self, path: &str) -> Vec<SetValue<'a>> {
        let keys: Vec<&str> = path.split('.').collect();
        let fixed = keys.iter().take_while(|key| **key != EACH).count();
        let (before, rest) = keys.split_at(fixed);
        for file in self.files.iter().rev() {
            let Some(root) = file.documents.first() else { continue };
            match reach(root, before) {
                Reached::Nothing => {}
                Reached::Replaced => return vec![],
                Reached::Value(node, path) => {
                    let mut found = vec![];
                    spread(node, rest, path, &mut found);
                    return found.into_iter().map(|(path, node)| SetValue { file, node, path }).collect();
                }
            }
        }
        vec![]
    }

    /// The one value at a path.
    pub fn one(&self, path: &str) -> Option<SetValue<'a>> {
        self.at(path).into_iter().next()
    }
}

/// The path `of` for the items at which another path was `found`: `env.*.secret` beside `env[1].key` is `env.1.secret`.
pub fn beside(of: &str, pattern: &str, found: &NodePath) -> String {
    let steps = pattern.split('.').zip(found.steps());
    let mut items = steps.filter(|(key, _)| *key == EACH).map(|(_, step)| match step {
        Step::Key(key) => key.clone(),
        Step::Index(index) => index.to_string(),
    });
    let keys = of.split('.').map(|key| match key {
        EACH => items.next().unwrap_or_else(|| EACH.to_owned()),
        key => key.to_owned(),
    });
    keys.collect::<Vec<_>>().join(".")
}

enum Reached<'a> {
    Value(&'a Node, NodePath),
    /// This file says nothing of it.
    Nothing,
    /// This file has something else in the place of the value or of a parent: null takes a value away.
    Replaced,
}

fn reach<'a>(root: &'a Node, keys: &[&str]) -> Reached<'a> {
    let (mut node, mut path) = (root, NodePath::root());
    for key in keys {
        let (below, to) = match (node.as_map(), node.as_list()) {
            (Some(map), _) => (map.get(*key).map(|entry| &entry.node), path.key(*key)),
            (None, Some(list)) => match key.parse().ok().and_then(|index: usize| Some((index, list.get(index)?))) {
                Some((index, item)) => (Some(item), path.index(index)),
                None => return Reached::Replaced,
            },
            (None, None) => return Reached::Replaced,
        };
        let Some(below) = below else { return Reached::Nothing };
        (node, path) = (below, to);
    }
    if node.is_null() { Reached::Replaced } else { Reached::Value(node, path) }
}

fn spread<'a>(node: &'a Node, keys: &[&str], path: NodePath, found: &mut Vec<(NodePath, &'a Node)>) {
    let Some((key, rest)) = keys.split_first() else {
        if !node.is_null() {
            found.push((path, node));
        }
        return;
    };
    let list = node.as_list().unwrap_or_default().iter().enumerate();
    for (index, item) in list.filter(|(index, _)| *key == EACH || index.to_string() == *key) {
        spread(item, rest, path.index(index), found);
    }
    let map = node.as_map().into_iter().flatten();
    for (name, entry) in map.filter(|(name, _)| *key == EACH || name == key) {
        spread(&entry.node, rest, path.key(name), found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sink;
    use crate::source::Sources;

    fn file(text: &str) -> RenderedFile {
        let (mut sources, mut sink) = (Sources::default(), Sink::default());
        let id = sources.add("values.yaml", text);
        RenderedFile::by_hand(id, &sources, &mut sink)
    }

    fn found(file: &RenderedFile, path: &str) -> Vec<String> {
        let keys: Vec<&str> = path.split('.').collect();
        let mut found = vec![];
        spread(&file.documents[0], &keys, NodePath::root(), &mut found);
        found.iter().map(|(path, node)| format!("{path}={}", node.as_str().unwrap_or_default())).collect()
    }

    #[test]
    fn a_star_is_every_item() {
        let file = file("secret: [{name: a}, {name: b}]\nother: {x: {name: c}}\n");
        assert_eq!(found(&file, "secret.*.name"), ["secret[0].name=a", "secret[1].name=b"]);
        assert_eq!(found(&file, "other.*.name"), ["other.x.name=c"]);
        assert_eq!(found(&file, "secret.1.name"), ["secret[1].name=b"]);
    }

    #[test]
    fn a_value_beside_another_is_that_of_the_same_item() {
        let found = NodePath::dotted("secret").index(1).key("key");
        assert_eq!(beside("secret.*.name", "secret.*.key", &found), "secret.1.name");
        assert_eq!(beside("global.name", "secret.*.key", &found), "global.name");
    }

    #[test]
    fn null_takes_a_value_away() {
        let file = file("a: {b: null, c: x}\n");
        assert!(matches!(reach(&file.documents[0], &["a", "b"]), Reached::Replaced));
        assert!(matches!(reach(&file.documents[0], &["a", "d"]), Reached::Nothing));
        assert!(matches!(reach(&file.documents[0], &["a", "c", "d"]), Reached::Replaced));
        assert!(matches!(reach(&file.documents[0], &["a", "c"]), Reached::Value(..)));
    }
}
