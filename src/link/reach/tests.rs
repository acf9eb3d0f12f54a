//! Each sentence of the API reference by itself. How they work together is tried against an oracle in `tests/reach/`.

mod platform;

use std::net::IpAddr;

use super::{Direction, Model};
use crate::diagnostic::Sink;
use crate::link::symbols::{Extent, Symbols};
use crate::render::{Rendered, RenderedFile};
use crate::resolve::input::External;
use crate::source::Sources;
use crate::validate::schemas::Schemas;
use crate::validate::validate;

/// Three pods in two namespaces, one of them a node's.
const PODS: &str = "
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: blue}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web, tier: front}}
spec: {containers: [{name: web, image: web:1, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: db, image: db:1, ports: [{name: sql, containerPort: 5432}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: job, namespace: jobs, labels: {app: job}}
spec: {containers: [{name: job, image: job:1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop, labels: {app: web}}
spec: {hostNetwork: true, containers: [{name: agent, image: agent:1}]}
";

/// Asks about the pods above under policies of `shop`, each a `spec` in YAML.
fn under(specs: &[&str], ask: impl FnOnce(&Model)) {
    let policies = specs.iter().enumerate().map(|(index, spec)| {
        let spec = spec.trim().replace('\n', "\n  ");
        format!("---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p{index}, namespace: shop}}\nspec:\n  {spec}\n")
    });
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let file = sources.add("test.yaml", format!("{PODS}{}", policies.collect::<String>()));
    let rendered = Rendered { files: vec![RenderedFile::by_hand(file, &sources, &mut sink)] };
    let objects = validate(&rendered, &["1.36".to_owned()], &Schemas::default(), &sources, &mut sink);
    assert!(sink.is_empty(), "not valid: {:#?}", sink.into_sorted());
    let external = External::default();
    let symbols = Symbols::new(&objects.objects, None, &rendered.files, &external, Extent::Part, &sources);
    ask(&Model::new(symbols.objects, symbols.workloads.iter().collect(), &symbols.namespaces));
}

fn index(model: &Model, name: &str) -> usize {
    model.workloads.iter().position(|workload| workload.name == name).unwrap()
}

/// The ports of `to` that `from` reaches.
fn open(specs: &[&str], from: &str, to: &str) -> String {
    let mut told = String::new();
    under(specs, |model| told = model.open(index(model, from), index(model, to)).unwrap().to_string());
    told
}

/// The ports that are open at an address; `free` where nothing is restricted.
fn at(specs: &[&str], direction: Direction, own: &str, address: &str) -> String {
    let address: IpAddr = address.parse().unwrap();
    let mut told = String::new();
    under(specs, |model| {
        told = match model.addresses(direction, index(model, own)) {
            Some(opened) => opened.at(address).cloned().unwrap_or_default().to_string(),
            None => "free".into(),
        };
    });
    told
}

#[test]
fn without_a_policy_everything_is_open() {
    assert_eq!(open(&[], "job", "db"), "every port");
    assert_eq!(at(&[], Direction::Egress, "db", "8.8.8.8"), "free");
}

#[test]
fn a_policy_without_types_is_about_ingress() {
    let policy = "podSelector: {}";
    assert_eq!(open(&[policy], "job", "db"), "no port");
    assert_eq!(open(&[policy], "db", "job"), "every port");
}

#[test]
fn a_policy_without_types_is_about_egress_where_it_has_egress_rules() {
    assert_eq!(open(&["podSelector: {}\negress: [{ports: [{port: 1}]}]"], "db", "job"), "1/TCP");
    assert_eq!(open(&["podSelector: {}\negress: []"], "db", "job"), "every port");
}

#[test]
fn rules_of_a_type_that_is_not_named_do_nothing() {
    let policy = "podSelector: {}\npolicyTypes: [Egress]\ningress: [{ports: [{port: 1}]}]\negress: [{}]";
    assert_eq!(open(&[policy], "job", "db"), "every port");
}

#[test]
fn a_policy_is_about_the_pods_that_it_selects_in_its_namespace() {
    let policy = "podSelector: {matchLabels: {app: db}}";
    assert_eq!(open(&[policy], "web", "db"), "no port");
    assert_eq!(open(&[policy], "db", "web"), "every port");
    let all = "podSelector: {}";
    assert_eq!(open(&[all], "web", "job"), "every port");
}

#[test]
fn both_ends_must_allow_a_connection() {
    let out =
        "podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]\negress: [{ports: [{port: 1}, {port: 2}]}]";
    let into = "podSelector: {matchLabels: {app: db}}\ningress: [{ports: [{port: 2}, {port: 3}]}]";
    assert_eq!(open(&[out, into], "web", "db"), "2/TCP");
    assert_eq!(open(&[out, "podSelector: {matchLabels: {app: db}}"], "web", "db"), "no port");
}

#[test]
fn policies_add_up() {
    let one = "podSelector: {}\ningress: [{ports: [{port: 1}]}]";
    let two = "podSelector: {matchLabels: {app: db}}\ningress: [{ports: [{port: 2}]}]";
    assert_eq!(open(&[one, two], "job", "db"), "1-2/TCP");
    assert_eq!(open(&[one, two], "job", "web"), "1/TCP");
}

#[test]
fn a_pod_selector_alone_means_the_policys_own_namespace() {
    let policy = "podSelector: {}\ningress: [{from: [{podSelector: {}}]}]";
    assert_eq!(open(&[policy], "web", "db"), "every port");
    assert_eq!(open(&[policy], "job", "db"), "no port");
}

#[test]
fn a_namespace_selector_alone_means_every_pod_in_it() {
    let policy =
        "podSelector: {}\ningress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: jobs}}}]}]";
    assert_eq!(open(&[policy], "job", "db"), "every port");
    assert_eq!(open(&[policy], "web", "db"), "no port");
    let labels = "podSelector: {}\ningress: [{from: [{namespaceSelector: {matchLabels: {team: blue}}}]}]";
    assert_eq!(open(&[labels], "web", "db"), "every port");
    assert_eq!(open(&[labels], "job", "db"), "no port");
}

#[test]
fn both_selectors_in_one_peer_must_select() {
    let both = "podSelector: {}\ningress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: job}}}]}]";
    assert_eq!(open(&[both], "job", "db"), "every port");
    assert_eq!(open(&[both], "web", "db"), "no port");
    let either = "podSelector: {}\ningress: [{from: [{namespaceSelector: {matchLabels: {team: blue}}}, {podSelector: {matchLabels: {app: job}}}]}]";
    assert_eq!(open(&[either], "web", "db"), "every port");
    assert_eq!(open(&[either], "job", "db"), "no port");
}

#[test]
fn expressions_select_too() {
    let policy = |expression: &str| {
        format!(
            "podSelector: {{}}\ningress: [{{from: [{{namespaceSelector: {{}}, podSelector: {{matchExpressions: [{expression}]}}}}]}}]"
        )
    };
    for (expression, web, job) in [
        ("{key: app, operator: In, values: [web, x]}", "every port", "no port"),
        ("{key: app, operator: NotIn, values: [web]}", "no port", "every port"),
        ("{key: tier, operator: Exists}", "every port", "no port"),
        ("{key: tier, operator: DoesNotExist}", "no port", "every port"),
        ("{key: tier, operator: NotIn, values: [back]}", "every port", "every port"),
    ] {
        let policy = policy(expression);
        assert_eq!(open(&[&policy], "web", "db"), web, "{expression}");
        assert_eq!(open(&[&policy], "job", "db"), job, "{expression}");
    }
}

#[test]
fn no_peers_are_all_peers() {
    for peers in ["{}", "{from: []}"] {
        let policy = format!("podSelector: {{}}\ningress: [{peers}]");
        assert_eq!(open(&[&policy], "job", "db"), "every port");
        assert_eq!(at(&[&policy], Direction::Ingress, "db", "8.8.8.8"), "every port");
    }
}

#[test]
fn no_ports_are_all_ports_and_a_protocol_alone_is_all_of_it() {
    let ports = |ports: &str| open(&[&format!("podSelector: {{}}\ningress: [{{ports: {ports}}}]")], "job", "db");
    assert_eq!(ports("[]"), "every port");
    assert_eq!(ports("[{protocol: UDP}]"), "every UDP port");
    assert_eq!(ports("[{}]"), "every TCP port");
    assert_eq!(ports("[{port: 80}]"), "80/TCP");
    assert_eq!(ports("[{port: 80, protocol: SCTP}]"), "80/SCTP");
    assert_eq!(ports("[{port: 80, endPort: 90}, {port: 91}]"), "80-91/TCP");
}

#[test]
fn a_name_means_the_port_of_the_pod_that_is_reached() {
    let into = "podSelector: {}\ningress: [{ports: [{port: http}, {port: sql}, {port: dns, protocol: UDP}]}]";
    assert_eq!(open(&[into], "job", "web"), "8080/TCP, 53/UDP");
    assert_eq!(open(&[into], "job", "db"), "5432/TCP");
    let out =
        "podSelector: {matchLabels: {app: db}}\npolicyTypes: [Egress]\negress: [{ports: [{port: http}, {port: sql}]}]";
    assert_eq!(open(&[out], "db", "web"), "8080/TCP");
    assert_eq!(open(&[out], "db", "job"), "no port");
}

#[test]
fn a_name_of_another_protocol_is_another_port() {
    assert_eq!(open(&["podSelector: {}\ningress: [{ports: [{port: dns}]}]"], "job", "web"), "no port");
}

#[test]
fn an_address_is_asked_for_names_only_where_it_reaches_a_pod() {
    let into = "podSelector: {}\ningress: [{ports: [{port: sql}]}]";
    assert_eq!(at(&[into], Direction::Ingress, "db", "8.8.8.8"), "5432/TCP");
    assert_eq!(at(&[into], Direction::Ingress, "web", "8.8.8.8"), "no port");
    let out = "podSelector: {}\npolicyTypes: [Egress]\negress: [{ports: [{port: sql}]}]";
    assert_eq!(at(&[out], Direction::Egress, "db", "8.8.8.8"), "no port");
}

#[test]
fn a_block_is_its_range_without_what_is_left_out() {
    let policy = "podSelector: {}\npolicyTypes: [Egress]\negress:\n  - to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}, {ipBlock: {cidr: 'fd00::/8'}}]\n    ports: [{port: 443}]";
    for (address, told) in [
        ("10.0.0.1", "443/TCP"),
        ("10.1.0.1", "no port"),
        ("11.0.0.1", "no port"),
        ("fd00::1", "443/TCP"),
        ("fe00::1", "no port"),
    ] {
        assert_eq!(at(&[policy], Direction::Egress, "db", address), told, "{address}");
    }
}

#[test]
fn a_block_is_never_a_pod() {
    let policy = "podSelector: {}\ningress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]";
    assert_eq!(open(&[policy], "job", "db"), "no port");
}

#[test]
fn what_one_block_leaves_out_another_may_open() {
    let policy = "podSelector: {}\ningress:\n  - from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]\n    ports: [{port: 1}]\n  - from: [{ipBlock: {cidr: 10.1.2.0/24}}]\n    ports: [{port: 2}]";
    assert_eq!(at(&[policy], Direction::Ingress, "db", "10.1.2.3"), "2/TCP");
    assert_eq!(at(&[policy], Direction::Ingress, "db", "10.1.3.3"), "no port");
    assert_eq!(at(&[policy], Direction::Ingress, "db", "10.2.0.0"), "1/TCP");
}

#[test]
fn pods_on_the_network_of_their_node_are_no_pods_to_policies() {
    under(&["podSelector: {}\ningress: [{from: [{podSelector: {}}]}]"], |model| {
        let (agent, db) = (index(model, "agent"), index(model, "db"));
        assert!(!model.is_governed(agent) && !model.is_restricted(Direction::Ingress, agent));
        assert_eq!(model.open(agent, db), None);
        assert!(model.connections().all(|(from, to, _)| from != agent && to != agent));
    });
}

#[test]
fn what_no_policy_tells_apart_is_one_class() {
    under(&["podSelector: {matchLabels: {team: blue}}"], |model| {
        assert_eq!(model.class(index(model, "web")), model.class(index(model, "db")));
        assert_ne!(model.class(index(model, "web")), model.class(index(model, "job")));
    });
    under(&["podSelector: {matchLabels: {app: db}}"], |model| {
        assert_ne!(model.class(index(model, "web")), model.class(index(model, "db")));
    });
}
