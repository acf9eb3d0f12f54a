//! Where a reference stands, whatever kind of file it stands in.

use crate::diagnostic::{Code, Diagnostic, Label};
use crate::expand::Origin;
use crate::link::symbols::{ChartValues, Extent, SetValue, Symbols};
use crate::source::{NodePath, Span};
use crate::validate::Object;

/// Where a reference stands.
#[derive(Debug, Clone)]
pub enum Place<'s> {
    Object(&'s Object<'s>, Span),
    /// In the values of a chart's release, which is called by its name.
    Value {
        release: &'s str,
        option: Option<Span>,
        value: SetValue<'s>,
    },
    /// An interface says that a pod of the chart reads it.
    Declared {
        reader: String,
        origin: &'s Origin,
    },
}

impl Place<'_> {
    /// Who refers: `Deployment integration/healthz`.
    pub fn reader(&self) -> String {
        match self {
            Place::Object(object, _) => called(object),
            Place::Value { release, .. } => format!("the release `{release}`"),
            Place::Declared { reader, .. } => reader.clone(),
        }
    }

    /// A fault about what stands here.
    pub fn fault(&self, symbols: &Symbols, code: Code, message: impl Into<String>) -> Diagnostic {
        match self {
            Place::Object(object, at) => symbols.fault(code, message, object, *at),
            Place::Declared { origin, .. } => origin.fault_of_component(code, &message.into()),
            Place::Value { option, value, .. } => {
                let fault = value.file.fault(code, message.into(), value.node.span, symbols.sources);
                narrowed(fault, *option).note(format!("`{}` says so", value.path))
            }
        }
    }

    /// A fault about what is not here: among some manifests only a warning.
    pub fn absent(&self, symbols: &Symbols, code: Code, message: impl Into<String>) -> Diagnostic {
        match self {
            Place::Object(object, at) if symbols.extent == Extent::Part => symbols.absent(code, message, object, *at),
            _ => self.fault(symbols, code, message),
        }
    }
}

/// Where the user said it comes first, in the place of the whole component.
fn narrowed(mut fault: Diagnostic, option: Option<Span>) -> Diagnostic {
    let Some(span) = option else { return fault };
    match fault.labels.first_mut() {
        Some(first) => first.span = span,
        None => fault.labels.push(Label { span, text: String::new() }),
    }
    fault
}

/// `Deployment integration/healthz`
pub fn called(object: &Object) -> String {
    match &object.namespace {
        Some(namespace) => format!("{} {namespace}/{}", object.kind, object.name),
        None => format!("{} {}", object.kind, object.name),
    }
}

/// Where a value of a chart stands; `option` is what the user says to set it.
pub fn of_value<'s>(
    symbols: &'s Symbols,
    chart: &'s ChartValues,
    value: SetValue<'s>,
    option: Option<&str>,
) -> Place<'s> {
    let used = chart.instance.used;
    let of_option = || {
        let path = used.path.join(&NodePath::dotted(option?));
        symbols.plan?.platform.merged.at(&path).map(|node| node.span)
    };
    // What the user's own values set is written as it is: the file has no template.
    let is_users = value.file.parts.iter().all(|part| part.template.is_none());
    let set = used.values.as_ref().filter(|_| is_users).and_then(|values| values.at(&value.path));
    let option = set.map(|node| node.span).or_else(of_option);
    Place::Value { release: &chart.release.name, option, value }
}
