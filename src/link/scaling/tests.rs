//! Each rule in both worlds, and rendered platforms broken one by one.

use crate::link::tests::{mutant, part, whole};

const ROOT: &str = include_str!("../../../platform.yaml");
const EXTERNAL: &str = include_str!("../../../tests/golden/airbyte-external/platform.yaml");

fn web(fields: &str, resources: &str) -> String {
    format!(
        "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec:{fields}
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec: {{containers: [{{name: web, image: web:1, resources: {{{resources}}}}}]}}
---
"
    )
}

fn scaler(target: &str, spec: &str) -> String {
    format!(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: web, namespace: shop}}\nspec:\n  scaleTargetRef: {{{target}}}\n  {spec}\n---\n"
    )
}

fn budget(selector: &str, keeps: &str) -> String {
    format!(
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: web, namespace: shop}}\nspec:\n  selector: {{matchLabels: {{{selector}}}}}\n  {keeps}\n---\n"
    )
}

const CPU: &str = "requests: {cpu: 100m}";
const WEB: &str = "apiVersion: apps/v1, kind: Deployment, name: web";
const SHARE: &str =
    "metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}]";

#[test]
fn an_autoscaler_of_a_workload_with_requests_is_fine() {
    let yaml = web("", CPU) + &scaler(WEB, &format!("minReplicas: 2\n  maxReplicas: 4\n  {SHARE}"));
    assert_eq!(whole(&yaml), [""; 0]);
    assert_eq!(part(&yaml), [""; 0]);
}

#[test]
fn a_target_that_is_not_there_is_told() {
    let yaml = web("", CPU) + &scaler(&WEB.replace("web", "wbe"), "maxReplicas: 4");
    let fault = "0624 HorizontalPodAutoscaler shop/web scales Deployment shop/wbe, which is not there";
    assert_eq!(whole(&yaml), [format!("E{fault}")]);
    assert_eq!(part(&yaml), [format!("W{fault}")]);
    let kind = web("", CPU) + &scaler(&WEB.replace("Deployment", "StatefulSet"), "maxReplicas: 4");
    assert_eq!(
        whole(&kind),
        ["E0624 HorizontalPodAutoscaler shop/web scales StatefulSet shop/web, which is not there"]
    );
}

#[test]
fn a_target_that_cannot_be_scaled_is_a_fault_in_both_worlds() {
    let fixed = scaler("apiVersion: apps/v1, kind: DaemonSet, name: web", "maxReplicas: 4");
    let fault = "E0624 HorizontalPodAutoscaler shop/web scales DaemonSet shop/web, and the number of pods of a DaemonSet cannot be set";
    assert_eq!(whole(&fixed), [fault]);
    assert_eq!(part(&fixed), [fault]);
    for (target, said) in [
        ("kind: Deployment, name: web", "no `apiVersion`"),
        ("apiVersion: extensions/v1beta1, kind: Deployment, name: web", "the `apiVersion` `extensions/v1beta1`"),
    ] {
        let fault = format!("E0624 HorizontalPodAutoscaler shop/web gives its target {said}, where no Deployment is");
        assert_eq!(part(&(web("", CPU) + &scaler(target, "maxReplicas: 4"))), [fault]);
    }
}

#[test]
fn a_kind_that_is_not_kubernetes_own_may_be_scaled() {
    let yaml = scaler("apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: web", "maxReplicas: 4");
    assert_eq!(part(&yaml), [""; 0]);
    assert_eq!(whole(&yaml), ["E0624 HorizontalPodAutoscaler shop/web scales Rollout shop/web, which is not there"]);
}

#[test]
fn a_share_of_a_request_needs_the_request() {
    let lacking = "0625 HorizontalPodAutoscaler shop/web measures cpu against what container `web` requests, and it requests none";
    for spec in ["maxReplicas: 4".to_owned(), format!("maxReplicas: 4\n  {SHARE}")] {
        let yaml = |resources| web("", resources) + &scaler(WEB, &spec);
        assert_eq!(whole(&yaml("requests: {memory: 1Gi}")), [format!("E{lacking}")]);
        assert_eq!(part(&yaml("")), [format!("W{lacking}")]);
        assert_eq!(whole(&yaml("limits: {cpu: 1}")), [""; 0]);
    }
    let amount = SHARE.replace("type: Utilization, averageUtilization: 70", "type: AverageValue, averageValue: 1");
    assert_eq!(whole(&(web("", "") + &scaler(WEB, &format!("maxReplicas: 4\n  {amount}")))), [""; 0]);
    let range = "apiVersion: v1\nkind: LimitRange\nmetadata: {name: all, namespace: shop}\nspec: {limits: [{type: Container, defaultRequest: {cpu: 100m}}]}\n";
    assert_eq!(whole(&(web("", "") + &scaler(WEB, "maxReplicas: 4") + range)), [""; 0]);
}

#[test]
fn a_container_that_is_measured_must_be_there() {
    let metric = "metrics: [{type: ContainerResource, containerResource: {name: cpu, container: wbe, target: {type: Utilization, averageUtilization: 70}}}]";
    let yaml = web("", CPU) + &scaler(WEB, &format!("maxReplicas: 4\n  {metric}"));
    let fault =
        "E0625 HorizontalPodAutoscaler shop/web measures container `wbe`, which Deployment shop/web does not have";
    assert_eq!(part(&yaml), [fault]);
}

#[test]
fn a_minimum_above_the_maximum_is_a_fault_in_both_worlds() {
    let yaml = web("", CPU) + &scaler(WEB, "minReplicas: 5\n  maxReplicas: 4");
    let fault = "E0626 HorizontalPodAutoscaler shop/web wants at least 5 pods and at most 4";
    assert_eq!(whole(&yaml), [fault]);
    assert_eq!(part(&yaml), [fault]);
}

#[test]
fn replicas_beside_an_autoscaler_are_set_back() {
    let yaml = web("\n  replicas: 3", CPU) + &scaler(WEB, "maxReplicas: 4");
    let fault = "0627 Deployment shop/web has `replicas` of 3, and HorizontalPodAutoscaler shop/web scales it: each time it is applied it is set back";
    assert_eq!(whole(&yaml), [format!("E{fault}")]);
    assert_eq!(part(&yaml), [format!("W{fault}")]);
}

#[test]
fn a_workload_has_one_autoscaler() {
    let second = scaler(WEB, "maxReplicas: 4").replacen("name: web", "name: other", 1);
    let yaml = web("", CPU) + &scaler(WEB, "maxReplicas: 4") + &second;
    let fault =
        "E0627 HorizontalPodAutoscaler shop/other scales Deployment shop/web, as HorizontalPodAutoscaler shop/web does";
    assert_eq!(whole(&yaml), [fault]);
    assert_eq!(part(&yaml), [fault]);
}

#[test]
fn a_budget_selects_the_pods_of_one_workload() {
    let none = web("\n  replicas: 2", CPU) + &budget("app: wbe", "minAvailable: 1");
    let fault = "0628 PodDisruptionBudget shop/web selects no pod: none carries `app=wbe`";
    assert_eq!(whole(&none), [format!("E{fault}")]);
    assert_eq!(part(&none), [format!("W{fault}")]);
    let two = web("\n  replicas: 2", CPU)
        + &web("\n  replicas: 2", CPU).replacen("name: web", "name: canary", 1)
        + &budget("app: web", "minAvailable: 1");
    let fault =
        "E0628 PodDisruptionBudget shop/web selects the pods of Deployment shop/web and of Deployment shop/canary";
    assert!(whole(&two).contains(&fault.to_owned()));
    assert!(!part(&two).iter().any(|told| told.contains("0628")));
}

#[test]
fn a_budget_lets_one_pod_go() {
    let told = |replicas: &str, keeps: &str| whole(&(web(replicas, CPU) + &budget("app: web", keeps)));
    for (replicas, keeps, stay) in [
        ("\n  replicas: 2", "minAvailable: 2", "2 of 2 pods"),
        ("\n  replicas: 2", "minAvailable: 51%", "2 of 2 pods"),
        ("\n  replicas: 2", "minAvailable: 100%", "2 of 2 pods"),
        ("\n  replicas: 2", "maxUnavailable: 0", "2 of 2 pods"),
        ("\n  replicas: 2", "maxUnavailable: 0%", "2 of 2 pods"),
        ("", "minAvailable: 1", "the only pod"),
        ("\n  replicas: 1", "minAvailable: 1%", "the only pod"),
    ] {
        let fault =
            format!("E0629 PodDisruptionBudget shop/web lets no pod of Deployment shop/web go: {stay} must stay");
        assert_eq!(told(replicas, keeps), [fault], "{keeps}");
    }
    for (replicas, keeps) in [
        ("\n  replicas: 2", "minAvailable: 50%"),
        ("\n  replicas: 3", "minAvailable: 2"),
        ("\n  replicas: 2", "maxUnavailable: 1%"),
        ("", "maxUnavailable: 1"),
        ("\n  replicas: 0", "minAvailable: 1"),
    ] {
        assert_eq!(told(replicas, keeps), [""; 0], "{keeps}");
    }
}

#[test]
fn among_some_manifests_a_budget_that_keeps_all_is_a_warning_and_replicas_may_be_patched() {
    let yaml = |replicas| web(replicas, CPU) + &budget("app: web", "minAvailable: 1");
    let fault = "W0629 PodDisruptionBudget shop/web lets no pod of Deployment shop/web go: the only pod must stay";
    assert_eq!(part(&yaml("\n  replicas: 1")), [fault]);
    assert_eq!(part(&yaml("")), [""; 0]);
}

#[test]
fn a_budget_beside_an_autoscaler_is_held_against_its_minimum() {
    let yaml = |min| {
        web("", CPU)
            + &scaler(WEB, &format!("minReplicas: {min}\n  maxReplicas: 9"))
            + &budget("app: web", "minAvailable: 2")
    };
    assert_eq!(whole(&yaml(3)), [""; 0]);
    let fault = "E0629 PodDisruptionBudget shop/web lets no pod of Deployment shop/web go: 2 of 2 pods must stay";
    assert_eq!(whole(&yaml(2)), [fault]);
}

#[test]
fn each_broken_reference_of_a_platform_is_told() {
    for (platform, path, from, to, code) in [
        (ROOT, "healthz-hpa.yaml", "    name: healthz", "    name: healtz", "E0624"),
        (ROOT, "healthz-hpa.yaml", "kind: Deployment", "kind: StatefulSet", "E0624"),
        (ROOT, "healthz-hpa.yaml", "apiVersion: apps/v1", "apiVersion: extensions/v1beta1", "E0624"),
        (ROOT, "healthz-hpa.yaml", "minReplicas: 2", "minReplicas: 11", "E0626"),
        (ROOT, "healthz-hpa.yaml", "minReplicas: 2", "minReplicas: 1", "E0629"),
        (ROOT, "healthz-hpa.yaml", "namespace: integration", "namespace: airflow", "E0624"),
        (ROOT, "healthz.yaml", "              cpu: 50m\n", "", "E0625"),
        (ROOT, "healthz.yaml", "  selector:\n", "  replicas: 2\n  selector:\n", "E0627"),
        (ROOT, "healthz-pdb.yaml", "app: healthz", "app: healtz", "E0628"),
        (ROOT, "healthz-pdb.yaml", "minAvailable: 1", "minAvailable: 2", "E0629"),
        (EXTERNAL, "airbyte-worker-hpa.yaml", "    name: airbyte-worker", "    name: airbyte-workr", "E0624"),
        (EXTERNAL, "airbyte-worker-hpa.yaml", "minReplicas: 2", "minReplicas: 3", "E0627"),
        (EXTERNAL, "data/airbyte/values.yaml", "replicaCount: 2", "replicaCount: 1", "E0627"),
        (EXTERNAL, "data/airbyte/values.yaml", "      cpu: 250m\n", "", "E0625"),
    ] {
        let faults = mutant(platform, path, from, to);
        let codes: Vec<&str> = faults.iter().filter_map(|fault| fault.split(' ').next()).collect();
        assert!(codes.contains(&code), "{path}: {from} → {to}: {faults:?}");
        assert!(codes.iter().all(|found| *found == code || codes.len() == 2), "{path}: {from} → {to}: {faults:?}");
    }
}

#[test]
fn among_some_manifests_an_operator_may_make_the_pods_of_a_budget() {
    let yaml = web("\n  replicas: 2", CPU) + &budget("app: database", "minAvailable: 1");
    assert_eq!(part(&yaml), [""; 0]);
    assert_eq!(whole(&yaml).len(), 1);
}
