//! Differences as diagnostics: each once, at its line of `component.yaml`, with the scenarios that have it.

use std::collections::BTreeMap;

use super::compare::{Difference, Side};
use crate::component::Component;
use crate::diagnostic::{Code, Diagnostic};

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
    let each = |(difference, scenarios): (&Difference, &Vec<String>)| {
        let code = match difference.side {
            Side::Claimed => Code::ClaimNotRendered,
            Side::Rendered => Code::RenderedNotClaimed,
        };
        let place = component.description.nearest(&difference.path);
        let fault = Diagnostic::new(code, format!("{}: {}", difference.path, difference.message)).at(place, "");
        match scenarios.len() < found.scenarios.len() {
            true => {
                fault.note(format!("so in {} of {}: {}", scenarios.len(), found.scenarios.len(), scenarios.join(", ")))
            }
            false => fault,
        }
    };
    found.differences.iter().map(each).collect()
}
