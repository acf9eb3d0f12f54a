//! What stands for an end that is no pod: address ranges.

use std::net::IpAddr;

use serde_json::{Value as Json, json};

use super::ends::{End, Pods};
use crate::component::interface::Outside;
use crate::resolve::input::Cluster;

/// The link-local range: instance metadata and node-local services are not the internet.
const LINK_LOCAL: &str = "169.254.0.0/16";

pub struct Ranges<'a> {
    pub cluster: &'a Cluster,
}

impl Ranges<'_> {
    /// NetworkPolicy peers for an end, seen from a namespace; empty: every address, pods included.
    pub fn peers(&self, end: &End, namespace: &str) -> Vec<Json> {
        match end {
            // No selector selects them: they have the address of their node.
            End::Pods(pods) | End::Service(pods, _) if pods.workload.host_network => anywhere(),
            End::Pods(pods) | End::Service(pods, _) => vec![pods.peer(namespace)],
            End::Outside(outside) => match addresses(&outside.is) {
                known if known.is_empty() => anywhere(),
                known => known.iter().map(|cidr| block(cidr)).collect(),
            },
            End::Internet => self.internet(),
            End::ApiServer if self.cluster.api_server.cidrs.is_empty() => anywhere(),
            End::ApiServer => self.cluster.api_server.cidrs.iter().map(|cidr| block(cidr)).collect(),
            End::Nodes => anywhere(),
        }
    }

    /// What an end is called in a comment.
    pub fn name(&self, end: &End) -> String {
        match end {
            End::Pods(pods) | End::Service(pods, _) => self.name_of(pods),
            End::Outside(outside) => outside.is.host.clone().unwrap_or_else(|| outside.is.cidrs.join(" and ")),
            End::Internet => "the internet".into(),
            End::ApiServer => "the API server".into(),
            End::Nodes => "the nodes".into(),
        }
    }

    pub fn dns_peers(&self) -> Vec<Json> {
        let dns = &self.cluster.dns;
        let namespace = json!({ "matchLabels": { "kubernetes.io/metadata.name": dns.namespace } });
        vec![json!({ "namespaceSelector": namespace, "podSelector": { "matchLabels": dns.labels } })]
    }

    /// Whether the ranges that are not the internet are known.
    pub fn inside_is_known(&self) -> bool {
        !self.cluster.pod_cidrs.is_empty() && !self.cluster.service_cidrs.is_empty()
    }

    fn name_of(&self, pods: &Pods) -> String {
        format!("{}/{}", pods.namespace, pods.name)
    }

    fn internet(&self) -> Vec<Json> {
        let inside = self.cluster.pod_cidrs.iter().chain(&self.cluster.service_cidrs);
        let (v6, v4): (Vec<&str>, Vec<&str>) = inside.map(String::as_str).partition(|cidr| cidr.contains(':'));
        let v4: Vec<&str> = v4.into_iter().chain([LINK_LOCAL]).collect();
        let v6 = if v6.is_empty() { block("::/0") } else { json!({ "ipBlock": { "cidr": "::/0", "except": v6 } }) };
        vec![json!({ "ipBlock": { "cidr": "0.0.0.0/0", "except": v4 } }), v6]
    }
}

/// The ranges of an end outside: those given, else its host where that is an address; empty: any.
pub fn addresses(outside: &Outside) -> Vec<String> {
    let host = outside.host.as_ref().filter(|_| outside.cidrs.is_empty());
    match host.and_then(|host| host.parse().ok()) {
        Some(IpAddr::V4(address)) => vec![format!("{address}/32")],
        Some(IpAddr::V6(address)) => vec![format!("{address}/128")],
        None => outside.cidrs.clone(),
    }
}

fn block(cidr: &str) -> Json {
    json!({ "ipBlock": { "cidr": cidr } })
}

fn anywhere() -> Vec<Json> {
    vec![block("0.0.0.0/0"), block("::/0")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::interface::Protocol;

    fn outside(host: &str, cidrs: &[&str]) -> Outside {
        let cidrs = cidrs.iter().map(|cidr| (*cidr).to_owned()).collect();
        Outside { host: Some(host.into()), cidrs, port: Some(5432), protocol: Protocol::Tcp }
    }

    #[test]
    fn a_host_that_is_an_address_is_its_own_range() {
        assert_eq!(addresses(&outside("10.1.2.3", &[])), ["10.1.2.3/32"]);
        assert_eq!(addresses(&outside("10.1.2.3", &["10.0.0.0/8"])), ["10.0.0.0/8"]);
        assert_eq!(addresses(&outside("db.example.com", &[])), Vec::<String>::new());
    }
}
