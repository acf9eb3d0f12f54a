//! `platformc explain`: what a fault means and how it is mended, or where a value comes from.

mod code;
#[cfg(test)]
mod tests;
mod value;

use camino::{Utf8Path, Utf8PathBuf};
use clap::ValueEnum;

use crate::cli::Answer;
use crate::diagnostic::{Code, Style};
use crate::source::NodePath;
use crate::world::{Disk, World};

const EXAMPLES: &str = "\
Examples:
  platformc explain E0201                               read what E0201 means
  platformc explain                                     list all codes
  platformc explain services.api.port                   say where a value comes from
  platformc explain dataIntegration --environment prod  say it of all values below a key
  platformc explain services.web --format json           give it to a program";

/// Read what a fault means, or where a value of platform.yaml comes from.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The code in the brackets of a fault, like E0201, or the path of a value, like services.api.port; without it, list
    /// all codes.
    #[arg(value_name = "CODE|PATH")]
    pub what: Option<String>,

    /// Read this file; `templates/` of your own lies beside it.
    #[arg(long, value_name = "FILE", default_value = "platform.yaml")]
    pub file: Utf8PathBuf,

    /// Say it of this environment only.
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,

    /// Show values in this format.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: Values,
}

/// How values are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Values {
    /// For people.
    #[default]
    Human,
    /// One line for each, `file:line:column: services.api.port: 80`.
    Short,
    /// For programs.
    Json,
}

pub fn run(arguments: &Arguments, style: Style) -> Answer {
    let (folder, file) = super::project(&arguments.file);
    answer(&Disk::at(folder), file, arguments, style)
}

/// The answer about `file` in `world`.
pub fn answer(world: &dyn World, file: &Utf8Path, arguments: &Arguments, style: Style) -> Answer {
    let Some(text) = arguments.what.as_deref() else { return code::all() };
    match text.parse::<Code>() {
        Ok(code) => Answer::output(code.page().to_owned()),
        Err(()) if code::is_meant(text) => Answer::failed(code::unknown(text)),
        Err(()) => match NodePath::read(text) {
            Some(path) => value::answer(world, file, &path, arguments, style),
            None => Answer::failed(format!(
                "error: `{}` is no path; one looks like services.api.port\n",
                text.escape_debug()
            )),
        },
    }
}
