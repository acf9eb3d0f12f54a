//! Schema → [`Kind`].

use indexmap::IndexMap;

use super::{Kind, Record};
use crate::schema::{Schema, Type};
use crate::source::{Node, Value};

impl Kind {
    /// Of what the schema lets stand, once short forms are spelt out and defaults are filled.
    pub fn of(schema: &Schema) -> Kind {
        match schema.types.as_slice() {
            _ if schema.as_written => Kind::Text,
            [] if schema.allowed.is_empty() => {
                if is_record(schema) {
                    record(schema)
                } else {
                    Kind::Any
                }
            }
            [] => allowed(&schema.allowed),
            [Type::Object] if is_record(schema) => record(schema),
            [Type::Object] => Kind::map(schema.additional.as_deref().map_or(Kind::Any, Kind::of)),
            [Type::Array] => Kind::list(schema.items.as_deref().map_or(Kind::Any, Kind::of)),
            [Type::String] if !schema.allowed.is_empty() => allowed(&schema.allowed),
            types => types.iter().map(|one| scalar(*one)).collect::<Option<_>>().map_or(Kind::Any, Kind::one_of),
        }
    }
}

fn is_record(schema: &Schema) -> bool {
    !schema.properties.is_empty() || !schema.variants.is_empty()
}

fn scalar(one: Type) -> Option<Kind> {
    match one {
        Type::String => Some(Kind::Text),
        Type::Integer => Some(Kind::Integer),
        Type::Number => Some(Kind::Number),
        Type::Boolean => Some(Kind::Boolean),
        Type::Object | Type::Array => None,
    }
}

/// Of an enumeration.
fn allowed(nodes: &[Node]) -> Kind {
    let kinds = nodes.iter().map(|node| match &node.value {
        Value::Text(text) => Kind::Choice(vec![text.clone()]),
        Value::Bool(_) => Kind::Boolean,
        Value::Integer(_) => Kind::Integer,
        Value::Float(_) => Kind::Number,
        Value::Null => Kind::None,
        Value::List(_) | Value::Map(_) => Kind::Any,
    });
    kinds.fold(Kind::Never, |all, kind| all.either(&kind).unwrap_or(Kind::Any))
}

fn record(schema: &Schema) -> Kind {
    let common = members(schema, &schema.required);
    let variants = schema.variants.iter().map(|(name, variant)| (name.clone(), variant_members(schema, variant)));
    let mut record = Record {
        members: common,
        further: schema.additional.as_deref().map(|further| Box::new(Kind::of(further))),
        variants: variants.collect(),
    };
    record.add_variants();
    Kind::Record(record)
}

/// A key that the variant adds, or that it alone requires.
fn variant_members(schema: &Schema, variant: &Schema) -> IndexMap<String, Kind> {
    let required = schema.properties.iter().filter(|(name, _)| variant.required.contains(name));
    let required = required.map(|(name, common)| (name.clone(), Kind::of(common)));
    required.chain(members(variant, &[&*schema.required, &*variant.required].concat())).collect()
}

fn members(schema: &Schema, required: &[String]) -> IndexMap<String, Kind> {
    let member = |(name, property): (&String, &Schema)| {
        let there = property.default.is_some() || required.contains(name);
        let kind = Kind::of(property);
        (name.clone(), if there && !schema.one_of.contains(name) { kind } else { kind.optional() })
    };
    schema.properties.iter().map(member).collect()
}

impl Record {
    /// The keys of all variants: each is optional, but one that all have alike.
    fn add_variants(&mut self) {
        let Some(first) = self.variants.values().next() else { return };
        let choices = self.variants.keys().cloned().collect();
        let mut names = first.keys().collect::<Vec<_>>();
        names.extend(self.variants.values().skip(1).flat_map(IndexMap::keys));
        let added = names.into_iter().filter(|name| !self.members.contains_key(*name));
        let added = added.map(|name| (name.clone(), self.in_variants(name))).collect::<Vec<_>>();
        self.members.extend(added);
        let kind = self.members.entry("type".into()).or_insert(Kind::Text);
        *kind = if kind.is_optional() { Kind::Choice(choices).optional() } else { Kind::Choice(choices) };
    }

    fn in_variants(&self, name: &str) -> Kind {
        let kinds = self.variants.values().map(|members| members.get(name).cloned().unwrap_or(Kind::None));
        kinds.fold(Kind::Never, |all, kind| all.either(&kind).unwrap_or(Kind::Any))
    }
}
