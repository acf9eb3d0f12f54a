//! Keys that should not stand where they do.

use super::object::Shape;
use super::{Checker, Place, wording};
use crate::diagnostic::nearest;
use crate::source::{Entry, Map, Span};

impl Checker<'_> {
    /// Reports keys that are not known; gives the known ones that they were meant to be.
    pub(super) fn unknown(&mut self, keys: &[(&str, Span)], map: &Map, shape: &Shape<'_>) -> Vec<String> {
        let (foreign, strange): (Vec<_>, Vec<_>) = keys.iter().partition(|(key, _)| shape.others(key).next().is_some());
        let meant: Vec<String> =
            strange.iter().filter_map(|(key, span)| self.strange(key, *span, map, shape)).collect();
        let tag = shape.schema.tag;
        // A misspelt tag would make all keys of its variant foreign.
        if !shape.is_undecided() && !meant.iter().any(|key| key == tag.as_str()) {
            for (key, span) in foreign {
                let others: Vec<&str> = shape.others(key).collect();
                self.push(wording::of_another(key, span, map.get(tag.as_str()), &others, tag));
            }
        }
        meant
    }

    fn strange(&mut self, key: &str, span: Span, map: &Map, shape: &Shape<'_>) -> Option<String> {
        let known: Vec<&str> = self.known(shape);
        // A key that stands already was not meant a second time, unless nothing else is near.
        let absent = known.iter().copied().filter(|name| !map.contains_key(*name));
        let meant = nearest(key, absent).or_else(|| nearest(key, known.iter().copied()));
        self.push(wording::unknown(key, span, meant, &known));
        meant.map(str::to_owned)
    }

    fn known<'s>(&self, shape: &Shape<'s>) -> Vec<&'s str> {
        let variants = shape.schema.variants.values().filter(|_| shape.is_undecided());
        let undecided = variants.flat_map(|variant| variant.properties.keys());
        shape.properties().map(|(key, _)| key).chain(undecided).map(String::as_str).collect()
    }

    /// Exactly one of the keys of `x-one-of` may stand.
    pub(super) fn one_of(&mut self, map: &Map, shape: &Shape<'_>, meant: &[String], place: &Place<'_>) {
        for keys in shape.one_of() {
            let standing: Vec<(&str, &Entry)> =
                keys.iter().filter_map(|key| map.get(key).map(|entry| (key.as_str(), entry))).collect();
            match standing.as_slice() {
                [] if !keys.iter().any(|key| meant.contains(key)) => self.push(wording::none_of(keys, place)),
                [(first, at), rest @ ..] => {
                    // An expression may be none, and its key then is not there.
                    let sure = |(_, entry): &&(&str, &Entry)| !self.is_templated(&entry.node);
                    let rest: Vec<_> = rest.iter().filter(sure).filter(|_| !self.is_templated(&at.node)).collect();
                    rest.into_iter().for_each(|(key, entry)| self.push(wording::both(first, at.key, key, entry.key)));
                }
                [] => {}
            }
        }
    }
}
