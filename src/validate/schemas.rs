//! The schemas of Kubernetes kinds and CRDs: embedded as text, read when first used, and compiled by `parts` as far as needed.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};

use include_dir::{Dir, File, include_dir};
use jsonschema::{PatternCache, Validator};
use serde_json::Value as Json;

use super::crds::Crd;
use super::lists;
use super::rules::{Rules, built_in};
use crate::json_schema::{Fault, Parts};
use crate::schema::format::Format;
use crate::source::NodePath;

static KUBERNETES: Dir = include_dir!("$CARGO_MANIFEST_DIR/schemas/kubernetes");
static CRDS: Dir = include_dir!("$CARGO_MANIFEST_DIR/schemas/crds");

/// Versions for which there are schemas, in ascending order.
pub fn versions() -> Vec<&'static str> {
    let mut versions: Vec<&str> = KUBERNETES.dirs().filter_map(|folder| folder.path().to_str()).collect();
    versions.sort_by_key(|version| version.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>());
    versions
}

/// Compiled schemas, each once.
#[derive(Default)]
pub struct Schemas {
    /// CRDs that the user gave, by file name: they go before those that travel with us.
    own: BTreeMap<String, Crd>,
    /// By version and kind.
    known: Mutex<Known>,
}

type Known = BTreeMap<(String, String), Option<&'static Checked>>;

/// A schema, and what of it is compiled.
pub struct Checked {
    /// None for a CRD of the user's: that it can be compiled has to be known.
    parts: Option<Parts>,
    /// None inside where it cannot be compiled.
    whole: OnceLock<Option<Validator>>,
    pub schema: Json,
    /// Of a CRD's kind.
    pub rules: Option<Rules>,
}

impl std::fmt::Debug for Schemas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Schemas")
    }
}

impl Schemas {
    /// Those that travel with us, and CRDs of the user's. Of two for one kind the last counts.
    pub fn with(crds: impl IntoIterator<Item = Crd>) -> Self {
        let own = crds.into_iter().map(|crd| (file_name(&format!("{}/{}", crd.group, crd.version), &crd.kind), crd));
        Self { own: own.collect(), known: Mutex::default() }
    }

    /// The schema of a kind in a version of Kubernetes; none if neither it nor the known CRDs have the kind.
    pub fn get(&self, version: &str, api_version: &str, kind: &str) -> Option<&'static Checked> {
        let name = file_name(api_version, kind);
        // The user's CRDs are the same in every version.
        let version = if self.own.contains_key(&name) { "" } else { version };
        let key = (version.to_owned(), name);
        if let Some(found) = self.known().get(&key) {
            return *found;
        }
        // Meanwhile other cores read other schemas.
        let found = match self.own.get(&key.1) {
            Some(crd) => compiled_crd(crd),
            None => text(version, &key.1).and_then(compiled),
        };
        *self.known().entry(key).or_insert(found)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether objects of a kind stand in namespaces.
    pub fn is_namespaced(&self, versions: &[String], api_version: &str, kind: &str) -> bool {
        let known = versions.iter().find_map(|version| self.get(version, api_version, kind));
        let scope = known.and_then(|known| known.schema.pointer("/x-kind/scope"));
        scope.and_then(Json::as_str) != Some("Cluster")
    }

    /// Every kind of a version, CRDs included, as `apps/v1/Deployment`.
    pub fn kinds(&self, version: &str) -> Vec<String> {
        let natives = KUBERNETES.get_dir(version).into_iter().flat_map(|folder| folder.files());
        let names = natives.chain(CRDS.files()).filter_map(|file| file.path().file_stem()?.to_str());
        names.chain(self.own.keys().filter_map(|name| name.strip_suffix(".json"))).filter_map(kind_of).collect()
    }

    /// Whether a group is one of Kubernetes' own: no CRD can add to it.
    ///
    /// Groups of CRDs have a dot (apiextensions' validation).
    pub fn is_native(version: &str, group: &str) -> bool {
        let prefix = format!("{version}/{}_", if group.is_empty() { "core" } else { group });
        let natives = KUBERNETES.get_dir(version).into_iter().flat_map(|folder| folder.files());
        let mut names = natives.filter_map(|file| file.path().to_str());
        !group.contains('.') || names.any(|name| name.starts_with(&prefix))
    }
}

impl Checked {
    /// Everything that is wrong with an object.
    pub fn faults(&self, object: &Json) -> Vec<Fault> {
        let mut faults = lists::faults(object, &self.schema);
        if !self.holds(object) {
            match self.whole() {
                Some(whole) => {
                    faults.extend(whole.iter_errors(object).flat_map(|error| Fault::of(&error, &self.schema)))
                }
                None => faults.push(Fault::new(NodePath::root(), "its schema cannot be compiled")),
            }
        }
        // A pattern and a format may say the same of one place; the pattern's words are the better ones.
        faults.sort_by_key(|fault| fault.path.clone());
        faults.dedup_by(|second, first| second.path == first.path && second.measure && first.measure);
        faults
    }

    fn holds(&self, object: &Json) -> bool {
        let part = self.parts.as_ref().and_then(|parts| parts.hold(&self.schema, object));
        part.unwrap_or_else(|| self.whole().is_some_and(|whole| whole.is_valid(object)))
    }

    fn whole(&self) -> Option<&Validator> {
        self.whole.get_or_init(|| build(&self.schema)).as_ref()
    }
}

/// `apps/v1`, `Deployment` → `apps_v1_Deployment.json`
fn file_name(api_version: &str, kind: &str) -> String {
    match api_version.split_once('/') {
        Some((group, version)) => format!("{group}_{version}_{kind}.json"),
        None => format!("core_{api_version}_{kind}.json"),
    }
}

fn kind_of(name: &str) -> Option<String> {
    let (rest, kind) = name.rsplit_once('_')?;
    let (group, version) = rest.rsplit_once('_')?;
    Some(if group == "core" { format!("{version}/{kind}") } else { format!("{group}/{version}/{kind}") })
}

/// Compared as texts: `get_file` takes every path of every version apart.
fn text(version: &str, name: &str) -> Option<&'static str> {
    let folder = KUBERNETES.dirs().find(|folder| folder.path().as_os_str() == version);
    let is_native = |file: &&File| file.path().to_str().and_then(|path| path.get(version.len() + 1..)) == Some(name);
    let native = folder.and_then(|folder| folder.files().find(is_native));
    native.or_else(|| CRDS.files().find(|file| file.path().as_os_str() == name))?.contents_utf8()
}

/// Most kinds are the same in several versions: one text is read once in the life of the program.
fn compiled(text: &'static str) -> Option<&'static Checked> {
    type ByText = Mutex<BTreeMap<&'static str, &'static OnceLock<Option<Checked>>>>;
    static READ: ByText = Mutex::new(BTreeMap::new());
    let read =
        *READ.lock().unwrap_or_else(PoisonError::into_inner).entry(text).or_insert_with(|| Box::leak(Box::default()));
    read.get_or_init(|| {
        let schema: Json = serde_json::from_str(text).ok()?;
        let rules = built_in::rules(&schema);
        Some(Checked { parts: Some(Parts::of(&schema, build)), whole: OnceLock::new(), schema, rules })
    })
    .as_ref()
}

/// The native kind whose metadata CRDs share.
const MODEL: &str = "core_v1_ConfigMap.json";

fn compiled_crd(crd: &Crd) -> Option<&'static Checked> {
    let model = text(versions().last()?, MODEL).and_then(compiled)?;
    let mut schema = crd.schema(&model.schema);
    let whole = build(&schema).or_else(|| {
        // Go knows patterns that we do not: without those the rest still counts.
        without_foreign_patterns(&mut schema);
        build(&schema)
    })?;
    let whole = OnceLock::from(Some(whole));
    Some(Box::leak(Box::new(Checked { parts: None, whole, schema, rules: crd.rules() })))
}

fn without_foreign_patterns(schema: &mut Json) {
    let compiles = |pattern: &Json| jsonschema::options().build(&serde_json::json!({ "pattern": pattern })).is_ok();
    match schema {
        Json::Object(map) => {
            map.retain(|keyword, value| keyword != "pattern" || !value.is_string() || compiles(value));
            map.values_mut().for_each(without_foreign_patterns);
        }
        Json::Array(list) => list.iter_mut().for_each(without_foreign_patterns),
        _ => {}
    }
}

pub(crate) fn build(schema: &Json) -> Option<Validator> {
    static PATTERNS: LazyLock<PatternCache> = LazyLock::new(PatternCache::default);
    let mut options = jsonschema::options().should_validate_formats(true).with_pattern_cache(PATTERNS.clone());
    for (name, format) in [("quantity", Format::Quantity), ("duration", Format::Duration), ("cron", Format::Cron)] {
        options = options.with_format(name, move |text: &str| format.check(text).is_ok());
    }
    options.build(schema).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(api_version: &str, kind: &str, object: Json) -> Vec<String> {
        let schemas = Schemas::default();
        let schema = schemas.get("1.35", api_version, kind);
        let faults = schema.map(|schema| schema.faults(&object)).unwrap_or_default();
        faults
            .into_iter()
            .map(|fault| format!("{}: {} {}", fault.path, fault.message, fault.help.unwrap_or_default()))
            .collect()
    }

    fn service(port: Json) -> Json {
        json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "a" }, "spec": { "ports": port } })
    }

    #[test]
    fn a_good_service_has_no_faults() {
        assert_eq!(
            faults("v1", "Service", service(json!([{ "port": 80, "targetPort": "http" }]))),
            Vec::<String>::new()
        );
    }

    #[test]
    fn an_unknown_field_suggests_the_nearest() {
        let found = faults("v1", "Service", service(json!([{ "port": 80, "targetport": "http" }])));
        assert_eq!(found, ["spec.ports[0].targetport: the field is not known here did you mean `targetPort`?"]);
    }

    #[test]
    fn a_port_out_of_range_is_told_with_its_limit() {
        assert_eq!(
            faults("v1", "Service", service(json!([{ "port": 99999 }]))),
            ["spec.ports[0].port: `99999` is above 65535 "]
        );
    }

    #[test]
    fn two_items_with_the_same_keys_are_one_too_many() {
        let found = faults("v1", "Service", service(json!([{ "name": "a", "port": 80 }, { "name": "b", "port": 80 }])));
        assert_eq!(found, ["spec.ports[1]: another item of this list has the same port and protocol "]);
    }

    #[test]
    fn a_bad_name_is_told_in_words() {
        let object = json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "A_b" }, "spec": {} });
        let found = faults("v1", "Service", object);
        assert!(found.iter().any(|fault| fault.contains("it must be lower case letters")), "{found:?}");
    }

    #[test]
    fn a_bad_quantity_is_no_quantity() {
        let container = json!({ "name": "a", "image": "a:1", "resources": { "requests": { "cpu": "100x" } } });
        let pod = json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "a" }, "spec": { "containers": [container] } });
        let found = faults("v1", "Pod", pod);
        assert!(found[0].contains("`100x` is not allowed: it must be a quantity") && found.len() == 1, "{found:?}");
    }

    #[test]
    fn every_schema_compiles() {
        let versions = versions();
        assert_eq!(versions, ["1.33", "1.34", "1.35", "1.36", "1.37"]);
        for file in versions
            .iter()
            .filter_map(|version| KUBERNETES.get_dir(version))
            .chain([&CRDS])
            .flat_map(|folder| folder.files())
        {
            let text = file.contents_utf8().filter(|_| file.path().extension().is_some_and(|ending| ending == "json"));
            assert!(
                text.is_none_or(|text| compiled(text).is_some_and(|checked| checked.whole().is_some())),
                "{} does not compile",
                file.path().display()
            );
        }
    }
}
