//! Objects of both sides, and their fields.

use serde_json::Value as Json;

use super::change::{Change, Event, Finding, Subject};
use super::fields::{Field, Fields, fields};
use super::path::FieldPath;
use super::rules::{Asked, rules};
use super::{Comparison, Reordered};
use crate::source::Node;
use crate::validate::Object;
use crate::validate::pods::way_to_pod;
use crate::validate::schemas::versions;

/// Stands for what is not shown.
const HIDDEN: &str = "(hidden)";

/// What is compared, on both sides; one of them is there.
#[derive(Clone, Copy)]
pub struct Pair<'s> {
    pub subject: &'s Subject,
    pub old: Option<&'s Node>,
    pub new: Option<&'s Node>,
}

impl Pair<'_> {
    /// The change of the whole: it came or went.
    pub fn whole(self) -> Option<Change> {
        let event = match (self.old, self.new) {
            (None, Some(_)) => Event::Added,
            (Some(_), None) => Event::Removed,
            _ => return None,
        };
        Some(self.change(event, FieldPath::default(), (None, None), None))
    }

    /// Changes of fields.
    pub fn parts(self, fields: &[Field]) -> Vec<Change> {
        let one = |field: &Field| {
            let event = match (field.old, field.new) {
                (None, _) => Event::Added,
                (_, None) => Event::Removed,
                _ => Event::Changed,
            };
            let same = field.means_the_same.then(|| rules().computed("same-meaning"));
            self.change(event, field.path.clone(), (field.old, field.new), same)
        };
        fields.iter().map(one).collect()
    }

    fn change(
        self,
        event: Event,
        path: FieldPath,
        values: (Option<&Node>, Option<&Node>),
        findings: Option<Vec<Finding>>,
    ) -> Change {
        let asked = Asked { subject: self.subject, event, path: &path, values, wholes: (self.old, self.new) };
        Change {
            subject: self.subject.clone(),
            event,
            findings: findings.unwrap_or_else(|| rules().findings(asked)),
            old: shown(self.subject, &path, values.0),
            new: shown(self.subject, &path, values.1),
            path,
            environments: vec![],
            place: None,
        }
    }
}

/// A value as it may be told to everybody: what a Secret holds is nobody's business, docs are long.
fn shown(subject: &Subject, path: &FieldPath, value: Option<&Node>) -> Option<Json> {
    let is_secret = matches!(subject, Subject::Object(name) if name.kind == "Secret" && name.group.is_empty());
    let is_held = matches!(path.keys().first(), Some(&("data" | "stringData")));
    match subject {
        Subject::File { is_docs: true, .. } | Subject::Environment { .. } => None,
        _ if is_secret && is_held => value.map(|_| Json::from(HIDDEN)),
        _ => value.map(Node::to_json),
    }
}

/// Every object of either side.
pub fn compare(comparison: &Comparison, reordered: &mut Vec<Reordered>) -> Vec<Change> {
    let (old, new) = (comparison.old.by_name(), comparison.new.by_name());
    let mut changes = vec![];
    for ((name, number), object) in &new {
        let before = old.get(&(name.clone(), *number));
        let subject = Subject::Object(name.clone());
        let pair = Pair { subject: &subject, old: before.map(|object| object.node), new: Some(object.node) };
        let found: Vec<Change> = match before {
            None => pair.whole().into_iter().collect(),
            Some(before) => {
                let found = differences(before, object, comparison);
                reordered.extend(in_templates(object, &found).map(|path| Reordered { subject: subject.clone(), path }));
                pair.parts(&found.changed)
            }
        };
        changes.extend(found.into_iter().map(|change| Change { place: comparison.place(object), ..change }));
    }
    for ((name, _), object) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
        let subject = Subject::Object(name.clone());
        changes.extend(Pair { subject: &subject, old: Some(object.node), new: None }.whole());
    }
    changes
}

fn differences<'n>(old: &Object<'n>, new: &Object<'n>, comparison: &Comparison) -> Fields<'n> {
    let known = versions().into_iter().rev();
    let mut known = known.filter_map(|version| comparison.schemas.get(version, new.api_version, new.kind));
    fields(old.node, new.node, known.next().map(|known| &known.schema))
}

/// Lists of pod templates: Kubernetes compares these with their order.
fn in_templates(object: &Object, found: &Fields) -> impl Iterator<Item = FieldPath> {
    let way = way_to_pod(object.group(), object.kind).filter(|way| !way.is_empty());
    let way: Vec<String> = way.unwrap_or(&["-"]).iter().map(|key| (*key).to_owned()).collect();
    found.reordered.clone().into_iter().filter(move |path| path.is_below(&way))
}
