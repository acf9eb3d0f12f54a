//! Each rule in both worlds, and references of rendered platforms broken one by one.

use crate::link::symbols::Extent;
use crate::link::tests::{faults, mutant, part, whole};
use crate::resolve::input::External;

const ROOT: &str = include_str!("../../../platform.yaml");
const EXTERNAL: &str = include_str!("../../../tests/golden/airbyte-external/platform.yaml");
const WHOLE: &str = include_str!("../../../tests/golden/whole/platform.yaml");

const SECRET: &str = "
apiVersion: v1
kind: Secret
metadata: {name: keys, namespace: shop}
stringData: {USER: a, PASSWORD: b}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {LEVEL: info}
";

fn pod(spec: &str) -> String {
    let pod = format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: web, namespace: shop}}\nspec:\n{spec}\n");
    format!("{SECRET}---\n{pod}")
}

fn env(from: &str) -> String {
    pod(&format!("  containers: [{{name: web, image: web:1, env: [{{name: A, valueFrom: {{{from}}}}}]}}]"))
}

fn volume(source: &str) -> String {
    pod(&format!("  containers: [{{name: web, image: web:1}}]\n  volumes: [{{name: v, {source}}}]"))
}

#[test]
fn what_is_there_with_its_key_is_fine() {
    for yaml in [
        env("secretKeyRef: {name: keys, key: USER}"),
        env("configMapKeyRef: {name: settings, key: LEVEL}"),
        volume("secret: {secretName: keys, items: [{key: PASSWORD, path: p}]}"),
        volume(
            "projected: {sources: [{configMap: {name: settings}}, {configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca}]}}]}",
        ),
    ] {
        assert_eq!(whole(&yaml), [""; 0]);
        assert_eq!(part(&yaml), [""; 0]);
    }
}

#[test]
fn what_is_optional_is_never_a_fault() {
    for yaml in [
        env("secretKeyRef: {name: nothing, key: USER, optional: true}"),
        env("configMapKeyRef: {name: settings, key: nothing, optional: true}"),
        volume("secret: {secretName: nothing, optional: true}"),
        volume("projected: {sources: [{secret: {name: nothing, optional: true}}]}"),
    ] {
        assert_eq!(whole(&yaml), [""; 0]);
    }
}

#[test]
fn a_secret_that_is_not_there_is_told_and_among_some_manifests_only_if_misspelt() {
    let misspelt = env("secretKeyRef: {name: kyes, key: USER}");
    let fault = "0619 Pod shop/web reads Secret shop/kyes, which is not there";
    assert_eq!(whole(&misspelt), [format!("E{fault}")]);
    assert_eq!(part(&misspelt), [format!("W{fault}")]);
    let other = env("secretKeyRef: {name: database, key: USER}");
    assert_eq!(whole(&other), ["E0619 Pod shop/web reads Secret shop/database, which is not there"]);
    assert_eq!(part(&other), [""; 0]);
}

#[test]
fn among_some_manifests_a_near_name_that_is_read_itself_is_no_typo() {
    let two = pod(
        "  containers: [{name: web, image: web:1, envFrom: [{secretRef: {name: keys}}, {secretRef: {name: keys2}}]}]",
    );
    assert_eq!(part(&two), [""; 0]);
}

#[test]
fn a_key_that_is_not_held_is_a_fault_in_both_worlds() {
    for (yaml, fault) in [
        (
            env("secretKeyRef: {name: keys, key: USRE}"),
            "E0620 Pod shop/web reads key `USRE` of Secret shop/keys, which does not hold it",
        ),
        (
            env("configMapKeyRef: {name: settings, key: level}"),
            "E0622 Pod shop/web reads key `level` of ConfigMap shop/settings, which does not hold it",
        ),
        (
            volume("projected: {sources: [{secret: {name: keys, items: [{key: TOKEN, path: t}]}}]}"),
            "E0620 Pod shop/web reads key `TOKEN` of Secret shop/keys, which does not hold it",
        ),
    ] {
        assert_eq!(whole(&yaml), [fault]);
        assert_eq!(part(&yaml), [fault]);
    }
}

#[test]
fn a_config_map_that_is_not_there_is_a_warning_among_some_manifests() {
    let yaml = volume("configMap: {name: setings}");
    assert_eq!(whole(&yaml), ["E0621 Pod shop/web reads ConfigMap shop/setings, which is not there"]);
    assert_eq!(part(&yaml), ["W0621 Pod shop/web reads ConfigMap shop/setings, which is not there"]);
}

#[test]
fn one_thing_that_is_missing_is_one_fault_whoever_reads_it() {
    let both = pod("  containers:
    - {name: a, image: a:1, env: [{name: A, valueFrom: {secretKeyRef: {name: gone, key: A}}}, {name: B, valueFrom: {secretKeyRef: {name: gone, key: B}}}]}
    - {name: b, image: b:1, envFrom: [{secretRef: {name: gone}}]}");
    assert_eq!(whole(&both), ["E0619 Pod shop/web reads Secret shop/gone, which is not there"]);
}

#[test]
fn a_pull_secret_holds_the_key_of_the_registry() {
    let yaml = pod("  imagePullSecrets: [{name: keys}]\n  containers: [{name: web, image: web:1}]");
    let fault = "E0620 Pod shop/web reads key `.dockerconfigjson` of Secret shop/keys, which does not hold it";
    assert_eq!(whole(&yaml), [fault]);
    let account = format!(
        "{SECRET}---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: web, namespace: shop}}\nimagePullSecrets: [{{name: keys}}]\n"
    );
    assert_eq!(part(&account), [fault.replace("Pod", "ServiceAccount")]);
}

#[test]
fn a_token_is_written_by_its_controller() {
    let yaml = "
apiVersion: v1
kind: Secret
metadata: {name: token, namespace: shop, annotations: {kubernetes.io/service-account.name: default}}
type: kubernetes.io/service-account-token
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers: [{name: web, image: web:1, env: [{name: A, valueFrom: {secretKeyRef: {name: token, key: token}}}]}]
";
    assert_eq!(whole(yaml), [""; 0]);
}

#[test]
fn what_is_external_is_there_with_the_keys_that_it_is_said_to_have() {
    let external = External {
        namespaces: vec!["shop".into()],
        secrets: [("database".to_owned(), vec!["USER".to_owned()])].into(),
        config_maps: [("shop/ca".to_owned(), vec!["ca.pem".to_owned()])].into(),
        ..External::default()
    };
    let check = |yaml: &str| faults(yaml, &external, Extent::Whole);
    assert_eq!(check(&env("secretKeyRef: {name: database, key: USER}")), [""; 0]);
    assert_eq!(check(&env("configMapKeyRef: {name: ca, key: ca.pem}")), [""; 0]);
    let lacking = "E0620 Pod shop/web reads key `HOST` of Secret shop/database, which does not hold it";
    assert_eq!(check(&env("secretKeyRef: {name: database, key: HOST}")), [lacking]);
}

#[test]
fn an_external_secret_makes_the_keys_of_its_template() {
    let yaml = |key: &str| {
        format!(
            "
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {{name: keys, namespace: shop}}
spec:
  secretStoreRef: {{kind: ClusterSecretStore, name: vault}}
  target: {{name: written, template: {{data: {{URL: \"{{{{ .user }}}}\"}}}}}}
  data: [{{secretKey: user, remoteRef: {{key: keys}}}}]
---
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {{name: vault}}
spec: {{provider: {{fake: {{data: []}}}}}}
---
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: shop}}
spec:
  containers: [{{name: web, image: web:1, env: [{{name: A, valueFrom: {{secretKeyRef: {{name: written, key: {key}}}}}}}]}}]
"
        )
    };
    assert_eq!(whole(&yaml("URL")), [""; 0]);
    let fault = "E0620 Pod shop/web reads key `user` of Secret shop/written, which does not hold it";
    assert_eq!(part(&yaml("user")), [fault]);
}

fn external_secret(store: &str) -> String {
    format!(
        "apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {{name: vault, namespace: shop}}\nspec: {{provider: {{fake: {{data: []}}}}}}\n---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {{name: keys, namespace: shop}}\nspec:\n  secretStoreRef: {{{store}}}\n  data: [{{secretKey: A, remoteRef: {{key: a}}}}]\n"
    )
}

#[test]
fn a_store_that_is_not_there_is_told_and_among_some_manifests_only_if_misspelt() {
    assert_eq!(whole(&external_secret("name: vault")), [""; 0]);
    let misspelt = external_secret("name: vualt");
    let fault = "0623 ExternalSecret shop/keys reads from SecretStore vualt, which is not there";
    assert_eq!(whole(&misspelt), [format!("E{fault}")]);
    assert_eq!(part(&misspelt), [format!("W{fault}")]);
    let other = external_secret("name: vault, kind: ClusterSecretStore");
    assert_eq!(
        whole(&other),
        ["E0623 ExternalSecret shop/keys reads from ClusterSecretStore vault, which is not there"]
    );
    assert_eq!(part(&other), [""; 0]);
}

#[test]
fn monitors_and_issuers_read_secrets_of_their_namespace() {
    let monitor = format!(
        "{SECRET}---\napiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {{name: web, namespace: shop}}\nspec:\n  selector: {{matchLabels: {{app: web}}}}\n  endpoints:\n    - port: http\n      basicAuth: {{username: {{name: keys, key: USER}}, password: {{name: keys, key: PASWORD}}}}\n      tlsConfig: {{ca: {{configMap: {{name: settings, key: LEVEL}}}}}}\n"
    );
    let fault = "E0620 ServiceMonitor shop/web reads key `PASWORD` of Secret shop/keys, which does not hold it";
    assert!(part(&monitor).contains(&fault.to_owned()), "{:?}", part(&monitor));
    let issuer = |kind: &str| {
        format!(
            "{SECRET}---\napiVersion: cert-manager.io/v1\nkind: {kind}\nmetadata: {{name: letsencrypt, namespace: shop}}\nspec:\n  acme:\n    server: https://acme.example\n    privateKeySecretRef: {{name: written-by-it}}\n    solvers:\n      - dns01: {{cloudflare: {{apiTokenSecretRef: {{name: keys, key: TOKEN}}}}}}\n"
        )
    };
    let fault = "E0620 Issuer shop/letsencrypt reads key `TOKEN` of Secret shop/keys, which does not hold it";
    assert_eq!(whole(&issuer("Issuer")), [fault]);
}

/// What the errors of a mutant begin with.
fn codes(platform: &str, path: &str, from: &str, to: &str) -> Vec<String> {
    let faults = mutant(platform, path, from, to);
    faults.iter().map(|fault| fault.split(' ').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn each_broken_reference_of_the_root_platform_is_told() {
    for (path, from, to, code) in [
        ("integration/kpis-api.yaml", "name: kpis-db-credentials", "name: kpis-db-credential", "E0619"),
        ("integration/kpis-api.yaml", "key: KPIS_PG_USER", "key: KPIS_PG_USR", "E0620"),
        ("secrets/integration-kpis-db-credentials.yaml", "namespace: integration", "namespace: airflow", "E0619"),
        ("secrets/integration-kpis-db-credentials.yaml", "secretKey: KPIS_PG_DB", "secretKey: KPIS_DB", "E0620"),
        ("secrets/integration-kpis-db-credentials.yaml", "kind: ClusterSecretStore", "kind: SecretStore", "E0623"),
        ("secrets/integration-kpis-db-credentials.yaml", "name: platform\n", "name: platfrom\n", "E0623"),
        ("secrets/integration-airbyte-auth.yaml", "secretKey: jwt-signature-secret", "secretKey: jwt", "E0620"),
        ("secrets/integration-airbyte-database.yaml", "secretKey: database-user", "secretKey: user", "E0620"),
        ("secrets/airflow-airflow-keys.yaml", "secretKey: fernet-key", "secretKey: fernet", "E0620"),
        ("secrets/airflow-airflow-admin.yaml", "secretKey: password", "secretKey: pasword", "E0620"),
        ("data/airbyte/values.yaml", "secretName: airbyte-auth", "secretName: airbyte-atuh", "E0619"),
        (
            "data/airbyte/values.yaml",
            "passwordSecretKey: instance-admin-password",
            "passwordSecretKey: password",
            "E0620",
        ),
        ("data/airbyte/values.yaml", "      jwtSignatureSecretSecretKey: jwt-signature-secret\n", "", "E0620"),
        ("data/airbyte/values.yaml", "    secretName: airbyte-database\n", "", "E0620"),
        ("data/airflow/values.yaml", "jwtSecretName: airflow-keys", "jwtSecretName: airflow-key", "E0619"),
        ("data/airflow/values.yaml", "secretName: airflow-data-integration", "secretName: airflow-data", "E0619"),
        ("data/airflow/values.yaml", "secretKey: AIRFLOW_CONN_AIRBYTE_DEFAULT", "secretKey: AIRFLOW_CONN", "E0620"),
        ("data/airflow/values.yaml", "key: password", "key: pass", "E0620"),
        ("data/airflow/values.yaml", "name: airflow-admin", "name: airflow-amdin", "E0619"),
    ] {
        assert_eq!(codes(ROOT, path, from, to), [code], "{path}: {from} → {to}");
    }
}

#[test]
fn each_broken_reference_of_other_platforms_is_told() {
    for (platform, path, from, to, code) in [
        (
            EXTERNAL,
            "data/airbyte/values.yaml",
            "accessKeyIdSecretKey: s3-access-key-id",
            "accessKeyIdSecretKey: id",
            "E0620",
        ),
        (EXTERNAL, "data/airbyte/values.yaml", "secretName: airbyte-storage", "secretName: airbyte-store", "E0619"),
        (
            WHOLE,
            "data/airflow/values.yaml",
            "metadataSecretName: airflow-database",
            "metadataSecretName: airflow-db",
            "E0619",
        ),
        (WHOLE, "secrets/airflow-airflow-database.yaml", "secretKey: connection", "secretKey: url", "E0620"),
    ] {
        assert_eq!(codes(platform, path, from, to), [code], "{path}: {from} → {to}");
    }
}
