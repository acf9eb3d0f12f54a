//! `platformc verify-chart`: what a component claims of its chart, held against what the chart renders.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use crate::chart::helm::{Described, Helm, another, another_version};
use crate::chart::record::{Record, Scenario};
use crate::chart::shape::flat;
use crate::chart::uses::{Compiler, Use, errors, examples, platform};
use crate::chart::{Found, differences, extract, told};
use crate::cli::render::Run;
use crate::cli::{Answer, Exit};
use crate::component::interface::Chart;
use crate::component::{Catalog, Component};
use crate::diagnostic::{Code, Diagnostic, Format, Severity, Sink, Style, did_you_mean};
use crate::render::Templates;
use crate::source::{NodePath, Sources};
use crate::validate::schemas::versions;
use crate::world::{Disk, World};

const EXAMPLES: &str = "\
Examples:
  platformc verify-chart queue --chart queue-1.1.0.tgz        check what the component says of a chart, in any version
  platformc verify-chart queue --chart charts/queue           the same of an unpacked chart
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
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{MORE}"))]
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
    let folder = arguments.file.parent().unwrap_or(Utf8Path::new(""));
    let file = arguments.file.strip_prefix(folder).unwrap_or(&arguments.file);
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

struct Verifier<'a> {
    component: &'a Component,
    chart: &'a Chart,
    helm: Helm<'a>,
    compiler: Compiler<'a>,
}

/// A use of the chart on a version of Kubernetes.
type Render<'u> = (&'u Use, &'static str);

impl Verifier<'_> {
    /// The record and the last line; none where something is in the way.
    fn verify(&self, file: &Utf8Path, sources: &mut Sources, sink: &mut Sink) -> Option<(String, String)> {
        let described = match self.helm.describe() {
            Ok(described) => described,
            Err(fault) => {
                sink.push(fault);
                return None;
            }
        };
        if let Some(fault) = another(&described, &self.chart.name, self.place("chart.name")) {
            sink.push(fault);
            return None;
        }
        sink.extend(another_version(&described, &self.chart.version, self.place("chart.version")));
        let uses = self.uses(file, sources, sink);
        let scenarios = self.scenarios(&uses, sink)?;
        let mut found = Found::default();
        for (used, scenario) in &scenarios {
            found.add(&scenario.name, differences(&used.claims, scenario));
        }
        sink.extend(told(&found, self.component));
        let scenarios: Vec<Scenario> = scenarios.into_iter().map(|(_, scenario)| scenario).collect();
        let last = format!("{} {}: {} compared\n", described.name, described.version, counted(scenarios.len()));
        let about = about(&self.component.id, self.chart, &described);
        Some((Record { scenarios }.text(&about), last))
    }

    fn place(&self, path: &str) -> crate::source::Span {
        self.component.description.nearest(&NodePath::dotted(path))
    }

    /// One use for each way to set the chart's values. Examples of others that do not compile are theirs to mend.
    fn uses(&self, file: &Utf8Path, sources: &mut Sources, sink: &mut Sink) -> Vec<Use> {
        let mut given = examples(self.compiler.world, &self.component.id, sources, sink);
        given.extend(platform(self.compiler.world, file, sources, sink));
        let mut uses: Vec<Use> = vec![];
        for given in given {
            let mut faults = Sink::default();
            let found = self.compiler.uses(&given, sources, &mut faults);
            let is_own = given.of() == self.component.id || given.of() == crate::chart::uses::PLATFORM;
            sink.extend(errors(&faults).filter(|_| is_own).cloned());
            for used in found.into_iter().filter(|used| used.component == self.component.id) {
                if !uses.iter().any(|known| known.likeness() == used.likeness()) {
                    uses.push(used);
                }
            }
        }
        if uses.is_empty() && !sink.has_errors() {
            let fault = self.helm.fault(format!("no example and no platform.yaml uses `{}`", self.component.id));
            let help =
                format!("write a small platform that does: `templates/{}/examples/NAME.yaml`", self.component.id);
            sink.push(fault.help(help));
        }
        uses
    }

    /// What the chart renders for each; where versions of Kubernetes make a difference, each is a scenario of its own.
    fn scenarios<'u>(&self, uses: &'u [Use], sink: &mut Sink) -> Option<Vec<(&'u Use, Scenario)>> {
        let known = versions();
        let ends: Vec<&'static str> = known.first().into_iter().chain(known.last()).copied().collect();
        let renders: Vec<Render> = uses.iter().flat_map(|used| ends.iter().map(move |end| (used, *end))).collect();
        let rendered = sink.on_all_cores(&renders, |(used, kubernetes), sink| self.scenario(used, kubernetes, sink));
        let mut scenarios: BTreeMap<usize, Vec<(&'u Use, Scenario)>> = BTreeMap::new();
        for ((at, (used, kubernetes)), scenario) in renders.into_iter().enumerate().zip(rendered) {
            let alike = scenarios.entry(at / ends.len().max(1)).or_default();
            let mut scenario = scenario?;
            match alike.first_mut() {
                Some((_, first)) if first.facts == scenario.facts => continue,
                Some((_, first)) => {
                    first.name = format!("{}@{}", first.name, ends.first().copied().unwrap_or_default());
                    scenario.name = format!("{}@{kubernetes}", scenario.name);
                }
                None => {}
            }
            alike.push((used, scenario));
        }
        (!scenarios.is_empty()).then(|| scenarios.into_values().flatten().collect())
    }

    fn scenario(&self, used: &Use, kubernetes: &str, sink: &mut Sink) -> Option<Scenario> {
        let rendered = self.helm.render(used, kubernetes).map_err(|fault| sink.push(fault)).ok()?;
        let unreadable = |reason: String| {
            let message = format!("what helm renders with the values of `{}` is not YAML: {reason}", used.name);
            sink.push(Diagnostic::new(Code::ChartNotRendered, message).at(self.helm.place, ""));
        };
        let facts = extract::facts(&rendered, &used.claims.namespace).map_err(unreadable).ok()?;
        Some(Scenario {
            name: used.name.clone(),
            release: used.claims.release.clone(),
            namespace: used.claims.namespace.clone(),
            values: flat(&used.values),
            facts,
        })
    }
}

fn counted(scenarios: usize) -> String {
    if scenarios == 1 { "1 scenario".into() } else { format!("{scenarios} scenarios") }
}

fn about(component: &str, chart: &Chart, described: &Described) -> Vec<String> {
    vec![
        format!("Facts about the chart {} {} of {},", described.name, described.version, chart.repository),
        format!("written by `platformc verify-chart {component} --record`; not by hand."),
    ]
}
