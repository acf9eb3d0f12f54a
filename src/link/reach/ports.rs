//! Ports as a NetworkPolicy opens them.

use super::intervals::{Intervals, Point};
use crate::component::interface::Protocol;
use crate::link::symbols::Listens;

/// One port of one protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port {
    pub protocol: Protocol,
    pub number: u16,
}

/// A set of ports.
pub type PortSet = Intervals<Port>;

/// What the `ports` of a rule open: numbers on any pod, and names that mean what each pod means by them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Ports {
    pub numbers: PortSet,
    pub names: Vec<(Protocol, String)>,
}

pub const PROTOCOLS: [Protocol; 3] = [Protocol::Tcp, Protocol::Udp, Protocol::Sctp];

impl Point for Port {
    fn next(self) -> Option<Self> {
        self.number.checked_add(1).map(|number| Self { number, ..self })
    }

    fn previous(self) -> Option<Self> {
        self.number.checked_sub(1).filter(|number| *number > 0).map(|number| Self { number, ..self })
    }
}

impl PortSet {
    /// Every port of every protocol.
    pub fn every() -> Self {
        Self::all(PROTOCOLS.map(whole))
    }

    pub fn every_of(protocol: Protocol) -> Self {
        Self::all([whole(protocol)])
    }

    pub fn one(protocol: Protocol, number: u16) -> Self {
        Self::range(protocol, number, number)
    }

    pub fn range(protocol: Protocol, first: u16, last: u16) -> Self {
        Self::of(Port { protocol, number: first.max(1) }, Port { protocol, number: last })
    }

    /// Each range by itself: `80/TCP`, `8000-8080/UDP`, `every TCP port`; or `every port but 80/TCP`, where that is shorter.
    pub fn told(&self) -> Vec<String> {
        let left_out = Self::every().minus(self);
        if left_out.is_empty() {
            return vec!["every port".into()];
        }
        if left_out.len() < self.len() {
            return vec![format!("every port but {left_out}")];
        }
        self.iter().map(|(first, last)| told(first, last)).collect()
    }
}

fn whole(protocol: Protocol) -> (Port, Port) {
    (Port { protocol, number: 1 }, Port { protocol, number: u16::MAX })
}

fn told(first: Port, last: Port) -> String {
    let protocol = first.protocol.as_str();
    match (first.number, last.number) {
        (1, u16::MAX) => format!("every {protocol} port"),
        (first, last) if first == last => format!("{first}/{protocol}"),
        (first, last) => format!("{first}-{last}/{protocol}"),
    }
}

impl std::fmt::Display for PortSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_empty() { "no port" } else { "" })?;
        f.write_str(&self.told().join(", "))
    }
}

impl Ports {
    pub fn every() -> Self {
        Self { numbers: PortSet::every(), names: vec![] }
    }

    /// What is open on a pod that listens on `listens`. A name that the pod does not have opens nothing.
    pub fn on(&self, listens: &[Listens]) -> Vec<(Port, Port)> {
        let mut ranges: Vec<(Port, Port)> = self.numbers.iter().collect();
        for (protocol, name) in &self.names {
            let found = listens.iter().filter(|port| port.protocol == *protocol && port.name.as_ref() == Some(name));
            let found = found.map(|port| Port { protocol: *protocol, number: port.number });
            ranges.extend(found.map(|port| (port, port)));
        }
        ranges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listens(name: &str, number: u16, protocol: Protocol) -> Listens {
        Listens { name: Some(name.into()), number, protocol }
    }

    #[test]
    fn ranges_are_told_as_people_write_them() {
        let set = PortSet::one(Protocol::Tcp, 80)
            .union(&PortSet::range(Protocol::Udp, 8000, 8080))
            .union(&PortSet::every_of(Protocol::Sctp));
        assert_eq!(set.to_string(), "80/TCP, 8000-8080/UDP, every SCTP port");
        assert_eq!(PortSet::every().to_string(), "every port");
        assert_eq!(PortSet::every().minus(&PortSet::one(Protocol::Udp, 53)).to_string(), "every port but 53/UDP");
        assert_eq!(PortSet::default().to_string(), "no port");
    }

    #[test]
    fn neighbours_are_of_one_protocol() {
        assert_eq!(PortSet::every().len(), 3);
        assert!(PortSet::every().minus(&PortSet::every()).is_empty());
    }

    #[test]
    fn a_name_is_what_the_pod_means_by_it() {
        let ports = Ports { names: vec![(Protocol::Tcp, "http".into())], ..Ports::default() };
        let web = [listens("http", 8080, Protocol::Tcp), listens("admin", 9090, Protocol::Tcp)];
        assert_eq!(PortSet::all(ports.on(&web)), PortSet::one(Protocol::Tcp, 8080));
    }

    #[test]
    fn a_name_that_the_pod_does_not_have_opens_nothing() {
        let ports = Ports { names: vec![(Protocol::Tcp, "http".into())], ..Ports::default() };
        assert!(ports.on(&[listens("http", 8080, Protocol::Udp)]).is_empty());
        assert!(ports.on(&[]).is_empty());
    }
}
