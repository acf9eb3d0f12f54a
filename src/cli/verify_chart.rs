//! `platformc verify-chart`: what a component claims of its chart, held against what the chart renders.

#[cfg(test)]
mod tests;

use camino::{Utf8Path, Utf8PathBuf};

use crate::chart::helm::Helm;
use crate::chart::uses::Compiler;
use crate::chart::verify::Verifier;
use crate::cli::render::Run;
use crate::cli::{Answer, Exit};
use crate::component::interface::Chart;
use crate::component::{Catalog, Component};
use crate::diagnostic::{Format, Severity, Sink, Style, did_you_mean};
use crate::render::Templates;
use crate::source::{NodePath, Sources};
use crate::world::{Disk, World};

const EXAMPLES: &str = "\
Examples:
  platformc verify-chart queue --chart queue-1.1.0.tgz        check a chart, in any version
  platformc verify-chart queue --chart charts/queue           check an unpacked one
  platformc verify-chart queue --chart queue --record q.tsv   write down what the chart renders
  platformc verify-chart queue --chart queue --format json    give the differences to a program";

const MORE: &str = "\
Every example of every component, and the platform.yaml, that use COMPONENT are compiled; the chart is rendered with the \
values of each, on the oldest and the newest Kubernetes that platformc knows. What the component's interface says of \
workloads, Services, ports, labels, Secrets, kinds and webhooks must be so, and what the chart makes must be claimed or \
stand in `ignores`. Values that decide nothing (sizes, numbers) make no scenario of their own.

The record goes to standard output, the differences to standard error; with another format than `human` the differences go \
to standard output. The exit code is 0 where there is no difference, 1 where there is one, 2 for a wrong command line. \
`helm` must be on the path; no cluster is asked, and nothing is fetched: `helm pull` does that.";

/// Check what a component says of its chart against the chart itself.
#[derive(Debug, Clone, clap::Args)]
#[command(arg_required_else_help = true, after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{MORE}"))]
pub struct Arguments {
    /// A component with a chart: one of the built-in ones, or of your own `templates/`.
    pub component: String,

    /// The chart: a folder or an archive, in any version.
    #[arg(long, value_name = "DIR|TGZ")]
    pub chart: Utf8PathBuf,

    /// Read this file, if it is there; `templates/` of your own lies beside it.
    #[arg(long, value_name = "FILE", default_value = "platform.yaml")]
    pub file: Utf8PathBuf,

    /// Write the record into this file, and print it no more.
    #[arg(long, value_name = "FILE")]
    pub record: Option<Utf8PathBuf>,

    /// Show differences in this format.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

pub fn run(arguments: &Arguments, style: Style) -> Answer {
    let (folder, file) = super::project(&arguments.file);
    // The chart and the record are meant from where one stands, the platform from its own folder.
    answer(&Disk::at(folder), file, &Disk::at(""), arguments, style)
}

/// The answer about `file` and the components in `project`, the chart in `place`.
pub fn answer(project: &dyn World, file: &Utf8Path, place: &dyn World, arguments: &Arguments, style: Style) -> Answer {
    let verified = match verify(project, file, place, arguments) {
        Ok(verified) => verified,
        Err(message) => return Answer::failed(format!("error: {message}\n")),
    };
    let written = match (&arguments.record, &verified.record) {
        (Some(path), Some(text)) => match place.write(path, text.as_bytes()) {
            Ok(()) => format!("{path}: written\n"),
            Err(error) => return Answer::failed(format!("error: cannot write `{path}`: {error}\n")),
        },
        _ => String::new(),
    };
    let has_errors = verified.run.diagnostics.iter().any(|fault| fault.severity == Severity::Error);
    let exit = if has_errors { Exit::Faults } else { Exit::Done };
    let mut answer = verified.run.shown(arguments.format, style, &(written + &verified.last), exit);
    if arguments.format == Format::Human && arguments.record.is_none() {
        answer.output = verified.record.unwrap_or_default();
    }
    answer
}

/// What was found of a chart.
pub struct Verified {
    pub run: Run,
    /// None where the chart could not be rendered in every scenario.
    pub record: Option<String>,
    /// The last line, for people.
    last: String,
}

/// Checks the chart; what is wrong with the command line is an error.
pub fn verify(
    project: &dyn World,
    file: &Utf8Path,
    place: &dyn World,
    arguments: &Arguments,
) -> Result<Verified, String> {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let catalog = Catalog::load(project, &mut sources, &mut sink);
    let verified = match named(&catalog, &arguments.component) {
        Err(_) if sink.has_errors() => None,
        Err(message) => return Err(message),
        Ok((component, chart)) => {
            let templates = Templates::new(catalog.all_templates(&sources), &mut sink);
            let place = Helm {
                world: place,
                chart: &arguments.chart,
                place: component.description.nearest(&NodePath::dotted("chart")),
            };
            let compiler = Compiler { world: project, catalog: &catalog, templates: &templates };
            let verifier = Verifier { component, chart, helm: place, compiler };
            verifier.verify(file, &mut sources, &mut sink)
        }
    };
    let (record, last) = verified.map_or((None, String::new()), |(record, last)| (Some(record), last));
    Ok(Verified { run: Run { diagnostics: sink.into_sorted(), sources, done: None }, record, last })
}

fn named<'c>(catalog: &'c Catalog, name: &str) -> Result<(&'c Component, &'c Chart), String> {
    let with_chart = || catalog.components.values().filter(|component| component.chart.is_some());
    let known: Vec<&str> = with_chart().map(|component| component.id.as_str()).collect();
    match catalog.components.get(name).map(|component| (component, &component.chart)) {
        Some((component, Some(chart))) => Ok((component, chart)),
        Some((_, None)) => Err(format!("the component `{name}` has no chart; those with one are {}", known.join(", "))),
        None => {
            let help = did_you_mean(name, known.iter().copied());
            let help = help.unwrap_or_else(|| format!("those with a chart are {}", known.join(", ")));
            Err(format!("no component is called `{}`; {help}", name.escape_debug()))
        }
    }
}
