//! The rules of monitors, in both worlds.

use crate::link::tests::{part, whole};

const WEB: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web:1, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: http}]
---
";

fn monitor(namespace: &str, kind: &str, spec: &str) -> String {
    format!(
        "{WEB}apiVersion: monitoring.coreos.com/v1\nkind: {kind}\nmetadata: {{name: web, namespace: {namespace}}}\nspec: {{{spec}}}\n"
    )
}

fn service_monitor(selector: &str, endpoint: &str) -> String {
    monitor(
        "shop",
        "ServiceMonitor",
        &format!("selector: {{matchLabels: {{{selector}}}}}, endpoints: [{{{endpoint}}}]"),
    )
}

fn pod_monitor(selector: &str, endpoint: &str) -> String {
    monitor(
        "shop",
        "PodMonitor",
        &format!("selector: {{matchLabels: {{{selector}}}}}, podMetricsEndpoints: [{{{endpoint}}}]"),
    )
}

#[track_caller]
fn expect(yaml: &str, in_whole: &[&str], in_part: &[&str]) {
    let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!((whole(yaml), part(yaml)), (texts(in_whole), texts(in_part)));
}

#[test]
fn a_monitor_that_selects_a_service_and_a_port_of_it_is_fine() {
    for endpoint in
        ["port: http", "port: http, path: /metrics", "targetPort: 8080", "targetPort: http", "interval: 30s"]
    {
        expect(&service_monitor("app: web", endpoint), &[], &[]);
    }
    for endpoint in ["port: http", "portNumber: 8080", "targetPort: http", "path: /m"] {
        expect(&pod_monitor("app: web", endpoint), &[], &[]);
    }
}

#[test]
fn a_monitor_selects_something() {
    let fault = "0615 ServiceMonitor shop/web selects no Service: none in the namespace `shop` carries `app=wbe`";
    expect(&service_monitor("app: wbe", "port: http"), &[&format!("E{fault}")], &[&format!("W{fault}")]);
    let fault = "0615 PodMonitor shop/web selects no pod: none in the namespace `shop` carries `app=wbe`";
    expect(&pod_monitor("app: wbe", "port: http"), &[&format!("E{fault}")], &[&format!("W{fault}")]);
}

#[test]
fn it_looks_in_its_own_namespace_unless_it_says_another() {
    let spec =
        |namespaces: &str| format!("selector: {{matchLabels: {{app: web}}}}, endpoints: [{{port: http}}]{namespaces}");
    let from = |namespaces: &str| {
        monitor("ops", "ServiceMonitor", &spec(namespaces))
            + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: ops}\n"
    };
    let fault = "E0615 ServiceMonitor ops/web selects no Service: none in the namespace `ops` carries `app=web`";
    expect(&from(""), &[fault], &[]);
    expect(&from(", namespaceSelector: {any: true}"), &[], &[]);
    expect(&from(", namespaceSelector: {matchNames: [shop]}"), &[], &[]);
    expect(&from(", namespaceSelector: {matchNames: [kube-system]}"), &[], &[]);
    let fault =
        "E0615 ServiceMonitor ops/web selects Services in the namespace `shpo`, which the platform does not have";
    expect(&from(", namespaceSelector: {matchNames: [shpo]}"), &[fault], &[]);
    let fault = "E0615 ServiceMonitor ops/web selects no Service in the namespace `ops`";
    expect(&from(", namespaceSelector: {matchNames: [shop, ops]}"), &[fault], &[]);
}

#[test]
fn services_elsewhere_are_ordinary_among_some_manifests() {
    let alone = service_monitor("app: db", "port: http").replace(WEB, "");
    assert_eq!(part(&alone), [""; 0]);
}

#[test]
fn a_port_is_the_name_of_a_port_of_the_service() {
    for (endpoint, shown, of, none) in [
        ("port: metrics", "metrics", "Service shop/web", "no port of that name"),
        ("port: web", "web", "Service shop/web", "no port of that name"),
        ("targetPort: 9090", "9090", "Deployment shop/web", "none such"),
        ("targetPort: metrics", "metrics", "Deployment shop/web", "none such"),
    ] {
        let fault = format!("E0616 ServiceMonitor shop/web asks on the port `{shown}` of {of}, which has {none}");
        expect(&service_monitor("app: web", endpoint), &[&fault], &[&fault]);
    }
}

#[test]
fn a_port_of_pods_is_one_of_a_container() {
    for (endpoint, shown) in
        [("port: metrics", "metrics"), ("portNumber: 9090", "9090"), ("targetPort: metrics", "metrics")]
    {
        let fault =
            format!("E0616 PodMonitor shop/web asks on the port `{shown}` of Deployment shop/web, which has none such");
        expect(&pod_monitor("app: web", endpoint), &[&fault], &[&fault]);
    }
}

#[test]
fn a_number_may_be_undeclared_among_some_manifests() {
    let yaml = pod_monitor("app: web", "portNumber: 9090").replace(", ports: [{name: http, containerPort: 8080}]", "");
    let yaml = yaml.replace("targetPort: http", "targetPort: 8080");
    let faults = whole(&yaml);
    assert!(faults.iter().any(|fault| fault.starts_with("E0616")), "{faults:?}");
    assert_eq!(part(&yaml), [""; 0]);
}

#[test]
fn a_path_begins_with_a_slash() {
    let fault = "E0618 ServiceMonitor shop/web asks at the path `metrics`, which does not begin with `/`";
    expect(&service_monitor("app: web", "port: http, path: metrics"), &[fault], &[fault]);
}

#[test]
fn a_probe_selects_ingresses_and_asks_services() {
    let ingress = "---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: public, annotations: {ingressclass.kubernetes.io/is-default-class: \"true\"}}
spec: {controller: example.com/ingress}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {defaultBackend: {service: {name: web, port: {name: http}}}}
";
    let probe = |prober: &str, targets: &str| {
        monitor("shop", "Probe", &format!("prober: {{url: {prober}}}, targets: {{{targets}}}")) + ingress
    };
    let selecting = |label: &str| format!("ingress: {{selector: {{matchLabels: {{app: {label}}}}}}}");
    expect(&probe("prober.example.com", &selecting("web")), &[], &[]);
    let fault = "0615 Probe shop/web selects no Ingress: none in the namespace `shop` carries `app=wbe`";
    expect(&probe("web.shop.svc:80", &selecting("wbe")), &[&format!("E{fault}")], &[&format!("W{fault}")]);
    let at = |address: &str| probe("web.shop.svc", &format!("staticConfig: {{static: [\"{address}\"]}}"));
    for fine in [
        "https://example.com",
        "http://web.shop.svc/health",
        "http://web.shop.svc.cluster.local",
        "db.example.com:5432",
    ] {
        expect(&at(fine), &[], &[]);
    }
    let fault = "0603 Probe shop/web asks Service shop/wbe, which is not there";
    expect(&at("http://wbe.shop.svc"), &[&format!("E{fault}")], &[&format!("W{fault}")]);
    let fault = "E0604 Probe shop/web asks port `443` of Service shop/web, which has no such port";
    expect(&at("https://web.shop.svc"), &[fault], &[fault]);
}
