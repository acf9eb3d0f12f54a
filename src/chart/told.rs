//! Differences as diagnostics: each once, at its line of `component.yaml`, with the scenarios that have it.

use std::collections::BTreeMap;

use super::compare::{Difference, Ignoring, Side};
use crate::component::Component;
use crate::diagnostic::{Code, Diagnostic};
use crate::link::listed;
use crate::source::path::Step;
use crate::source::{NodePath, Span};

/// The scenarios in which each difference was found.
#[derive(Debug, Default)]
pub struct Found {
    differences: BTreeMap<Difference, Vec<String>>,
    scenarios: Vec<String>,
}

impl Found {
    pub fn add(&mut self, scenario: &str, differences: Vec<Difference>) {
        if !self.scenarios.iter().any(|known| known == scenario) {
            self.scenarios.push(scenario.to_owned());
        }
        for difference in differences {
            let holders = self.differences.entry(difference).or_default();
            if !holders.iter().any(|known| known == scenario) {
                holders.push(scenario.to_owned());
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.differences.is_empty()
    }
}

pub fn told(found: &Found, component: &Component) -> Vec<Diagnostic> {
    found.differences.iter().map(|(difference, scenarios)| one(difference, scenarios, found, component)).collect()
}

fn one(difference: &Difference, scenarios: &[String], found: &Found, component: &Component) -> Diagnostic {
    let code = match difference.side {
        Side::Claimed => Code::ClaimNotRendered,
        Side::Rendered => Code::RenderedNotClaimed,
    };
    let message = format!("{}: {}", difference.path, difference.message);
    let fault = Diagnostic::new(code, message).at(place(difference, component), "");
    let all = found.scenarios.len();
    let fault = match scenarios.len() < all {
        true => fault.note(format!("in {} of {all} scenarios: {}", scenarios.len(), listed(scenarios))),
        false => fault,
    };
    match &difference.ignored {
        Some(Ignoring::Object(name)) => fault.help(ignore("objects", name)),
        Some(Ignoring::Port(name)) => fault.help(ignore("ports", name)),
        None => fault,
    }
}

/// What has no word yet in component.yaml would stand beside its chart.
fn place(difference: &Difference, component: &Component) -> Span {
    let is_there =
        matches!(difference.path.steps(), [Step::Key(word), ..] if component.description.get(word).is_some());
    let chart = NodePath::dotted("chart");
    component.description.nearest(if is_there { &difference.path } else { &chart })
}

fn ignore(list: &str, name: &str) -> String {
    format!("if nobody needs to know of it: `ignores: {{ID: {{{list}: [\"{name}\"], because: WHY}}}}`")
}
