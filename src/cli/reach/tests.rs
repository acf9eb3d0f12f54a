use clap::Parser;
use serde_json::Value as Json;

use super::*;
use crate::cli::{Cli, Command};
use crate::world::Memory;

const PLATFORM: &str = "
name: acme
domain: example.com
ingress: ingress-nginx
monitoring: kube-prometheus-stack
services:
  api: {namespace: apps, image: acme/api:1, port: 8080, route: {host: api}}
  front:
    namespace: apps
    image: acme/front:1
    port: 3000
    connects: {api: services.api, database: {host: db.internal, cidrs: [10.20.0.0/16], port: 5432}}
cluster: {podCidrs: [10.244.0.0/16], serviceCidrs: [10.96.0.0/12]}
";

const MANIFESTS: &str = "
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: web, image: web:1, ports: [{name: http, containerPort: 80}]}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: web}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: web, image: web:1}]}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec: {podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: http}]}]}
---
apiVersion: example.com/v1
kind: Unknown
metadata: {name: web}
";

fn reach(world: &Memory, arguments: &str) -> Answer {
    let words = ["platformc", "reach"].into_iter().chain(arguments.split_whitespace());
    let Command::Reach(arguments) = Cli::try_parse_from(words).unwrap().command else { panic!("another command") };
    build(world, "platform.yaml".into(), &arguments, Style::Plain)
}

fn platform(arguments: &str) -> Answer {
    reach(&Memory::with([("platform.yaml", PLATFORM)]), arguments)
}

fn manifests(arguments: &str) -> Answer {
    reach(&Memory::with([("k8s/web.yaml", MANIFESTS)]), &format!("{arguments} --manifests k8s"))
}

#[test]
fn the_table_holds_what_is_open_and_says_what_is_not_closed() {
    let answer = platform("");
    assert_eq!((answer.exit, answer.message.as_str()), (Exit::Done, ""));
    let expected = "\
FROM                                    TO               PORTS
apps/api                                kube-system/dns  53/TCP, 53/UDP
apps/front                              apps/api         8080/TCP
                                        kube-system/dns  53/TCP, 53/UDP
                                        10.20.0.0/16     5432/TCP
ingress-nginx/ingress-nginx-controller  apps/api         8080/TCP

open, no policy closes them:
  ingress-nginx: all 3 workloads
  kube-system/dns
  monitoring: all 7 workloads

on the network of their node, where no policy reaches:
  monitoring/kube-prometheus-stack-prometheus-node-exporter
";
    assert_eq!(answer.output, expected);
}

#[test]
fn one_end_shows_what_it_reaches() {
    let output = platform("front").output;
    assert_eq!(output.lines().count(), 4, "{output}");
    assert!(output.contains("apps/front  apps/api         8080/TCP\n"), "{output}");
}

#[test]
fn an_end_that_reaches_nothing_says_so() {
    let (before, _) = MANIFESTS.split_once("spec: {podSelector").unwrap();
    let closed = format!("{before}spec: {{policyTypes: [Ingress, Egress]}}\n");
    let answer = reach(&Memory::with([("k8s/web.yaml", closed)]), "default/web --manifests k8s");
    assert_eq!((answer.output.as_str(), answer.message.as_str()), ("the policies let nothing through\n", ""));
}

#[test]
fn a_question_is_answered_with_ports_and_policies() {
    let answer = platform("front api");
    let expected = "\
yes: front reaches api
  apps/front → apps/api on 8080/TCP
    egress: apps/NetworkPolicy/front lets it through on 8080/TCP
    ingress: apps/NetworkPolicy/api lets it through on 8080/TCP
";
    assert_eq!((answer.output.as_str(), answer.exit), (expected, Exit::Done));
    let answer = platform("api front");
    let expected = "\
no: api does not reach front
  apps/api → apps/front
    egress: closed by apps/NetworkPolicy/default-deny, apps/NetworkPolicy/api
    ingress: closed by apps/NetworkPolicy/default-deny, apps/NetworkPolicy/front
";
    assert_eq!((answer.output.as_str(), answer.exit), (expected, Exit::Faults));
}

#[test]
fn ends_have_many_names() {
    for (question, exit) in [
        ("ingress-nginx api", Exit::Done),
        ("ingress apps/api", Exit::Done),
        ("ingress-nginx/ingress-nginx-controller services.api", Exit::Done),
        ("ingress-nginx apps", Exit::Done),
        ("ingress-nginx front", Exit::Faults),
        ("front 10.20.3.4", Exit::Done),
        ("front 10.20.0.0/24", Exit::Done),
        ("front 10.21.0.1", Exit::Faults),
        ("front internet", Exit::Faults),
        ("monitoring internet", Exit::Done),
        ("internet api", Exit::Faults),
        ("internet ingress", Exit::Done),
        ("front kube-system", Exit::Done),
    ] {
        assert_eq!(platform(question).exit, exit, "{question}");
    }
}

#[test]
fn a_name_that_nothing_has_is_a_wrong_command_line() {
    let answer = platform("frnot api");
    let expected = "error: nothing here is called `frnot`: did you mean `front`?\n";
    assert_eq!((answer.message.as_str(), answer.exit), (expected, Exit::Failed));
    assert_eq!(platform("services").exit, Exit::Failed);
}

#[test]
fn each_environment_is_asked() {
    let world = Memory::with([(
        "platform.yaml",
        format!("{PLATFORM}environments: {{dev: {{}}, prod: {{services: {{front: null}}}}}}\n"),
    )]);
    let answer = reach(&world, "front api");
    let lines: Vec<&str> = answer.output.lines().filter(|line| !line.starts_with(' ')).collect();
    let expected = [
        "dev:",
        "yes: front reaches api",
        "",
        "prod:",
        "no: nothing here is called `front`; `platformc reach` shows what there is",
    ];
    assert_eq!(lines, expected);
    assert_eq!(answer.exit, Exit::Faults);
    assert_eq!(reach(&world, "front api --environment dev").exit, Exit::Done);
    assert_eq!(reach(&world, "front api --environment test").exit, Exit::Faults);
}

#[test]
fn a_faulty_platform_gives_its_faults() {
    let answer = reach(&Memory::with([("platform.yaml", "name: acme\ndomian: example.com\n")]), "");
    assert_eq!((answer.output.as_str(), answer.exit), ("", Exit::Faults));
    assert!(answer.message.contains("unknown key `domian`"), "{}", answer.message);
}

#[test]
fn any_manifests_will_do() {
    let answer = manifests("");
    assert_eq!((answer.exit, answer.message.as_str()), (Exit::Done, ""));
    assert!(answer.output.contains("default/web (Job)  default/web (Pod)  80/TCP\n"), "{}", answer.output);
    assert!(answer.output.contains("every address      default/web (Pod)  80/TCP\n"), "{}", answer.output);
}

#[test]
fn a_policy_that_is_not_valid_is_told() {
    let world = Memory::with([("web.yaml", MANIFESTS.replace("podSelector", "podSelectro"))]);
    let answer = reach(&world, "--manifests web.yaml");
    assert!(answer.message.contains("podSelectro"), "{}", answer.message);
    assert_eq!(answer.exit, Exit::Faults);
}

#[test]
fn json_holds_every_pair_and_every_port() {
    let json: Json = serde_json::from_str(&manifests("--format json").output).unwrap();
    let all = &json["environments"][0];
    assert_eq!(all["environment"], Json::Null);
    assert_eq!(all["workloads"].as_array().unwrap().len(), 2);
    let pairs = all["pairs"].as_array().unwrap();
    assert_eq!(pairs.len(), 4);
    let pair =
        pairs.iter().find(|pair| pair["from"] == "default/web (Job)" && pair["to"] == "default/web (Pod)").unwrap();
    assert_eq!(pair["open"].to_string(), r#"[{"protocol":"TCP","first":80,"last":80}]"#);
    assert_eq!(pair["ports"].to_string(), r#"[{"port":80,"protocol":"TCP","name":"http","verdict":"open"}]"#);
    let addresses = all["addresses"].as_array().unwrap();
    assert_eq!(addresses.len(), 4);
    assert!(addresses.iter().all(|own| own["ranges"].as_array().unwrap().len() == 2), "{addresses:?}");
}

#[test]
fn graphs_have_a_box_for_each_namespace() {
    let dot = platform("front --format dot").output;
    assert!(dot.contains("  subgraph cluster_1 {\n    label=\"apps\";\n"), "{dot}");
    assert!(dot.contains("[label=\"8080/TCP\"];\n") && dot.ends_with("}\n"), "{dot}");
    let mermaid = platform("front --format mermaid").output;
    assert!(mermaid.starts_with("flowchart LR\n") && mermaid.contains(" -->|\"8080/TCP\"| "), "{mermaid}");
}

#[test]
fn an_export_is_an_end() {
    let answer = platform("ingress.controller services.api");
    assert!(answer.output.starts_with("yes: ingress.controller reaches services.api\n"), "{}", answer.output);
    let unknown = platform("ingress.controler services.api");
    assert!(unknown.message.contains("did you mean `ingress.controller`?"), "{}", unknown.message);
}
