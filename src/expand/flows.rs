//! Every allowed connection: those that interfaces declare, and those that follow from routes, metrics and webhooks.

use std::collections::BTreeSet;

use super::by_hand::{self, ByHand};
use super::ends::{End, Ends, Pods, Port, pod_ports};
use super::evaluate::Context;
use super::network::Connection;
use super::plan::{Entry, Instance, Origin};
use super::roles::{INGRESS, MONITORING, provider};
use crate::component::catalog::Word;
use crate::component::interface::{Flow, Metric, PodPort, Protocol, Webhook};
use crate::diagnostic::{Code, Diagnostic, Sink};

pub struct Flows<'a, 's> {
    pub ends: &'a Ends<'a>,
    pub sink: &'s mut Sink,
    pub connections: Vec<Connection<'a>>,
}

impl<'a> Flows<'a, '_> {
    /// What `flows:` of an instance says.
    pub fn declared(&mut self, instance: &'a Instance<'a>, context: &Context) {
        for declared in instance.component.word(Word::Flows) {
            let written_out = declared.body.expressions().is_empty();
            for (id, flow) in context.entries::<Flow>(std::iter::once(declared), self.sink) {
                let from = self.ends_of(instance, &flow.is.from.texts(), &flow.origin, written_out);
                let to = self.ends_of(instance, &flow.is.to.texts(), &flow.origin, written_out);
                self.connect_all(&flow, &from, &to, &format!("{} {id}", instance.used.name));
            }
        }
    }

    /// What `flows:` of platform.yaml says.
    pub fn by_hand(&mut self, by_hand: &'a ByHand) {
        for (id, flow) in &by_hand.flows {
            let from = self.ends_by_hand(by_hand, id, "from", flow);
            let to = self.ends_by_hand(by_hand, id, "to", flow);
            self.connect_all(flow, &from, &to, &format!("flows {id}"));
        }
    }

    fn ends_by_hand(&mut self, by_hand: &'a ByHand, id: &str, key: &str, flow: &'a Entry<Flow>) -> Vec<End<'a>> {
        let texts = if key == "from" { flow.is.from.texts() } else { flow.is.to.texts() };
        let mut ends = vec![];
        for (at, text) in texts.iter().enumerate() {
            let origin = by_hand::place(self.ends.plan.platform, id, key, at, &flow.origin);
            ends.extend(by_hand.look_up(text, self.ends, &origin, self.sink).into_iter().flatten());
        }
        ends
    }

    fn connect_all(&mut self, flow: &Entry<Flow>, from: &[End<'a>], to: &[End<'a>], why: &str) {
        for to in to {
            if let Some(ports) = self.ports(flow, to) {
                self.connect(from, to, &ports, why, &flow.origin);
            }
        }
    }

    /// ingress → the pods behind each route.
    pub fn routes(&mut self, instance: &'a Instance<'a>) {
        let Some(from) = self.exported(INGRESS, "controller") else { return };
        for (id, route) in &instance.routes {
            let Some((pods, service)) = self.ends.service(instance, &route.is.service) else { continue };
            for pods in pods {
                let ports = pod_ports(&service.is, pods.workload);
                let why = format!("{} route {id}", instance.used.name);
                self.connect(&from, &End::Pods(pods), &ports, &why, &route.origin);
            }
        }
    }

    /// Prometheus → the pods behind each metric.
    pub fn metric(&mut self, instance: &'a Instance<'a>, id: &str, metric: &Entry<Metric>) {
        let Some(from) = self.exported(MONITORING, "scraper") else { return };
        for (pods, port) in scraped(self.ends, instance, &metric.is) {
            let why = format!("{} metrics {id}", instance.used.name);
            self.connect(&from, &End::Pods(pods), &[port], &why, &metric.origin);
        }
    }

    /// API server → the pods behind each admission webhook.
    pub fn webhook(&mut self, instance: &'a Instance<'a>, id: &str, webhook: &Entry<Webhook>) {
        let Some((pods, service)) = self.ends.service(instance, &webhook.is.service) else { return };
        for pods in pods {
            let ports = pod_ports(&service.is, pods.workload);
            let why = format!("{} webhook {id}", instance.used.name);
            self.connect(&[End::ApiServer], &End::Pods(pods), &ports, &why, &webhook.origin);
        }
    }

    fn connect(&mut self, from: &[End<'a>], to: &End<'a>, ports: &[Port], why: &str, origin: &Origin) {
        let connection = |from: &End<'a>| Connection {
            from: from.clone(),
            to: to.clone(),
            ports: ports.to_vec(),
            why: why.into(),
            origin: origin.clone(),
        };
        self.connections.extend(from.iter().map(connection));
    }

    fn exported(&self, capability: &str, export: &str) -> Option<Vec<End<'a>>> {
        self.ends.export(provider(self.ends.instances, capability)?, export)
    }

    /// What ids stand for. A component's own may be those of a capability that nobody provides; a user's may not.
    fn ends_of(
        &mut self,
        instance: &'a Instance<'a>,
        ids: &[String],
        origin: &Origin,
        written_out: bool,
    ) -> Vec<End<'a>> {
        let mut ends = vec![];
        for id in ids {
            match self.ends.look_up(instance, id) {
                Some(found) if found.is_empty() && !written_out && self.ends.is_absent(id) => {
                    let capability = id.split_once('.').map_or("", |(slot, _)| slot);
                    let message = format!("nothing provides `{capability}`, so there is no `{id}`");
                    self.sink.push(origin.fault(Code::UnknownEnd, &message));
                }
                Some(found) => ends.extend(found),
                None => self.sink.push(unknown_end(id, instance, self.ends, origin)),
            }
        }
        ends
    }

    /// The ports on the pods or addresses that are reached; none after a fault.
    fn ports(&mut self, flow: &Entry<Flow>, to: &End) -> Option<Vec<Port>> {
        let ports = flow.is.port.as_ref().map(|ports| ports.texts());
        let Some(ports) = ports else { return self.implied_ports(flow, to) };
        if knows_its_port(to) {
            let fault = no_port("this end of the flow knows its port", &flow.origin);
            self.sink.push(fault.help("take `port` away"));
            return None;
        }
        let mut all = vec![];
        for port in &ports {
            match port.as_str() {
                "any" => return Some(vec![]),
                port => all.push(self.port(flow, to, port)?),
            }
        }
        Some(all)
    }

    fn port(&mut self, flow: &Entry<Flow>, to: &End, port: &str) -> Option<Port> {
        if let Ok(number) = port.parse() {
            return Some(Port { number, protocol: Protocol::Tcp });
        }
        let known = match to {
            End::Pods(pods) | End::Service(pods, _) => pods.workload.ports.get(port),
            _ => None,
        };
        if known.is_none() {
            self.sink.push(no_port(&format!("port `{port}` is not one of the flow's target"), &flow.origin));
        }
        known.map(port_of)
    }

    fn implied_ports(&mut self, flow: &Entry<Flow>, to: &End) -> Option<Vec<Port>> {
        let tcp = |number: &u16| Port { number: *number, protocol: Protocol::Tcp };
        match to {
            End::Service(_, ports) => Some(ports.clone()),
            End::ApiServer => Some(self.ends.cluster.api_server.ports.iter().map(tcp).collect()),
            End::Outside(outside) if outside.is.port.is_some() => {
                let port = |number: &u16| Port { number: *number, protocol: outside.is.protocol };
                Some(outside.is.port.iter().map(port).collect())
            }
            End::Pods(_) | End::Outside(_) | End::Internet | End::Nodes => {
                self.sink
                    .push(no_port("a flow to pods, nodes, addresses or the internet needs a `port`", &flow.origin));
                None
            }
        }
    }
}

fn knows_its_port(to: &End) -> bool {
    match to {
        End::Outside(outside) => outside.is.port.is_some(),
        End::Service(..) | End::ApiServer => true,
        End::Pods(_) | End::Internet | End::Nodes => false,
    }
}

/// The pods that a metric is scraped from, each with the port.
pub fn scraped<'a>(ends: &Ends<'a>, instance: &'a Instance<'a>, metric: &Metric) -> Vec<(Pods<'a>, Port)> {
    let (pods, target) = match (&metric.service, &metric.workload) {
        (Some(service), _) => match ends.service(instance, service) {
            Some((pods, service)) => (pods, service.is.ports.get(&metric.port).map(|port| port.target.clone())),
            None => return vec![],
        },
        (None, Some(workload)) => (ends.pods(instance, workload), Some(metric.port.clone())),
        (None, None) => return vec![],
    };
    let Some(target) = target else { return vec![] };
    pods.into_iter().filter_map(|pods| Some((pods.clone(), port_of(pods.workload.ports.get(&target)?)))).collect()
}

fn port_of(port: &PodPort) -> Port {
    Port { number: port.port, protocol: port.protocol }
}

fn no_port(message: &str, origin: &Origin) -> Diagnostic {
    origin.fault(Code::UnknownEnd, message)
}

fn unknown_end(id: &str, instance: &Instance, ends: &Ends, origin: &Origin) -> Diagnostic {
    if ends.instances.iter().any(|other| other.id() == id && other.used.path.steps().len() > 1) {
        let fault = origin.fault(Code::UnknownEnd, &format!("`{id}` has no service that could be reached"));
        return fault.help("give it a port");
    }
    let known = known_ends(instance, ends);
    let fault = origin.fault(Code::UnknownEnd, &format!("nothing is called `{id}` here"));
    fault.suggest(id, known.iter().map(String::as_str))
}

fn known_ends(instance: &Instance, ends: &Ends) -> BTreeSet<String> {
    let words = [Word::Workloads, Word::Services, Word::Outside];
    let own = words.into_iter().flat_map(|word| instance.component.word(word)).map(|entry| entry.id.clone());
    own.chain(ends.all_shared()).collect()
}
