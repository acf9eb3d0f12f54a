//! The layers of a document: what is said for all environments, and what one of them says over it.

use super::input::ENVIRONMENTS;
use super::{choice, overlay};
use crate::diagnostic::{Code, Diagnostic, Sink, misspelt};
use crate::schema::check::Taken;
use crate::schema::spell::spell;
use crate::schema::{Schema, format};
use crate::source::{Entry, Map, Node, Span, Value};

/// What is said for all environments, and what one of them says over it; both as they were written.
#[derive(Debug)]
pub(super) struct Layers {
    pub base: Node,
    pub over: Option<Node>,
}

/// None where there is no tree to speak of.
pub(super) fn read(root: &Node, environment: Option<&str>, sink: &mut Sink) -> Option<Layers> {
    let map = top_map(root, sink)?;
    names(map, sink);
    let mut map = map.clone();
    let environments = map.shift_remove(ENVIRONMENTS);
    let over = environments.as_ref().zip(environment).and_then(|(all, name)| all.node.as_map()?.get(name));
    let over = over.map(|entry| without_environments(&entry.node, sink));
    let base = with_faulty(Node::new(root.span, Value::Map(map)), environments);
    Some(Layers { base, over })
}

impl Layers {
    /// The merged tree in long form; none where the overlay is no map, which was told.
    pub fn merge(&self, schema: &Schema, sink: &mut Sink) -> Option<(Node, Taken)> {
        let base = spell(&self.base, schema, None);
        let Some(over) = &self.over else { return Some((base, Taken::default())) };
        over.as_map()?;
        Some(overlay::lay(&base, &spell(over, schema, Some(&base)), schema, sink))
    }
}

/// A name in an overlay that the layer below does not have, and is a slip of the pen for one that it has.
pub(super) struct Misspelt {
    pub at: Span,
    help: String,
}

impl Misspelt {
    /// One fault for one slip: what the new entry lacks besides is not told.
    pub fn tell(all: &[Misspelt], found: &Sink, sink: &mut Sink) {
        let mut before = vec![];
        for fault in found.iter().cloned() {
            let misspelt = all.iter().find(|one| fault.code == Code::MissingKey && fault.primary() == Some(one.at));
            match misspelt {
                Some(one) if before.contains(&one.at) => {}
                Some(one) => {
                    before.push(one.at);
                    sink.push(fault.help(one.help.clone()));
                }
                None => sink.push(fault),
            }
        }
    }
}

impl Layers {
    /// Names of entries that were meant to be others.
    pub fn misspelt(&self) -> Vec<Misspelt> {
        let over = self.over.as_ref();
        let maps = choice::entries(over).filter_map(|(key, entry)| Some((key, &entry.node, self.base.get(key)?)));
        let fresh = maps.flat_map(|(key, over, base)| {
            let entries = choice::entries(Some(over)).filter(|(name, _)| base.get(name).is_none());
            entries.filter_map(move |(name, entry)| {
                let known = choice::entries(Some(base)).map(|(name, _)| name.as_str());
                let help = format!("the layer below has `{key}.{}`: did you mean that?", misspelt(name, known)?);
                Some(Misspelt { at: entry.key, help })
            })
        });
        fresh.collect()
    }
}

fn top_map<'a>(root: &'a Node, sink: &mut Sink) -> Option<&'a Map> {
    let at = Span { end: root.span.start, ..root.span };
    let fault = match &root.value {
        Value::Map(map) => return Some(map),
        Value::Null => Diagnostic::new(Code::MissingKey, "the file is empty").at(at, ""),
        _ => Diagnostic::new(Code::WrongType, format!("expected a map, found {}", root.describe())).at(at, ""),
    };
    sink.push(fault.help("the smallest platform is `name: acme` and `domain: example.com`, a line each"));
    None
}

/// The names of environments become folders; each environment is a map.
fn names(map: &Map, sink: &mut Sink) {
    for (name, entry) in choice::entries(map.get(ENVIRONMENTS).map(|entry| &entry.node)) {
        if let Err(reason) = format::name(name) {
            let message = format!("`{name}` is no name of an environment");
            sink.push(Diagnostic::new(Code::WrongValue, message).at(entry.key, reason));
        }
        if entry.node.as_map().is_none() {
            let message = format!("expected a map, found {}", entry.node.describe());
            let fault = Diagnostic::new(Code::WrongType, message).at(entry.key, "an environment is a map");
            sink.push(fault.help(format!("write `{name}: {{}}` for one in which nothing differs")));
        }
    }
}

/// `environments:` that is no map is told by the check.
fn with_faulty(mut base: Node, environments: Option<Entry>) -> Node {
    if let (Value::Map(map), Some(entry)) = (&mut base.value, environments)
        && entry.node.as_map().is_none()
    {
        map.insert(ENVIRONMENTS.into(), entry);
    }
    base
}

fn without_environments(over: &Node, sink: &mut Sink) -> Node {
    let mut over = over.clone();
    if let Value::Map(map) = &mut over.value
        && let Some(entry) = map.shift_remove(ENVIRONMENTS)
    {
        let fault = Diagnostic::new(Code::UnknownKey, "an environment has no environments");
        sink.push(fault.at(entry.key, "not known here"));
    }
    over
}
