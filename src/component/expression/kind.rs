//! Kinds: what is known of a value before there is one.
//!
//! Takes schemas; gives what `check` works with. A kind never says less than the truth: every value that can stand at a
//! place is one of its kind's ([`Kind::admits`]). It raises no faults.

mod either;
mod schema;

use indexmap::IndexMap;
use serde_json::Value as Json;

/// The static type of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Boolean,
    Integer,
    /// Integers too.
    Number,
    Text,
    /// One of these texts.
    Choice(Vec<String>),
    /// One of several scalar types, two at least, in the order of this list.
    OneOf(Vec<Kind>),
    List(Box<Kind>),
    /// Any keys, values of one kind.
    Map(Box<Kind>),
    Record(Record),
    /// The kind, or none. Never nested: see [`Kind::optional`].
    Optional(Box<Kind>),
    None,
    /// No value at all: what the list `[]` holds.
    Never,
    /// No schema says: only evaluation can tell.
    Any,
}

/// A map with fixed keys.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    pub members: IndexMap<String, Kind>,
    /// What further keys hold, where there may be some.
    pub further: Option<Box<Kind>>,
    /// `x-variants`: by the value of `type`, what is known of the members then.
    pub variants: IndexMap<String, IndexMap<String, Kind>>,
}

impl Kind {
    /// A map with these keys and no others.
    pub fn record<N: Into<String>>(members: impl IntoIterator<Item = (N, Kind)>) -> Kind {
        let members = members.into_iter().map(|(name, kind)| (name.into(), kind)).collect();
        Kind::Record(Record { members, ..Record::default() })
    }

    pub fn list(items: Kind) -> Kind {
        Kind::List(Box::new(items))
    }

    pub fn map(values: Kind) -> Kind {
        Kind::Map(Box::new(values))
    }

    /// The kind, or none.
    #[must_use]
    pub fn optional(self) -> Kind {
        match self {
            Kind::Optional(_) | Kind::None => self,
            Kind::Never => Kind::None,
            kind => Kind::Optional(Box::new(kind)),
        }
    }

    /// The kind where it is not none.
    pub fn required(&self) -> &Kind {
        match self {
            Kind::Optional(kind) => kind,
            Kind::None => &Kind::Never,
            kind => kind,
        }
    }

    /// Whether it is known that it may be none.
    pub fn is_optional(&self) -> bool {
        matches!(self, Kind::Optional(_) | Kind::None)
    }

    /// Whether it is known that it is not none.
    pub fn is_there(&self) -> bool {
        !matches!(self, Kind::Optional(_) | Kind::None | Kind::Any)
    }

    /// The kinds of `key` and `entry` in a `for` over it.
    pub fn turn(&self) -> Option<(Kind, Kind)> {
        match self.required() {
            Kind::Map(values) => Some((Kind::Text, (**values).clone())),
            Kind::List(items) => Some((Kind::Integer, (**items).clone())),
            Kind::Never => Some((Kind::Never, Kind::Never)),
            _ => None,
        }
    }

    /// Whether a value is one of this kind.
    pub fn admits(&self, value: &Json) -> bool {
        match (self, value) {
            (Kind::Any, _) | (Kind::None | Kind::Optional(_), Json::Null) => true,
            (Kind::Optional(kind), value) => kind.admits(value),
            (Kind::Boolean, Json::Bool(_)) | (Kind::Text, Json::String(_)) | (Kind::Number, Json::Number(_)) => true,
            (Kind::Integer, Json::Number(number)) => !number.is_f64(),
            (Kind::Choice(choices), Json::String(text)) => choices.contains(text),
            (Kind::OneOf(kinds), value) => kinds.iter().any(|kind| kind.admits(value)),
            (Kind::List(items), Json::Array(list)) => list.iter().all(|item| items.admits(item)),
            (Kind::Map(values), Json::Object(map)) => map.values().all(|value| values.admits(value)),
            (Kind::Record(record), Json::Object(map)) => record.admits(map),
            _ => false,
        }
    }

    /// What it is called in a sentence.
    pub fn called(&self) -> String {
        match self {
            Kind::Boolean => "a boolean".into(),
            Kind::Integer => "an integer".into(),
            Kind::Number => "a number".into(),
            Kind::Text | Kind::Choice(_) => "a text".into(),
            Kind::OneOf(kinds) => kinds.iter().map(Kind::called).collect::<Vec<_>>().join(" or "),
            Kind::List(_) => "a list".into(),
            Kind::Map(_) => "a map".into(),
            Kind::Record(_) => "a map with fixed keys".into(),
            Kind::Optional(kind) => format!("{} or none", kind.called()),
            Kind::None => "none".into(),
            Kind::Never => "nothing".into(),
            Kind::Any => "of no known kind".into(),
        }
    }
}

impl Record {
    fn admits(&self, map: &serde_json::Map<String, Json>) -> bool {
        let further = |value: &Json| self.further.as_ref().is_some_and(|kind| kind.admits(value));
        self.members.iter().all(|(name, kind)| kind.admits(map.get(name).unwrap_or(&Json::Null)))
            && map.iter().all(|(name, value)| self.members.contains_key(name) || further(value))
    }

    /// The record where its `type` is `variant`.
    pub fn variant(&self, variant: &str) -> Option<Record> {
        let known = self.variants.get(variant)?;
        let mut record = self.clone();
        record.members.extend(known.iter().map(|(name, kind)| (name.clone(), kind.clone())));
        Some(record)
    }
}
