//! Planned files: a template, its context, a path.

use camino::Utf8PathBuf;
use serde_json::{Map, Value as Json, json};

use super::evaluate::Context;
use super::plan::{Embeds, Instance, Origin, PlannedFile};
use super::scope;
use crate::component::catalog::Word;
use crate::component::interface::{File, FileUse};
use crate::diagnostic::Sink;
use crate::resolve::Platform;
use crate::source::Node;

/// A derived object: one template per kind, one rule of naming.
pub struct Derived<'a> {
    pub platform: &'a Platform,
    /// The kind in lower case: the template's name.
    pub kind: &'a str,
    pub folder: &'a str,
    /// In `folder`, without the ending.
    pub file: String,
    pub name: &'a str,
    pub namespace: Option<&'a str>,
    /// What the object belongs to, for its labels.
    pub of: &'a str,
}

impl Derived<'_> {
    pub fn file(self, facts: Json, origin: Origin) -> PlannedFile {
        let labels = scope::labels(self.platform, self.of);
        let mut context = match facts {
            Json::Object(map) => map,
            _ => Map::new(),
        };
        context.insert("object".into(), json!({ "name": self.name, "namespace": self.namespace, "labels": labels }));
        context.insert("source".into(), json!(origin.instance));
        PlannedFile {
            path: Utf8PathBuf::from(format!("{}/{}.yaml", self.folder, self.file)),
            template: Some(format!("kubernetes/{}.yaml.j2", self.kind)),
            context: Json::Object(context),
            used_as: FileUse::Manifests,
            reads_secrets: false,
            embeds: None,
            origin,
        }
    }
}

/// The files that an instance's component declares.
pub fn declared(instance: &Instance, context: &Context, reads_secrets: bool, sink: &mut Sink) -> Vec<PlannedFile> {
    let labels = scope::labels(context.platform, &instance.used.name);
    let mut files = vec![];
    for declared in instance.component.word(Word::Files) {
        for evaluated in context.evaluate(declared, sink) {
            let origin = context.origin(&evaluated.reads, declared.span);
            let Some(file) = context.typed::<File>(&evaluated, &origin, sink) else { continue };
            let mut names = context.names(evaluated.item.as_ref());
            names.insert("labels".into(), labels.clone());
            names.insert("source".into(), json!(origin.instance));
            files.push(PlannedFile {
                path: file.path.into(),
                template: Some(format!("{}/{}", instance.component.id, file.template)),
                context: Json::Object(names),
                used_as: file.used_as,
                reads_secrets,
                embeds: file.embeds.map(|folder| Embeds {
                    folder: folder.into(),
                    may_be_empty: is_written_to(instance, &declared.id),
                }),
                origin,
            });
        }
    }
    files
}

/// Whether some file of the component has its path right below what a file embeds, both as they are written.
fn is_written_to(instance: &Instance, id: &str) -> bool {
    let files = instance.component.description.get("files").and_then(Node::as_list).unwrap_or_default();
    let text = |file: &'_ Node, key: &str| file.get(key).and_then(Node::as_str).map(str::to_owned);
    let embedding = id.parse().ok().and_then(|at: usize| files.get(at));
    let Some(folder) = embedding.and_then(|file| text(file, "embeds")) else { return false };
    let folder = folder.trim_end_matches('/');
    files
        .iter()
        .filter_map(|file| text(file, "path"))
        .any(|path| path.rsplit_once('/').is_some_and(|(parent, _)| parent == folder))
}
