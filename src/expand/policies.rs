//! From connections to NetworkPolicy files, with the notes about what they cannot say.

use serde_json::{Value as Json, json};

use super::by_hand::ByHand;
use super::ends::{End, Ends, Pods};
use super::evaluate::Context;
use super::files::Derived;
use super::flows::Flows;
use super::network::{Connection, Policies, Policy, pods_of, rules_json};
use super::plan::{DeclaredFlow, FlowEnd, Instance, Origin, Plan, PlannedFile};
use super::ranges::{Ranges, addresses};
use crate::component::catalog::Word;
use crate::component::interface::{By, Metric, Webhook};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::{NodePath, Span};

/// The policy of a whole namespace; those of workloads are called like them.
const DEFAULT_DENY: &str = "default-deny";

/// Plans the policies of every isolated namespace.
pub fn add(plan: &mut Plan, instances: &[Instance], contexts: &[Context], by_hand: &ByHand, sink: &mut Sink) {
    let (files, told, flows) = planned(plan, instances, contexts, by_hand, sink);
    plan.files.extend(files);
    plan.facts.flows = told;
    plan.flows = flows;
}

/// The files, what the docs tell of the connections, and the connections for whoever proves the files.
fn planned(
    plan: &Plan,
    instances: &[Instance],
    contexts: &[Context],
    by_hand: &ByHand,
    sink: &mut Sink,
) -> (Vec<PlannedFile>, Vec<Json>, Vec<DeclaredFlow>) {
    let cluster = &plan.platform.input.cluster;
    let ends = Ends::new(instances, cluster, plan);
    let ranges = Ranges { cluster };
    let connections = connections(&ends, instances, contexts, by_hand, sink);
    let isolated = |namespace: &str| plan.namespaces.get(namespace).is_some_and(|namespace| namespace.isolated);
    let mut policies = of_workloads(&ends, by_hand, &ranges, &isolated, sink);
    for connection in &connections {
        policies.connect(connection, &ranges);
    }
    remark(&connections, &ranges, &isolated, cluster_place(plan), sink);
    let governed = |end: &End| governed(end).is_some_and(|pods| isolated(&pods.namespace));
    let told = connections.iter().filter(|connection| governed(&connection.from) || governed(&connection.to));
    let told = told.map(|connection| fact(connection, &ranges)).collect();
    let mut files = vec![];
    for (name, namespace) in plan.namespaces.iter().filter(|(_, namespace)| namespace.isolated) {
        files.push(default_deny(plan, name, &namespace.origin));
    }
    let policies: Vec<_> = policies.iter().collect();
    let of_policy =
        |((namespace, name), policy): &(&(String, String), &Policy), _: &mut Sink| file(plan, namespace, name, policy);
    files.extend(sink.on_all_cores(&policies, of_policy));
    (files, told, connections.iter().map(declared).collect())
}

fn declared(connection: &Connection) -> DeclaredFlow {
    let end = |end: &End| match end {
        End::Pods(pods) | End::Service(pods, _) => {
            FlowEnd::Pods { namespace: pods.namespace.clone(), name: pods.name.clone() }
        }
        End::Outside(outside) => FlowEnd::Outside(addresses(&outside.is)),
        End::Internet => FlowEnd::Internet,
        End::ApiServer => FlowEnd::ApiServer,
        End::Nodes => FlowEnd::Nodes,
    };
    let Connection { from, to, ports, why, origin } = connection;
    DeclaredFlow { from: end(from), to: end(to), ports: ports.clone(), why: why.clone(), origin: (*origin).clone() }
}

/// A policy for every workload in an isolated namespace, before anything is allowed.
fn of_workloads(
    ends: &Ends,
    by_hand: &ByHand,
    ranges: &Ranges,
    isolated: &dyn Fn(&str) -> bool,
    sink: &mut Sink,
) -> Policies {
    let mut policies = Policies::default();
    let of_instance = |instance| ends.pods_of(instance);
    let pods = ends.instances.iter().flat_map(of_instance).chain(by_hand.pods());
    for pods in pods.filter(|pods| !pods.workload.host_network && isolated(&pods.namespace)) {
        if pods.name == DEFAULT_DENY {
            sink.push(reserved(pods.origin));
        }
        if pods.workload.by == Some(By::External) {
            sink.push(closed_in(&pods));
            continue;
        }
        policies.cover(&pods, ranges, sink);
    }
    policies
}

fn connections<'a>(
    ends: &'a Ends<'a>,
    instances: &'a [Instance<'a>],
    contexts: &[Context],
    by_hand: &'a ByHand,
    sink: &mut Sink,
) -> Vec<Connection<'a>> {
    let mut flows = Flows { ends, sink, connections: vec![] };
    flows.by_hand(by_hand);
    for (instance, context) in instances.iter().zip(contexts) {
        flows.declared(instance, context);
        flows.routes(instance);
        // Faults of these entries are told where the objects are planned.
        let quiet = &mut Sink::default();
        for (id, metric) in context.entries::<Metric>(instance.component.word(Word::Metrics), quiet) {
            flows.metric(instance, &id, &metric);
        }
        for (id, webhook) in context.entries::<Webhook>(instance.component.word(Word::Webhooks), quiet) {
            flows.webhook(instance, &id, &webhook);
        }
    }
    flows.connections
}

/// Pods that a policy can be about: those on the network of their node are none.
fn governed<'e, 'a>(end: &'e End<'a>) -> Option<&'e Pods<'a>> {
    pods_of(end).filter(|pods| !pods.workload.host_network)
}

fn file(plan: &Plan, namespace: &str, name: &str, policy: &Policy) -> PlannedFile {
    let facts = json!({
        "selector": policy.selector, "ingress": rules_json(&policy.ingress), "egress": rules_json(&policy.egress),
    });
    policy_file(plan, namespace, name, facts, policy.origin.clone())
}

fn default_deny(plan: &Plan, namespace: &str, origin: &Origin) -> PlannedFile {
    let facts = json!({ "selector": {}, "ingress": [], "egress": [] });
    policy_file(plan, namespace, DEFAULT_DENY, facts, origin.clone())
}

fn reserved(origin: &Origin) -> Diagnostic {
    let place = origin.asked.last().copied();
    let fault = Diagnostic::new(Code::ReservedName, format!("no workload can be called `{DEFAULT_DENY}`"));
    let fault = place.into_iter().fold(fault, |fault, span| fault.at(span, ""));
    fault.note("the policy that closes its namespace has this name")
}

/// The default deny of their namespace closes them all the same.
fn closed_in(pods: &Pods) -> Diagnostic {
    let message =
        format!("the namespace `{}` would close in `{}`, which is no part of the platform", pods.namespace, pods.name);
    let fault = pods.origin.fault(Code::ClosedIn, &message);
    fault
        .note("a closed namespace allows declared flows alone, and what these pods talk to nobody declares")
        .help("give them a namespace of their own")
}

fn policy_file(plan: &Plan, namespace: &str, name: &str, facts: serde_json::Value, origin: Origin) -> PlannedFile {
    let derived = Derived {
        platform: plan.platform,
        kind: "networkpolicy",
        folder: "security/networkpolicies",
        file: format!("{namespace}-{name}"),
        name,
        namespace: Some(namespace),
        of: name,
    };
    derived.file(facts, origin)
}

/// Policies know addresses only: says where one is missing.
fn remark(
    connections: &[Connection],
    ranges: &Ranges,
    isolated: &dyn Fn(&str) -> bool,
    cluster: Span,
    sink: &mut Sink,
) {
    let counts = |connection: &&Connection| governed(&connection.from).is_some_and(|pods| isolated(&pods.namespace));
    for connection in connections.iter().filter(counts) {
        match &connection.to {
            End::Outside(outside) if addresses(&outside.is).is_empty() => {
                sink.push(any_address(&ranges.name(&connection.to), &outside.origin));
            }
            End::Internet if !ranges.inside_is_known() => sink.push(open_range(cluster)),
            _ => {}
        }
    }
}

fn any_address(name: &str, origin: &Origin) -> Diagnostic {
    let message = format!("`{name}` is reached at any address on its port");
    let note = Diagnostic::new(Code::AnyAddress, message)
        .help("a NetworkPolicy knows no host names: say `cidrs: [10.0.0.0/8]`");
    origin.place().into_iter().fold(note, |note, span| note.at(span, ""))
}

/// Where the ranges would stand: the key `cluster`, or the name of the platform.
fn cluster_place(plan: &Plan) -> Span {
    let merged = &plan.platform.merged;
    let key = if merged.get("cluster").is_some() { "cluster" } else { "name" };
    merged.nearest(&NodePath::dotted(key))
}

fn open_range(cluster: Span) -> Diagnostic {
    Diagnostic::new(Code::OpenRange, "pods that may reach the internet may reach every pod and Service as well")
        .at(cluster, "")
        .note("the cluster's own ranges are not known, so they are not taken out of 0.0.0.0/0")
        .help("say which they are: `cluster: {podCidrs: [10.244.0.0/16], serviceCidrs: [10.96.0.0/12]}`")
}

fn fact(connection: &Connection, ranges: &Ranges) -> serde_json::Value {
    let ports: Vec<String> =
        connection.ports.iter().map(|port| format!("{}/{}", port.number, port.protocol.as_str())).collect();
    json!({ "from": ranges.name(&connection.from), "to": ranges.name(&connection.to), "ports": ports, "why": connection.why })
}
