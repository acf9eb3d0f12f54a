//! `platformc schema`: the JSON Schemas that editors complete and check by.

use camino::Utf8Path;
use clap::ValueEnum;
use serde_json::Value as Json;

use crate::cli::{Answer, Exit};
use crate::component::{Catalog, catalog};
use crate::diagnostic::{self, Format, Sink, Style, did_you_mean};
use crate::resolve;
use crate::source::Sources;
use crate::world::{Disk, World};

const EXAMPLES: &str = "\
Examples:
  platformc schema                      write both into schemas/
  platformc schema --stdout             print the schema of platform.yaml
  platformc schema --stdout component   print the schema of component.yaml
  platformc schema --component service  print the schema of one component's options";

/// Write the JSON Schemas of platform.yaml and component.yaml into `schemas/`, for editors.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Print one of them instead.
    #[arg(long, value_name = "SCHEMA", value_enum, num_args = 0..=1, default_missing_value = "platform")]
    pub stdout: Option<Published>,

    /// Print the schema of the options of this component instead.
    #[arg(long, value_name = "NAME", conflicts_with = "stdout")]
    pub component: Option<String>,
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
    publish(&Disk::at(""), arguments, style)
}

/// Prints one schema, or writes both; neither where a component is faulty, for its options would be missing.
fn publish(world: &dyn World, arguments: &Arguments, style: Style) -> Answer {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let catalog = Catalog::load(world, &mut sources, &mut sink);
    let is_faulty = sink.has_errors();
    let message = diagnostic::render(&sink.into_sorted(), &sources, Format::Human, style);
    let answer = match (arguments.stdout, &arguments.component) {
        _ if is_faulty => Answer { exit: Exit::Faults, ..Answer::default() },
        (Some(schema), _) => Answer::output(schema.text(&catalog)),
        (None, Some(component)) => of_component(&catalog, component).unwrap_or_else(Answer::failed),
        (None, None) => write_all(world, &catalog).unwrap_or_else(Answer::failed),
    };
    Answer { message: message + &answer.message, ..answer }
}

fn of_component(catalog: &Catalog, name: &str) -> Result<Answer, String> {
    let unknown = || {
        let known = catalog.components.keys().map(String::as_str);
        let help = did_you_mean(name, known).unwrap_or_else(|| "`platformc components` lists them".into());
        format!("error: no component is called `{}`; {help}\n", name.escape_debug())
    };
    let component = catalog.components.get(name).ok_or_else(unknown)?;
    Ok(Answer::output(format!("{:#}\n", resolve::options_schema(component))))
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

    const BOTH: Arguments = Arguments { stdout: None, component: None };

    #[test]
    fn both_schemas_are_written_and_then_left_alone() {
        let world = Memory::default();
        let first = publish(&world, &BOTH, Style::Plain);
        let expected = "schemas/platform.schema.json: written\nschemas/component.schema.json: written\n";
        assert_eq!((first.message.as_str(), first.exit), (expected, Exit::Done));
        let second = publish(&world, &BOTH, Style::Plain);
        assert_eq!(second.message, expected.replace("written", "unchanged"));
    }

    #[test]
    fn what_is_printed_is_what_would_be_written() {
        let world = Memory::default();
        publish(&world, &BOTH, Style::Plain);
        for schema in Published::value_variants() {
            let printed =
                publish(&Memory::default(), &Arguments { stdout: Some(*schema), component: None }, Style::Plain);
            assert_eq!(Some(printed.output), world.text(schema.path()));
            assert_eq!(printed.message, "");
        }
    }

    #[test]
    fn what_cannot_be_written_is_told() {
        let world = Memory::with([("schemas", "a file")]);
        let answer = publish(&world, &BOTH, Style::Plain);
        let expected = "error: cannot write `schemas/platform.schema.json`: a part of its path is a file\n";
        assert_eq!((answer.message.as_str(), answer.exit), (expected, Exit::Failed));
    }

    #[test]
    fn the_options_of_one_component_are_printed() {
        let of = |name: &str| {
            let arguments = Arguments { stdout: None, component: Some(name.into()) };
            publish(&Memory::default(), &arguments, Style::Plain)
        };
        let schema: Json = serde_json::from_str(&of("cert-manager").output).unwrap();
        assert_eq!(schema["properties"]["provider"]["enum"], serde_json::json!(["cert-manager"]));
        assert_eq!(schema["required"], serde_json::json!(["issuer"]));
        assert!(schema["properties"]["values"].is_object(), "what every component with a chart takes");
        let unknown = of("cert-manger");
        let expected = "error: no component is called `cert-manger`; did you mean `cert-manager`?\n";
        assert_eq!((unknown.message.as_str(), unknown.exit), (expected, Exit::Failed));
    }
}
