//! What is of no interest: it is there, and nobody claims it.

use super::{Found, entry, nearest};
use crate::chart::claims::Claims;
use crate::chart::facts::{Name, read_numbers};
use crate::component::interface::Protocol;
use crate::source::NodePath;

/// `Deployment/web:8080/UDP`
struct Ports<'t> {
    object: &'t str,
    first: u16,
    last: u16,
    protocol: Protocol,
}

impl<'t> Ports<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let (object, numbers) = text.rsplit_once(':')?;
        let (first, last, protocol) = read_numbers(numbers)?;
        Some(Self { object, first, last, protocol })
    }

    fn hold(&self, number: u16, protocol: Protocol) -> bool {
        (self.first..=self.last).contains(&number) && self.protocol == protocol
    }
}

impl Found<'_> {
    pub(super) fn ignored(&mut self) {
        let claims = self.claims;
        let there: Vec<String> = self.facts.names().map(Name::to_string).collect();
        for (id, ignored) in &claims.ignores {
            let path = entry("ignores", id);
            for (at, object) in ignored.objects.iter().enumerate() {
                self.object(&path.key("objects").index(at), object, &there);
            }
            for (at, text) in ignored.ports.iter().enumerate() {
                self.port(&path.key("ports").index(at), text);
            }
        }
    }

    fn object(&mut self, path: &NodePath, object: &str, there: &[String]) {
        if !there.iter().any(|name| name == object) {
            let nearest = nearest(object, there.iter().map(String::as_str));
            self.claimed(path.clone(), format!("{object} is ignored; {nearest}"));
        } else if self.is_claimed(object) {
            self.claimed(path.clone(), format!("{object} is ignored, and claimed as well"));
        }
    }

    fn is_claimed(&self, object: &str) -> bool {
        let claims = self.claims;
        let workloads = claims.workloads.keys().filter_map(|id| self.workload(id)).map(|found| found.is.to_string());
        let services = claims.services.values().map(|claim| format!("Service/{}", claim.name));
        let secrets = claims.secrets.values().map(|claim| format!("Secret/{}", claim.name));
        workloads.chain(services).chain(secrets).any(|claimed| claimed == object)
    }

    fn port(&mut self, path: &NodePath, text: &str) {
        let Some(ports) = Ports::of(text) else {
            return self.claimed(path.clone(), format!("`{text}` is no port: write `Deployment/name:8080`"));
        };
        let known = self.ports_of(ports.object);
        if !known.iter().any(|(number, protocol)| ports.hold(*number, *protocol)) {
            let known: Vec<String> =
                known.iter().map(|(number, protocol)| format!("{number}/{}", protocol.as_str())).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            self.claimed(path.clone(), format!("port `{text}` is ignored; {} has {known}", ports.object));
        }
    }

    fn ports_of(&self, object: &str) -> Vec<(u16, Protocol)> {
        let pods = self.facts.workloads.iter().filter(|found| found.is.to_string() == object).flat_map(|found| {
            let declared =
                found.ports.iter().flat_map(|port| (port.first..=port.last).map(|number| (number, port.protocol)));
            declared.chain(found.undeclared.keys().map(|number| (*number, Protocol::Tcp))).collect::<Vec<_>>()
        });
        let services = self.facts.services.iter().filter(|found| found.is.to_string() == object);
        let services = services.flat_map(|found| &found.ports).map(|port| (port.number, port.protocol));
        pods.chain(services).collect()
    }
}

impl Claims {
    /// Whether nobody needs to know of a port of an object.
    pub(super) fn ignores_port(&self, is: &Name, number: u16, protocol: Protocol) -> bool {
        let title = is.to_string();
        let mut texts = self.ignores.values().flat_map(|ignored| &ignored.ports);
        texts.any(|text| Ports::of(text).is_some_and(|ports| ports.object == title && ports.hold(number, protocol)))
    }
}
