//! `platformc init`: a platform.yaml to start from, empty or with the manifests that are there.

mod external;
mod from;
#[cfg(test)]
mod tests;

use std::io::ErrorKind;

use camino::{Utf8Path, Utf8PathBuf};

use crate::cli::Answer;
use crate::diagnostic::Style;
use crate::schema::format;
use crate::world::{Disk, World};

const EXAMPLES: &str = "\
Examples:
  platformc init                                    write one, with the main choices in comments
  platformc init --name shop --domain example.com   write one for this platform
  platformc init --from k8s                         take over the manifests below k8s/";

const START: &str = include_str!("init/start.yaml");

/// Write a platform.yaml to start from.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Call the platform so.
    #[arg(long, value_name = "NAME", default_value = "acme")]
    pub name: String,

    /// Put its hosts below this domain.
    #[arg(long, value_name = "DOMAIN", default_value = "example.com")]
    pub domain: String,

    /// Take over the manifests below this folder, which lies beside the file: they are named under `manifests`, and what they
    /// reference and do not hold under `external`.
    #[arg(long, value_name = "FOLDER")]
    pub from: Option<Utf8PathBuf>,

    /// Write this file; one that is there is left as it is.
    #[arg(long, value_name = "FILE", default_value = "platform.yaml")]
    pub file: Utf8PathBuf,
}

pub fn run(arguments: &Arguments, style: Style) -> Answer {
    let folder = arguments.file.parent().unwrap_or(Utf8Path::new(""));
    let file = arguments.file.strip_prefix(folder).unwrap_or(&arguments.file);
    answer(&Disk::at(folder), file, arguments, style)
        .unwrap_or_else(|reason| Answer::failed(format!("error: {reason}\n")))
}

/// Writes `file` in `world`, or says why not.
fn answer(world: &dyn World, file: &Utf8Path, arguments: &Arguments, style: Style) -> Result<Answer, String> {
    format::name(&arguments.name).map_err(|reason| wrong("name", &arguments.name, &reason))?;
    format::host(&arguments.domain).map_err(|reason| wrong("domain", &arguments.domain, &reason))?;
    match world.read(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        _ => return Err(format!("`{}` is there already; nothing is written", arguments.file)),
    }
    let Some(folder) = &arguments.from else {
        write(world, file, arguments, &filled(START, arguments))?;
        return Ok(Answer { message: written(arguments) + &next(arguments), ..Answer::default() });
    };
    let taken = from::take(world, file, folder, arguments)?;
    write(world, file, arguments, &taken.text)?;
    Ok(taken.answer(arguments, style))
}

fn write(world: &dyn World, file: &Utf8Path, arguments: &Arguments, text: &str) -> Result<(), String> {
    world.write(file, text.as_bytes()).map_err(|error| format!("cannot write `{}`: {error}", arguments.file))
}

fn wrong(option: &str, value: &str, reason: &str) -> String {
    format!("--{option}: `{}` cannot be used: {reason}", value.escape_debug())
}

fn filled(text: &str, arguments: &Arguments) -> String {
    text.replace("NAME/", &format!("{}/", arguments.name))
        .replace(": NAME\n", &format!(": {}\n", arguments.name))
        .replace("DOMAIN", &arguments.domain)
}

fn written(arguments: &Arguments) -> String {
    format!("{}: written\n", arguments.file)
}

fn next(arguments: &Arguments) -> String {
    let file = if arguments.file == "platform.yaml" { String::new() } else { format!(" --file {}", arguments.file) };
    format!("next: platformc render{file}\n")
}
