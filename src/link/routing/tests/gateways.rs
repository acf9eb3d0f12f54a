//! Gateways and the routes on them.

use super::*;

const GATEWAY: &str = "
apiVersion: v1
kind: Namespace
metadata: {name: infra}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {routes: allowed}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: public}
spec: {controllerName: example.com/gateway}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: infra}
spec:
  gatewayClassName: public
  listeners:
    - {name: http, port: 80, protocol: HTTP, hostname: \"*.example.com\", allowedRoutes: {namespaces: {from: All}}}
    - name: https
      port: 443
      protocol: HTTPS
      hostname: a.example.com
      tls: {certificateRefs: [{name: web-tls}]}
      allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {routes: allowed}}}}
---
apiVersion: v1
kind: Secret
metadata: {name: web-tls, namespace: infra}
data: {tls.crt: aGk=, tls.key: aGk=}
---
";

fn route(parent: &str, hosts: &str, backend: &str) -> String {
    format!(
        "{WEB}{GATEWAY}apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: web, namespace: shop}}
spec:
  parentRefs: [{{{parent}}}]
  hostnames: [{hosts}]
  rules: [{{backendRefs: [{{{backend}}}]}}]
"
    )
}

const PARENT: &str = "name: public, namespace: infra";
const BACKEND: &str = "name: web, port: 80";

/// The same fault in both worlds: an error, or among some manifests a warning.
#[track_caller]
fn expect_fault(yaml: &str, fault: &str, in_part: char) {
    expect(yaml, &[&format!("E{fault}")], &[&format!("{in_part}{fault}")]);
}

#[test]
fn a_route_that_its_gateway_admits_is_fine() {
    for parent in
        [PARENT, "name: public, namespace: infra, sectionName: https", "name: public, namespace: infra, port: 80"]
    {
        expect(&route(parent, "a.example.com", BACKEND), &[], &[]);
    }
    expect(&route(PARENT, "\"*.example.com\"", BACKEND), &[], &[]);
    expect(&route(PARENT, "a.b.example.com", BACKEND), &[], &[]);
    expect(&route(PARENT, "a.example.com", "group: example.com, kind: Bucket, name: files"), &[], &[]);
    expect(&route("group: example.com, kind: Mesh, name: all", "x.org", BACKEND), &[], &[]);
}

#[test]
fn the_parent_and_its_listener_are_there() {
    let fault = "0608 HTTPRoute shop/web is attached to Gateway shop/public, which is not there";
    let yaml = route("name: public", "a.example.com", BACKEND);
    expect_fault(&yaml, fault, 'W');
    let external = External { gateways: names(&["shop/public"]), ..External::default() };
    expect_with(&yaml, &external, &[]);
    let fault = "0608 HTTPRoute shop/web is attached to the listener `htps` of Gateway infra/public, which has no such listener";
    expect_fault(&route("name: public, namespace: infra, sectionName: htps", "a.example.com", BACKEND), fault, 'E');
    let fault = "0608 HTTPRoute shop/web is attached to a listener on port `8443` of Gateway infra/public, which has no such listener";
    expect_fault(&route("name: public, namespace: infra, port: 8443", "a.example.com", BACKEND), fault, 'E');
}

#[test]
fn a_gateway_elsewhere_is_ordinary() {
    let (yaml, from) =
        (route(PARENT, "a.example.com", BACKEND), "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass");
    let (before, rest) = yaml.split_once(from).unwrap();
    let (_, route) = rest.split_once("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute").unwrap();
    let alone = format!("{before}apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute{route}");
    expect(&alone, &["E0608 HTTPRoute shop/web is attached to Gateway infra/public, which is not there"], &[]);
}

#[test]
fn a_host_is_taken_by_a_listener() {
    let fault = "0609 no listener of HTTPRoute shop/web takes the host `a.example.org`";
    expect_fault(&route(PARENT, "a.example.org", BACKEND), fault, 'E');
    expect_fault(&route(PARENT, "a.example.com, a.example.org", BACKEND), fault, 'E');
    let fault = "0609 no listener of HTTPRoute shop/web takes the host `b.example.com`";
    expect_fault(&route("name: public, namespace: infra, sectionName: https", "b.example.com", BACKEND), fault, 'E');
    let two = "name: public, namespace: infra, sectionName: https}, {name: public, namespace: infra, sectionName: http";
    expect_fault(
        &route(two, "b.example.com", BACKEND),
        "0609 Gateway infra/public takes no host of HTTPRoute shop/web",
        'E',
    );
}

#[test]
fn a_listener_admits_kinds_and_namespaces() {
    let fault = "0609 HTTPRoute shop/web is not admitted by Gateway infra/public";
    let https = route("name: public, namespace: infra, sectionName: https", "a.example.com", BACKEND);
    expect_fault(&https.replace("labels: {routes: allowed}", "labels: {routes: denied}"), fault, 'E');
    let http = route("name: public, namespace: infra, sectionName: http", "a.example.com", BACKEND);
    expect_fault(&http.replace(", allowedRoutes: {namespaces: {from: All}}", ""), fault, 'E');
    let kinds = "allowedRoutes: {kinds: [{kind: GRPCRoute}], namespaces: {from: All}}";
    expect_fault(&http.replace("allowedRoutes: {namespaces: {from: All}}", kinds), fault, 'E');
    let tls = http.replace("port: 80, protocol: HTTP,", "port: 80, protocol: TLS, tls: {mode: Passthrough},");
    expect_fault(&tls, fault, 'E');
}

#[test]
fn backends_are_services_with_that_port() {
    let fault = "0603 HTTPRoute shop/web leads to Service shop/wbe, which is not there";
    expect_fault(&route(PARENT, "a.example.com", "name: wbe, port: 80"), fault, 'W');
    let fault = "0604 HTTPRoute shop/web leads to port `81` of Service shop/web, which has no such port";
    expect_fault(&route(PARENT, "a.example.com", "name: web, port: 81"), fault, 'E');
    let mirror = "filters: [{type: RequestMirror, requestMirror: {backendRef: {name: wbe, port: 80}}}], backendRefs:";
    let fault = "0603 HTTPRoute shop/web asks Service shop/wbe, which is not there";
    expect_fault(&route(PARENT, "a.example.com", BACKEND).replace("backendRefs:", mirror), fault, 'W');
}

#[test]
fn a_reference_into_another_namespace_is_granted() {
    let abroad = route(PARENT, "a.example.com", "name: web, namespace: data, port: 80")
        + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: data}\n"
        + "---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: data}\nspec: {ports: [{port: 80}]}\n";
    let fault = "0609 HTTPRoute shop/web refers to Service data/web in another namespace, which grants it to nobody";
    expect_fault(&abroad, fault, 'W');
    let grant = |from: &str, to: &str| {
        format!(
            "{abroad}---\napiVersion: gateway.networking.k8s.io/v1\nkind: ReferenceGrant\nmetadata: {{name: web, namespace: data}}\nspec: {{from: [{{group: gateway.networking.k8s.io, {from}}}], to: [{{group: \"\", {to}}}]}}\n"
        )
    };
    expect(&grant("kind: HTTPRoute, namespace: shop", "kind: Service"), &[], &[]);
    expect(&grant("kind: HTTPRoute, namespace: shop", "kind: Service, name: web"), &[], &[]);
    for (from, to) in [
        ("kind: GRPCRoute, namespace: shop", "kind: Service"),
        ("kind: HTTPRoute, namespace: infra", "kind: Service"),
        ("kind: HTTPRoute, namespace: shop", "kind: Secret"),
        ("kind: HTTPRoute, namespace: shop", "kind: Service, name: api"),
    ] {
        expect_fault(&grant(from, to), fault, 'W');
    }
}

#[test]
fn a_gateway_has_a_class_and_certificates() {
    let yaml = route(PARENT, "a.example.com", BACKEND);
    let fault = "0607 Gateway infra/public names the GatewayClass `pubilc`, which is not there";
    expect_fault(&yaml.replace("gatewayClassName: public", "gatewayClassName: pubilc"), fault, 'W');
    let fault = "E0605 Gateway infra/public takes its certificate from Secret infra/wbe-tls, which nothing writes";
    expect(&yaml.replace("[{name: web-tls}]", "[{name: wbe-tls}]"), &[fault], &[]);
    let fault =
        "E0609 Gateway infra/public refers to Secret shop/web-tls in another namespace, which grants it to nobody";
    expect(&yaml.replace("[{name: web-tls}]", "[{name: web-tls, namespace: shop}]"), &[fault], &[]);
}

#[test]
fn a_certificate_covers_the_host_of_its_listener() {
    let certificate = "apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: infra}
spec: {secretName: web-tls, dnsNames: [a.example.com], issuerRef: {name: ours}}
---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {name: ours, namespace: infra}
spec: {selfSigned: {}}
";
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: web-tls, namespace: infra}\ndata: {tls.crt: aGk=, tls.key: aGk=}\n";
    let yaml = route(PARENT, "a.example.com", BACKEND).replace(secret, certificate);
    expect(&yaml, &[], &[]);
    let fault = "0611 Gateway infra/public takes its certificate for `a.example.com` from Certificate infra/web, which does not cover it";
    expect_fault(&yaml.replace("dnsNames: [a.", "dnsNames: [b."), fault, 'E');
}

#[test]
fn one_match_has_one_route() {
    let other = |rules: &str| {
        route(PARENT, "a.example.com", BACKEND)
            + &format!(
                "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: other, namespace: shop}}\nspec:\n  parentRefs: [{{{PARENT}}}]\n  hostnames: [a.example.com]\n  rules: [{{{rules} backendRefs: [{{{BACKEND}}}]}}]\n"
            )
    };
    let fault = "0610 HTTPRoute shop/web and HTTPRoute shop/other both claim `a.example.com/`";
    expect_fault(&other(""), fault, 'W');
    expect_fault(&other("matches: [{path: {type: PathPrefix, value: /}}],"), fault, 'W');
    expect(&other("matches: [{path: {type: PathPrefix, value: /b}}],"), &[], &[]);
    expect(&other("matches: [{headers: [{name: x, value: \"1\"}]}],"), &[], &[]);
    expect(
        &other("").replace("hostnames: [a.example.com]\n  rules: [{ ", "hostnames: [b.example.com]\n  rules: [{ "),
        &[],
        &[],
    );
}

#[test]
fn a_listener_set_needs_a_gateway_that_takes_it() {
    let set = |allowed: &str| {
        route(PARENT, "a.example.com", BACKEND)
            .replace("gatewayClassName: public\n", &format!("gatewayClassName: public\n{allowed}"))
            + "---\napiVersion: gateway.networking.k8s.io/v1\nkind: ListenerSet\nmetadata: {name: more, namespace: shop}\nspec:\n  parentRef: {name: public, namespace: infra}\n  listeners: [{name: more, port: 8080, protocol: HTTP}]\n"
    };
    expect_fault(&set(""), "0609 Gateway infra/public admits no listeners of ListenerSet shop/more", 'E');
    expect(&set("  allowedListeners: {namespaces: {from: All}}\n"), &[], &[]);
}
