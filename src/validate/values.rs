//! The values of charts, held to the schemas that their components give.

use crate::component::values::{Finding, What};
use crate::diagnostic::{Code, Diagnostic, Severity, Sink};
use crate::expand::{Instance, Plan};
use crate::render::{Rendered, RenderedFile};
use crate::source::{Node, Sources, Span};

/// What the user's own `values:` say that the chart does not take; nothing where something else was `told` of the place.
pub fn of_user(instance: &Instance, told: &[Span], sink: &mut Sink) {
    let (Some(schema), Some(values)) = (&instance.component.values_schema, &instance.used.values) else { return };
    let findings = match schema.findings(values) {
        Ok(findings) => findings,
        Err(fault) => return sink.push(fault.clone()),
    };
    for finding in findings.iter().filter(|finding| !told.contains(&finding.span)) {
        let (code, label) = match finding.what {
            What::Unknown => (Code::RefusedValue, "not known to the chart"),
            What::Wrong(_) => (Code::RefusedValue, ""),
            What::Unread => (Code::UnreadValue, "it has no effect"),
        };
        let fault = Diagnostic::new(code, message(finding, instance)).at(finding.span, label);
        sink.push(finish(finding, fault, instance));
    }
}

/// The same of the values files that components write.
pub fn of_components(plan: &Plan, rendered: &Rendered, sources: &Sources, sink: &mut Sink) {
    // A schema that is not compiled yet takes longer than all else here.
    sink.on_all_cores(&plan.releases, |release, sink| {
        let of_release = |instance: &&Instance| instance.id() == release.origin.instance;
        let Some(instance) = plan.instances.iter().find(of_release) else { return };
        let is_own = |file: &&RenderedFile| release.values.contains(&file.path) && is_of_template(file);
        rendered.files.iter().filter(is_own).for_each(|file| of_file(file, instance, sources, sink));
    });
}

/// The user's own values are written without a template.
fn is_of_template(file: &RenderedFile) -> bool {
    file.parts.iter().any(|part| part.template.is_some())
}

fn of_file(file: &RenderedFile, instance: &Instance, sources: &Sources, sink: &mut Sink) {
    let Some(schema) = &instance.component.values_schema else { return };
    for values in &file.documents {
        let findings = match schema.findings(values) {
            Ok(findings) => findings,
            Err(fault) => return sink.push(fault.clone()),
        };
        for finding in &findings {
            let mut fault = file.fault(Code::InvalidValues, message(finding, instance), finding.span, sources);
            if finding.what == What::Unread {
                fault.severity = Severity::Warning;
            }
            sink.push(finish(finding, fault, instance));
        }
    }
}

/// A sentence about the chart.
fn message(finding: &Finding, instance: &Instance) -> String {
    let path = &finding.path;
    let chart = described(instance);
    match &finding.what {
        What::Unknown => format!("{chart} has no value `{path}`"),
        What::Unread => format!("nothing in {chart} reads `{path}`"),
        What::Wrong(reason) => format!("{chart} does not take this as `{path}`: {reason}"),
    }
}

/// What is said beside the place.
fn finish(finding: &Finding, fault: Diagnostic, instance: &Instance) -> Diagnostic {
    let mut fault = finding.help.iter().fold(fault, |fault, help| fault.help(help));
    if let Some(known) = other_version(instance) {
        fault.severity = Severity::Warning;
        fault = fault.note(format!("the values of {known} are known, and those of this version may be others"));
    }
    fault
}

/// `the chart airbyte 2.2.0`
fn described(instance: &Instance) -> String {
    let name = instance.component.chart.as_ref().map_or_else(|| instance.component.id.as_str(), |chart| &chart.name);
    let version = chosen(instance).or(known(instance)).unwrap_or_default();
    format!("the chart `{name}` {version}")
}

/// The version that the schema describes, where another one is installed.
fn other_version<'i>(instance: &'i Instance) -> Option<&'i str> {
    known(instance).filter(|known| chosen(instance).is_some_and(|chosen| chosen != *known))
}

fn known<'i>(instance: &'i Instance) -> Option<&'i str> {
    instance.component.chart.as_ref().map(|chart| chart.version.as_str())
}

/// The version that the user asks for.
fn chosen<'i>(instance: &'i Instance) -> Option<&'i str> {
    instance.used.version.as_ref().and_then(Node::as_str)
}
