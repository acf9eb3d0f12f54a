//! Each rule in both worlds, and rendered platforms broken one by one.

use crate::link::symbols::Extent;
use crate::link::tests::{faults, mutant, part, whole};
use crate::resolve::input::External;

const ROOT: &str = include_str!("../../../platform.yaml");

fn pod(spec: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: web, namespace: shop}}\nspec:\n  containers: [{{name: web, image: web:1}}]\n  {spec}\n"
    )
}

const ACCOUNT: &str = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: shop}\n";
const CLAIM: &str = "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: files, namespace: shop}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n";

#[test]
fn a_service_account_is_there() {
    assert_eq!(whole(&(pod("serviceAccountName: web") + ACCOUNT)), [""; 0]);
    assert_eq!(whole(&pod("serviceAccountName: default")), [""; 0]);
    let misspelt = pod("serviceAccountName: wbe") + ACCOUNT;
    let fault = "0635 Pod shop/web runs as ServiceAccount shop/wbe, which is not there";
    assert_eq!(whole(&misspelt), [format!("E{fault}")]);
    assert_eq!(part(&misspelt), [format!("W{fault}")]);
}

#[test]
fn a_claim_is_there_or_a_stateful_set_makes_it() {
    let mounts = |claim: &str| pod(&format!("volumes: [{{name: v, persistentVolumeClaim: {{claimName: {claim}}}}}]"));
    assert_eq!(whole(&(mounts("files") + CLAIM)), [""; 0]);
    let fault = "0636 Pod shop/web mounts PersistentVolumeClaim shop/flies, which is not there";
    assert_eq!(whole(&(mounts("flies") + CLAIM)), [format!("E{fault}")]);
    assert_eq!(part(&(mounts("flies") + CLAIM)), [format!("W{fault}")]);
    let set = "---\napiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\nspec: {clusterIP: None, ports: [{port: 80}]}\n---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: shop}\nspec:\n  serviceName: db\n  selector: {matchLabels: {app: db}}\n  template:\n    metadata: {labels: {app: db}}\n    spec: {containers: [{name: db, image: db:1}]}\n  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]\n";
    assert_eq!(whole(&(mounts("data-db-0") + set)), [""; 0]);
    assert_eq!(whole(&(mounts("data-db-x") + set)).len(), 1);
}

#[test]
fn a_storage_class_is_known_and_among_some_manifests_the_clusters() {
    let of = |class: &str| CLAIM.replace("spec: {", &format!("spec: {{storageClassName: {class}, "));
    let fault = "0607 PersistentVolumeClaim shop/files asks for StorageClass fast, which is not there";
    assert_eq!(whole(&of("fast")), [format!("E{fault}")]);
    assert_eq!(part(&of("fast")), [""; 0]);
    assert_eq!(whole(&of("\"\"")), [""; 0]);
    let class = "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fast}\nprovisioner: example.com/disk\n";
    assert_eq!(whole(&(of("fast") + class)), [""; 0]);
    assert_eq!(part(&(of("fats") + class)), [format!("W{}", fault.replace("fast", "fats"))]);
    let volume = "---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {name: disk}\nspec: {storageClassName: fast, capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /disk}}\n";
    assert_eq!(whole(&(of("fast") + volume)), [""; 0]);
}

#[test]
fn a_priority_class_is_known_or_kubernetes_own() {
    assert_eq!(whole(&pod("priorityClassName: system-node-critical")), [""; 0]);
    let fault = "E0607 Pod shop/web asks for PriorityClass high, which is not there";
    assert_eq!(whole(&pod("priorityClassName: high")), [fault]);
    assert_eq!(part(&pod("priorityClassName: high")), [""; 0]);
}

#[test]
fn a_runtime_class_is_known() {
    let class = "---\napiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: gvisor}\nhandler: runsc\n";
    assert_eq!(whole(&(pod("runtimeClassName: gvisor") + class)), [""; 0]);
    let fault = "E0607 Pod shop/web asks for RuntimeClass gviser, which is not there";
    assert_eq!(whole(&(pod("runtimeClassName: gviser") + class)), [fault]);
    assert_eq!(part(&pod("runtimeClassName: gviser")), [""; 0]);
}

#[test]
fn what_is_external_is_there() {
    let external = External {
        namespaces: vec!["shop".into()],
        service_accounts: vec!["shop/robot".into()],
        persistent_volume_claims: vec!["share".into()],
        storage_classes: vec!["fast".into()],
        priority_classes: vec!["high".into()],
        runtime_classes: vec!["kata".into()],
        roles: vec!["shop/reader".into()],
        ..External::default()
    };
    let check = |yaml: &str| faults(yaml, &external, Extent::Whole);
    for yaml in [
        pod("serviceAccountName: robot"),
        pod("volumes: [{name: v, persistentVolumeClaim: {claimName: share}}]"),
        pod("priorityClassName: high"),
        pod("runtimeClassName: kata"),
        binding("kind: Role, name: reader", "robot"),
    ] {
        assert_eq!(check(&yaml), [""; 0]);
    }
    assert_eq!(check(&pod("serviceAccountName: robto")).len(), 1);
}

fn binding(role: &str, subject: &str) -> String {
    format!(
        "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {{name: web, namespace: shop}}\nroleRef: {{apiGroup: rbac.authorization.k8s.io, {role}}}\nsubjects: [{{kind: ServiceAccount, name: {subject}, namespace: shop}}, {{kind: ServiceAccount, name: some, namespace: kube-system}}]\n"
    )
}

#[test]
fn a_role_and_who_has_it_are_there() {
    let role = "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: reader, namespace: shop}\nrules: [{apiGroups: [\"\"], resources: [pods], verbs: [get]}]\n";
    for built_in in ["view", "system:auth-delegator"] {
        assert_eq!(whole(&(binding(&format!("kind: ClusterRole, name: \"{built_in}\""), "web") + ACCOUNT)), [""; 0]);
    }
    assert_eq!(whole(&(binding("kind: Role, name: reader", "web") + ACCOUNT + role)), [""; 0]);
    let fault = "0637 RoleBinding shop/web grants Role shop/raeder, which is not there";
    let misspelt = binding("kind: Role, name: raeder", "web") + ACCOUNT + role;
    assert_eq!(whole(&misspelt), [format!("E{fault}")]);
    assert_eq!(part(&misspelt), [format!("W{fault}")]);
    let fault = "E0635 RoleBinding shop/web binds ServiceAccount shop/wbe, which is not there";
    assert_eq!(whole(&(binding("kind: Role, name: reader", "wbe") + ACCOUNT + role)), [fault]);
}

#[test]
fn an_object_twice_in_one_file_is_a_fault_in_both_worlds() {
    let fault = "E0601 ServiceAccount shop/web stands twice";
    assert_eq!(whole(&(ACCOUNT.to_owned() + ACCOUNT)), [fault]);
    assert_eq!(part(&(ACCOUNT.to_owned() + ACCOUNT)), [fault]);
}

#[test]
fn each_broken_reference_of_the_root_platform_is_told() {
    for (path, from, to, code) in [
        ("integration/kpis-api.yaml", "serviceAccountName: kpis-api", "serviceAccountName: kpis", "E0635"),
        (
            "integration/kpis-api.yaml",
            "kind: ServiceAccount\nmetadata:\n  name: kpis-api",
            "kind: ServiceAccount\nmetadata:\n  name: kpis",
            "E0635",
        ),
        (
            "airbyte-temporal-metrics-service.yaml",
            "  name: airbyte-temporal-metrics",
            "  name: temporal-metrics",
            "E0651",
        ),
        ("airbyte-temporal-metrics-service.yaml", "port: 9090", "port: 9091", "E0651"),
        (
            "integration/kpis-api.yaml",
            "kind: Deployment\nmetadata:\n  name: kpis-api",
            "kind: Deployment\nmetadata:\n  name: kpis",
            "E0651",
        ),
    ] {
        let faults = mutant(ROOT, path, from, to);
        assert!(faults.iter().any(|fault| fault.starts_with(code)), "{path}: {from} → {to}: {faults:?}");
    }
}

#[test]
fn the_roles_of_kubernetes_own_namespaces_and_the_claims_of_templates_are_there() {
    let system = binding("kind: Role, name: extension-apiserver-authentication-reader", "web") + ACCOUNT;
    let system = system.replacen("name: web, namespace: shop", "name: web, namespace: kube-system", 1);
    assert_eq!(part(&system), [""; 0]);
    let set = "---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: shop}\nspec:\n  serviceName: db\n  selector: {matchLabels: {app: db}}\n  template:\n    metadata: {labels: {app: db}}\n    spec:\n      containers: [{name: db, image: db:1}]\n      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]\n  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]\n";
    assert!(!part(set).iter().any(|fault| fault.contains("0636")), "{:?}", part(set));
}
