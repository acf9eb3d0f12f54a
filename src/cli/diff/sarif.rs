//! SARIF 2.1.0: each rule that was found is a rule, each change a result at the line that asks for it.
//!
//! What has no line of its own stands at the first one of platform.yaml: scanners show no result without a place.

use serde_json::{Map, Value as Json, json};

use super::entries::{self, title};
use super::human::of;
use super::value::short;
use crate::diagnostic::uri;
use crate::diff::rules::{Rule, rules};
use crate::diff::{Change, Class, Diff};

pub fn sarif(diff: &Diff, file: &str) -> String {
    let found =
        |rule: &&Rule| diff.changes.iter().any(|change| change.findings.iter().any(|finding| finding.rule == rule.id));
    let found: Vec<&Rule> = rules().all().iter().filter(found).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": found.iter().map(|found| rule(found)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": diff.changes.iter().filter_map(|change| result(change, &found, file)).collect::<Vec<_>>(),
        }],
    });
    format!("{document:#}\n")
}

fn rule(rule: &Rule) -> Json {
    json!({
        "id": rule.id,
        "shortDescription": { "text": format!("{}: {}", title(rule.class), rule.because) },
        "fullDescription": { "text": rules().classes.get(&rule.class).map_or("", |words| &words.says) },
        "help": { "text": format!("Source: {}", rule.source) },
        "defaultConfiguration": { "level": level(rule.class) },
    })
}

fn result(change: &Change, found: &[&Rule], file: &str) -> Option<Json> {
    let finding = change.findings.first()?;
    let mut result = Map::new();
    result.insert("ruleId".into(), json!(finding.rule));
    let index = found.iter().position(|rule| rule.id == finding.rule);
    result.extend(index.map(|index| ("ruleIndex".to_owned(), json!(index))));
    result.insert("level".into(), json!(level(finding.class)));
    result.insert("message".into(), json!({ "text": message(change) }));
    let (file, line, column) = match &change.place {
        Some(place) => (place.file.as_str(), place.line, place.column),
        None => (file, 1, 1),
    };
    let location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(file) },
            "region": { "startLine": line, "startColumn": column },
        },
    });
    result.insert("locations".into(), json!([location]));
    Some(Json::Object(result))
}

fn message(change: &Change) -> String {
    let reasons = entries::reasons(&[change]);
    let value = |value: &Option<Json>| value.as_ref().map_or("nothing".to_owned(), short);
    let field = match change.path.is_empty() {
        true => change.event.as_str().to_owned(),
        false => format!("{}: {} → {}", change.path, value(&change.old), value(&change.new)),
    };
    let head = format!("{} {}{} {field}", title(change.class()), change.subject.title(), of(&change.environments));
    std::iter::once(head).chain(reasons).collect::<Vec<_>>().join("\n")
}

fn level(class: Class) -> &'static str {
    match class {
        Class::Replaces | Class::Deletes | Class::Interrupts => "warning",
        _ => "note",
    }
}
