//! The schemas that Kubernetes and the CRDs publish, laid out as kubeconform and kubectl-validate read them.
//!
//! Takes the module of each version (`versions.toml`, `[kubernetes]`) and the CRDs; gives, for each version, what either program
//! refuses of some files, and why.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Value, json};

use crate::manifests::documents;
use crate::trees::files_below;
use crate::{Bench, Failed, process};

/// What is refused, and why.
pub type Refused = BTreeMap<Utf8PathBuf, String>;

/// The schemas of one version.
pub struct Published<'a> {
    bench: &'a Bench,
    pub version: String,
    folder: Utf8PathBuf,
}

impl<'a> Published<'a> {
    pub fn of(bench: &'a Bench, version: &str) -> Result<Self, Failed> {
        let folder = bench.folder(&format!("published-{version}"))?;
        let published = Self { bench, version: version.to_owned(), folder };
        let module = bench.programs.kubernetes(version)?.join("api/openapi-spec");
        published.natives(&serde_json::from_str(&std::fs::read_to_string(module.join("swagger.json"))?)?)?;
        published.customs()?;
        published.groups(&module.join("v3"))?;
        Ok(published)
    }

    /// Every type of Kubernetes' own, by name.
    pub fn definitions(&self) -> Result<serde_json::Map<String, Value>, Failed> {
        let file = self.bench.programs.kubernetes(&self.version)?.join("api/openapi-spec/swagger.json");
        definitions(&serde_json::from_str(&std::fs::read_to_string(file)?)?)
    }

    /// What kubeconform refuses, strictly.
    pub fn kubeconform(&self, files: &[Utf8PathBuf]) -> Result<Refused, Failed> {
        let schemas = self.folder.join("conform/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json");
        let mut command = self.bench.programs.command("kubeconform")?;
        command.args(["-strict", "-output", "json", "-schema-location", schemas.as_str()]).args(files);
        let said = process::run(&mut command)?;
        let report: Value = serde_json::from_str(&said.out).map_err(|_| said.all())?;
        let bad = report["resources"].as_array().into_iter().flatten();
        let told =
            bad.filter(|one| one["status"] != "statusValid").map(|one| (text(&one["filename"]), text(&one["msg"])));
        Ok(told.map(|(file, why)| (file.into(), why)).collect())
    }

    /// What kubectl-validate refuses.
    pub fn kubectl_validate(&self, files: &[Utf8PathBuf]) -> Result<Refused, Failed> {
        let schemas = format!("--local-schemas={}", self.folder.join("validate"));
        let crds = format!("--local-crds={}", self.folder.join("crds"));
        let mut command = self.bench.programs.command("kubectl-validate")?;
        // The version is one that it carries, for nothing but its start.
        command.args(["--version=1.30", "-o", "json", &schemas, &crds]).args(files);
        let said = process::run(&mut command)?;
        let report: BTreeMap<String, Vec<Value>> = serde_json::from_str(&said.out).map_err(|_| said.all())?;
        let bad = report.into_iter().filter_map(|(file, told)| {
            let why = told.iter().find(|one| one["status"] != "Success").map(|one| text(&one["message"]));
            why.map(|why| (file.into(), why))
        });
        Ok(bad.collect())
    }

    /// A file for each kind of Kubernetes' own, with all that it refers to.
    fn natives(&self, swagger: &Value) -> Result<(), Failed> {
        let all = definitions(swagger)?;
        for (name, schema) in &all {
            for kind in schema["x-kubernetes-group-version-kind"].as_array().into_iter().flatten() {
                let mut needed = BTreeSet::from([name.as_str()]);
                reachable(schema, &all, &mut needed);
                let needed: serde_json::Map<_, _> =
                    needed.into_iter().filter_map(|name| Some((name.to_owned(), all.get(name)?.clone()))).collect();
                let whole = json!({ "$ref": format!("#/definitions/{name}"), "definitions": needed });
                self.write(&text(&kind["group"]), &text(&kind["version"]), &text(&kind["kind"]), &whole)?;
            }
        }
        Ok(())
    }

    /// A file for each version of each CRD; and the CRDs.
    fn customs(&self) -> Result<(), Failed> {
        let crds = self.folder.join("crds");
        std::fs::create_dir_all(&crds)?;
        for (index, file) in self.bench.programs.crds()?.iter().enumerate() {
            std::fs::copy(file, crds.join(format!("{index}.yaml")))?;
            for crd in documents(&std::fs::read_to_string(file)?)? {
                let (group, kind) = (text(&crd["spec"]["group"]), text(&crd["spec"]["names"]["kind"]));
                for version in crd["spec"]["versions"].as_array().into_iter().flatten() {
                    let mut schema = version["schema"]["openAPIV3Schema"].clone();
                    close(&mut schema);
                    self.write(&group, &text(&version["name"]), &kind, &schema)?;
                }
            }
        }
        Ok(())
    }

    fn write(&self, group: &str, version: &str, kind: &str, schema: &Value) -> Result<(), Failed> {
        // kubeconform takes the version for the group where there is none.
        let folder = self.folder.join("conform").join(if group.is_empty() { version } else { group });
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(format!("{}_{version}.json", kind.to_lowercase())), schema.to_string())?;
        Ok(())
    }

    /// `apis__apps__v1_openapi.json` → `apis/apps/v1.json`
    fn groups(&self, from: &Utf8Path) -> Result<(), Failed> {
        for file in files_below(from)? {
            let name = file.file_name().and_then(|name| name.strip_suffix("_openapi.json")).unwrap_or_default();
            let parts: Vec<&str> = name.split("__").collect();
            if let ["api", ..] | ["apis", _, _] = parts.as_slice() {
                let to = self.folder.join("validate").join(format!("{}.json", parts.join("/")));
                std::fs::create_dir_all(to.parent().ok_or("a file without a folder")?)?;
                std::fs::copy(&file, to)?;
            }
        }
        Ok(())
    }
}

fn definitions(swagger: &Value) -> Result<serde_json::Map<String, Value>, Failed> {
    let mut all = swagger["definitions"].as_object().cloned().ok_or("a swagger.json without definitions")?;
    for (name, schema) in &mut all {
        mend(name, schema);
    }
    Ok(all)
}

/// Types that swagger.json gives as texts, and the API server reads from numbers, too.
fn mend(name: &str, schema: &mut Value) {
    match name.rsplit('.').next() {
        Some("IntOrString") => *schema = json!({ "type": ["string", "integer"] }),
        Some("Quantity") => *schema = json!({ "type": ["string", "number"] }),
        _ => close(schema),
    }
}

/// A map with named fields has no others.
fn close(schema: &mut Value) {
    let is_open = schema.get("x-kubernetes-preserve-unknown-fields").is_some_and(|it| it == true);
    if let Some(map) = schema.as_object_mut() {
        if map.contains_key("properties") && !map.contains_key("additionalProperties") && !is_open {
            map.insert("additionalProperties".into(), Value::Bool(false));
        }
        let fields = map.get_mut("properties").and_then(Value::as_object_mut);
        fields.into_iter().flat_map(|fields| fields.values_mut()).for_each(close);
        for key in ["additionalProperties", "items"] {
            map.get_mut(key).into_iter().for_each(close);
        }
    }
}

/// The definitions that a schema refers to, directly or through others.
fn reachable<'a>(schema: &'a Value, all: &'a serde_json::Map<String, Value>, found: &mut BTreeSet<&'a str>) {
    match schema {
        Value::Object(map) => {
            let name = map.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix("#/definitions/"));
            if let Some((name, schema)) = name.and_then(|name| all.get_key_value(name))
                && found.insert(name)
            {
                reachable(schema, all, found);
            }
            map.values().for_each(|below| reachable(below, all, found));
        }
        Value::Array(list) => list.iter().for_each(|below| reachable(below, all, found)),
        _ => {}
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
