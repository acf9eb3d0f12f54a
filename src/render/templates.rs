//! Templates: Jinja in, text and a source map out.
//!
//! Takes named texts; gives, for a name and a context, a [`Page`]: the text, and for each of its lines the template's.
//! Faults: E0401, at the template's bytes. Those of syntax are all reported when [`Templates`] is built.
//!
//! How a value is written is told by the name's end, see `manner.rs`, so that no value can change the shape of a file.
//! A template stands alone: there are no macros, includes or parents. Who asked for a page is not known here.

mod fault;
mod filters;
mod manner;
mod page;
mod python;
mod standing;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};

use self::manner::Manner;
pub use self::page::Page;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::FileId;

/// Every template, parsed.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
    /// By name: where the text stands and how it writes values, or what is wrong with it.
    files: BTreeMap<String, Result<(FileId, Manner), Box<Diagnostic>>>,
}

impl Templates {
    /// Parses all texts. A faulty one is reported and set aside; rendering it gives the same fault again.
    pub fn new<'a>(texts: impl IntoIterator<Item = (String, FileId, &'a str)>, sink: &mut Sink) -> Self {
        let mut templates = Self { environment: environment(), files: BTreeMap::new() };
        for (name, file, text) in texts {
            let added = templates.add(&name, file, text);
            if let Err(fault) = &added {
                sink.push((**fault).clone());
            }
            templates.files.insert(name, added.map(|manner| (file, manner)));
        }
        templates
    }

    fn add(&mut self, name: &str, file: FileId, text: &str) -> Result<Manner, Box<Diagnostic>> {
        let manner = Manner::of(name).ok_or_else(|| Box::new(fault::unknown_manner(name, file)))?;
        let added = self.environment.add_template_owned(name.to_owned(), text.to_owned());
        added.map_err(|error| Box::new(fault::of(&error, file, text, &Value::UNDEFINED)))?;
        Ok(manner)
    }

    /// The text that a template makes of a context.
    pub fn render(&self, name: &str, context: Value) -> Result<Page, Box<Diagnostic>> {
        let (file, manner) = self.files.get(name).cloned().unwrap_or_else(|| Err(Box::new(self.unknown(name))))?;
        let template = self.environment.get_template(name).map_err(|_| Box::new(self.unknown(name)))?;
        match template.render_with_spans(context.clone()) {
            Ok((output, spans)) => {
                Page::assemble(manner, &output, &spans).map_err(|misplaced| Box::new(fault::misplaced(file, misplaced)))
            }
            Err(error) => Err(Box::new(fault::of(&error, file, template.source(), &context))),
        }
    }

    /// Where a template stands; none if there is none, or a faulty one.
    pub fn file(&self, name: &str) -> Option<FileId> {
        self.files.get(name)?.as_ref().ok().map(|(file, _)| *file)
    }

    /// Whether a template is there and its fault was told when all were read.
    pub fn is_faulty(&self, name: &str) -> bool {
        self.files.get(name).is_some_and(Result::is_err)
    }

    /// Whether one of them is.
    pub fn has_faulty(&self) -> bool {
        self.files.values().any(Result::is_err)
    }

    fn unknown(&self, name: &str) -> Diagnostic {
        let known = self.files.keys().map(String::as_str);
        Diagnostic::new(Code::Template, format!("there is no template `{name}`")).suggest(name, known)
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(syntax());
    environment.set_formatter(manner::format);
    // Texts that a block captures are then told from those that are values.
    environment.set_auto_escape_callback(|_| AutoEscape::Custom(Cow::Borrowed("value")));
    // The byte range of a fault, and what in it is undefined.
    environment.set_debug(true);
    filters::set(&mut environment);
    environment
}

fn syntax() -> SyntaxConfig {
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    syntax.build().unwrap_or_default()
}
