//! `platformc reach`: who can reach whom, from the NetworkPolicies that are rendered.

mod graph;
mod json;
mod matrix;
mod names;
mod question;
mod table;
#[cfg(test)]
mod tests;

use camino::{Utf8Path, Utf8PathBuf};
use clap::ValueEnum;

use crate::cli::{Answer, Exit};
use crate::diagnostic::{self, Diagnostic, Format, Severity, Sink, Style};
use crate::link::reach::{Scene, internet};
use crate::link::symbols::Symbols;
use crate::resolve::input::Cluster;
use crate::source::Sources;
use crate::world::{Disk, World};
use crate::{Request, inspect, lint};
use matrix::Matrix;
use names::{End, Names};

const EXAMPLES: &str = "\
Examples:
  platformc reach                                   show every connection that is open
  platformc reach web                               show what one service can reach
  platformc reach web api                           ask whether one reaches the other, and why
  platformc reach shop/web internet                 ask about one workload and the internet
  platformc reach --environment prod --format dot   draw one environment, for Graphviz
  platformc reach --manifests k8s/ --format json    give every pair of any manifests to a program";

const MORE: &str = "\
FROM and TO are `namespace/name` or the name of a workload, the name of a service, component or release (all its workloads), \
a namespace, an address or CIDR, or `internet` (every address that is not private).

With FROM and TO the exit code is 0 for yes and 1 for no; in several environments, 0 where all say yes.

JSON holds, for each environment, `workloads`; `pairs`: every ordered pair of workloads (two pods of one workload too), \
with all `open` ports as ranges, and a `verdict` for each port that the target declares; and `addresses`: for each workload \
and direction the ranges of addresses with their open ports. Pods on the network of their node are in no pair.";

/// Show who can reach whom, as the NetworkPolicies say.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{MORE}"))]
pub struct Arguments {
    /// Show what this reaches only.
    #[arg(value_name = "FROM")]
    pub from: Option<String>,

    /// Answer whether FROM reaches this.
    #[arg(value_name = "TO")]
    pub to: Option<String>,

    /// Read this file; `templates/` of your own lies beside it.
    #[arg(long, value_name = "FILE", default_value = "platform.yaml")]
    pub file: Utf8PathBuf,

    /// Show this environment only.
    #[arg(long, value_name = "NAME", conflicts_with = "manifests")]
    pub environment: Option<String>,

    /// Read these manifests, and those below these folders, in the place of a platform.
    #[arg(long, value_name = "PATH", num_args = 1.., conflicts_with = "file")]
    pub manifests: Vec<Utf8PathBuf>,

    /// Show it in this format.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: Drawing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Drawing {
    /// A table for people.
    #[default]
    Human,
    /// For programs.
    Json,
    /// For Graphviz.
    Dot,
    /// For Markdown.
    Mermaid,
}

/// What is said of one environment.
struct Said {
    environment: Option<String>,
    /// Names that nothing has are told, with the nearest known.
    text: Result<String, String>,
    is_yes: bool,
}

pub fn run(arguments: &Arguments, style: Style) -> Answer {
    let (folder, file) = super::project(&arguments.file);
    // Manifests are meant from where one stands, the platform from its own folder.
    let world = if arguments.manifests.is_empty() { Disk::at(folder) } else { Disk::at("") };
    build(&world, file, arguments, style)
}

/// The answer about `file`, or about the manifests, in `world`.
pub fn build(world: &dyn World, file: &Utf8Path, arguments: &Arguments, style: Style) -> Answer {
    let (mut sources, mut sink) = (Sources::below(world.folder()), Sink::default());
    let said = if arguments.manifests.is_empty() {
        of_platform(world, file, arguments, &mut sources, &mut sink)
    } else {
        of_manifests(world, arguments, &mut sources, &mut sink)
    };
    let mut errors: Vec<Diagnostic> = sink.into_sorted();
    errors.retain(|fault| fault.severity == Severity::Error);
    let message = match errors.is_empty() {
        true => String::new(),
        false => diagnostic::render(&errors, &sources, Format::Human, style),
    };
    answer(arguments, &said, message)
}

fn of_platform(
    world: &dyn World,
    file: &Utf8Path,
    arguments: &Arguments,
    sources: &mut Sources,
    sink: &mut Sink,
) -> Vec<Said> {
    let environment = arguments.environment.clone();
    let request = Request { file: file.to_owned(), environment, today: world.today() };
    let mut said = vec![];
    inspect(world, &request, sources, sink, |environment, symbols| {
        said.push(of_symbols(arguments, environment, symbols));
    });
    said
}

fn of_manifests(world: &dyn World, arguments: &Arguments, sources: &mut Sources, sink: &mut Sink) -> Vec<Said> {
    let paths: Vec<&Utf8Path> = arguments.manifests.iter().map(Utf8PathBuf::as_path).collect();
    vec![lint::inspect(world, &paths, sources, sink, |symbols| of_symbols(arguments, None, symbols))]
}

fn of_symbols(arguments: &Arguments, environment: Option<&str>, symbols: &Symbols) -> Said {
    let none = Cluster::default();
    let cluster = symbols.plan.map_or(&none, |plan| &plan.platform.input.cluster);
    let scene = Scene::new(symbols);
    let matrix = Matrix::new(scene.model(symbols), internet(cluster));
    let names = Names::new(&matrix, symbols.plan);
    let (text, is_yes) = match ends(arguments, &names) {
        Err(unknown) => (Err(unknown), false),
        Ok((from, to)) => drawn(arguments, environment, &matrix, from.as_ref(), to.as_ref()),
    };
    Said { environment: environment.map(str::to_owned), text, is_yes }
}

fn ends(arguments: &Arguments, names: &Names) -> Result<(Option<End>, Option<End>), String> {
    let end = |text: &Option<String>| text.as_ref().map(|text| names.end(text)).transpose();
    Ok((end(&arguments.from)?, end(&arguments.to)?))
}

fn drawn(
    arguments: &Arguments,
    environment: Option<&str>,
    matrix: &Matrix,
    from: Option<&End>,
    to: Option<&End>,
) -> (Result<String, String>, bool) {
    let question = from.zip(to).map(|(from, to)| question::Question { matrix, from, to });
    let is_yes = question.as_ref().is_none_or(question::Question::is_yes);
    let text = match (arguments.format, question) {
        (Drawing::Human, Some(question)) => question.answer(),
        (Drawing::Human, None) => table::table(matrix, from),
        (Drawing::Json, _) => json::json(matrix, environment, from, to),
        (Drawing::Dot, _) => graph::dot(matrix, environment, from, to),
        (Drawing::Mermaid, _) => graph::mermaid(matrix, from, to),
    };
    (Ok(text), is_yes)
}

/// A name that one environment has and another lacks is a no there; one that none has is a wrong command line.
fn answer(arguments: &Arguments, said: &[Said], message: String) -> Answer {
    if said.is_empty() {
        return Answer { output: String::new(), message, exit: Exit::Faults };
    }
    let unknown = said.iter().find_map(|said| said.text.as_ref().err());
    if let Some(unknown) = unknown.filter(|_| said.iter().all(|said| said.text.is_err())) {
        return Answer::failed(format!("{message}error: {unknown}\n"));
    }
    let exit = if said.iter().all(|said| said.is_yes) && message.is_empty() { Exit::Done } else { Exit::Faults };
    let texts: Vec<String> = said.iter().map(|said| part(said, arguments.format)).collect();
    let output = match arguments.format {
        Drawing::Json => format!("{{\"environments\": [\n{}\n]}}\n", texts.join(",\n")),
        _ => texts.join("\n"),
    };
    Answer { output, message, exit }
}

fn part(said: &Said, format: Drawing) -> String {
    let text = match &said.text {
        Ok(text) => text.clone(),
        Err(unknown) if format == Drawing::Json => json::unknown(said.environment.as_deref(), unknown),
        Err(unknown) => format!("no: {unknown}\n"),
    };
    match (&said.environment, format) {
        (Some(environment), Drawing::Human) => format!("{environment}:\n{text}"),
        _ => text,
    }
}
