//! For programs:
//!
//! ```json
//! {
//!   "environments": ["dev", "prod"],
//!   "changes": [{
//!     "class": "restarts",
//!     "event": "changed",
//!     "about": "object",
//!     "object": {"group": "apps", "kind": "Deployment", "namespace": "shop", "name": "web"},
//!     "title": "shop/Deployment/web",
//!     "environments": ["prod"],
//!     "path": "spec.template.spec.containers[web].image",
//!     "old": "web:1", "new": "web:2",
//!     "findings": [{"class": "restarts", "rule": "pod-template", "because": "the pod template changes, …"}],
//!     "place": {"file": "platform.yaml", "line": 18, "column": 5}
//!   }],
//!   "reordered": [{"title": "shop/Deployment/web", "path": "spec.template.spec.containers[web].env"}],
//!   "summary": {"restarts": 1}
//! }
//! ```
//!
//! `about` is `object`, `release`, `values`, `file`, `environment` or `connection`; a connection has `from`, `to` and `ports`. `path`,
//! `old`, `new`, `place` are left out where there is none. Keys may be added, none taken away or given another meaning.

use serde_json::{Map, Value as Json, json};

use super::entries::counts;
use crate::diff::{Change, Diff, Finding, Place, Reordered, Subject};

pub fn json(diff: &Diff) -> String {
    let counts = counts(diff).into_iter().map(|(class, count)| (class.as_str().to_owned(), json!(count)));
    let document = json!({
        "environments": diff.environments,
        "changes": diff.changes.iter().map(change).collect::<Vec<_>>(),
        "reordered": diff.reordered.iter().map(reordered).collect::<Vec<_>>(),
        "summary": counts.collect::<Map<_, _>>(),
    });
    format!("{document:#}\n")
}

fn change(change: &Change) -> Json {
    let mut map = Map::new();
    map.insert("class".into(), json!(change.class()));
    map.insert("event".into(), json!(change.event.as_str()));
    map.extend(about(&change.subject));
    map.insert("title".into(), json!(change.subject.title()));
    map.insert("environments".into(), json!(change.environments));
    let path = (!change.path.is_empty()).then(|| json!(change.path.to_string()));
    let entries = [("path", path), ("old", change.old.clone()), ("new", change.new.clone())];
    map.extend(entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
    map.insert("findings".into(), change.findings.iter().map(finding).collect());
    map.extend(change.place.as_ref().map(|at| ("place".to_owned(), place(at))));
    Json::Object(map)
}

fn about(subject: &Subject) -> Map<String, Json> {
    let (about, parts) = match subject {
        Subject::Object(name) => {
            let object = json!({
                "group": name.group, "kind": name.kind, "namespace": name.namespace, "name": name.name,
            });
            ("object", vec![("object", object)])
        }
        Subject::Release { namespace, name } => {
            ("release", vec![("release", json!({"namespace": namespace, "name": name}))])
        }
        Subject::Values { path, releases } => {
            ("values", vec![("file", json!(path.as_str())), ("releases", json!(releases))])
        }
        Subject::File { path, .. } => ("file", vec![("file", json!(path.as_str()))]),
        Subject::Environment { name, objects } => {
            ("environment", vec![("environment", json!(name)), ("objects", json!(objects))])
        }
        Subject::Connection { from, to, ports } => {
            ("connection", vec![("from", json!(from)), ("to", json!(to)), ("ports", json!(ports))])
        }
    };
    let about = [("about", json!(about))].into_iter().chain(parts);
    about.map(|(key, value)| (key.to_owned(), value)).collect()
}

fn finding(finding: &Finding) -> Json {
    json!({"class": finding.class, "rule": finding.rule, "because": finding.because})
}

fn place(place: &Place) -> Json {
    json!({"file": place.file.as_str(), "line": place.line, "column": place.column})
}

fn reordered(list: &Reordered) -> Json {
    json!({"title": list.subject.title(), "path": list.path.to_string()})
}
