//! A value in an object, and the way to it.

use serde_json::Value as Json;

use crate::json_schema::Fault;
use crate::source::NodePath;
use crate::validate::lists::{Step, path_of};

#[derive(Clone)]
pub struct Place<'o> {
    pub value: &'o Json,
    way: Vec<Step<'o>>,
}

impl<'o> Place<'o> {
    pub fn root(value: &'o Json) -> Self {
        Self { value, way: vec![] }
    }

    pub fn field(&self, key: &'o str) -> Option<Self> {
        self.value.get(key).map(|value| self.step(Step::Key(key), value))
    }

    /// The field below fields.
    pub fn down(&self, keys: &[&'o str]) -> Option<Self> {
        keys.iter().try_fold(self.clone(), |place, key| place.field(key))
    }

    /// The items of the list in a field; none where there is no list.
    pub fn items(&self, key: &'o str) -> impl Iterator<Item = Self> + use<'o> {
        self.field(key).into_iter().flat_map(|list| {
            let items = list.value.as_array().into_iter().flatten().enumerate();
            items.map(|(index, item)| list.step(Step::Index(index), item)).collect::<Vec<_>>()
        })
    }

    /// The fields of the map in a field, by name.
    pub fn entries(&self, key: &'o str) -> impl Iterator<Item = (&'o str, Self)> + use<'o> {
        self.field(key).into_iter().flat_map(|map| {
            let entries = map.value.as_object().into_iter().flatten();
            entries.map(|(key, value)| (key.as_str(), map.step(Step::Key(key), value))).collect::<Vec<_>>()
        })
    }

    pub fn get(&self, key: &str) -> Option<&'o Json> {
        self.value.get(key)
    }

    pub fn text(&self, key: &str) -> Option<&'o str> {
        self.get(key)?.as_str()
    }

    pub fn number(&self, key: &str) -> Option<i64> {
        self.get(key)?.as_i64()
    }

    pub fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.path(), message)
    }

    /// A fault of an amount or a schedule.
    pub fn measure(&self, message: impl Into<String>) -> Fault {
        Fault { measure: true, ..self.fault(message) }
    }

    fn path(&self) -> NodePath {
        path_of(&self.way)
    }

    fn step(&self, step: Step<'o>, value: &'o Json) -> Self {
        let way = self.way.iter().copied().chain([step]).collect();
        Self { value, way }
    }
}
