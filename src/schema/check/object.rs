//! Maps: which keys may stand, which must, and what the absent ones are.

use super::super::{Schema, Tag};
use super::{Checker, Mode, NOTHING_TAKEN, Place, wording};
use crate::diagnostic::Sink;
use crate::source::{Entry, Map, Node, Span, Value};

/// The keys that a map may have: those of its schema and those of the variant it chooses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape<'a> {
    pub schema: &'a Schema,
    pub variant: Option<&'a Schema>,
}

impl<'a> Shape<'a> {
    fn of(node: &Node, schema: &'a Schema) -> Self {
        Self { schema, variant: schema.variant(node) }
    }

    pub fn property(&self, key: &str) -> Option<&'a Schema> {
        self.parts().find_map(|part| part.properties.get(key))
    }

    pub fn properties(&self) -> impl Iterator<Item = (&'a String, &'a Schema)> + use<'a> {
        self.parts().flat_map(|part| &part.properties)
    }

    fn required(&self) -> impl Iterator<Item = &'a String> + use<'a> {
        self.parts().flat_map(|part| &part.required)
    }

    pub fn one_of(&self) -> impl Iterator<Item = &'a [String]> + use<'a> {
        self.parts().map(|part| part.one_of.as_slice()).filter(|keys| !keys.is_empty())
    }

    /// What stands under a key that is none of the properties.
    fn further(&self) -> Option<&'a Schema> {
        self.parts().find_map(|part| part.additional.as_deref())
    }

    /// True where the variant cannot be told, so that nothing can be said of keys that some variant knows.
    pub fn is_undecided(&self) -> bool {
        !self.schema.variants.is_empty() && self.variant.is_none()
    }

    /// The variants beside the chosen one that know a key.
    pub fn others(&self, key: &str) -> impl Iterator<Item = &'a str> {
        let knows = move |variant: &&Schema| variant.properties.contains_key(key);
        self.schema.variants.iter().filter(move |(_, variant)| knows(variant)).map(|(name, _)| name.as_str())
    }

    fn parts(&self) -> impl Iterator<Item = &'a Schema> + use<'a> {
        std::iter::once(self.schema).chain(self.variant)
    }
}

impl Checker<'_> {
    pub(super) fn map(&mut self, node: &Node, map: &Map, schema: &Schema, place: &Place<'_>) -> Node {
        let shape = Shape::of(node, schema);
        if schema.is_open() && shape.further().is_none() {
            return node.clone();
        }
        let mut checked = Map::with_capacity(map.len());
        let mut unknown = vec![];
        for (key, entry) in map {
            self.name(key, entry, shape.schema);
            match schema.below(shape.variant, key) {
                Some(below) => self.entry(&mut checked, key, entry, below, place),
                None if self.is_free(key) => drop(checked.insert(key.clone(), entry.clone())),
                None => unknown.push((key.as_str(), entry.key)),
            }
        }
        let meant = self.unknown(&unknown, map, &shape);
        self.one_of(map, &shape, &meant, place);
        self.missing(map, &shape, &meant, place);
        self.beside(map, &shape, &meant);
        self.fill(&mut checked, map, &shape, place.at);
        Node::new(node.span, Value::Map(checked))
    }

    /// Keys `x-…` are the user's own.
    fn is_free(&self, key: &str) -> bool {
        self.mode == Mode::Plain && key.starts_with("x-")
    }

    fn entry(&mut self, checked: &mut Map, key: &str, entry: &Entry, schema: &Schema, place: &Place<'_>) {
        let below = Place { name: key, at: entry.key, taken: place.taken.below(key) };
        let node = self.check(&entry.node, schema, &below);
        if !node.is_null() || super::is_anything(schema) {
            checked.insert(key.to_owned(), Entry { key: entry.key, node });
        }
    }

    fn name(&mut self, key: &str, entry: &Entry, schema: &Schema) {
        if let Some(names) = &schema.property_names {
            let place = Place { name: key, at: entry.key, taken: NOTHING_TAKEN };
            self.check(&Node::text(entry.key, key), names, &place);
        }
    }

    /// `meant` are the keys that an unknown key was meant to be: one typo is one fault.
    fn missing(&mut self, map: &Map, shape: &Shape<'_>, meant: &[String], place: &Place<'_>) {
        let tag = shape.schema.tag.as_str();
        let tag = (shape.is_undecided()).then(|| tag.to_owned());
        for key in shape.required().chain(tag.iter().filter(|tag| !shape.required().any(|key| key == *tag))) {
            let filled = shape.property(key).is_some_and(|below| below.default.is_some());
            if !map.contains_key(key) && !meant.contains(key) && !filled {
                self.push(wording::missing(key, map, shape, place));
            }
        }
    }

    /// A key that means nothing without another.
    fn beside(&mut self, map: &Map, shape: &Shape<'_>, meant: &[String]) {
        for (key, others) in shape.parts().flat_map(|part| &part.beside) {
            let Some(entry) = map.get(key) else { continue };
            if !others.iter().any(|other| map.contains_key(other) || meant.contains(other)) {
                self.push(wording::alone(key, entry.key, others));
            }
        }
    }

    fn fill(&mut self, checked: &mut Map, map: &Map, shape: &Shape<'_>, at: Span) {
        if self.mode == Mode::Templated {
            return;
        }
        for (key, schema) in shape.properties().filter(|(key, _)| !map.contains_key(*key)) {
            if let Some(node) = self.filled(key, schema, at) {
                checked.insert(key.clone(), Entry { key: at, node });
            }
        }
    }

    /// The default, itself completed; it stands where the nearest written parent does.
    fn filled(&mut self, key: &str, schema: &Schema, at: Span) -> Option<Node> {
        let default = moved(schema.default.as_ref()?, at);
        let mut unheard = Sink::default();
        let mut checker = Checker::new(Mode::Plain, &mut unheard);
        let node = checker.check(&default, schema, &Place { name: key, at, taken: NOTHING_TAKEN });
        self.references.append(&mut checker.references);
        Some(node)
    }
}

impl Tag {
    /// `type: s3`
    pub(super) fn is(self, value: &str) -> String {
        format!("{}: {value}", self.as_str())
    }
}

/// The same tree, all of it at one place.
fn moved(node: &Node, at: Span) -> Node {
    let value = match &node.value {
        Value::List(list) => Value::List(list.iter().map(|item| moved(item, at)).collect()),
        Value::Map(map) => {
            let entry = |entry: &Entry| Entry { key: at, node: moved(&entry.node, at) };
            Value::Map(map.iter().map(|(key, below)| (key.clone(), entry(below))).collect())
        }
        scalar => scalar.clone(),
    };
    Node { span: at, value, written: node.written.clone() }
}
