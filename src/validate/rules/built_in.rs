//! Rules for the kinds that travel with us: what their CRDs ask for, in our own words.
//!
//! `schemas/crds/rules.yaml` says for which kinds, where, and from which release each fact is taken.

use std::sync::OnceLock;

use serde_json::{Value as Json, json};

use super::{Place, Rule, Rules, Written, shape};
use crate::diagnostic::Sink;
use crate::source::FileId;
use crate::source::read::read;

const TEXT: &str = include_str!("../../../schemas/crds/rules.yaml");

/// The groups of the file.
fn groups() -> &'static [Json] {
    static GROUPS: OnceLock<Vec<Json>> = OnceLock::new();
    GROUPS.get_or_init(|| {
        let documents = read(FileId(0), TEXT, &mut Sink::default());
        documents.first().and_then(|document| document.to_json().as_array().cloned()).unwrap_or_default()
    })
}

/// The rules of a kind whose schema travels with us.
pub fn rules(schema: &Json) -> Option<Rules> {
    let text = |key: &str| schema.pointer(&format!("/x-kind/{key}")).and_then(Json::as_str);
    let kind = format!("{}/{}/{}", text("group")?, text("version")?, text("kind")?);
    let is_of_kind =
        |group: &&Json| group.get("kinds").and_then(Json::as_array).is_some_and(|kinds| kinds.contains(&json!(kind)));
    let mut top = Place::default();
    for entry in groups().iter().filter(is_of_kind).filter_map(|group| group.get("rules")?.as_array()).flatten() {
        for place in entry.get("at").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str) {
            let written = Written { entry, place: place.to_owned(), span: None };
            top.at(place).rules.push(Rule::of(written));
        }
    }
    let crd = format!("{}.{} {}", text("plural")?, text("group")?, text("version")?);
    if top.is_empty() { None } else { Rules::new(crd, shape::typed(schema), top) }
}

impl Place {
    /// The place at `spec.rules[].filters`, made where it is not there yet.
    fn at(&mut self, way: &str) -> &mut Place {
        let mut place = self;
        for step in way.split('.').filter(|step| !step.is_empty()) {
            let name = step.trim_end_matches(['[', ']', '{', '}']);
            place = place.fields.entry(name.to_owned()).or_default();
            for mark in step.get(name.len()..).unwrap_or_default().chars() {
                match mark {
                    '[' => place = place.items.get_or_insert_default(),
                    '{' => place = place.values.get_or_insert_default(),
                    _ => {}
                }
            }
        }
        place
    }
}
