//! `platformc diff`: what a change of the input does to the cluster.

mod entries;
mod human;
mod json;
mod markdown;
mod sarif;
mod value;

use camino::{Utf8Path, Utf8PathBuf};
use clap::ValueEnum;

use crate::cli::render::Run;
use crate::cli::{Answer, Exit};
use crate::diagnostic::{self, Diagnostic, Format, Severity, Sink, Style};
use crate::diff::before::{self, Before, Places};
use crate::diff::{Class, Compiled, Diff, diff};
use crate::emit::Tree;
use crate::source::Sources;
use crate::validate::crds;
use crate::validate::schemas::Schemas;
use crate::world::{Disk, World};
use crate::{Request, compile_seen};

const EXAMPLES: &str = "\
Examples:
  platformc diff                                       compare platform.yaml with out/
  platformc diff --against main                        compare it with out/ as committed on a branch
  platformc diff --against HEAD~1 --environment prod   compare one environment with the last commit but one
  platformc diff --against ../before/out               compare it with the trees in a folder
  platformc diff --fail-on replaces,deletes            fail where something is deleted or made anew
  platformc diff --against main --format markdown      write a comment for a pull request
  platformc diff --format json                         give it to a program";

const MORE: &str = "\
The new side is what platform.yaml compiles to now; nothing is written. The old side is `out/` beside it; with --against a \
folder that is there, else a revision of git, whose committed `out/` is read (a branch that is called as a folder is: `heads/NAME`).

Objects are compared field by field, and lists by the keys by which Kubernetes tells their items apart, so that order and \
formatting are no change. Each change has a class, the most dangerous first.

The exit code is 0, or 1 where a class of --fail-on was found, where platform.yaml is faulty, or where there is nothing to \
compare with; 2 for a wrong command line.";

/// Show what a change of platform.yaml does to the cluster.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{MORE}"))]
pub struct Arguments {
    /// Compare with this: a folder of trees, or a revision of git [default: `out` beside the file].
    #[arg(long, value_name = "REF|DIR")]
    pub against: Option<String>,

    /// Read this file; `templates/` of your own lies beside it.
    #[arg(long, value_name = "FILE", default_value = "platform.yaml")]
    pub file: Utf8PathBuf,

    /// Compare this environment only.
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,

    /// Show it in this format.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: Report,

    /// Fail where a change of one of these classes is found.
    #[arg(long, value_name = "CLASS", value_enum, value_delimiter = ',')]
    pub fail_on: Vec<Class>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Report {
    /// For people.
    #[default]
    Human,
    /// For a comment on a pull request.
    Markdown,
    /// For programs.
    Json,
    /// For code scanners: SARIF 2.1.0.
    Sarif,
}

pub fn run(arguments: &Arguments, style: Style, output: Style) -> Answer {
    let folder = arguments.file.parent().unwrap_or(Utf8Path::new(""));
    let file = arguments.file.strip_prefix(folder).unwrap_or(&arguments.file);
    // What is named on the command line is meant from where one stands, all else from the file's folder.
    let places = Places { project: &Disk::at(folder), here: &Disk::at("") };
    answer(&places, file, arguments, style, output)
}

/// What a run finds wrong; nothing is written.
pub fn faults(places: &Places, file: &Utf8Path, arguments: &Arguments) -> Run {
    let (mut sources, mut sink) = (Sources::below(places.project.folder()), Sink::default());
    compare(places, file, arguments, &mut sources, &mut sink);
    Run { diagnostics: sink.into_sorted(), sources, done: None }
}

/// The answer about `file`; faults are drawn in `style`, what is asked for in that of `output`.
pub fn answer(places: &Places, file: &Utf8Path, arguments: &Arguments, style: Style, output: Style) -> Answer {
    let (mut sources, mut sink) = (Sources::below(places.project.folder()), Sink::default());
    let found = compare(places, file, arguments, &mut sources, &mut sink);
    let mut errors: Vec<Diagnostic> = sink.into_sorted();
    errors.retain(|fault| fault.severity == Severity::Error);
    let Some(diff) = found else {
        let message = diagnostic::render(&errors, &sources, Format::Human, style);
        return Answer { message, exit: Exit::Faults, ..Answer::default() };
    };
    let hits: Vec<Class> =
        Class::all().iter().copied().filter(|class| arguments.fail_on.contains(class) && diff.has(*class)).collect();
    let output = shown(&diff, arguments.format, output, &arguments.file);
    let exit = if hits.is_empty() { Exit::Done } else { Exit::Faults };
    Answer { output, message: failed(&hits), exit }
}

/// A difference in a format; `file` is the platform.yaml that it is of.
pub fn shown(diff: &Diff, format: Report, style: Style, file: &Utf8Path) -> String {
    match format {
        Report::Human => human::human(diff, style),
        Report::Markdown => markdown::markdown(diff),
        Report::Sarif => sarif::sarif(diff, file.as_str()),
        Report::Json => json::json(diff),
    }
}

fn failed(hits: &[Class]) -> String {
    let names: Vec<&str> = hits.iter().map(|class| class.as_str()).collect();
    if hits.is_empty() { String::new() } else { format!("error: --fail-on: found {}\n", names.join(", ")) }
}

/// None where there is an error.
fn compare(
    places: &Places,
    file: &Utf8Path,
    arguments: &Arguments,
    sources: &mut Sources,
    sink: &mut Sink,
) -> Option<Diff> {
    let today = places.project.today();
    let request = Request { file: file.to_owned(), environment: arguments.environment.clone(), today };
    let new = compiled(places.project, &request, sources, sink)?;
    let names: Vec<&str> = new.iter().filter_map(|new| new.tree.environment.as_deref()).collect();
    let before = Before::read(arguments.against.as_deref(), places.here);
    let old = before::trees(places, before, &names).map_err(|fault| sink.push(fault)).ok()?;
    Some(after(places.project, &request, old, &new))
}

/// The trees of a platform.yaml, with what is known of them beside; none where there is an error.
pub fn compiled(world: &dyn World, request: &Request, sources: &mut Sources, sink: &mut Sink) -> Option<Vec<Compiled>> {
    let trees = compile_seen(world, request, sources, sink, Compiled::of)?;
    Some(trees.into_iter().map(|(tree, seen)| Compiled { tree, ..seen }).collect())
}

/// What became of `old`, where a request compiles to `new`.
pub fn after(world: &dyn World, request: &Request, mut old: Vec<Tree>, new: &[Compiled]) -> Diff {
    if let Some(one) = &request.environment {
        old.retain(|tree| tree.environment.is_none() || tree.environment.as_ref() == Some(one));
    }
    // They were judged when the platform was compiled.
    let own = crds::beside(world, &mut Sources::default(), &mut Sink::default());
    diff(&old, new, &Schemas::with(own))
}
