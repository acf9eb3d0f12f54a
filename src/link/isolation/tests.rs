//! Who shares a namespace with whom.

use crate::link::tests::part;

fn manifests(rule: &str, other: &str) -> String {
    format!(
        "
apiVersion: v1
kind: Secret
metadata: {{name: keys, namespace: shop}}
stringData: {{A: a}}
---
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: shop{other}}}
spec:
  serviceAccountName: web
  containers: [{{name: web, image: web:1, envFrom: [{{secretRef: {{name: keys}}}}]}}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: web, namespace: shop}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: robot, namespace: shop}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{name: reader, namespace: shop}}
rules: [{{apiGroups: [\"\"], {rule}}}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: robot, namespace: shop, labels: {{app.kubernetes.io/part-of: robots}}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}}
subjects: [{{kind: ServiceAccount, name: robot, namespace: shop}}]
"
    )
}

#[test]
fn a_role_that_reads_all_secrets_beside_somebody_elses_is_a_warning() {
    let fault = "W0641 ServiceAccount shop/robot may read every Secret of its namespace, those of Pod shop/web too";
    for verb in ["get", "list", "\"*\""] {
        assert_eq!(part(&manifests(&format!("resources: [secrets], verbs: [{verb}]"), "")), [fault]);
    }
}

#[test]
fn a_role_that_names_its_secrets_or_reads_none_is_fine() {
    for rule in [
        "resources: [secrets], resourceNames: [own], verbs: [get]",
        "resources: [secrets], verbs: [create]",
        "resources: [configmaps], verbs: [get, list]",
    ] {
        assert_eq!(part(&manifests(rule, "")), [""; 0]);
    }
}

#[test]
fn what_belongs_to_one_application_may_read_each_others() {
    let same = ", labels: {app.kubernetes.io/part-of: robots}";
    assert_eq!(part(&manifests("resources: [secrets], verbs: [get]", same)), [""; 0]);
}
