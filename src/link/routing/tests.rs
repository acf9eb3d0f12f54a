//! The rules of routing, in both worlds.

use crate::link::symbols::Extent;
use crate::link::tests::{faults, part, whole};
use crate::resolve::input::External;

mod gateways;
mod ingresses;

/// A Service of the namespace `shop` with pods that answer on 8080.
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
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: http}]
---
";

/// That everything else is well, and what is not.
fn both(yaml: &str) -> (Vec<String>, Vec<String>) {
    (whole(yaml), part(yaml))
}

/// One fault in both worlds, of each severity.
#[track_caller]
fn expect(yaml: &str, in_whole: &[&str], in_part: &[&str]) {
    assert_eq!(
        both(yaml),
        (in_whole.iter().map(ToString::to_string).collect(), in_part.iter().map(ToString::to_string).collect())
    );
}

#[track_caller]
fn expect_with(yaml: &str, external: &External, in_whole: &[&str]) {
    assert_eq!(faults(yaml, external, Extent::Whole), in_whole);
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

#[test]
fn a_webhook_calls_a_service_that_is_there() {
    let webhook = |service: &str| {
        format!(
            "{WEB}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {{name: web}}
webhooks:
  - name: web.example.com
    admissionReviewVersions: [v1]
    sideEffects: None
    clientConfig: {{service: {{namespace: shop, {service}}}}}
"
        )
    };
    expect(&webhook("name: web, port: 80"), &[], &[]);
    let unknown = "0603 ValidatingWebhookConfiguration web is answered by Service shop/wbe, which is not there";
    expect(&webhook("name: wbe, port: 80"), &[&format!("E{unknown}")], &[&format!("W{unknown}")]);
    let port = "E0604 ValidatingWebhookConfiguration web is answered by port `443` of Service shop/web, which has no such port";
    expect(&webhook("name: web"), &[port], &[port]);
}

#[test]
fn a_stateful_set_has_a_service_for_its_names() {
    let set = |service: &str| {
        format!(
            "apiVersion: v1
kind: Service
metadata: {{name: queue, namespace: shop}}
spec: {{clusterIP: None, selector: {{app: queue}}, ports: [{{port: 5672}}]}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {{name: queue, namespace: shop}}
spec:
  {service}
  selector: {{matchLabels: {{app: queue}}}}
  template:
    metadata: {{labels: {{app: queue}}}}
    spec: {{containers: [{{name: queue, image: queue:1, ports: [{{containerPort: 5672}}]}}]}}
"
        )
    };
    expect(&set("serviceName: queue"), &[], &[]);
    expect(&set("serviceName: \"\""), &[], &[]);
    let fault = "0603 StatefulSet shop/queue has the names of its pods from Service shop/queu, which is not there";
    expect(&set("serviceName: queu"), &[&format!("E{fault}")], &[&format!("W{fault}")]);
    let without = "0603 StatefulSet shop/queue has the names of its pods from Service shop/queue, which is not there";
    let (_, alone) = set("serviceName: queue").split_once("---\n").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    expect(&alone, &[&format!("E{without}")], &[]);
}

#[test]
fn the_api_server_and_conversions_call_services_too() {
    let api = |name: &str| {
        format!(
            "{WEB}
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {{name: v1.shop.example.com}}
spec: {{group: shop.example.com, version: v1, groupPriorityMinimum: 100, versionPriority: 100, service: {{namespace: shop, name: {name}, port: 80}}}}
"
        )
    };
    expect(&api("web"), &[], &[]);
    let fault = "0603 APIService v1.shop.example.com is answered by Service shop/wbe, which is not there";
    expect(&api("wbe"), &[&format!("E{fault}")], &[&format!("W{fault}")]);
}

#[test]
fn a_crd_without_the_rest_is_ordinary() {
    let crd = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shops.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: shops, singular: shop, kind: Shop}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
  conversion:
    strategy: Webhook
    webhook: {conversionReviewVersions: [v1], clientConfig: {service: {namespace: system, name: webhook}}}
";
    let fault =
        "E0603 CustomResourceDefinition shops.example.com is answered by Service system/webhook, which is not there";
    expect(crd, &[fault], &[]);
    let external =
        External { services: [("system/webhook".to_owned(), vec![443])].into_iter().collect(), ..External::default() };
    expect_with(crd, &external, &[]);
}

#[test]
fn a_gateway_speaks_tls_to_a_service_that_is_there() {
    let policy = |target: &str| {
        format!(
            "{WEB}
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {{name: web, namespace: shop}}
spec:
  targetRefs: [{{{target}}}]
  validation: {{hostname: web.example.com, wellKnownCACertificates: System}}
"
        )
    };
    expect(&policy("group: '', kind: Service, name: web, sectionName: http"), &[], &[]);
    expect(&policy("group: example.com, kind: Backend, name: wbe"), &[], &[]);
    let unknown = "0603 BackendTLSPolicy shop/web is for Service shop/wbe, which is not there";
    expect(
        &policy("group: '', kind: Service, name: wbe"),
        &[format!("E{unknown}").as_str()],
        &[format!("W{unknown}").as_str()],
    );
    let port = "E0604 BackendTLSPolicy shop/web is for port `https` of Service shop/web, which has no such port";
    expect(&policy("group: '', kind: Service, name: web, sectionName: https"), &[port], &[port]);
}
