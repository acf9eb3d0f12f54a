//! All uses of a chart in turn: compiled, rendered, compared.
//!
//! Takes a component with a chart, the examples of all components, and a platform.yaml; gives the record of what the chart
//! renders. Faults: E0801 to E0804, N0805, and those of examples of the component that do not compile.

use std::collections::BTreeMap;

use camino::Utf8Path;

use super::helm::{Described, Helm, another, another_version};
use super::record::{Record, Scenario};
use super::shape::flat;
use super::uses::{Compiler, PLATFORM, Use, errors, examples, platform};
use super::{Found, differences, extract, told};
use crate::component::Component;
use crate::component::interface::Chart;
use crate::component::values::Finding;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::{NodePath, Sources, Span};
use crate::validate::schemas::versions;

/// One component with its chart, and what compiles the platforms that use it.
pub struct Verifier<'a> {
    pub component: &'a Component,
    pub chart: &'a Chart,
    pub helm: Helm<'a>,
    pub compiler: Compiler<'a>,
}

/// A use of the chart on a version of Kubernetes.
type Render<'u> = (&'u Use, &'static str);

impl Verifier<'_> {
    /// The record, and what was compared in one line; none where something is in the way.
    pub fn verify(&self, file: &Utf8Path, sources: &mut Sources, sink: &mut Sink) -> Option<(String, String)> {
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
        self.defaults(sink);
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

    fn place(&self, path: &str) -> Span {
        self.component.description.nearest(&NodePath::dotted(path))
    }

    /// What the component says of the chart's values must be so of those that the chart itself sets.
    fn defaults(&self, sink: &mut Sink) {
        let Some(schema) = &self.component.values_schema else { return };
        let findings = match self.helm.defaults() {
            Ok(Some(defaults)) => schema.findings(&defaults),
            Ok(None) => Ok(vec![]),
            Err(fault) => return sink.push(fault),
        };
        match findings {
            Ok(findings) => sink.extend(self.refused(&findings)),
            Err(fault) => sink.push(fault.clone()),
        }
    }

    fn refused(&self, findings: &[Finding]) -> Vec<Diagnostic> {
        let place = self.place("chart.valuesSchema");
        let told = |finding: &Finding| {
            let reason = finding.what.reason()?;
            let message =
                format!("the schema of the values refuses what the chart itself sets: `{}`: {reason}", finding.path);
            Some(Diagnostic::new(Code::ClaimNotRendered, message).at(place, ""))
        };
        findings.iter().filter_map(told).collect()
    }

    /// One use for each way to set the chart's values. Examples of others that do not compile are theirs to mend.
    fn uses(&self, file: &Utf8Path, sources: &mut Sources, sink: &mut Sink) -> Vec<Use> {
        let mut given = examples(self.compiler.world, &self.component.id, sources, sink);
        given.extend(platform(self.compiler.world, file, sources, sink));
        let mut uses: Vec<Use> = vec![];
        for given in given {
            let mut faults = Sink::default();
            let found = self.compiler.uses(&given, sources, &mut faults);
            let is_own = given.of() == self.component.id || given.of() == PLATFORM;
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
