//! What charts read: as their values say, and as their interface declares.
//!
//! A value that is a Secret's name or key has a path among the interface's `values`. What has the form of Kubernetes'
//! own (`secretKeyRef`, `configMapKeyRef`, and both below `envFrom`) needs none: charts pass it on as it is. A value that
//! Helm would still evaluate (`{{ … }}`) is not followed.

use std::collections::BTreeSet;

use super::pods::{is_optional, items};
use super::{Key, Place, Reference, of_value};
use crate::component::interface::{By, ChartValue, Meaning};
use crate::link::symbols::{ChartValues, DataKind, SetValue, Symbols, beside, maker};
use crate::render::RenderedFile;
use crate::source::{Node, NodePath};

pub(super) fn add<'s>(symbols: &'s Symbols, references: &mut Vec<Reference<'s>>) {
    for chart in &symbols.charts {
        let reader = Chart { symbols, chart };
        let mut unnamed = BTreeSet::new();
        for (path, entry) in &chart.release.meanings {
            match entry.is.is {
                Meaning::Secret => references.extend(reader.named(DataKind::Secret, path, &entry.is)),
                Meaning::ConfigMap => references.extend(reader.named(DataKind::ConfigMap, path, &entry.is)),
                Meaning::Key => references.extend(reader.keys(path, &entry.is, &mut unnamed)),
                _ => {}
            }
        }
        for file in &chart.files {
            let root = file.documents.first();
            root.into_iter().for_each(|root| reader.shaped(file, root, &NodePath::root(), references));
        }
        reader.declared(references);
    }
}

struct Chart<'s> {
    symbols: &'s Symbols<'s>,
    chart: &'s ChartValues<'s>,
}

impl<'s> Chart<'s> {
    fn named(&self, kind: DataKind, path: &str, meaning: &ChartValue) -> Vec<Reference<'s>> {
        let set = self.chart.at(path).into_iter().filter_map(|value| {
            let name = text(value.node)?;
            Some(self.reference(kind, name, None, self.place(value, meaning)))
        });
        set.collect()
    }

    /// A key of the Secret that `of` names; where it names none, the chart's own holds it.
    fn keys(&self, path: &str, meaning: &'s ChartValue, unnamed: &mut BTreeSet<&'s str>) -> Vec<Reference<'s>> {
        let Some(of) = &meaning.of else { return vec![] };
        let set = self.chart.at(path);
        if set.is_empty() && !path.contains('*') {
            return self.default_key(path, of, meaning).into_iter().collect();
        }
        let of_each = set.into_iter().filter_map(|value| {
            let name = self.chart.one(&beside(of, path, &value.path));
            let key = Key { name: text(value.node)?, place: self.place(value, meaning), or: None, why: None };
            match name {
                Some(name) => self.key(name, key),
                // Several keys that are not there are one name that is missing.
                None => self.own_key(of, key).filter(|_| unnamed.insert(of)),
            }
        });
        of_each.collect()
    }

    /// An absent value means its default, in the Secret that is named.
    fn default_key(&self, path: &str, of: &str, meaning: &ChartValue) -> Option<Reference<'s>> {
        let (of, name) = (self.chart.one(of)?, meaning.default.clone()?);
        let why = Some(format!("`{path}` is not set, which means `{name}`"));
        self.key(of.clone(), Key { name, place: self.place(of, meaning), or: None, why })
    }

    fn key(&self, of: SetValue<'s>, key: Key<'s>) -> Option<Reference<'s>> {
        let name = text(of.node)?;
        Some(self.reference(DataKind::Secret, name, Some(key), of_value(self.symbols, self.chart, of, None)))
    }

    /// One of the Secrets that the chart makes itself; none where it has it.
    fn own_key(&self, of: &str, key: Key<'s>) -> Option<Reference<'s>> {
        let secrets = self.chart.instance.secrets.values().filter(|secret| secret.is.by == Some(By::Chart));
        let own: Vec<_> = secrets.collect();
        let held = own.iter().any(|secret| secret.is.holds().contains(&key.name));
        let first = own.first().filter(|_| !held)?;
        let (place, why) = (key.place.clone(), Some(format!("`{of}` names no other Secret than the chart's own")));
        Some(self.reference(DataKind::Secret, first.is.name.clone(), Some(Key { why, ..key }), place))
    }

    /// References in Kubernetes' own form, wherever they stand.
    fn shaped(&self, file: &'s RenderedFile, node: &'s Node, at: &NodePath, references: &mut Vec<Reference<'s>>) {
        const FORMS: [(&str, DataKind); 4] = [
            ("secretKeyRef", DataKind::Secret),
            ("configMapKeyRef", DataKind::ConfigMap),
            ("secretRef", DataKind::Secret),
            ("configMapRef", DataKind::ConfigMap),
        ];
        for (form, kind) in FORMS {
            let Some(selector) = node.get(form).filter(|selector| !is_optional(selector)) else { continue };
            let place = |key: &str| {
                let (node, path) = (selector.get(key)?, at.key(form).key(key));
                Some((text(node)?, of_value(self.symbols, self.chart, SetValue { file, node, path }, None)))
            };
            let Some((name, named)) = place("name") else { continue };
            let key = place("key").map(|(name, place)| Key { name, place, or: None, why: None });
            references.push(self.reference(kind, name, key, named));
        }
        for (key, entry) in node.as_map().into_iter().flatten() {
            self.shaped(file, &entry.node, &at.key(key), references);
        }
        items(Some(node)).enumerate().for_each(|(index, item)| self.shaped(file, item, &at.index(index), references));
    }

    /// What the interface says that the chart's pods read, and something of the platform makes.
    fn declared(&self, references: &mut Vec<Reference<'s>>) {
        let (instance, Some(plan)) = (self.chart.instance, self.symbols.plan) else { return };
        for secret in instance.secrets.values().filter(|secret| matches!(secret.is.by, None | Some(By::Files))) {
            for id in &secret.is.readers {
                let Some(workload) = instance.workloads.get(id) else { continue };
                if maker(workload.is.by, instance) == By::Files {
                    continue;
                }
                let kind = workload.is.kind.as_deref().unwrap_or("Pod");
                for namespace in plan.namespaces_of(instance, &workload.is) {
                    let reader = format!("{kind} {namespace}/{}", instance.name_of(id, &workload.is));
                    let place = Place::Declared { reader, origin: &secret.origin };
                    references.extend(secret.is.holds().into_iter().map(|key| Reference {
                        kind: DataKind::Secret,
                        namespace: namespace.clone(),
                        name: secret.is.name.clone(),
                        key: Some(Key { name: key, place: place.clone(), or: None, why: None }),
                        place: place.clone(),
                    }));
                }
            }
        }
    }

    fn place(&self, value: SetValue<'s>, meaning: &ChartValue) -> Place<'s> {
        of_value(self.symbols, self.chart, value, meaning.option.as_deref())
    }

    fn reference(&self, kind: DataKind, name: String, key: Option<Key<'s>>, place: Place<'s>) -> Reference<'s> {
        Reference { kind, namespace: self.chart.release.namespace.clone(), name, key, place }
    }
}

/// A text that Helm takes as it is; an empty one is as good as none.
fn text(node: &Node) -> Option<String> {
    node.as_str().filter(|text| !text.is_empty() && !text.contains("{{")).map(str::to_owned)
}
