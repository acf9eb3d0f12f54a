//! DNS: whoever may reach only some things may ask for names.

use std::collections::BTreeMap;

use super::selected;
use crate::component::interface::Protocol;
use crate::diagnostic::{Code, Diagnostic, Severity, Sink};
use crate::link::reach::policy::{Direction, Peers, Policy, Rule};
use crate::link::reach::ports::Port;
use crate::link::services::at;
use crate::link::symbols::{Extent, NAMESPACE_NAME, Selector, Symbols, Workload};
use crate::resolve::input::Dns;

/// The port where names are looked up (RFC 1035, 4.2); over TCP where an answer is long.
const PORT: u16 = 53;
const PROTOCOLS: [Protocol; 2] = [Protocol::Udp, Protocol::Tcp];

/// What answers for names, where the platform says it.
pub fn server<'s>(symbols: &Symbols<'s>) -> Option<&'s Dns> {
    Some(&symbols.plan?.platform.input.cluster.dns)
}

/// A pod whose egress is closed reaches only what the policies open, and nothing by its name unless they open DNS.
pub fn check(symbols: &Symbols, policies: &[Policy], sink: &mut Sink) {
    let closing = policies.iter().filter(|policy| policy.rules(Direction::Egress).is_some());
    let mut closed: BTreeMap<(&str, &str, &str), (&Workload, Vec<&Policy>)> = BTreeMap::new();
    for policy in closing {
        for workload in selected(symbols, policy.object.namespace_name(), &policy.pods) {
            let key = (workload.namespace.as_str(), workload.kind.as_str(), workload.name.as_str());
            closed.entry(key).or_insert_with(|| (workload, vec![])).1.push(policy);
        }
    }
    for (workload, policies) in closed.values() {
        let rules: Vec<&Rule> =
            policies.iter().flat_map(|policy| policy.rules(Direction::Egress).unwrap_or_default()).collect();
        let missing = match server(symbols) {
            Some(dns) => PROTOCOLS.into_iter().find(|protocol| !rules.iter().any(|rule| asks(rule, dns, *protocol))),
            None => Some(Protocol::Udp).filter(|_| leads_to_names(&rules) && !rules.iter().any(|rule| opens(rule))),
        };
        sink_missing(symbols, workload, policies, missing, sink);
    }
}

/// Whether a rule lets a question through to the pods that answer.
fn asks(rule: &Rule, dns: &Dns, protocol: Protocol) -> bool {
    let labels = |labels: &[(&str, &str)]| labels.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
    let namespace = labels(&[(NAMESPACE_NAME, dns.namespace.as_str())]);
    let pods = dns.labels.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    let is_peer = match &rule.peers {
        Peers::Everyone => true,
        Peers::Pods(peers) => peers.iter().any(|peer| {
            let namespaces = peer.namespaces.as_ref();
            namespaces.is_some_and(|wanted: &Selector| wanted.matches(&namespace)) && peer.pods.matches(&pods)
        }),
    };
    is_peer && rule.ports.numbers.contains(Port { protocol, number: dns.port })
}

/// Whether a rule opens the port at all: where the pods that answer are not known, to whom does not matter.
fn opens(rule: &Rule) -> bool {
    let is_named = rule.ports.names.iter().any(|(protocol, _)| *protocol == Protocol::Udp);
    is_named || rule.ports.numbers.contains(Port { protocol: Protocol::Udp, number: PORT })
}

/// Whether something is opened that is reached by its name: pods are, addresses need not be.
fn leads_to_names(rules: &[&Rule]) -> bool {
    rules.iter().any(|rule| matches!(&rule.peers, Peers::Pods(peers) if !peers.is_empty()))
}

fn sink_missing(
    symbols: &Symbols,
    workload: &Workload,
    policies: &[&Policy],
    missing: Option<Protocol>,
    sink: &mut Sink,
) {
    let own = policies.iter().find(|policy| !policy.pods.is_empty()).or(policies.first());
    if let (Some(protocol), Some(policy)) = (missing, own) {
        sink.push(nameless(symbols, workload, policy, protocol));
    }
}

fn nameless(symbols: &Symbols, workload: &Workload, policy: &Policy, protocol: Protocol) -> Diagnostic {
    let to = match server(symbols) {
        Some(dns) => format!("port {}/{} of the pods that answer in `{}`", dns.port, protocol.as_str(), dns.namespace),
        None => format!("port {PORT}/{}", protocol.as_str()),
    };
    let message = format!("{} can look up no name: no policy opens {to} to it", workload.title());
    let mut fault = symbols.fault(Code::NoNames, message, policy.object, at(policy.object, &["spec", "egress"]));
    if symbols.extent == Extent::Part {
        fault.severity = Severity::Warning;
    }
    let fault = workload.made.beside(fault, "its pods");
    fault.note(format!("{} closes what it may reach", policy.object.identity()))
}
