//! ExternalSecrets: one per Secret and reader's namespace, whoever reads it.

mod misspelt;
mod shared;

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::{Map, Value as Json, json};

use super::plan::{Awaited, Entry, Instance, Origin, Plan, named};
use super::roles::{SECRETS, provider};
use super::wishes::offer;
use crate::component::Catalog;
use crate::component::interface::{By, Secret, SecretKey};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::resolve::Platform;
use crate::source::NodePath;
use misspelt::Misspelt;
pub use shared::SharedSecrets;
use shared::{Remote, SharedSecret};

/// Marks the name of a key inside a secret's template until the operator's syntax is written.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';

/// What the secrets of all instances come to.
pub struct ExternalSecrets<'a> {
    pub platform: &'a Platform,
    pub catalog: &'a Catalog,
    pub instances: &'a [Instance<'a>],
    /// Those that the store's operator writes.
    pub shared: SharedSecrets,
    /// Those that the user makes: their keys, by namespace and name.
    pub by_hand: IndexMap<(String, String), Vec<String>>,
}

/// The value of `keys` while a secret's `template` is evaluated.
pub fn placeholders<'k>(keys: impl Iterator<Item = &'k str>) -> Json {
    Json::Object(keys.map(|key| (key.to_owned(), json!(format!("{OPEN}{key}{CLOSE}")))).collect())
}

impl ExternalSecrets<'_> {
    /// Adds a secret of an instance; answers whether an ExternalSecret writes it.
    pub fn add(&mut self, instance: &Instance, secret: &Entry<Secret>, sink: &mut Sink) -> bool {
        if !matches!(secret.is.by, None | Some(By::Files)) {
            return false;
        }
        let mut written = false;
        for namespace in namespaces(instance, secret) {
            written |= self.add_to(namespace, instance, secret, sink);
        }
        written
    }

    /// What the user says is made by hand is never written over, not even where it lacks a key.
    fn add_to(&mut self, namespace: String, instance: &Instance, secret: &Entry<Secret>, sink: &mut Sink) -> bool {
        let holds = secret.is.holds();
        let external = &self.platform.input.external;
        if let Some((path, held)) = external.secret(&namespace, &secret.is.name) {
            if !external.has_secret(&namespace, &secret.is.name, &holds) {
                sink.push(self.lacking(path, held, secret));
            }
            let known = self.by_hand.entry((namespace, secret.is.name.clone())).or_default();
            let new: Vec<String> = holds.into_iter().filter(|key| !known.contains(key)).collect();
            known.extend(new);
            return false;
        }
        let Some(store) = provider(self.instances, SECRETS) else {
            sink.push(self.unserved(&namespace, secret));
            return false;
        };
        self.written_over(&namespace, secret).into_iter().for_each(|fault| sink.push(fault));
        let prefix = store.exported_value("prefix").as_str().unwrap_or_default();
        let Some(keys) = keys(prefix, self.instances, secret, sink) else { return false };
        let template = template(&secret.is);
        let (of, origin) = (instance.used.name.clone(), secret.origin.clone());
        let shared = SharedSecret { keys, template, holds, of, origin };
        self.shared.add(namespace, secret.is.name.clone(), shared, sink);
        true
    }

    fn lacking(&self, path: &str, held: &[String], secret: &Entry<Secret>) -> Diagnostic {
        let (name, keys) = (&secret.is.name, secret.is.holds());
        let lacking: Vec<String> =
            keys.iter().filter(|key| !held.contains(key)).map(|key| format!("`{key}`")).collect();
        let message = format!("the Secret `{name}` is said to be there without {}", lacking.join(", "));
        let fault = secret.origin.fault(Code::UnservedSecret, &message);
        let said = self.platform.merged.nearest(&NodePath::dotted("external.secrets").key(path));
        let wanted = keys.join(", ");
        fault.at(said, "said here").help(format!("if it has them, say so: `{name}: [{wanted}]`"))
    }

    fn unserved(&self, namespace: &str, secret: &Entry<Secret>) -> Diagnostic {
        let (name, wanted) = (&secret.is.name, secret.is.holds().join(", "));
        let fault = secret.origin.fault(Code::UnservedSecret, &format!("nothing provides the Secret `{name}`"));
        let fault = self.misspelt(namespace, name).into_iter().fold(fault, |fault, Misspelt { said, place }| {
            fault.at(place, "meant for it?").help(format!("write `{name}` instead of `{said}`"))
        });
        fault
            .note(format!("it must hold the keys {wanted}"))
            .help(offer(self.catalog, SECRETS))
            .help(format!("or, if it is made by hand, say so: `external: {{secrets: {{{name}: [{wanted}]}}}}`"))
    }

    /// Puts the ExternalSecrets into the plan, and what the docs tell of all secrets.
    pub fn put_into(self, plan: &mut Plan) {
        plan.facts.store = store_fact(self.instances);
        let by_hand = self.by_hand.into_iter();
        plan.facts.by_hand = by_hand
            .map(|((namespace, name), holds)| json!({ "namespace": namespace, "name": name, "holds": holds }))
            .collect();
        let Some(store) = provider(self.instances, SECRETS) else { return };
        for ((namespace, name), secret) in self.shared.into_entries() {
            plan.facts.secrets.push(secret.fact(&namespace, &name));
            plan.files.push(secret.file(self.platform, store, &namespace, &name));
            plan.awaited.insert(Awaited { namespace, name });
        }
    }
}

/// The store, and the release of what reads it; null without one.
fn store_fact(instances: &[Instance]) -> Json {
    let Some(operator) = provider(instances, SECRETS) else { return Json::Null };
    let store = operator.exported_value("store");
    json!({ "kind": store["kind"], "name": store["name"], "operator": operator.release })
}

/// Where each key is in the store; none after a fault.
fn keys(
    prefix: &str,
    instances: &[Instance],
    secret: &Entry<Secret>,
    sink: &mut Sink,
) -> Option<IndexMap<String, Remote>> {
    let mut keys = IndexMap::new();
    for (key, source) in secret.is.sources() {
        let (entry, property) = remote(instances, &secret.is.name, &key, &source, &secret.origin, sink)?;
        keys.insert(key, Remote { entry: format!("{prefix}{entry}"), property });
    }
    Some(keys)
}

fn remote(
    instances: &[Instance],
    name: &str,
    key: &str,
    source: &SecretKey,
    origin: &Origin,
    sink: &mut Sink,
) -> Option<(String, String)> {
    let Some(of) = &source.of else {
        let property = source.property.clone().unwrap_or_else(|| key.to_owned());
        return Some((source.remote.clone().unwrap_or_else(|| name.to_owned()), property));
    };
    let found = exported(instances, of);
    if found.is_none() {
        sink.push(origin.fault(Code::UnknownEnd, &format!("no component exports the secret key `{of}`")));
    }
    found
}

/// `dataIntegration.clientId` → the remote key and property behind it.
fn exported(instances: &[Instance], of: &str) -> Option<(String, String)> {
    let (slot, export) = of.split_once('.')?;
    let instance = provider(instances, slot)?;
    let (id, key) = instance.exports.secrets.get(export)?.split_once('.')?;
    let secret = instance.secrets.get(id)?;
    let source = secret.is.sources().shift_remove(key)?;
    Some((source.remote.unwrap_or_else(|| secret.is.name.clone()), source.property.unwrap_or_else(|| key.to_owned())))
}

/// The namespaces of its readers; its instance's own where it has none.
fn namespaces(instance: &Instance, secret: &Entry<Secret>) -> BTreeSet<String> {
    let readers = secret.is.readers.iter().flat_map(|id| named(&instance.workloads, id));
    let namespaces =
        readers.map(|(_, workload)| workload.is.namespace.clone().unwrap_or_else(|| instance.namespace.clone()));
    let namespaces: BTreeSet<String> = namespaces.collect();
    if namespaces.is_empty() { [instance.namespace.clone()].into() } else { namespaces }
}

/// `template` in the operator's own syntax; null without one.
fn template(secret: &Secret) -> Json {
    if secret.template.is_empty() {
        return Json::Null;
    }
    let text = |value: &Json| match (value.as_str(), value.get("json")) {
        (Some(text), _) => operator_text(text),
        (None, Some(json)) => operator_json(&json.to_string()),
        (None, None) => operator_json(&value.to_string()),
    };
    Json::Object(secret.template.iter().map(|(key, value)| (key.clone(), json!(text(value)))).collect::<Map<_, _>>())
}

/// A text in which each marked key becomes the operator's reference, and a literal `{{` stays one.
fn operator_text(text: &str) -> String {
    marked(&text.replace("{{", "{{ \"{{\" }}"), |reference| format!("{{{{ {reference} }}}}"))
}

/// JSON in which a whole marked string becomes the key as a JSON string.
fn operator_json(json: &str) -> String {
    let whole =
        json.replace(&format!("\"{OPEN}"), &OPEN.to_string()).replace(&format!("{CLOSE}\""), &CLOSE.to_string());
    marked(&whole.replace("{{", "{{ \"{{\" }}"), |reference| format!("{{{{ {reference} | toJson }}}}"))
}

fn marked(text: &str, write: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (key, after) = after.split_once(CLOSE).unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(&write(&reference(key)));
        rest = after;
    }
    out + rest
}

/// `.clientId`, or `(index . "client-id")` where the name is no identifier of Go's templates.
fn reference(key: &str) -> String {
    let plain = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain && !key.starts_with(|c: char| c.is_ascii_digit()) {
        format!(".{key}")
    } else {
        format!("(index . \"{key}\")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_inside_json_is_escaped_by_the_operator() {
        let json = json!({ "login": format!("{OPEN}clientId{CLOSE}"), "type": "airbyte" }).to_string();
        assert_eq!(operator_json(&json), r#"{"login":{{ .clientId | toJson }},"type":"airbyte"}"#);
    }

    #[test]
    fn a_key_that_is_no_identifier_is_indexed() {
        assert_eq!(operator_text(&format!("x{OPEN}a-b{CLOSE}y")), r#"x{{ (index . "a-b") }}y"#);
    }

    #[test]
    fn literal_braces_stay_what_they_are() {
        assert_eq!(operator_text("{{ x"), r#"{{ "{{" }} x"#);
    }
}
