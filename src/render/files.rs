//! The files that components plan: what their templates make of each context.

use std::borrow::Cow;

use camino::Utf8PathBuf;
use minijinja::Value;
use minijinja::value::Serde;
use serde_json::Value as Json;

use super::templates::Templates;
use super::{Part, Rendered, RenderedFile, folders, header, json};
use crate::component::interface::FileUse;
use crate::diagnostic::Sink;
use crate::expand::{Plan, PlannedFile, asked};
use crate::source::Sources;

pub(super) struct Writer<'r> {
    pub plan: &'r Plan<'r>,
    pub templates: &'r Templates,
    pub sources: &'r Sources,
    /// What is there already: files that embed others see it.
    pub before: &'r Rendered,
}

impl Writer<'_> {
    pub fn file(&self, path: &Utf8PathBuf, planned: &[&PlannedFile], sink: &mut Sink) -> Option<RenderedFile> {
        let first = planned.first()?;
        let mut file = RenderedFile {
            path: path.clone(),
            text: header(path, &first.origin),
            used_as: first.used_as,
            parts: vec![],
            documents: vec![],
            reads_secrets: planned.iter().any(|file| file.reads_secrets),
            source: None,
            patched: vec![],
        };
        for (at, planned) in planned.iter().enumerate() {
            if at > 0 {
                file.text.push_str("---\n");
            }
            self.add(&mut file, planned, sink)?;
        }
        if matches!(file.used_as, FileUse::Manifests | FileUse::Values) {
            file.parse(self.sources, sink);
        }
        match path.extension() {
            Some("json") => json::check(&file, self.sources, sink),
            Some("yaml" | "yml") if file.used_as == FileUse::Code => file.check_yaml(self.sources, sink),
            _ => {}
        }
        Some(file)
    }

    fn add(&self, file: &mut RenderedFile, planned: &PlannedFile, sink: &mut Sink) -> Option<()> {
        let first_line = file.text.lines().count() + 1;
        let (origin, input) = (planned.origin.clone(), self.plan.platform.merged.clone());
        let Some(name) = &planned.template else {
            file.text.push_str(&crate::source::write::document(&planned.context));
            file.parts.push(Part { first_line, template: None, lines: vec![], origin, input });
            return Some(());
        };
        match self.templates.render(name, Value::from(Serde(&self.with_embedded(planned, sink)?))) {
            Ok(page) => {
                file.text.push_str(&page.text);
                file.parts.push(Part {
                    first_line,
                    template: self.templates.file(name),
                    lines: page.lines,
                    origin,
                    input,
                });
                Some(())
            }
            Err(_) if self.templates.is_faulty(name) => None,
            Err(fault) => {
                let expression = fault.primary().map_or("", |span| self.sources.text(span));
                sink.push(match (asked::option_in(expression, &origin, &input), origin.place()) {
                    (Some(value), _) => fault.at(value, "its value"),
                    (None, Some(place)) => fault.at(place, "rendered because of this"),
                    (None, None) => *fault,
                });
                None
            }
        }
    }

    /// The context, with the text of each file directly in the embedded folder by its name; none where the folder is wrong.
    fn with_embedded<'p>(&self, planned: &'p PlannedFile, sink: &mut Sink) -> Option<Cow<'p, Json>> {
        let (Some(embeds), Json::Object(context)) = (&planned.embeds, &planned.context) else {
            return Some(Cow::Borrowed(&planned.context));
        };
        let inside = self.before.files.iter().filter(|file| file.path.parent() == Some(&embeds.folder));
        let texts = inside.filter_map(|file| Some((file.path.file_name()?.to_owned(), Json::from(file.text.as_str()))));
        let texts: serde_json::Map<String, Json> = texts.collect();
        if texts.is_empty() && !embeds.may_be_empty {
            sink.push(folders::without_files(&embeds.folder, &planned.origin, self.before));
            return None;
        }
        let mut context = context.clone();
        context.insert("embedded".into(), Json::Object(texts));
        Some(Cow::Owned(Json::Object(context)))
    }
}
