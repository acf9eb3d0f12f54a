//! Short forms that are only known once an expression has its value: `ports: {http: "{{ options.port }}"}`.

use std::fmt;
use std::marker::PhantomData;

use indexmap::IndexMap;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

/// A map whose values may be numbers that stand for a `T`.
pub fn values<'de, D: Deserializer<'de>, T>(deserializer: D) -> Result<IndexMap<String, T>, D::Error>
where
    T: Deserialize<'de> + From<u16>,
{
    let map: IndexMap<String, Short<T>> = Deserialize::deserialize(deserializer)?;
    Ok(map.into_iter().map(|(key, Short(value))| (key, value)).collect())
}

struct Short<T>(T);

impl<'de, T: Deserialize<'de> + From<u16>> Deserialize<'de> for Short<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberOrMap(PhantomData)).map(Short)
    }
}

struct NumberOrMap<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + From<u16>> Visitor<'de> for NumberOrMap<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a port number or a map")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        u16::try_from(number).map(T::from).map_err(|_| E::custom(format!("{number} is no port number")))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        u16::try_from(number).map(T::from).map_err(|_| E::custom(format!("{number} is no port number")))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}
