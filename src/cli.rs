//! The command line: arguments in, exit code out. One file per command.
//!
//! A command gives an [`Answer`]; only this file prints it. Exit 0: done; 1: faults; 2: a wrong command line, or platformc
//! itself failed.

pub mod check;
pub mod completions;
pub mod components;
pub mod diff;
pub mod explain;
pub mod faults;
pub mod init;
pub mod lint;
pub mod man;
pub mod reach;
pub mod render;
pub mod schema;
mod text;
pub mod verify_chart;
pub mod watch;

use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use camino::{Utf8Path, Utf8PathBuf};
use clap::{Parser, Subcommand, ValueEnum};

use crate::diagnostic::Style;

const EXAMPLES: &str = "\
Examples:
  platformc init                           write a platform.yaml to start from
  platformc render                         write out/ from platform.yaml
  platformc render --environment prod      write out/prod only
  platformc render --deny warnings         fail on warnings, as a pipeline should
  platformc render --watch                 write it anew with each change, and show what that does
  platformc diff --against main            show what a change does to the cluster
  platformc render --format json           give the faults to a program
  platformc check                          fail where out/ is not what platform.yaml says
  platformc lint manifests/                check manifests that platformc did not write
  platformc reach web api                  ask whether the policies let one reach the other
  platformc components service             show the options of a component
  platformc explain E0201                  read what a fault means
  platformc explain services.api.port      say where a value comes from
  platformc schema                         write schemas/*.json, for completion in editors
  platformc verify-chart web --chart web   check what a component says of its chart
  platformc completions bash               print a script with which bash completes commands
  platformc man                            print the manual";

/// Compile one platform.yaml into a whole Kubernetes platform.
///
/// What platformc writes works, or it writes nothing and says which line is at fault.
#[derive(Debug, Parser)]
#[command(name = "platformc", version, after_help = EXAMPLES, arg_required_else_help = true, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    /// Use colours: where the terminal shows them, always, or never.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, global = true)]
    pub color: Color,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Init(init::Arguments),
    Render(render::Arguments),
    Check(check::Arguments),
    Diff(diff::Arguments),
    Lint(lint::Arguments),
    Reach(reach::Arguments),
    Components(components::Arguments),
    Explain(explain::Arguments),
    Schema(schema::Arguments),
    VerifyChart(verify_chart::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// What a command has to say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// For standard output: what was asked for.
    pub output: String,
    /// For standard error: what else there is to tell.
    pub message: String,
    pub exit: Exit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Exit {
    #[default]
    Done = 0,
    Faults = 1,
    /// A wrong command line, or a failure of platformc itself.
    Failed = 2,
}

impl Answer {
    /// What was asked for.
    pub fn output(output: String) -> Self {
        Self { output, ..Self::default() }
    }

    /// Why it cannot be given.
    pub fn failed(message: String) -> Self {
        Self { message, exit: Exit::Failed, ..Self::default() }
    }
}

pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return wrong(&error),
    };
    let (style, output) = (cli.color.style(&io::stderr()), cli.color.style(&io::stdout()));
    let answer = catch_unwind(AssertUnwindSafe(|| cli.command.run(style, output))).unwrap_or_else(|_| own_fault());
    match tell(&answer) {
        // A reader that has gone away (`| head`) has what it wanted.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Exit::Failed.into(),
        _ => answer.exit.into(),
    }
}

impl Command {
    /// Faults are drawn in `style`, for standard error; what is asked for in that of `output`.
    fn run(self, style: Style, output: Style) -> Answer {
        match self {
            Self::Init(arguments) => init::run(&arguments, style),
            Self::Render(arguments) if arguments.watch => watch::run(&arguments, style, output),
            Self::Render(arguments) => render::run(&arguments, style),
            Self::Check(arguments) => check::run(&arguments, style),
            Self::Diff(arguments) => diff::run(&arguments, style, output),
            Self::Lint(arguments) => lint::run(&arguments, style),
            Self::Reach(arguments) => reach::run(&arguments, style),
            Self::Components(arguments) => components::run(&arguments, style),
            Self::Explain(arguments) => explain::run(&arguments, style),
            Self::Schema(arguments) => schema::run(&arguments, style),
            Self::VerifyChart(arguments) => verify_chart::run(&arguments, style),
            Self::Completions(arguments) => completions::run(&arguments),
            Self::Man(arguments) => man::run(&arguments),
        }
    }
}

/// A folder that is named on the command line: an empty name is a variable that is not set.
fn folder(text: &str) -> Result<Utf8PathBuf, String> {
    if text.is_empty() { Err("the name is empty; `.` is the folder where you stand".into()) } else { Ok(text.into()) }
}

/// The folder of a platform.yaml, and the file's path in it; an example of a component is one of the folder that has the
/// component's `templates/`.
fn project(file: &Utf8Path) -> (&Utf8Path, &Utf8Path) {
    let folder = file.parent().unwrap_or(Utf8Path::new(""));
    let templates = folder.parent().and_then(Utf8Path::parent).filter(|_| folder.file_name() == Some("examples"));
    let above = templates.filter(|templates| templates.file_name() == Some("templates")).and_then(Utf8Path::parent);
    let root = above.unwrap_or(folder);
    (root, file.strip_prefix(root).unwrap_or(file))
}

/// What clap has to say: the help that was asked for, or what is wrong.
fn wrong(error: &clap::Error) -> ExitCode {
    // Nobody is there to hear that it cannot be said.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(Exit::Failed as u8))
}

/// The panic itself has been told by then.
fn own_fault() -> Answer {
    Answer::failed(
        "error: platformc itself failed; nothing is wrong with your files. Please report the lines above.\n".into(),
    )
}

/// Says something while a command is still at work.
fn remark(text: &str) {
    // Nobody is there to hear it: the command goes on.
    let _ = say(io::stderr(), &format!("{text}\n"));
}

fn tell(answer: &Answer) -> io::Result<()> {
    let (message, output) = (say(io::stderr(), &answer.message), say(io::stdout(), &answer.output));
    message.and(output)
}

fn say(mut stream: impl Write, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

impl Color {
    /// How is drawn on standard error, or output.
    fn style(self, stream: &impl RawStream) -> Style {
        let plain = match self {
            Self::Auto => AutoStream::choice(stream) == ColorChoice::Never,
            Self::Always => false,
            Self::Never => true,
        };
        if plain { Style::Plain } else { Style::Coloured }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_and_option_says_what_it_does() {
        let cli = Cli::command();
        for command in cli.get_subcommands() {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            let silent = command.get_arguments().find(|argument| argument.get_help().is_none());
            assert_eq!(silent.map(clap::Arg::get_id), None, "{}", command.get_name());
        }
    }

    #[test]
    fn every_command_shows_examples_and_each_is_a_command_line() {
        let cli = Cli::command();
        for command in cli.get_subcommands().chain([&cli]) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let examples: Vec<&str> = help.lines().skip(1).map(example).collect();
            assert!(!examples.is_empty(), "{}: no example", command.get_name());
            for example in examples {
                assert!(example.contains(command.get_name()), "{example}");
                Cli::try_parse_from(example.split(' ')).unwrap_or_else(|error| panic!("{example}: {error}"));
            }
        }
    }

    #[test]
    fn an_example_of_a_component_is_one_of_its_project() {
        let places =
            ["platform.yaml", "a/b/platform.yaml", "templates/queue/examples/small.yaml", "examples/small.yaml"];
        let folders = places.map(|place| {
            let (folder, file) = project(place.into());
            assert_eq!(folder.join(file), place);
            folder.as_str()
        });
        assert_eq!(folders, ["", "a/b", "", "examples"]);
    }

    #[test]
    fn an_empty_folder_is_none() {
        assert!(Cli::try_parse_from(["platformc", "render", "--out", ""]).is_err());
        assert!(Cli::try_parse_from(["platformc", "render", "--out", "."]).is_ok());
    }

    #[test]
    fn no_help_is_wider_than_100_columns() {
        let mut cli = Cli::command();
        cli.build();
        for command in cli.get_subcommands_mut() {
            for help in [command.render_help(), command.render_long_help()] {
                let help = help.to_string();
                let wide = help.lines().find(|line| line.chars().count() > 100);
                assert_eq!(wide, None, "{}", command.get_name());
            }
        }
    }

    /// What stands before the explanation.
    fn example(line: &str) -> &str {
        line.trim().split("  ").next().unwrap_or_default()
    }
}
