//! The fixed keys of platform.yaml as Rust types; their doc comments are the published schema's descriptions.

use std::sync::LazyLock;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::component::interface::Many;
use crate::diagnostic::Code;
use crate::schema::Schema;
use crate::schema::read::schema_of;

/// A platform: what runs on it, and how the world and the cluster around it look.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Fixed {
    /// Name of the platform, a DNS label.
    #[schemars(extend("format" = "name"))]
    pub name: String,
    /// The domain below which its hosts stand.
    #[schemars(extend("format" = "host"))]
    pub domain: String,
    /// Kubernetes versions on which every object must be valid.
    #[schemars(extend("default" = newest(), "minItems" = 1))]
    pub kubernetes: Vec<String>,
    /// What a NetworkPolicy cannot learn from a name.
    #[schemars(extend("default" = {}))]
    pub cluster: Cluster,
    /// Connections of pods that hand-written manifests bring, by name.
    #[schemars(extend("default" = {}))]
    pub flows: IndexMap<String, Flow>,
    /// Globs of hand-written YAML, treated like everything else.
    #[schemars(extend("default" = []))]
    pub manifests: Vec<String>,
    /// Changes to the objects that are written, by `Kind/name` or `namespace/Kind/name`: merged as Kubernetes merges, null
    /// takes a field away.
    #[schemars(extend("default" = {}))]
    pub patches: IndexMap<String, IndexMap<String, Json>>,
    /// What exists outside of this platform.
    #[schemars(extend("default" = {}))]
    pub external: External,
    /// Warnings, and errors that are rules of platformc, that are meant to be.
    #[schemars(extend("default" = []))]
    pub waivers: Vec<Waiver>,
}

/// What a NetworkPolicy cannot learn from a name.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Cluster {
    /// The context of the kubeconfig, without spaces and braces, which helmfile would not take as they are; without it the
    /// current one.
    #[schemars(regex(pattern = "^[A-Za-z0-9][A-Za-z0-9._:/@+=~-]*$"))]
    pub context: Option<String>,
    /// The API server, as pods reach it.
    #[schemars(extend("default" = {}))]
    pub api_server: ApiServer,
    /// Address ranges of the pods.
    #[schemars(extend("default" = [], "items" = cidr()))]
    pub pod_cidrs: Vec<String>,
    /// Address ranges of the Services.
    #[schemars(extend("default" = [], "items" = cidr()))]
    pub service_cidrs: Vec<String>,
    /// Where names are looked up.
    #[schemars(extend("default" = {}))]
    pub dns: Dns,
}

/// The API server, as pods reach it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct ApiServer {
    /// Its addresses; without them any address counts, on its ports.
    #[schemars(extend("default" = [], "items" = cidr()))]
    pub cidrs: Vec<String>,
    /// Its ports, before and behind the Service `kubernetes`.
    #[schemars(extend("default" = [443, 6443], "minItems" = 1, "items" = port()))]
    pub ports: Vec<u16>,
}

/// Where names are looked up.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Dns {
    /// The namespace of its pods.
    #[schemars(extend("default" = "kube-system", "format" = "name"))]
    pub namespace: String,
    /// Labels of its pods.
    #[schemars(extend("default" = {"k8s-app": "kube-dns"}))]
    pub labels: IndexMap<String, String>,
    /// The port that its pods listen on.
    #[schemars(range(min = 1, max = 65535), extend("default" = 53))]
    pub port: u16,
}

/// A connection of pods that hand-written manifests bring.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Flow {
    /// Where it starts: a hand-written workload (`name`, `namespace/name`), `services.NAME`, what a component exports
    /// (`ingress.controller`), an address range, `internet`, `kubernetes-api` or `nodes`; or a list of these.
    pub from: Many,
    /// Where it leads.
    pub to: Many,
    /// A port of the pods by name or number, `any`, or a list of these; none where a Service or the API server is reached.
    pub port: Option<Many>,
}

/// What exists outside of this platform.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct External {
    /// Secrets that are made elsewhere, by `name` or `namespace/name`, each with its keys.
    #[schemars(extend("default" = {}))]
    pub secrets: IndexMap<String, Vec<String>>,
    /// ConfigMaps that are made elsewhere, by `name` or `namespace/name`, each with its keys.
    #[schemars(extend("default" = {}))]
    pub config_maps: IndexMap<String, Vec<String>>,
    /// SecretStores and ClusterSecretStores that are made elsewhere.
    #[schemars(extend("default" = []))]
    pub secret_stores: Vec<String>,
    /// ServiceAccounts that are made elsewhere, by `name` or `namespace/name`.
    #[schemars(extend("default" = []))]
    pub service_accounts: Vec<String>,
    /// Roles and ClusterRoles that are made elsewhere, by `name` or `namespace/name`.
    #[schemars(extend("default" = []))]
    pub roles: Vec<String>,
    /// PersistentVolumeClaims that are made elsewhere, by `name` or `namespace/name`.
    #[schemars(extend("default" = []))]
    pub persistent_volume_claims: Vec<String>,
    /// StorageClasses of the cluster.
    #[schemars(extend("default" = []))]
    pub storage_classes: Vec<String>,
    /// IngressClasses of the cluster.
    #[schemars(extend("default" = []))]
    pub ingress_classes: Vec<String>,
    /// GatewayClasses of the cluster.
    #[schemars(extend("default" = []))]
    pub gateway_classes: Vec<String>,
    /// Issuers of certificates that are made elsewhere: a ClusterIssuer by `name`, an Issuer by `namespace/name`, one of
    /// another API group by `Kind.group/name`.
    #[schemars(extend("default" = []))]
    pub issuers: Vec<String>,
    /// PriorityClasses of the cluster.
    #[schemars(extend("default" = []))]
    pub priority_classes: Vec<String>,
    /// RuntimeClasses of the cluster.
    #[schemars(extend("default" = []))]
    pub runtime_classes: Vec<String>,
    /// Namespaces that are made elsewhere.
    #[schemars(extend("default" = []))]
    pub namespaces: Vec<String>,
    /// Services that are made elsewhere, by `name` or `namespace/name`, each with its ports.
    #[schemars(extend("default" = {}))]
    pub services: IndexMap<String, Vec<u16>>,
    /// Gateways that are made elsewhere, by `name` or `namespace/name`.
    #[schemars(extend("default" = []))]
    pub gateways: Vec<String>,
}

impl External {
    /// Whether a Secret with these keys is said to be there.
    pub fn has_secret(&self, namespace: &str, name: &str, keys: &[String]) -> bool {
        self.secret(namespace, name).is_some_and(|(_, held)| keys.iter().all(|key| held.contains(key)))
    }

    /// A Secret that is said to be there: under which key, and what it holds.
    pub fn secret(&self, namespace: &str, name: &str) -> Option<(&str, &[String])> {
        let found = self.secrets.get_key_value(&format!("{namespace}/{name}"));
        found.or_else(|| self.secrets.get_key_value(name)).map(|(key, held)| (key.as_str(), held.as_slice()))
    }
}

/// Whether a list of `name` or `namespace/name` has a name in a namespace.
pub fn lists(list: &[String], namespace: &str, name: &str) -> bool {
    list.iter().any(|said| said.split_once('/').map_or(said == name, |said| said == (namespace, name)))
}

/// A warning, or a rule of platformc, that is meant to be broken.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Waiver {
    /// The code of the fault.
    #[schemars(extend("enum" = codes()))]
    pub code: String,
    /// The object that it is about, as `namespace/Kind/name`; without it every object.
    pub object: Option<String>,
    /// Why it is meant to be.
    #[schemars(length(min = 1))]
    pub reason: String,
    /// The last day on which it holds.
    #[schemars(extend("format" = "date"))]
    pub until: Option<String>,
}

/// The versions whose schemas we hold, the oldest first.
pub const KUBERNETES: [&str; 5] = ["1.33", "1.34", "1.35", "1.36", "1.37"];

/// The newest three.
fn newest() -> Vec<&'static str> {
    KUBERNETES.iter().skip(KUBERNETES.len().saturating_sub(3)).copied().collect()
}

fn cidr() -> Json {
    serde_json::json!({"type": "string", "format": "cidr"})
}

fn port() -> Json {
    serde_json::json!({"type": "integer", "minimum": 1, "maximum": 65535})
}

fn codes() -> Vec<&'static str> {
    Code::ALL.iter().filter(|code| code.is_waivable()).map(|code| code.as_str()).collect()
}

/// What is laid over the other keys, and is none of them.
pub(crate) const ENVIRONMENTS: &str = "environments";

/// Changes to objects, in which null takes a field of the object away.
pub(crate) const PATCHES: &str = "patches";

/// The schema of the fixed keys.
pub static FIXED: LazyLock<Schema> = LazyLock::new(schema_of::<Fixed>);

/// Whether a key belongs to platform.yaml itself.
pub fn is_fixed(key: &str) -> bool {
    key == ENVIRONMENTS || FIXED.properties.contains_key(key)
}
