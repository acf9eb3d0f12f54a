//! `platformc schema`: the JSON Schemas that editors complete and check by.

use camino::Utf8Path;
use clap::ValueEnum;
use serde_json::Value as Json;

use crate::cli::{Answer, Exit};
use crate::component::{Catalog, catalog};
use crate::diagnostic::{self, Format, Sink, Style};
use crate::resolve;
use crate::source::Sources;
use crate::world::{Disk, World};

const EXAMPLES: &str = "\
Examples:
  platformc schema                      write schemas/platform.schema.json and schemas/component.schema.json
  platformc schema --stdout             print the schema of platform.yaml
  platformc schema --stdout component   print the schema of component.yaml";

/// Write the JSON Schemas of platform.yaml and component.yaml into `schemas/`, for editors.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Print one of them instead.
    #[arg(long, value_name = "SCHEMA", value_enum, num_args = 0..=1, default_missing_value = "platform")]
    pub stdout: Option<Published>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Published {
    /// Of platform.yaml, with the components in `templates/` of your own.
    Platform,
    /// Of component.yaml.
    Component,
}

impl Published {
    pub fn path(self) -> &'static Utf8Path {
        Utf8Path::new(match self {
            Self::Platform => "schemas/platform.schema.json",
            Self::Component => "schemas/component.schema.json",
        })
    }

    /// The file's text.
    pub fn text(self, catalog: &Catalog) -> String {
        let schema: Json = match self {
            Self::Platform => resolve::platform_schema(catalog),
            Self::Component => catalog::component_schema(),
        };
        format!("{schema:#}\n")
    }
}

pub fn run(arguments: &Arguments, style: Style) -> Answer {
    publish(&Disk::at(""), arguments.stdout, style)
}

/// Prints one schema, or writes both; neither where a component is faulty, for its options would be missing.
fn publish(world: &dyn World, only: Option<Published>, style: Style) -> Answer {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let catalog = Catalog::load(world, &mut sources, &mut sink);
    let is_faulty = sink.has_errors();
    let message = diagnostic::render(&sink.into_sorted(), &sources, Format::Human, style);
    let answer = match only {
        _ if is_faulty => Answer { exit: Exit::Faults, ..Answer::default() },
        Some(schema) => Answer::output(schema.text(&catalog)),
        None => write_all(world, &catalog).unwrap_or_else(Answer::failed),
    };
    Answer { message: message + &answer.message, ..answer }
}

fn write_all(world: &dyn World, catalog: &Catalog) -> Result<Answer, String> {
    let done: Result<String, String> =
        Published::value_variants().iter().map(|schema| write(world, schema.path(), &schema.text(catalog))).collect();
    Ok(Answer { message: done?, ..Answer::default() })
}

fn write(world: &dyn World, path: &Utf8Path, text: &str) -> Result<String, String> {
    if world.read(path).is_ok_and(|bytes| bytes == text.as_bytes()) {
        return Ok(format!("{path}: unchanged\n"));
    }
    let written = world.write(path, text.as_bytes());
    written.map(|()| format!("{path}: written\n")).map_err(|error| format!("error: cannot write `{path}`: {error}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Memory;

    #[test]
    fn both_schemas_are_written_and_then_left_alone() {
        let world = Memory::default();
        let first = publish(&world, None, Style::Plain);
        let expected = "schemas/platform.schema.json: written\nschemas/component.schema.json: written\n";
        assert_eq!((first.message.as_str(), first.exit), (expected, Exit::Done));
        let second = publish(&world, None, Style::Plain);
        assert_eq!(second.message, expected.replace("written", "unchanged"));
    }

    #[test]
    fn what_is_printed_is_what_would_be_written() {
        let world = Memory::default();
        publish(&world, None, Style::Plain);
        for schema in Published::value_variants() {
            let printed = publish(&Memory::default(), Some(*schema), Style::Plain);
            assert_eq!(Some(printed.output), world.text(schema.path()));
            assert_eq!(printed.message, "");
        }
    }

    #[test]
    fn what_cannot_be_written_is_told() {
        let world = Memory::with([("schemas", "a file")]);
        let answer = publish(&world, None, Style::Plain);
        let expected = "error: cannot write `schemas/platform.schema.json`: a part of its path is a file\n";
        assert_eq!((answer.message.as_str(), answer.exit), (expected, Exit::Failed));
    }
}
