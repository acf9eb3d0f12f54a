//! What is open against what is declared, on whole platforms.

use crate::diagnostic::{Severity, Sink};
use crate::emit::Tree;
use crate::source::Sources;
use crate::world::{Date, Memory};
use crate::{Request, compile};

const PLATFORM: &str = "
name: acme
domain: example.com
agents: agents
services:
  api: {namespace: apps, image: acme/api:1, port: 8080, connects: {agents: agents.port}}
cluster: {podCidrs: [10.244.0.0/16], serviceCidrs: [10.96.0.0/12]}
";

const COMPONENT: &str = "
component: agents
provides: {capability: agents}
summary: An agent on each node
namespace: agents
workloads:
  agent: {by: run-time, kind: DaemonSet, name: agent, labels: {app: agent}, ports: {http: 9100}, hostNetwork: true}
  main: {by: run-time, kind: Deployment, name: main, labels: {app: main}, ports: {http: 9200}}
services:
  port: {by: run-time, name: agent, labels: {app: agent}, workload: agent, ports: {http: {port: 9100, target: http}}}
flows:
  reports: {from: agent, to: main, port: http}
exports: {services: {port: port}}
";

/// Errors as `E0646 message`, and the tree.
fn compiled(files: &[(&str, &str)]) -> (Vec<String>, Option<Tree>) {
    let world = Memory::with([("platform.yaml", PLATFORM), ("templates/agents/component.yaml", COMPONENT)]);
    for (path, text) in files {
        crate::world::World::write(&world, (*path).into(), text.as_bytes()).unwrap();
    }
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let request = Request::all("platform.yaml", Date::EPOCH);
    let trees = compile(&world, &request, &mut sources, &mut sink);
    let errors = sink.iter().filter(|fault| fault.severity == Severity::Error);
    let errors = errors.map(|fault| format!("{} {}", fault.code, fault.message)).collect();
    (errors, trees.and_then(|mut trees| trees.pop()))
}

#[test]
fn pods_on_the_network_of_their_node_are_reached_by_address_and_have_no_policy() {
    let (errors, tree) = compiled(&[]);
    assert_eq!(errors, [""; 0]);
    let files = tree.unwrap().files;
    let policy =
        |name: &str| files.iter().find(|(path, _)| path.as_str().ends_with(name)).map(|(_, text)| text.as_str());
    assert_eq!(policy("agents-agent.yaml"), None);
    assert!(policy("agents-main.yaml").unwrap().contains("cidr: 0.0.0.0/0"));
    let api = policy("networkpolicies/apps-api.yaml").unwrap();
    assert!(api.contains("cidr: 0.0.0.0/0") && api.contains("port: 9100"), "{api}");
}

#[test]
fn workloads_may_share_a_name() {
    let job = "
files:
  - {template: job.yaml.j2, path: \"kubernetes/{{ namespace }}/job.yaml\", as: manifests}
";
    let template = "
apiVersion: batch/v1
kind: Job
metadata: {name: main, namespace: {{ namespace }}}
spec:
  template:
    metadata: {labels: {app: main}}
    spec:
      restartPolicy: Never
      containers: [{name: main, image: \"acme/main:1\"}]
";
    let component = format!("{COMPONENT}{job}");
    let files = [("templates/agents/component.yaml", component.as_str()), ("templates/agents/job.yaml.j2", template)];
    let (errors, _) = compiled(&files);
    assert!(errors.iter().all(|error| !error.starts_with("E064")), "{errors:#?}");
}

/// Policies of a namespace that the component itself writes, beside the derived ones.
fn with_policy(spec: &str) -> Vec<String> {
    let file = "
files:
  - {template: policy.yaml.j2, path: \"kubernetes/{{ namespace }}/policy.yaml\", as: manifests}
";
    let policy = format!(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: own, namespace: agents}}\nspec: {spec}\n"
    );
    let component = format!("{COMPONENT}{file}");
    compiled(&[("templates/agents/component.yaml", &component), ("templates/agents/policy.yaml.j2", &policy)]).0
}

#[test]
fn what_opens_no_more_than_is_declared_is_fine() {
    let spec = "{podSelector: {matchLabels: {app: main}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: http}]}]}";
    assert_eq!(with_policy(spec), [""; 0]);
}

#[test]
fn an_address_range_on_another_port_is_told_exactly() {
    let spec = "{podSelector: {matchLabels: {app: main}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: 9200, endPort: 9201}]}]}";
    let error = "E0647 a connection from 10.0.0.0/16, 10.2.0.0/15, 10.4.0.0/14, 10.8.0.0/13 and 4 more to `agents/main` on 9201/TCP is open, and nothing declares it";
    assert!(with_policy(spec).contains(&error.to_owned()), "{:#?}", with_policy(spec));
}

#[test]
fn one_end_that_lets_too_much_through_is_told_while_the_other_still_closes_it() {
    let spec = "{podSelector: {matchLabels: {app: main}}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: apps}}}], ports: [{port: http}]}]}";
    let error =
        "E0647 a connection from `apps/api` to `agents/main` on 9200/TCP is let through, and nothing declares it";
    assert_eq!(with_policy(spec), [error]);
}

#[test]
fn one_rule_is_one_fault_however_much_it_opens() {
    let spec = "{podSelector: {}, ingress: [{}]}";
    let errors = with_policy(spec);
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(errors[0].starts_with("E0647 "), "{errors:#?}");
}
