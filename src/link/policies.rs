//! NetworkPolicies: every selector selects some pod, every port is one that these pods listen on, and whoever may reach
//! only some things may ask for names.
//!
//! What the policies open all together is judged by [`reach`](super::reach); here each is judged for itself: a policy that
//! selects nothing opens nothing, and nobody would be told.

mod names;

use super::identity::is_promised;
use super::reach::policy::{Direction, Peer, Peers, Policy, Rule};
use super::services::nearest_pods;
use super::symbols::{Extent, Listens, NAMESPACE_NAME, Selector, Symbols, Target, Workload};
use crate::component::interface::Protocol;
use crate::diagnostic::{Code, Diagnostic, Severity, Sink};
use crate::expand::{DeclaredFlow, FlowEnd};
use crate::source::{Node, Span};

pub fn check(symbols: &Symbols, sink: &mut Sink) {
    let policies: Vec<Policy> = symbols.objects.iter().filter_map(Policy::of).collect();
    for policy in &policies {
        let judged = Judged { symbols, policy };
        let subjects = judged.subjects(sink);
        for direction in Direction::BOTH {
            for rule in policy.rules(direction).unwrap_or_default() {
                judged.rule(direction, rule, &subjects, sink);
            }
        }
    }
    names::check(symbols, &policies, sink);
}

/// One policy.
struct Judged<'s, 'a> {
    symbols: &'s Symbols<'a>,
    policy: &'s Policy<'s>,
}

impl<'s, 'a> Judged<'s, 'a> {
    /// The workloads that it is about.
    fn subjects(&self, sink: &mut Sink) -> Vec<&'s Workload<'a>> {
        let (symbols, policy) = (self.symbols, self.policy);
        let namespace = policy.object.namespace_name();
        let subjects = selected(symbols, namespace, &policy.pods);
        if subjects.is_empty() && !policy.pods.is_empty() && !symbols.may_be_made(namespace, &policy.pods) {
            sink.push(self.about_nothing(namespace));
        }
        subjects
    }

    fn about_nothing(&self, namespace: &str) -> Diagnostic {
        let (symbols, policy) = (self.symbols, self.policy);
        let place = super::services::at(policy.object, &["spec", "podSelector"]);
        let absent = |message| symbols.absent(Code::PolicyOfNothing, message, policy.object, place);
        let called = policy.object.identity();
        match symbols.selected(namespace, &policy.pods).first() {
            Some(workload) => {
                let message = format!("{called} is about pods on the network of their node, where no policy reaches");
                workload.made.beside(absent(message), "with `hostNetwork: true`")
            }
            None => {
                let fault = absent(format!("{called} is about no pod: none carries `{}`", policy.pods));
                nearest_pods(fault, symbols, namespace, &policy.pods)
            }
        }
    }

    fn rule(&self, direction: Direction, rule: &Rule, subjects: &[&Workload], sink: &mut Sink) {
        let mut others = vec![];
        let mut is_known = matches!(rule.peers, Peers::Pods(_)) && rule.addresses.is_empty();
        for node in peers(rule, direction) {
            let Some(peer) = Peer::of(node) else { continue };
            match self.peer(&peer) {
                Some(found) if found.is_empty() && is_whole(self.symbols) && !self.is_empty(&peer) => {
                    sink.push(self.leads_nowhere(direction, &peer, node));
                    is_known = false;
                }
                Some(found) => others.extend(found),
                None => is_known = false,
            }
        }
        match direction {
            Direction::Ingress => self.ports(rule, subjects, sink),
            Direction::Egress if is_known => self.ports(rule, &others, sink),
            Direction::Egress => {}
        }
    }

    /// The workloads that a peer selects; none where it reaches into a namespace whose pods are not known.
    fn peer(&self, peer: &Peer) -> Option<Vec<&'s Workload<'a>>> {
        let own = self.policy.object.namespace_name();
        let namespaces: Vec<&str> = match &peer.namespaces {
            None => vec![own],
            Some(wanted) => self.namespaces(wanted),
        };
        let are_known = namespaces.iter().all(|namespace| self.is_known(namespace));
        let found = namespaces.iter().flat_map(|namespace| selected(self.symbols, namespace, &peer.pods));
        let found: Vec<&Workload> = found.collect();
        (are_known || !found.is_empty()).then_some(found)
    }

    /// Every pod of a namespace that is there, though it may have none.
    fn is_empty(&self, peer: &Peer) -> bool {
        peer.pods.is_empty() && peer.namespaces.as_ref().is_none_or(|wanted| !self.namespaces(wanted).is_empty())
    }

    fn namespaces(&self, wanted: &Selector) -> Vec<&'s str> {
        let known = self.symbols.namespaces.iter().filter(|(_, labels)| wanted.matches(labels));
        known.map(|(name, _)| name.as_str()).collect()
    }

    /// Whether all pods of a namespace are: what is in one that is made elsewhere nobody tells us.
    fn is_known(&self, namespace: &str) -> bool {
        !self.symbols.external.namespaces.iter().any(|external| external == namespace)
            && names::server(self.symbols).is_none_or(|dns| dns.namespace != namespace)
    }

    fn leads_nowhere(&self, direction: Direction, peer: &Peer, node: &Node) -> Diagnostic {
        let object = self.policy.object;
        let of = match &peer.namespaces {
            None => format!("in `{}`", object.namespace_name()),
            Some(wanted) => format!("in a namespace with `{wanted}`"),
        };
        let pods = if peer.pods.is_empty() { "pods".to_owned() } else { format!("pods with `{}`", peer.pods) };
        let message = format!("{} lets through {pods} {of}, and there are none", object.identity());
        let fault = self.symbols.fault(Code::PeerOfNothing, message, object, node.span);
        let fault = fault.note(format!("it is a peer of its {} rules", direction.key()));
        match &peer.namespaces {
            None => nearest_pods(fault, self.symbols, object.namespace_name(), &peer.pods),
            Some(wanted) => match self.namespaces(wanted).as_slice() {
                [] => {
                    let name = wanted.labels().find(|(key, _)| *key == NAMESPACE_NAME).map_or("", |(_, name)| name);
                    let known = self.symbols.namespaces.keys().map(String::as_str);
                    fault.note(format!("no namespace carries `{wanted}`")).suggest(name, known)
                }
                [namespace, ..] => nearest_pods(fault, self.symbols, namespace, &peer.pods),
            },
        }
    }

    /// Each port of a rule is one that somebody it leads to listens on.
    fn ports(&self, rule: &Rule, reached: &[&Workload], sink: &mut Sink) {
        let is_silent = |workload: &&Workload| workload.ports.is_empty() || workload.on_host_network;
        if reached.is_empty() || !is_whole(self.symbols) && reached.iter().any(is_silent) {
            return;
        }
        for node in list(rule.node, "ports") {
            let Some(wanted) = node.get("port").and_then(Target::of) else { continue };
            let (protocol, last) = (super::symbols::protocol(node), node.get("endPort").and_then(Node::as_integer));
            let answers = |port: &Listens| match &wanted {
                Target::Name(name) => port.name.as_ref() == Some(name),
                Target::Number(first) => {
                    (i64::from(*first)..=last.unwrap_or(i64::from(*first))).contains(&i64::from(port.number))
                }
            };
            let mut ports = reached.iter().flat_map(|workload| &workload.ports);
            let is_meant = |port: &Listens| port.protocol == protocol && answers(port);
            let is_promised = |workload: &&Workload| is_promised(self.symbols, workload, is_meant);
            if !ports.any(is_meant) && !reached.iter().any(is_promised) {
                sink.push(self.nobody_listens(&wanted, protocol, reached, node.span));
            }
        }
    }

    fn nobody_listens(&self, wanted: &Target, protocol: Protocol, reached: &[&Workload], at: Span) -> Diagnostic {
        let names: Vec<String> = reached.iter().take(3).map(|workload| workload.title()).collect();
        let more = if reached.len() > 3 { format!(" and {} more", reached.len() - 3) } else { String::new() };
        let message = format!(
            "{} opens port `{wanted}`/{}, on which none of {}{more} listens",
            self.policy.object.identity(),
            protocol.as_str(),
            names.join(", "),
        );
        let mut fault = self.symbols.fault(Code::PolicyPort, message, self.policy.object, at);
        if let Some(place) = asked(self.symbols, wanted, reached) {
            fault = fault.at(place, "asked for here");
        }
        if !is_whole(self.symbols) {
            // Declaring a port is documentation to Kubernetes: the pod may listen on it all the same.
            fault.severity = Severity::Warning;
        }
        reached.first().into_iter().fold(fault, |fault, workload| super::services::listening(fault, workload, wanted))
    }
}

/// Where the flow stands that asks for a port of one of these workloads.
fn asked(symbols: &Symbols, wanted: &Target, reached: &[&Workload]) -> Option<Span> {
    let Target::Number(number) = wanted else { return None };
    let leads = |flow: &&DeclaredFlow| match &flow.to {
        FlowEnd::Pods { namespace, name } => {
            reached.iter().any(|workload| workload.namespace == *namespace && workload.name == *name)
        }
        _ => false,
    };
    let mut flows = symbols.plan?.flows.iter().filter(|flow| flow.ports.iter().any(|port| port.number == *number));
    flows.find(leads)?.origin.place()
}

fn is_whole(symbols: &Symbols) -> bool {
    symbols.extent == Extent::Whole
}

/// Pods on the network of their node are out of reach of every policy.
fn selected<'s, 'a>(symbols: &'s Symbols<'a>, namespace: &str, pods: &Selector) -> Vec<&'s Workload<'a>> {
    let mut found = symbols.selected(namespace, pods);
    found.retain(|workload| !workload.on_host_network);
    found
}

fn peers<'a>(rule: &Rule<'a>, direction: Direction) -> &'a [Node] {
    list(rule.node, direction.peers())
}

fn list<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    node.get(key).and_then(Node::as_list).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::link::tests::{part, whole};

    fn shop(policy: &str) -> String {
        format!(
            "
apiVersion: v1
kind: Namespace
metadata: {{name: shop}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec: {{containers: [{{name: web, image: web:1, ports: [{{name: http, containerPort: 8080}}]}}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: web, namespace: shop}}
spec: {policy}
"
        )
    }

    const POLICY: &str = "NetworkPolicy.networking.k8s.io shop/web";

    #[test]
    fn a_policy_about_no_pod_is_a_fault_and_one_about_all_is_none() {
        let fault = format!("0631 {POLICY} is about no pod: none carries `app=api`");
        let policy = shop("{podSelector: {matchLabels: {app: api}}}");
        assert_eq!(whole(&policy), [format!("E{fault}")]);
        assert_eq!(part(&policy), [format!("W{fault}")]);
        assert_eq!(whole(&shop("{podSelector: {}}")), [""; 0]);
    }

    #[test]
    fn peers_that_are_not_there_are_a_fault_of_a_whole_platform_only() {
        let policy = shop("{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]}");
        assert_eq!(
            whole(&policy),
            [format!("E0632 {POLICY} lets through pods with `app=api` in `shop`, and there are none")]
        );
        assert_eq!(part(&policy), [""; 0]);
    }

    #[test]
    fn pods_on_the_network_of_their_node_are_reached_by_no_policy() {
        let policy = shop("{podSelector: {matchLabels: {app: web}}}")
            .replace("spec: {containers", "spec: {hostNetwork: true, containers");
        let told = format!("E0631 {POLICY} is about pods on the network of their node, where no policy reaches");
        assert_eq!(whole(&policy), [told]);
    }

    #[test]
    fn a_port_is_one_of_the_pods() {
        let port = |port: &str| shop(&format!("{{podSelector: {{}}, ingress: [{{ports: [{port}]}}]}}"));
        assert_eq!(whole(&port("{port: 8080}")), [""; 0]);
        assert_eq!(whole(&port("{port: http}")), [""; 0]);
        assert_eq!(whole(&port("{port: 8000, endPort: 9000}")), [""; 0]);
        let told =
            |port: &str| [format!("E0633 {POLICY} opens port `{port}`, on which none of Deployment shop/web listens")];
        assert_eq!(whole(&port("{port: 80}")), told("80`/TCP").map(|text| text.replace("TCP`,", "TCP,")));
        assert_eq!(
            whole(&port("{port: 8080, protocol: UDP}")),
            told("8080`/UDP").map(|text| text.replace("UDP`,", "UDP,"))
        );
        assert_eq!(whole(&port("{port: web}")), told("web`/TCP").map(|text| text.replace("TCP`,", "TCP,")));
    }

    #[test]
    fn whoever_reaches_pods_may_ask_for_names() {
        let to =
            "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}], ports: [{port: 8080}]}DNS]}";
        let fault = ["E0634 Deployment shop/web can look up no name: no policy opens port 53/UDP to it"];
        assert_eq!(whole(&shop(&to.replace("DNS", ""))), fault);
        assert_eq!(whole(&shop(&to.replace("DNS", ", {ports: [{port: 53, protocol: UDP}]}"))), [""; 0]);
        assert_eq!(whole(&shop("{podSelector: {}, policyTypes: [Egress]}")), [""; 0]);
    }
}
