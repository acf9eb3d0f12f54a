//! Ingresses, their TLS, and the issuers of certificates.

use super::*;

const CLASS: &str = "
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: public}
spec: {controller: example.com/ingress}
---
";

fn ingress(more: &str, backend: &str) -> String {
    format!(
        "{WEB}{CLASS}apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: web, namespace: shop}}
spec:
  ingressClassName: public
{more}  rules: [{{host: a.example.com, http: {{paths: [{{path: /, pathType: Prefix, backend: {backend}}}]}}}}]
"
    )
}

const BACKEND: &str = "{service: {name: web, port: {number: 80}}}";
const TLS: &str = "  tls: [{hosts: [a.example.com], secretName: web-tls}]\n";

fn certificate(name: &str, issuer: &str) -> String {
    format!(
        "---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {{name: web, namespace: shop}}
spec: {{secretName: web-tls, dnsNames: [\"{name}\"], issuerRef: {issuer}}}
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {{name: ours}}
spec: {{selfSigned: {{}}}}
---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {{name: mine, namespace: shop}}
spec: {{selfSigned: {{}}}}
"
    )
}

const OURS: &str = "{kind: ClusterIssuer, name: ours, group: cert-manager.io}";

#[test]
fn a_backend_is_a_service_and_a_port_of_it() {
    for fine in [
        BACKEND,
        "{service: {name: web, port: {name: http}}}",
        "{service: {name: web, port: {name: use-annotation}}}",
        "{resource: {apiGroup: example.com, kind: Bucket, name: files}}",
    ] {
        expect(&ingress("", fine), &[], &[]);
    }
    let unknown = "0603 Ingress shop/web leads to Service shop/wbe, which is not there";
    let yaml = ingress("", "{service: {name: wbe, port: {number: 80}}}");
    expect(&yaml, &[&format!("E{unknown}")], &[&format!("W{unknown}")]);
    for (port, shown) in [("number: 8080", "8080"), ("name: https", "https")] {
        let fault =
            format!("E0604 Ingress shop/web leads to port `{shown}` of Service shop/web, which has no such port");
        expect(&ingress("", &format!("{{service: {{name: web, port: {{{port}}}}}}}")), &[&fault], &[&fault]);
    }
}

#[test]
fn the_default_backend_is_one_too() {
    let yaml = ingress("  defaultBackend: {service: {name: web, port: {number: 81}}}\n", BACKEND);
    let fault = "E0604 Ingress shop/web leads to port `81` of Service shop/web, which has no such port";
    expect(&yaml, &[fault], &[fault]);
}

#[test]
fn a_name_for_a_host_outside_takes_any_port() {
    let service = "---
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: shop}
spec: {type: ExternalName, externalName: shop.example.org}
";
    expect(&(ingress("", "{service: {name: shop, port: {number: 8443}}}") + service), &[], &[]);
}

#[test]
fn a_service_outside_is_declared_with_its_ports() {
    let external = |ports: &[u16]| External {
        namespaces: names(&["shop"]),
        services: [("shop/api".to_owned(), ports.to_vec())].into_iter().collect(),
        ..External::default()
    };
    let yaml = ingress("", "{service: {name: api, port: {number: 80}}}");
    expect_with(&yaml, &external(&[80]), &[]);
    expect_with(&yaml, &external(&[]), &[]);
    expect_with(
        &yaml,
        &external(&[81]),
        &["E0604 Ingress shop/web leads to port `80` of Service shop/api, which has no such port"],
    );
}

#[test]
fn the_class_is_there() {
    let fault = "0607 Ingress shop/web names the IngressClass `pubilc`, which is not there";
    let yaml = ingress("", BACKEND).replace("ingressClassName: public", "ingressClassName: pubilc");
    expect(&yaml, &[&format!("E{fault}")], &[&format!("W{fault}")]);
    expect(&yaml.replace(CLASS, ""), &[&format!("E{fault}")], &[]);
    let external =
        External { namespaces: names(&["shop"]), ingress_classes: names(&["pubilc"]), ..External::default() };
    expect_with(&yaml, &external, &[]);
    let old = yaml.replace("  ingressClassName: pubilc\n", "").replace(
        "metadata: {name: web, namespace: shop}\nspec:\n  rules",
        "metadata: {name: web, namespace: shop, annotations: {kubernetes.io/ingress.class: pubilc}}\nspec:\n  rules",
    );
    expect(&old, &[&format!("E{fault}")], &[&format!("W{fault}")]);
}

#[test]
fn without_a_class_there_is_a_default() {
    let yaml = ingress("", BACKEND).replace("  ingressClassName: public\n", "");
    expect(&yaml, &["E0607 Ingress shop/web names no IngressClass, and none is known to be the default"], &[]);
    let default = "metadata: {name: public, annotations: {ingressclass.kubernetes.io/is-default-class: \"true\"}}";
    expect(&yaml.replace("metadata: {name: public}", default), &[], &[]);
}

#[test]
fn somebody_writes_the_secret_of_a_certificate() {
    let fault = "E0605 Ingress shop/web takes its certificate from Secret shop/web-tls, which nothing writes";
    expect(&ingress(TLS, BACKEND), &[fault], &[]);
    expect(&(ingress(TLS, BACKEND) + &certificate("a.example.com", OURS)), &[], &[]);
    let by_hand = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: web-tls, namespace: shop}\ndata: ";
    expect(&(ingress(TLS, BACKEND) + by_hand + "{tls.crt: aGk=, tls.key: aGk=}\n"), &[], &[]);
    expect(&(ingress(TLS, BACKEND) + by_hand + "{}\n"), &[], &[]);
    let lacking = "E0605 Ingress shop/web takes its certificate from Secret shop/web-tls, which does not hold `tls.crt` and `tls.key`";
    expect(&(ingress(TLS, BACKEND) + by_hand + "{tls.crt: aGk=}\n"), &[lacking], &[lacking]);
}

#[test]
fn a_certificate_with_another_secret_is_shown() {
    let yaml = ingress(&TLS.replace("web-tls", "wbe-tls"), BACKEND) + &certificate("a.example.com", OURS);
    let fault = "0605 Ingress shop/web takes its certificate from Secret shop/wbe-tls, which nothing writes";
    expect(&yaml, &[&format!("E{fault}")], &[&format!("W{fault}")]);
}

#[test]
fn a_certificate_covers_the_host() {
    expect(&(ingress(TLS, BACKEND) + &certificate("*.example.com", OURS)), &[], &[]);
    let fault = "E0611 Ingress shop/web takes its certificate for `a.example.com` from Certificate shop/web, which does not cover it";
    expect(&(ingress(TLS, BACKEND) + &certificate("b.example.com", OURS)), &[fault], &[fault]);
}

#[test]
fn a_host_is_among_those_with_tls() {
    let yaml = ingress(&TLS.replace("a.example", "b.example"), BACKEND) + &certificate("b.example.com", OURS);
    let fault = "0611 Ingress shop/web serves `a.example.com` without a certificate: its `tls` is for other hosts";
    expect(&yaml, &[&format!("E{fault}")], &[&format!("W{fault}")]);
    expect(&(ingress("  tls: [{secretName: web-tls}]\n", BACKEND) + &certificate("b.example.com", OURS)), &[], &[]);
    expect(&ingress("  tls: [{hosts: [\"*.example.com\"]}]\n", BACKEND), &[], &[]);
}

#[test]
fn an_issuer_is_there() {
    let with = |issuer: &str| ingress(TLS, BACKEND) + &certificate("a.example.com", issuer);
    expect(&with("{name: mine}"), &[], &[]);
    let fault = "0606 Certificate shop/web is to be issued by ClusterIssuer `oours`, which is not there";
    expect(&with("{kind: ClusterIssuer, name: oours}"), &[&format!("E{fault}")], &[&format!("W{fault}")]);
    let fault = "0606 Certificate shop/web is to be issued by Issuer `ours`, which is not there";
    expect(&with("{name: ours}"), &[&format!("E{fault}")], &[&format!("W{fault}")]);
    let fault = "E0606 Certificate shop/web is to be issued by Authority `ours`, which is not there";
    let foreign = with("{kind: Authority, group: ca.example.com, name: ours}");
    expect(&foreign, &[fault], &[]);
    let external = External {
        namespaces: names(&["shop"]),
        issuers: names(&["Authority.ca.example.com/ours"]),
        ..External::default()
    };
    expect_with(&foreign, &external, &[]);
}

#[test]
fn an_issuer_outside_is_of_the_cluster_or_of_a_namespace() {
    let external =
        |issuer: &str| External { namespaces: names(&["shop"]), issuers: names(&[issuer]), ..External::default() };
    let with = |issuer: &str| ingress(TLS, BACKEND) + &certificate("a.example.com", issuer);
    let (cluster, own) = (with("{kind: ClusterIssuer, name: ca}"), with("{kind: Issuer, name: ca}"));
    expect_with(&cluster, &external("ca"), &[]);
    expect_with(&own, &external("shop/ca"), &[]);
    expect_with(
        &own,
        &external("ca"),
        &["E0606 Certificate shop/web is to be issued by Issuer `ca`, which is not there"],
    );
    let fault = "E0606 Certificate shop/web is to be issued by ClusterIssuer `ca`, which is not there";
    expect_with(&cluster, &external("shop/ca"), &[fault]);
}

#[test]
fn an_annotation_asks_for_the_certificate() {
    let with = |annotation: &str| {
        ingress(TLS, BACKEND).replace(
            "metadata: {name: web, namespace: shop}\nspec:\n  ingressClassName",
            &format!(
                "metadata: {{name: web, namespace: shop, annotations: {{{annotation}}}}}\nspec:\n  ingressClassName"
            ),
        ) + &certificate("b.example.com", OURS).replace("web-tls", "other-tls")
    };
    expect(&with("cert-manager.io/cluster-issuer: ours"), &[], &[]);
    expect(&with("cert-manager.io/issuer: mine"), &[], &[]);
    expect(&with("kubernetes.io/tls-acme: \"true\""), &[], &[]);
    let fault = "0606 the certificate of Ingress shop/web is to be issued by ClusterIssuer `mine`, which is not there";
    expect(&with("cert-manager.io/cluster-issuer: mine"), &[&format!("E{fault}")], &[&format!("W{fault}")]);
}

#[test]
fn a_solver_names_a_class() {
    let issuer = format!(
        "{CLASS}apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {{name: acme}}
spec:
  acme:
    server: https://acme.example.com
    privateKeySecretRef: {{name: account}}
    solvers: [{{http01: {{ingress: {{ingressClassName: pubilc}}}}}}]
"
    );
    let fault = "0607 ClusterIssuer acme names the IngressClass `pubilc`, which is not there";
    expect(&issuer, &[&format!("E{fault}")], &[&format!("W{fault}")]);
    expect(&issuer.replace("pubilc", "public"), &[], &[]);
}

#[test]
fn one_host_and_path_has_one_route() {
    let second = |name: &str, path: &str, kind: &str| {
        format!(
            "---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: {name}, namespace: shop}}
spec:
  ingressClassName: public
  rules: [{{host: a.example.com, http: {{paths: [{{path: {path}, pathType: {kind}, backend: {BACKEND}}}]}}}}]
"
        )
    };
    let first = ingress("", BACKEND);
    expect(&(first.clone() + &second("other", "/", "Exact")), &[], &[]);
    expect(&(first.clone() + &second("other", "/b", "Prefix")), &[], &[]);
    let fault = "0610 Ingress shop/web and Ingress shop/other both claim `a.example.com/`";
    let clash = first.clone() + &second("other", "/", "Prefix");
    expect(&clash, &[&format!("E{fault}")], &[&format!("W{fault}")]);
    let canary = clash.replace(
        "{name: other, namespace: shop}",
        "{name: other, namespace: shop, annotations: {controller.example.com/canary: \"true\"}}",
    );
    expect(&canary, &[], &[]);
    let other = clash.replace(
        "kind: Ingress\nmetadata: {name: other, namespace: shop}\nspec:\n  ingressClassName: public",
        "kind: Ingress\nmetadata: {name: other, namespace: shop}\nspec:\n  ingressClassName: inner",
    );
    expect(&(other + "---\n" + &CLASS.replace("public", "inner")), &[], &[]);
    let slash = first + &second("one", "/b", "Prefix") + &second("other", "/b/", "Prefix");
    let fault = "0610 Ingress shop/one and Ingress shop/other both claim `a.example.com/b/`";
    expect(&slash, &[&format!("E{fault}")], &[&format!("W{fault}")]);
}

#[test]
fn one_ingress_does_not_claim_a_path_twice() {
    let path = "{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}";
    let yaml = ingress("", BACKEND).replace(&format!("[{path}]"), &format!("[{path}, {path}]"));
    let fault = "E0610 Ingress shop/web claims `a.example.com/` twice";
    expect(&yaml, &[fault], &[fault]);
}
