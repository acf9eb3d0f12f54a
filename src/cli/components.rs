//! `platformc components`: what there is to choose from, and what each takes.

mod interface;
mod json;
mod list;
mod one;
mod options;
#[cfg(test)]
mod tests;

use camino::{Utf8Path, Utf8PathBuf};
use clap::ValueEnum;

use crate::cli::{Answer, Exit};
use crate::component::{Catalog, Component};
use crate::diagnostic::{self, Format, Sink, Style, did_you_mean};
use crate::source::Sources;
use crate::world::{Disk, World};

const EXAMPLES: &str = "\
Examples:
  platformc components                         list capabilities, their providers, and collections
  platformc components service                 show the options and the interface of a component
  platformc components services                show what an entry of a collection takes
  platformc components service --format json   give it to a program";

/// List components, or show what one takes and what it gives.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Show this one: a component, a capability or a collection.
    #[arg(value_name = "NAME")]
    pub name: Option<String>,

    /// Find `templates/` of your own beside this file; the file itself is not read.
    #[arg(long, value_name = "FILE", default_value = "platform.yaml")]
    pub file: Utf8PathBuf,

    /// Show it in this format.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: Listing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Listing {
    /// For people.
    #[default]
    Human,
    /// For programs.
    Json,
}

/// What a name means.
enum Named<'c> {
    Component(&'c Component),
    /// The components that provide a capability.
    Capability(&'c str),
    /// A map by name that comes with a component.
    Collection(&'c str, &'c Component),
}

pub fn run(arguments: &Arguments, style: Style) -> Answer {
    let folder = arguments.file.parent().unwrap_or(Utf8Path::new(""));
    answer(&Disk::at(folder), arguments, style)
}

/// The answer about the components in `world`; those that are faulty are told, and not among them.
pub fn answer(world: &dyn World, arguments: &Arguments, style: Style) -> Answer {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let catalog = Catalog::load(world, &mut sources, &mut sink);
    let is_faulty = sink.has_errors();
    let message = diagnostic::render(&sink.into_sorted(), &sources, Format::Human, style);
    let is_json = arguments.format == Listing::Json;
    let output = match arguments.name.as_deref().map(|name| named(&catalog, name)) {
        None if is_json => json::all(&catalog),
        None => list::list(&catalog),
        Some(Ok(named)) if is_json => json::one(&catalog, &named),
        Some(Ok(named)) => one::one(&catalog, &named, &sources),
        Some(Err(unknown)) => return Answer::failed(format!("{message}error: {unknown}\n")),
    };
    Answer { output, message, exit: if is_faulty { Exit::Faults } else { Exit::Done } }
}

fn named<'c>(catalog: &'c Catalog, name: &str) -> Result<Named<'c>, String> {
    if let Some(component) = catalog.components.get(name) {
        return Ok(Named::Component(component));
    }
    if let Some((capability, _)) = catalog.capabilities.get_key_value(name) {
        return Ok(Named::Capability(capability));
    }
    let collections = || catalog.components.values().flat_map(collections);
    if let Some((collection, owner)) = collections().find(|(collection, _)| *collection == name) {
        return Ok(match owner.provides.collection {
            Some(_) => Named::Component(owner),
            None => Named::Collection(collection, owner),
        });
    }
    let known = catalog.components.keys().chain(catalog.capabilities.keys()).map(String::as_str);
    let help = did_you_mean(name, known.chain(collections().map(|(collection, _)| collection)));
    let help = help.unwrap_or_else(|| "`platformc components` lists them".into());
    Err(format!("no component, capability or collection is called `{}`; {help}", name.escape_debug()))
}

/// The top-level maps by name that a component brings.
fn collections(component: &Component) -> impl Iterator<Item = (&str, &Component)> {
    let names = component.provides.collection.iter().chain(component.collections.keys());
    names.map(move |name| (name.as_str(), component))
}

/// How it is chosen in platform.yaml.
fn choosing(component: &Component) -> String {
    match (&component.provides.capability, &component.provides.collection) {
        (Some(capability), _) => format!("{capability}: {}", component.id),
        (None, Some(collection)) => format!("{collection}.NAME"),
        (None, None) => component.id.clone(),
    }
}
