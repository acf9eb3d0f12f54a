//! Facts as lines, and back.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::{EVERY, Line, Record, Scenario, Values};
use crate::chart::facts::{
    Definition, Facts, Labels, Name, PodPort, Secret, Service, ServicePort, Target, WORKLOADS, Webhook, Workload,
    read_numbers,
};
use crate::component::interface::PodSecurity;

pub const RELEASE: &str = "Release";
const VALUES: &str = "Values";

/// Every line of a scenario.
pub fn of(scenario: &Scenario) -> Vec<Line> {
    let name = |kind: &str, namespace: &str, name: &str| Name {
        kind: kind.into(),
        namespace: namespace.into(),
        name: name.into(),
    };
    let release = name(RELEASE, "", &scenario.release);
    let mut lines = vec![line(&release, "namespace", &scenario.namespace, "")];
    lines.extend(scenario.values.iter().map(|(path, value)| line(&name(VALUES, "", path), "set", value, "")));
    scenario.facts.workloads.iter().for_each(|found| workload(found, &mut lines));
    scenario.facts.services.iter().for_each(|found| service(found, &mut lines));
    for secret in &scenario.facts.secrets {
        lines.push(line(&secret.is, "type", &secret.sort, ""));
        lines.extend(secret.keys.iter().map(|key| line(&secret.is, "key", key, "")));
    }
    for definition in &scenario.facts.definitions {
        lines.extend(definition.serves.iter().map(|kind| line(&definition.is, "serves", kind, "")));
    }
    for webhook in &scenario.facts.webhooks {
        let guards = webhook.guards.iter().flat_map(|(service, kinds)| kinds.iter().map(move |kind| (kind, service)));
        lines.extend(guards.map(|(kind, service)| line(&webhook.is, "guards", kind, service)));
    }
    lines
}

fn line(is: &Name, fact: &str, key: &str, value: &str) -> Line {
    Line { is: is.clone(), fact: fact.into(), key: key.into(), value: value.into() }
}

fn workload(found: &Workload, lines: &mut Vec<Line>) {
    let mut add = |fact: &str, key: &str, value: &str| lines.push(line(&found.is, fact, key, value));
    found.labels.iter().for_each(|(key, value)| add("label", key, value));
    found.service_account.iter().for_each(|name| add("serviceAccount", name, ""));
    found.ports.iter().for_each(|port| add("port", &port.numbers(), port.name.as_deref().unwrap_or_default()));
    found.undeclared.iter().for_each(|(port, place)| add("undeclared", &port.to_string(), place));
    add("podSecurity", found.pod_security.as_str(), "");
    found.because.iter().for_each(|reason| add("because", reason, ""));
    for (secret, keys) in &found.reads {
        keys.iter().for_each(|key| add("reads", secret, key));
        if keys.is_empty() {
            add("reads", secret, "");
        }
    }
}

fn service(found: &Service, lines: &mut Vec<Line>) {
    let mut add = |fact: &str, key: &str, value: &str| lines.push(line(&found.is, fact, key, value));
    add("type", &found.sort, "");
    found.labels.iter().for_each(|(key, value)| add("label", key, value));
    found.selector.iter().for_each(|(key, value)| add("selector", key, value));
    for port in &found.ports {
        add("port", &port.numbers(), port.name.as_deref().unwrap_or_default());
        add("target", &port.numbers(), &port.target.to_string());
    }
}

/// What was read so far.
#[derive(Default)]
pub struct Read {
    scenarios: IndexMap<String, Gathered>,
    lines: Vec<(Line, Vec<String>)>,
}

#[derive(Default)]
struct Gathered {
    release: String,
    namespace: String,
    values: Values,
    lines: BTreeMap<Name, Vec<Line>>,
}

impl Read {
    pub fn add(&mut self, line: Line, scenarios: &[String]) -> Result<(), String> {
        let known = ["Release", VALUES, "CustomResourceDefinition", "Secret", "Service"];
        let kind = line.is.kind.as_str();
        if !known.contains(&kind) && !WORKLOADS.contains(&kind) && !kind.ends_with("WebhookConfiguration") {
            return Err(format!("nothing is known of the kind `{kind}`"));
        }
        if kind == RELEASE {
            for name in scenarios {
                let scenario = self.scenarios.entry(name.clone()).or_default();
                (scenario.release, scenario.namespace) = (line.is.name.clone(), line.key.clone());
            }
        } else {
            check(&line)?;
            self.lines.push((line, scenarios.to_vec()));
        }
        Ok(())
    }

    pub fn record(mut self) -> Result<Record, String> {
        for (line, holders) in std::mem::take(&mut self.lines) {
            if let Some(stray) = holders.iter().find(|name| *name != EVERY && !self.scenarios.contains_key(*name)) {
                return Err(format!("no line of `{RELEASE}` names the scenario `{stray}`"));
            }
            for (name, scenario) in &mut self.scenarios {
                if holders.iter().any(|holder| holder == EVERY || holder == name) {
                    scenario.add(line.clone());
                }
            }
        }
        let scenarios = self.scenarios.into_iter().map(|(name, gathered)| gathered.scenario(name));
        Ok(Record { scenarios: scenarios.collect() })
    }
}

/// Whether a line can be understood at all.
fn check(line: &Line) -> Result<(), String> {
    let (fact, key) = (line.fact.as_str(), line.key.as_str());
    let is_sound = match (fact, line.is.kind.as_str()) {
        ("port" | "target", _) => read_numbers(key).is_some(),
        ("undeclared", _) => key.parse::<u16>().is_ok(),
        ("podSecurity", _) => level(key).is_some(),
        ("label" | "serviceAccount" | "because" | "reads" | "type" | "selector" | "key" | "serves" | "guards", _) => {
            true
        }
        ("set", VALUES) => true,
        _ => return Err(format!("nothing is known of the fact `{fact}`")),
    };
    if is_sound { Ok(()) } else { Err(format!("`{key}` is no `{fact}`")) }
}

fn level(text: &str) -> Option<PodSecurity> {
    [PodSecurity::Restricted, PodSecurity::Baseline, PodSecurity::Privileged]
        .into_iter()
        .find(|level| level.as_str() == text)
}

impl Gathered {
    fn add(&mut self, line: Line) {
        match line.is.kind.as_str() {
            VALUES => drop(self.values.insert(line.is.name, line.key)),
            _ => self.lines.entry(line.is.clone()).or_default().push(line),
        }
    }

    fn scenario(self, name: String) -> Scenario {
        let mut facts = Facts::default();
        for (is, lines) in self.lines {
            let of = Lines(&lines);
            match is.kind.as_str() {
                "Service" => facts.services.push(of.service(is)),
                "Secret" => {
                    let keys = of.keys("key").map(str::to_owned).collect();
                    facts.secrets.push(Secret { is, sort: of.one("type"), keys });
                }
                "CustomResourceDefinition" => {
                    let serves = of.keys("serves").map(str::to_owned).collect();
                    facts.definitions.push(Definition { is, serves });
                }
                kind if WORKLOADS.contains(&kind) => facts.workloads.push(of.workload(is)),
                _ => {
                    facts.webhooks.push(Webhook { is, guards: grouped(of.all("guards").map(|(kind, by)| (by, kind))) })
                }
            }
        }
        Scenario { name, release: self.release, namespace: self.namespace, values: self.values, facts }
    }
}

/// The lines of one object.
struct Lines<'l>(&'l [Line]);

impl<'l> Lines<'l> {
    fn all(&self, fact: &'l str) -> impl Iterator<Item = (&'l str, &'l str)> {
        self.0.iter().filter(move |line| line.fact == fact).map(|line| (line.key.as_str(), line.value.as_str()))
    }

    fn keys(&self, fact: &'l str) -> impl Iterator<Item = &'l str> {
        self.all(fact).map(|(key, _)| key)
    }

    fn one(&self, fact: &'l str) -> String {
        self.keys(fact).next().unwrap_or_default().to_owned()
    }

    fn map(&self, fact: &'l str) -> Labels {
        self.all(fact).map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    fn workload(&self, is: Name) -> Workload {
        let port = |(numbers, name): (&str, &str)| {
            let (first, last, protocol) = read_numbers(numbers)?;
            Some(PodPort { first, last, protocol, name: some(name) })
        };
        let mut ports: Vec<PodPort> = self.all("port").filter_map(port).collect();
        ports.sort();
        let undeclared =
            self.all("undeclared").filter_map(|(port, place)| Some((port.parse().ok()?, place.to_owned())));
        Workload {
            is,
            labels: self.map("label"),
            service_account: self.keys("serviceAccount").next().map(str::to_owned),
            ports,
            undeclared: undeclared.collect(),
            pod_security: self.keys("podSecurity").find_map(level).unwrap_or_default(),
            because: self.keys("because").map(str::to_owned).collect(),
            reads: grouped(self.all("reads")),
        }
    }

    fn service(&self, is: Name) -> Service {
        let targets = self.map("target");
        let port = |(numbers, name): (&str, &str)| {
            let (number, _, protocol) = read_numbers(numbers)?;
            let target = targets.get(numbers)?;
            let target = target.parse().map_or_else(|_| Target::Name(target.clone()), Target::Number);
            Some(ServicePort { number, protocol, name: some(name), target })
        };
        let mut ports: Vec<ServicePort> = self.all("port").filter_map(port).collect();
        ports.sort_by_key(|port| (port.number, port.protocol));
        Service { is, sort: self.one("type"), labels: self.map("label"), selector: self.map("selector"), ports }
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Values by key; a value that is empty adds none.
fn grouped<'l>(pairs: impl Iterator<Item = (&'l str, &'l str)>) -> BTreeMap<String, BTreeSet<String>> {
    let mut groups: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (key, value) in pairs {
        groups.entry(key.to_owned()).or_default().extend(some(value));
    }
    groups
}
