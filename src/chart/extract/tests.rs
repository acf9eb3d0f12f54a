use super::*;
use crate::chart::facts::PodPort;
use crate::component::interface::PodSecurity;

/// A Pod of which the spec is a flow map's inside.
fn pod(spec: &str) -> Workload {
    let text = format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec: {{{spec}}}\n");
    facts(&text, "apps").unwrap().workloads.remove(0)
}

const TIGHT: &str = "securityContext: {allowPrivilegeEscalation: false, runAsNonRoot: true, \
    capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}";

#[test]
fn a_pod_that_gives_everything_up_is_restricted() {
    let found = pod(&format!("containers: [{{name: a, {TIGHT}}}]"));
    assert_eq!((found.pod_security, found.because.len()), (PodSecurity::Restricted, 0));
}

#[test]
fn each_thing_that_a_pod_keeps_is_told() {
    let restricted = |spec: &str| format!("{spec}, containers: [{{name: a, {TIGHT}}}]");
    let container = |more: &str| format!("containers: [{{name: a, {TIGHT}, {more}}}]");
    let context = |old: &str, new: &str| format!("containers: [{{name: a, {}}}]", TIGHT.replace(old, new));
    let (privileged, baseline) = (PodSecurity::Privileged, PodSecurity::Baseline);
    for (spec, level, reason) in [
        (restricted("hostNetwork: true"), privileged, "hostNetwork"),
        (restricted("hostPID: true"), privileged, "hostPID"),
        (restricted("hostIPC: true"), privileged, "hostIPC"),
        (restricted("volumes: [{name: v, hostPath: {path: /}}]"), privileged, "hostPath"),
        (restricted("securityContext: {sysctls: [{name: kernel.msgmax}]}"), privileged, "sysctl kernel.msgmax"),
        (restricted("securityContext: {seLinuxOptions: {user: a}}"), privileged, "seLinuxOptions"),
        (restricted("securityContext: {appArmorProfile: {type: Unconfined}}"), privileged, "appArmorProfile"),
        (restricted("securityContext: {windowsOptions: {hostProcess: true}}"), privileged, "hostProcess"),
        (container("ports: [{containerPort: 1, hostPort: 1}]"), privileged, "hostPort"),
        (container("livenessProbe: {httpGet: {host: other, port: 1}}"), privileged, "host of a probe"),
        (container("lifecycle: {preStop: {tcpSocket: {host: other, port: 1}}}"), privileged, "host of a probe"),
        (context("drop: [ALL]", "drop: [ALL], add: [SYS_ADMIN]"), privileged, "capability SYS_ADMIN"),
        (context("runAsNonRoot: true", "privileged: true"), privileged, "privileged"),
        (context("runAsNonRoot: true", "procMount: Unmasked"), privileged, "procMount"),
        (context("RuntimeDefault", "Unconfined"), privileged, "seccompProfile"),
        (restricted("volumes: [{name: v, nfs: {path: /}}]"), baseline, "volume nfs"),
        (context("drop: [ALL]", "drop: [KILL]"), baseline, "capabilities.drop"),
        (context("drop: [ALL]", "drop: [ALL], add: [CHOWN]"), baseline, "capabilities.add"),
        (context("allowPrivilegeEscalation: false, ", ""), baseline, "allowPrivilegeEscalation"),
        (context("runAsNonRoot: true", "runAsNonRoot: false"), baseline, "runAsNonRoot"),
        (context("runAsNonRoot: true", "runAsNonRoot: true, runAsUser: 0"), baseline, "runAsUser"),
        (context("seccompProfile: {type: RuntimeDefault}", "procMount: Default"), baseline, "seccompProfile"),
    ] {
        let found = pod(&spec);
        assert_eq!(
            (found.pod_security, found.because.into_iter().collect::<Vec<_>>()),
            (level, vec![reason.into()]),
            "{spec}"
        );
    }
}

#[test]
fn what_the_pod_says_holds_where_the_container_says_nothing() {
    let inherited = "securityContext: {runAsNonRoot: true, seccompProfile: {type: Localhost}}, containers: [{name: a, \
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]";
    assert_eq!(pod(inherited).pod_security, PodSecurity::Restricted);
    let overruled = inherited.replace("drop: [ALL]}", "drop: [ALL]}, runAsNonRoot: false");
    assert_eq!(pod(&overruled).because.into_iter().collect::<Vec<_>>(), ["runAsNonRoot"]);
}

#[test]
fn ports_in_a_row_without_names_are_one() {
    let found = pod("containers: [{name: a, ports: [{containerPort: 1}, {containerPort: 2}, {containerPort: 4}, \
        {containerPort: 5, protocol: UDP}, {containerPort: 6, name: b}]}]");
    let ports: Vec<String> = found.ports.iter().map(PodPort::numbers).collect();
    assert_eq!(ports, ["1-2/TCP", "4/TCP", "5/UDP", "6/TCP"]);
}

#[test]
fn a_port_is_told_by_a_probe_or_an_address_to_listen_on() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: all}\ndata: {place: ':7'}\n---\napiVersion: v1\nkind: Pod\n\
        metadata: {name: web}\nspec: {containers: [{name: a, ports: [{containerPort: 8}], \
        readinessProbe: {grpc: {port: 9}}, startupProbe: {httpGet: {port: 8}}, livenessProbe: {httpGet: {port: named}}, \
        env: [{name: PLACE, valueFrom: {configMapKeyRef: {name: all, key: place}}}, {name: OTHER, value: 'db:6'}, \
        {name: URL, value: 'http://0.0.0.0:5'}]}]}\n";
    let found = facts(text, "apps").unwrap().workloads.remove(0).undeclared;
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [(7, "PLACE".to_owned()), (9, "readinessProbe".to_owned())]);
}

#[test]
fn optional_secrets_are_not_needed() {
    let found = pod(
        "imagePullSecrets: [{name: pull}], volumes: [{name: v, secret: {secretName: files, items: [{key: a}]}}, \
        {name: w, secret: {secretName: other, optional: true}}], containers: [{name: a, envFrom: [{secretRef: {name: whole}}], \
        env: [{name: A, valueFrom: {secretKeyRef: {name: files, key: b}}}]}]",
    );
    let reads: Vec<String> = found.reads.iter().map(|(name, keys)| format!("{name} {keys:?}")).collect();
    assert_eq!(reads, [r#"files {"a", "b"}"#, "pull {}", "whole {}"]);
}

#[test]
fn the_kinds_of_kubernetes_are_found_by_their_plural() {
    let text = "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: w}\n\
        webhooks: [{clientConfig: {service: {name: s}}, rules: [{apiGroups: ['*'], resources: \
        [ingresses, networkpolicies, pods/exec, gateways, endpoints, unheardofs]}]}, {clientConfig: {url: elsewhere}}]\n";
    let found = facts(text, "apps").unwrap().webhooks.remove(0).guards;
    let kinds: Vec<&str> = found["s"].iter().map(String::as_str).collect();
    assert_eq!(kinds, ["Endpoints", "Gateway", "Ingress", "NetworkPolicy", "Pod", "unheardofs"]);
}

#[test]
fn no_value_of_a_secret_is_kept() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: apps}\nstringData: {key: drawn}\n";
    let found = facts(text, "apps").unwrap();
    assert!(!format!("{found:?}").contains("drawn"));
    assert_eq!(found.secrets[0].keys.iter().collect::<Vec<_>>(), ["key"]);
}

#[test]
fn what_is_no_yaml_is_told() {
    assert!(facts("a: [", "apps").is_err());
}
