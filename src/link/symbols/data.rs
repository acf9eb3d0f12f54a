//! Secrets and ConfigMaps, whoever makes them, and the keys that they hold.

use super::made::Made;
use crate::source::Node;
use crate::validate::Object;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DataKind {
    Secret,
    ConfigMap,
}

#[derive(Debug, Clone)]
pub struct Data<'a> {
    pub kind: DataKind,
    pub namespace: String,
    pub name: String,
    /// None where it cannot be known.
    pub keys: Option<Vec<String>>,
    pub made: Made<'a>,
}

impl DataKind {
    pub fn as_str(self) -> &'static str {
        match self {
            DataKind::Secret => "Secret",
            DataKind::ConfigMap => "ConfigMap",
        }
    }
}

impl<'a> Data<'a> {
    /// What an object is, or makes an operator write.
    pub fn of(object: &'a Object<'a>) -> Option<Self> {
        let (kind, name, keys) = match (object.kind, object.group()) {
            // The token controller writes its keys.
            ("Secret", "") if is_token(object) => (DataKind::Secret, object.name, None),
            ("Secret", "") => (DataKind::Secret, object.name, Some(keys_below(object.node, &["data", "stringData"]))),
            ("ConfigMap", "") => {
                (DataKind::ConfigMap, object.name, Some(keys_below(object.node, &["data", "binaryData"])))
            }
            ("ExternalSecret", "external-secrets.io") => external_secret(object)?,
            ("Certificate", "cert-manager.io") => certificate(object)?,
            ("SealedSecret", "bitnami.com") => sealed_secret(object),
            _ => return None,
        };
        let namespace = object.namespace_name().to_owned();
        Some(Self { kind, namespace, name: name.to_owned(), keys, made: Made::Object(object) })
    }

    /// Whether it may hold a key.
    pub fn may_hold(&self, key: &str) -> bool {
        self.keys.as_ref().is_none_or(|keys| keys.iter().any(|known| known == key))
    }

    /// `Secret integration/airbyte-database`
    pub fn title(&self) -> String {
        match self.namespace.as_str() {
            "" => format!("{} {}", self.kind.as_str(), self.name),
            namespace => format!("{} {namespace}/{}", self.kind.as_str(), self.name),
        }
    }
}

fn is_token(object: &Object) -> bool {
    object.node.get("type").and_then(Node::as_str) == Some("kubernetes.io/service-account-token")
}

type Found<'a> = (DataKind, &'a str, Option<Vec<String>>);

/// What the operator writes: the keys of `data`, or those of the template in their place; with `dataFrom` the store knows.
fn external_secret<'a>(object: &Object<'a>) -> Option<Found<'a>> {
    let spec = object.node.get("spec")?;
    let target = spec.get("target");
    let name = target.and_then(|target| target.get("name")).and_then(Node::as_str).unwrap_or(object.name);
    let template = target.and_then(|target| target.get("template"));
    let templated = template.and_then(|template| template.get("data"));
    let merges = template.and_then(|template| template.get("mergePolicy")).and_then(Node::as_str) == Some("Merge");
    let is_open =
        spec.get("dataFrom").is_some() || template.is_some_and(|template| template.get("templateFrom").is_some());
    let data = spec.get("data").and_then(Node::as_list).unwrap_or_default();
    let own = data.iter().filter_map(|entry| entry.get("secretKey")?.as_str()).map(str::to_owned);
    let made = templated.map(keys_of).unwrap_or_default();
    let keys = if templated.is_some() && !merges { made } else { own.chain(made).collect() };
    Some((DataKind::Secret, name, (!is_open || templated.is_some() && !merges).then_some(keys)))
}

/// cert-manager writes these three (cert-manager docs, "Certificate"); keystores add some of their own.
fn certificate<'a>(object: &Object<'a>) -> Option<Found<'a>> {
    let spec = object.node.get("spec")?;
    let is_open = ["keystores", "additionalOutputFormats"].iter().any(|key| spec.get(key).is_some());
    let keys = ["tls.crt", "tls.key", "ca.crt"].map(str::to_owned).to_vec();
    Some((DataKind::Secret, spec.get("secretName")?.as_str()?, (!is_open).then_some(keys)))
}

fn sealed_secret<'a>(object: &Object<'a>) -> Found<'a> {
    let keys = object.node.get("spec").map(|spec| keys_below(spec, &["encryptedData"]));
    (DataKind::Secret, object.name, keys)
}

fn keys_below(node: &Node, keys: &[&str]) -> Vec<String> {
    keys.iter().filter_map(|key| node.get(key)).flat_map(keys_of).collect()
}

fn keys_of(node: &Node) -> Vec<String> {
    node.as_map().map(|map| map.keys().cloned().collect()).unwrap_or_default()
}
