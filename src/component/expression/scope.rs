//! What an evaluation may read, and what it did read.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::Turn;
use crate::source::NodePath;

/// The names an expression may use and their values; absent things are null.
///
/// A scope borrows what is large and may stand on another one ([`Scope::child`]), so that an entry's `key` and `entry`
/// cost nothing.
#[derive(Debug, Clone, Default)]
pub struct Scope<'a> {
    below: Option<&'a Scope<'a>>,
    names: Vec<Name<'a>>,
}

#[derive(Debug, Clone)]
struct Name<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, Json>,
    /// The path below `options` that the value was taken from.
    from: Option<NodePath>,
}

impl<'a> Scope<'a> {
    pub fn new() -> Self {
        Self::default()
    }

    /// A scope that sees everything of this one; names set in it hide those here.
    pub fn child<'b>(&'b self) -> Scope<'b>
    where
        'a: 'b,
    {
        Scope { below: Some(self), names: vec![] }
    }

    /// Sets a name to a value that stands elsewhere. Reads below the name `options` are logged.
    pub fn set(&mut self, name: impl Into<Cow<'a, str>>, value: &'a Json) {
        self.put(name.into(), Cow::Borrowed(value), None);
    }

    /// Sets a name to a value of its own.
    pub fn set_value(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Json>) {
        self.put(name.into(), Cow::Owned(value.into()), None);
    }

    /// Sets a name to a part of the options: reading it is logged as reading `from` (which starts below `options`).
    pub fn set_from(&mut self, name: impl Into<Cow<'a, str>>, value: Cow<'a, Json>, from: Option<NodePath>) {
        self.put(name.into(), value, from);
    }

    /// Sets `key` and `entry`.
    pub fn set_turn(&mut self, turn: &'a Turn<'a>) {
        self.set_from("key", Cow::Borrowed(&turn.key), turn.from.clone());
        self.set_from("entry", Cow::Borrowed(&*turn.entry), turn.from.clone());
    }

    pub fn get(&self, name: &str) -> Option<&Json> {
        self.find(name).map(|found| &*found.value)
    }

    /// All names in sight.
    pub fn names(&self) -> Vec<&str> {
        let below = self.below.map(Scope::names).unwrap_or_default();
        self.names.iter().map(|name| &*name.name).chain(below).collect()
    }

    fn put(&mut self, name: Cow<'a, str>, value: Cow<'a, Json>, from: Option<NodePath>) {
        let from = from.or_else(|| (name == "options").then(NodePath::root));
        self.names.retain(|known| known.name != name);
        self.names.push(Name { name, value, from });
    }

    fn find(&self, name: &str) -> Option<&Name<'a>> {
        self.names.iter().find(|known| known.name == name).or_else(|| self.below.and_then(|below| below.find(name)))
    }

    /// The path below `options` that `name` stands for.
    pub fn origin(&self, name: &str) -> Option<&NodePath> {
        self.find(name).and_then(|found| found.from.as_ref())
    }
}

/// The paths below `options` that an evaluation read: what a result comes from. The longest of each line only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reads {
    pub paths: Vec<NodePath>,
}

impl Reads {
    /// Logs a path, unless a longer one is there; takes shorter ones out.
    pub fn log(&mut self, path: &NodePath) {
        if self.paths.iter().any(|known| known.steps().starts_with(path.steps())) {
            return;
        }
        self.paths.retain(|known| !path.steps().starts_with(known.steps()));
        self.paths.push(path.clone());
    }

    /// Everything that others read as well.
    pub fn extend(&mut self, others: &Reads) {
        others.paths.iter().for_each(|path| self.log(path));
    }
}
