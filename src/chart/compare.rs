//! Claims against facts, both ways.

mod ignored;
mod kinds;
mod secrets;
mod services;
mod workloads;

use super::claims::Claims;
use super::facts::{Facts, Name, Workload};
use super::record::Scenario;
use crate::component::interface::By;
use crate::source::NodePath;

/// A claim without an object that bears it out, or an object without a claim.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    pub side: Side,
    /// In `component.yaml`: what is wrong, or where it is missing.
    pub path: NodePath,
    pub message: String,
    /// How `ignores` would call it.
    pub ignored: Option<Ignoring>,
}

/// What a line of `ignores` names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ignoring {
    /// `Service/web`
    Object(String),
    /// `Deployment/web:8080`
    Port(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// It is claimed, and not so.
    Claimed,
    /// It is so, and not claimed.
    Rendered,
}

/// Everything in which the claims and one scenario of the chart differ.
pub fn differences(claims: &Claims, scenario: &Scenario) -> Vec<Difference> {
    let mut found = Found { claims, facts: &scenario.facts, differences: vec![] };
    found.identity(scenario);
    found.workloads();
    found.services();
    found.secrets();
    found.brings();
    found.webhooks();
    found.ignored();
    found.differences
}

/// What was found so far.
struct Found<'c> {
    claims: &'c Claims,
    facts: &'c Facts,
    differences: Vec<Difference>,
}

impl<'c> Found<'c> {
    fn identity(&mut self, scenario: &Scenario) {
        let claims = self.claims;
        let rows =
            [("release", &claims.release, &scenario.release), ("namespace", &claims.namespace, &scenario.namespace)];
        for (what, claimed, rendered) in rows.into_iter().filter(|(_, claimed, rendered)| claimed != rendered) {
            self.claimed(NodePath::dotted(what), format!("`{claimed}` is claimed; the chart is of `{rendered}`"));
        }
    }

    fn claimed(&mut self, path: NodePath, message: String) {
        self.differences.push(Difference { side: Side::Claimed, path, message, ignored: None });
    }

    fn rendered(&mut self, path: NodePath, message: String, ignored: Option<Ignoring>) {
        self.differences.push(Difference { side: Side::Rendered, path, message, ignored });
    }

    /// An object of which no claim speaks.
    fn unclaimed(&mut self, word: &str, is: &Name) {
        let message = format!("the chart makes {is}; no claim is about it");
        self.rendered(NodePath::dotted(word), message, Some(Ignoring::Object(is.to_string())));
    }

    /// A port of which no claim speaks, of an object that one is about.
    fn unclaimed_port(&mut self, path: NodePath, is: &Name, numbers: &str, message: &str) {
        let numbers = numbers.trim_end_matches("/TCP");
        let message = format!("{message}; no claim is about it");
        self.rendered(path.key("ports"), message, Some(Ignoring::Port(format!("{is}:{numbers}"))));
    }

    /// The workload of the chart that a claim is about.
    fn workload(&self, id: &str) -> Option<&'c Workload> {
        self.claims.workload(id, self.facts)
    }
}

impl Claims {
    /// The workload of the chart that a claim is about.
    pub fn workload<'f>(&self, id: &str, facts: &'f Facts) -> Option<&'f Workload> {
        let claim = self.workloads.get(id).filter(|claim| claim.by == Some(By::Chart))?;
        let is_it = |found: &&Workload| {
            claim.kind.as_ref() == Some(&found.is.kind) && claim.name.as_ref() == Some(&found.is.name)
        };
        facts.workloads.iter().find(is_it)
    }

    /// Whether nobody needs to know of an object.
    fn ignores(&self, is: &Name) -> bool {
        let title = is.to_string();
        self.ignores.values().any(|ignored| ignored.objects.contains(&title))
    }
}

/// Where an entry stands in `component.yaml`; those of a `for` stand at it.
fn entry(word: &str, id: &str) -> NodePath {
    NodePath::dotted(word).key(id.split('.').next().unwrap_or(id))
}

/// The name nearest to one that was not found, for the end of a message.
fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let nearest = known.into_iter().min_by_key(|name| (strsim::damerau_levenshtein(wrong, name), *name));
    nearest.map_or_else(|| "the chart makes nothing like it".into(), |name| format!("the nearest there is `{name}`"))
}

/// `` `a`, `b` ``
fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "nothing".into() } else { names.join(", ") }
}
