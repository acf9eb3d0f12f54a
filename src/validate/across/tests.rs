//! What is just right stays untold; `tests/conformance/broken` holds what is not.

use serde_json::{Value as Json, json};

use super::faults;

fn told(group: &str, kind: &str, object: &Json) -> Vec<String> {
    faults(group, kind, object).into_iter().map(|fault| format!("{}: {}", fault.path, fault.message)).collect()
}

fn pod(container: Json) -> Json {
    json!({ "spec": { "containers": [container] } })
}

#[test]
fn a_request_may_be_as_large_as_its_limit() {
    let object = |request: &str, limit: &str| {
        pod(json!({ "resources": { "requests": { "memory": request }, "limits": { "memory": limit } } }))
    };
    assert_eq!(told("", "Pod", &object("1Gi", "1024Mi")), Vec::<String>::new());
    assert_eq!(told("", "Pod", &object("${REQUEST}", "1Mi")), Vec::<String>::new());
    assert_eq!(
        told("", "Pod", &object("1025Mi", "1Gi")),
        ["spec.containers[0].resources.requests.memory: it is above the limit"]
    );
}

#[test]
fn a_device_is_asked_for_as_it_is_limited() {
    let object =
        |requests: Json| pod(json!({ "resources": { "requests": requests, "limits": { "example.com/gpu": 1 } } }));
    assert_eq!(told("", "Pod", &object(json!({ "example.com/gpu": "1" }))), Vec::<String>::new());
    assert_eq!(told("", "Pod", &object(json!({ "example.com/gpu": 2 }))).len(), 1);
    assert_eq!(told("", "Pod", &object(json!({ "example.com/tpu": 1 }))).len(), 1);
    assert_eq!(told("", "Pod", &object(json!({ "cpu": 1 }))), Vec::<String>::new());
}

#[test]
fn ranges_of_one_and_parts_of_a_block_are_ranges() {
    let policy =
        |port: Json, block: Json| json!({ "spec": { "egress": [{ "ports": [port], "to": [{ "ipBlock": block }] }] } });
    let good = policy(json!({ "port": 80, "endPort": 80 }), json!({ "cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"] }));
    assert_eq!(told("networking.k8s.io", "NetworkPolicy", &good), Vec::<String>::new());
    let good = policy(json!({ "port": "http" }), json!({ "cidr": "::/0", "except": ["fc00::/7"] }));
    assert_eq!(told("networking.k8s.io", "NetworkPolicy", &good), Vec::<String>::new());
    let bad = policy(json!({ "port": 80, "endPort": 79 }), json!({ "cidr": "0.0.0.0/0", "except": ["fc00::/7"] }));
    assert_eq!(told("networking.k8s.io", "NetworkPolicy", &bad).len(), 2);
}

#[test]
fn a_wildcard_covers_what_it_names_only() {
    let webhook = |resources: Json| json!({ "webhooks": [{ "rules": [{ "resources": resources }] }] });
    let group = "admissionregistration.k8s.io";
    for good in
        [json!(["pods", "pods/log"]), json!(["*", "pods/log"]), json!(["pods/*", "services/status"]), json!(["*/*"])]
    {
        assert_eq!(told(group, "ValidatingWebhookConfiguration", &webhook(good)), Vec::<String>::new());
    }
    for bad in [json!(["*", "pods"]), json!(["pods/*", "pods/log"]), json!(["*/status", "pods/status"])] {
        assert_eq!(told(group, "ValidatingWebhookConfiguration", &webhook(bad)).len(), 1);
    }
}

#[test]
fn a_hook_may_sleep_as_long_as_the_pod_may_end() {
    let sleeping = |seconds: u32, spec: Json| {
        let mut pod = pod(json!({ "lifecycle": { "preStop": { "sleep": { "seconds": seconds } } } }));
        pod["spec"]["terminationGracePeriodSeconds"] = spec;
        told("", "Pod", &pod).len()
    };
    assert_eq!([sleeping(30, Json::Null), sleeping(31, Json::Null), sleeping(31, json!(31))], [0, 1, 0]);
}

#[test]
fn a_rollout_has_ten_minutes_if_nothing_is_said() {
    let ready = |seconds: u32| told("apps", "Deployment", &json!({ "spec": { "minReadySeconds": seconds } })).len();
    assert_eq!([ready(0), ready(599), ready(600)], [0, 0, 1]);
}

#[test]
fn a_time_zone_is_one_of_the_database() {
    let job = |zone: &str, schedule: &str| json!({ "spec": { "timeZone": zone, "schedule": schedule } });
    assert_eq!(told("batch", "CronJob", &job("Etc/UTC", "0 3 * * MON-FRI")), Vec::<String>::new());
    let found = faults("batch", "CronJob", &job("Europe/Berlinn", "0 3 * * FRI-MON"));
    assert_eq!(found.len(), 2);
    assert!(found.iter().any(|fault| fault.help.as_deref() == Some("did you mean `Europe/Berlin`?")));
}

#[test]
fn what_is_too_large_is_told() {
    let config = |size: usize| told("", "ConfigMap", &json!({ "data": { "a": "x".repeat(size) } })).len();
    assert_eq!([config(1024 * 1024), config(1024 * 1024 + 1)], [0, 1]);
    let secret = |size: usize| told("", "Secret", &json!({ "data": { "a": "QUFB".repeat(size) } })).len();
    assert_eq!([secret(1024 * 1024 / 3), secret(1024 * 1024 / 3 + 1)], [0, 1]);
    let annotated = |size: usize| {
        told("example.com", "Widget", &json!({ "metadata": { "annotations": { "a": "x".repeat(size) } } })).len()
    };
    assert_eq!([annotated(256 * 1024 - 1), annotated(256 * 1024)], [0, 1]);
}

#[test]
fn an_expression_is_read_at_any_depth() {
    let rule = |rule: &str| json!({ "x-kubernetes-validations": [{ "rule": rule }], "type": "object" });
    let crd = |rule: Json| {
        let schema = json!({ "properties": { "spec": { "type": "array", "items": { "type": "object", "additionalProperties": rule } } } });
        json!({ "spec": { "versions": [{ "schema": { "openAPIV3Schema": schema } }] } })
    };
    let group = "apiextensions.k8s.io";
    let good = "has(self.a) ? self.a.all(x, x.matches('^a+$')) : !has(oldSelf.a) || self.?b.orValue(1) == 1";
    assert_eq!(told(group, "CustomResourceDefinition", &crd(rule(good))), Vec::<String>::new());
    assert_eq!(told(group, "CustomResourceDefinition", &crd(rule("self.a >"))).len(), 1);
}
