//! The rules of pods, in both worlds.

use crate::link::tests::{part, whole};

#[track_caller]
fn expect(yaml: &str, in_whole: &[&str], in_part: &[&str]) {
    let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!((whole(yaml), part(yaml)), (texts(in_whole), texts(in_part)));
}

/// The same fault in both worlds: an error, or among some manifests that of a severity; `-` for none.
#[track_caller]
fn expect_fault(yaml: &str, fault: &str, in_part: char) {
    let in_part = if in_part == '-' { vec![] } else { vec![format!("{in_part}{fault}")] };
    assert_eq!((whole(yaml), part(yaml)), (vec![format!("E{fault}")], in_part));
}

fn pod(containers: &str, more: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: web, namespace: shop}}\nspec: {{containers: [{containers}]{more}}}\n"
    )
}

fn container(more: &str) -> String {
    format!("{{name: web, image: web:1, ports: [{{name: http, containerPort: 8080}}], {more}}}")
}

fn deployment(name: &str, selector: &str, labels: &str, more: &str) -> String {
    format!(
        "---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: shop}}
spec:
  selector: {{matchLabels: {{{selector}}}}}
  template:
    metadata: {{labels: {{{labels}}}}}
    spec: {{containers: [{{name: web, image: web:1}}]{more}}}
"
    )
}

#[test]
fn probes_and_hooks_that_ask_on_a_port_of_the_container_are_fine() {
    for asks in [
        "readinessProbe: {httpGet: {path: /, port: http}}",
        "livenessProbe: {tcpSocket: {port: 8080}}",
        "startupProbe: {grpc: {port: 8080}}",
        "startupProbe: {exec: {command: [ls]}}",
        "lifecycle: {preStop: {httpGet: {path: /, port: http}}}",
        "readinessProbe: {httpGet: {path: /, host: example.com, port: 443}}",
    ] {
        expect(&pod(&container(asks), ""), &[], &[]);
    }
    expect(&pod("{name: web, image: web:1, readinessProbe: {tcpSocket: {port: 80}}}", ""), &[], &[]);
}

#[test]
fn a_name_is_a_port_of_the_container() {
    for (asks, what) in [
        ("readinessProbe: {httpGet: {path: /, port: htpt}}", "readinessProbe"),
        ("livenessProbe: {tcpSocket: {port: htpt}}", "livenessProbe"),
        ("lifecycle: {postStart: {httpGet: {path: /, port: htpt}}}", "postStart"),
    ] {
        let fault = format!(
            "0642 the {what} of container `web` in Pod shop/web asks on port `htpt`, which the container does not have"
        );
        expect_fault(&pod(&container(asks), ""), &fault, 'E');
    }
}

#[test]
fn several_that_ask_on_one_port_are_one_fault() {
    let probe = "{httpGet: {path: /, port: web}}";
    let yaml = pod(&container(&format!("readinessProbe: {probe}, livenessProbe: {probe}")), "");
    let fault = "0642 the readinessProbe of container `web` in Pod shop/web asks on port `web`, which the container does not have";
    expect_fault(&yaml, fault, 'E');
}

#[test]
fn a_number_is_a_port_of_the_pod() {
    let fault = "0642 the readinessProbe of container `web` in Pod shop/web asks on port `9000`, which the container does not have";
    let web = container("readinessProbe: {tcpSocket: {port: 9000}}");
    expect_fault(&pod(&web, ""), fault, '-');
    let beside = "{name: proxy, image: proxy:1, ports: [{containerPort: 9000}]}";
    expect(&pod(&format!("{web}, {beside}"), ""), &[], &[]);
}

#[test]
fn a_mount_names_a_volume() {
    let mount = |name: &str| container(&format!("volumeMounts: [{{name: {name}, mountPath: /tmp}}]"));
    expect(&pod(&mount("tmp"), ", volumes: [{name: tmp, emptyDir: {}}]"), &[], &[]);
    let fault = "0645 container `web` in Pod shop/web mounts the volume `tpm`, which the pod does not have";
    expect_fault(&pod(&mount("tpm"), ", volumes: [{name: tmp, emptyDir: {}}]"), fault, 'E');
}

#[test]
fn a_claim_of_a_stateful_set_is_a_volume() {
    let set = |mount: &str| {
        format!(
            "apiVersion: apps/v1
kind: StatefulSet
metadata: {{name: db, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: db}}}}
  template:
    metadata: {{labels: {{app: db}}}}
    spec: {{containers: [{{name: db, image: db:1, volumeMounts: [{{name: {mount}, mountPath: /data}}]}}]}}
  volumeClaimTemplates:
    - metadata: {{name: data}}
      spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}
"
        )
    };
    expect(&set("data"), &[], &[]);
    expect_fault(
        &set("dta"),
        "0645 container `db` in StatefulSet shop/db mounts the volume `dta`, which the pod does not have",
        'E',
    );
}

#[test]
fn a_name_or_port_stands_once_in_a_pod() {
    let two = |one: &str, other: &str| {
        pod(&format!("{{name: a, image: a:1, ports: [{one}]}}, {{name: b, image: b:1, ports: [{other}]}}"), "")
    };
    expect(&two("{name: http, containerPort: 80}", "{name: admin, containerPort: 81}"), &[], &[]);
    expect(&two("{containerPort: 53, protocol: UDP}", "{containerPort: 53}"), &[], &[]);
    let fault = "0643 two ports of containers `a` and `b` in Pod shop/web are called `http`";
    expect_fault(&two("{name: http, containerPort: 80}", "{name: http, containerPort: 81}"), fault, 'W');
    let fault = "0643 containers `a` and `b` in Pod shop/web both listen on 80/TCP";
    expect_fault(&two("{containerPort: 80}", "{containerPort: 80}"), fault, 'W');
    let fault = "0643 two ports of containers `a` and `b` in Pod shop/web take port 80/TCP of the node";
    expect_fault(&two("{containerPort: 80, hostPort: 80}", "{containerPort: 81, hostPort: 80}"), fault, 'E');
    let fault = "0643 two ports of container `a` in Pod shop/web are called `http`";
    expect_fault(
        &two("{name: http, containerPort: 80}, {name: http, containerPort: 81}", "{containerPort: 82}"),
        fault,
        'E',
    );
}

#[test]
fn containers_that_run_one_after_the_other_may_share_ports() {
    let init =
        |more: &str| format!(", initContainers: [{{name: init, image: a:1, ports: [{{containerPort: 8080}}]{more}}}]");
    expect(&pod(&container(""), &init("")), &[], &[]);
    let fault = "0643 containers `init` and `web` in Pod shop/web both listen on 8080/TCP";
    expect_fault(&pod(&container(""), &init(", restartPolicy: Always")), fault, 'W');
}

#[test]
fn an_init_container_has_a_name_of_its_own() {
    let init = ", initContainers: [{name: web, image: a:1}]";
    expect_fault(&pod(&container(""), init), "0643 two containers of Pod shop/web are called `web`", 'E');
}

#[test]
fn a_workload_selects_its_own_pods() {
    expect(&deployment("web", "app: web", "app: web, tier: front", ""), &[], &[]);
    let fault = "0644 Deployment shop/web selects `app=web`, which its own pods do not carry";
    expect_fault(&deployment("web", "app: web", "app: wbe", ""), fault, 'E');
    expect_fault(
        &deployment("web", "", "app: web", ""),
        "0644 Deployment shop/web selects every pod of its namespace",
        'E',
    );
}

#[test]
fn pods_are_spread_among_their_own() {
    let spread = |label: &str| {
        format!(
            ", topologySpreadConstraints: [{{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {{matchLabels: {{app: {label}}}}}}}]"
        )
    };
    expect(&deployment("web", "app: web", "app: web", &spread("web")), &[], &[]);
    let fault = "0644 Deployment shop/web is spread among pods with `app=wbe`, which its own pods do not carry";
    expect_fault(&deployment("web", "app: web", "app: web", &spread("wbe")), fault, 'W');
}

#[test]
fn a_workload_does_not_select_the_pods_of_another() {
    let web = deployment("web", "app: web", "app: web, track: stable", "");
    let fault = "0644 Deployment shop/web selects the pods of Deployment shop/canary too";
    let same = deployment("canary", "app: web", "app: web, track: canary", "");
    expect_fault(&(web.clone() + &same), fault, 'W');
    let one_way = deployment("canary", "app: web, track: canary", "app: web, track: canary", "");
    expect(&(web.clone() + &one_way), &[], &[]);
    let elsewhere = same.replace("namespace: shop", "namespace: blog");
    expect(&(web.clone() + &elsewhere), &[], &[]);
    let other_kind = same.replace("kind: Deployment", "kind: DaemonSet");
    expect(&(web + &other_kind), &[], &[]);
}

#[test]
fn a_job_is_selected_by_the_api_server() {
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: web, namespace: shop}\nspec:\n  manualSelector: true\n  selector: {matchLabels: {app: x}}\n  template:\n    metadata: {labels: {app: x}}\n    spec: {restartPolicy: Never, containers: [{name: web, image: web:1}]}\n";
    expect(job, &[], &[]);
}

#[test]
fn pods_run_beside_others_whose_labels_are_not_misspelt() {
    let near = |kind: &str, wish: &str, app: &str| {
        let term = format!("labelSelector: {{matchLabels: {{app: {app}}}}}, topologyKey: kubernetes.io/hostname");
        let terms = match wish {
            "required" => format!("requiredDuringSchedulingIgnoredDuringExecution: [{{{term}}}]"),
            _ => {
                format!("preferredDuringSchedulingIgnoredDuringExecution: [{{weight: 1, podAffinityTerm: {{{term}}}}}]")
            }
        };
        let cache = deployment("cache", "app: cache", "app: cache", "");
        cache + &deployment("web", "app: web", "app: web", &format!(", affinity: {{{kind}: {{{terms}}}}}"))
    };
    for kind in ["podAffinity", "podAntiAffinity"] {
        for wish in ["required", "preferred"] {
            expect(&near(kind, wish, "cache"), &[], &[]);
            expect(&near(kind, wish, "web"), &[], &[]);
        }
    }
    let beside = "W0644 Deployment shop/web is to run beside pods with `app=cahce`, and there are none";
    expect(&near("podAffinity", "required", "cahce"), &[beside], &[]);
    let apart = "W0644 Deployment shop/web is to run apart from pods with `app=cahce`, and there are none";
    expect(&near("podAntiAffinity", "preferred", "cahce"), &[apart], &[]);
    // Pods that others bring are not known.
    expect(&near("podAffinity", "required", "postgres"), &[], &[]);
    let elsewhere = near("podAffinity", "required", "cahce").replace("topologyKey", "namespaces: [other], topologyKey");
    expect(&elsewhere, &[], &[]);
}
