//! SARIF 2.1.0, which code scanners and editors read (OASIS, "Static Analysis Results Interchange Format").
//!
//! One run; each code that was found is a rule with its whole page. Paths are relative to where platformc ran, columns count
//! characters, and the end of a region is behind its last character. A fault without a place has no location.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::place::Place;
use super::{whole, word};
use crate::diagnostic::{Code, Diagnostic, Label};
use crate::source::Sources;

pub fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let codes: BTreeSet<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": diagnostics.iter().map(|diagnostic| result(diagnostic, &codes, sources)).collect::<Vec<_>>(),
        }],
    });
    format!("{document:#}\n")
}

fn rule(code: Code) -> Json {
    json!({
        "id": code.as_str(),
        "name": format!("{code:?}"),
        "shortDescription": { "text": code.title() },
        "fullDescription": { "text": meaning(code) },
        "help": { "text": code.page(), "markdown": code.page() },
        "defaultConfiguration": { "level": word(code.severity()) },
    })
}

/// The page's first paragraph, in one line.
fn meaning(code: Code) -> String {
    let paragraph = code.page().split("\n\n").nth(1).unwrap_or_default();
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn result(diagnostic: &Diagnostic, codes: &[Code], sources: &Sources) -> Json {
    let mut result = Map::new();
    result.insert("ruleId".into(), json!(diagnostic.code.as_str()));
    result.insert("level".into(), json!(word(diagnostic.severity)));
    result.insert("message".into(), json!({ "text": whole(diagnostic) }));
    let index = codes.iter().position(|code| *code == diagnostic.code);
    result.extend(index.map(|index| ("ruleIndex".to_owned(), json!(index))));
    if let Some((primary, others)) = diagnostic.labels.split_first() {
        result.insert("locations".into(), json!([location(primary, None, sources)]));
        let others = others.iter().zip(1..).map(|(label, id)| location(label, Some(id), sources));
        result.insert("relatedLocations".into(), others.collect());
    }
    Json::Object(result)
}

/// A place; those beside the primary one are numbered.
fn location(label: &Label, id: Option<usize>, sources: &Sources) -> Json {
    let file = sources.file(label.span.file);
    let Place { start, end, .. } = Place::of(file, label.span.range());
    let place = json!({
        "artifactLocation": { "uri": uri(file.path.as_str()) },
        "region": {
            "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column,
        },
    });
    let text = Some(&label.text).filter(|text| !text.is_empty());
    let entries = [
        id.map(|id| ("id".to_owned(), json!(id))),
        Some(("physicalLocation".to_owned(), place)),
        text.map(|text| ("message".to_owned(), json!({ "text": text }))),
    ];
    Json::Object(entries.into_iter().flatten().collect())
}

/// A path as a reference: what RFC 3986 does not take as it is, is written `%20`.
pub fn uri(path: &str) -> String {
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let byte = |byte: u8| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    scheme.to_owned() + &path.bytes().map(byte).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn log(diagnostics: &[Diagnostic], sources: &Sources) -> Json {
        serde_json::from_str(&render(diagnostics, sources)).unwrap()
    }

    #[test]
    fn a_fault_has_its_rule_its_place_and_the_places_beside_it() {
        let mut sources = Sources::default();
        let file = sources.add("a b/ü.yaml", "é: x\ny: z\n");
        let fault = Diagnostic::new(Code::UnknownKey, "wrong")
            .at(Span::new(file, 4, 5), "here")
            .at(Span::new(file, 6, 10), "because of this")
            .note("so it is")
            .help("mend it");
        let log = log(&[Diagnostic::new(Code::OpenRange, "first"), fault], &sources);
        let run = &log["runs"][0];
        assert_eq!((&log["version"], &run["columnKind"]), (&json!("2.1.0"), &json!("unicodeCodePoints")));
        let result = &run["results"][1];
        assert_eq!(result["message"]["text"], "wrong\nnote: so it is\nhelp: mend it");
        assert_eq!(result["level"], "error");
        assert_eq!(run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize]["id"], "E0201");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b/%C3%BC.yaml");
        assert_eq!(place["region"], json!({"startLine": 1, "startColumn": 4, "endLine": 1, "endColumn": 5}));
        assert_eq!(result["relatedLocations"][0]["id"], 1);
        assert_eq!(result["relatedLocations"][0]["message"]["text"], "because of this");
    }

    #[test]
    fn a_rule_carries_its_page_once() {
        let faults = ["a", "b"].map(|text| Diagnostic::new(Code::UnknownKey, text));
        let log = log(&faults, &Sources::default());
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().clone();
        assert_eq!(rules.len(), 1);
        assert_eq!(rules[0]["name"], "UnknownKey");
        assert_eq!(rules[0]["help"]["markdown"], Code::UnknownKey.page());
        assert!(rules[0]["fullDescription"]["text"].as_str().is_some_and(|text| text.len() > 60));
        assert_eq!(log["runs"][0]["results"][1].get("locations"), None);
    }

    #[test]
    fn nothing_to_tell_is_still_a_run() {
        assert_eq!(log(&[], &Sources::default())["runs"][0]["results"], json!([]));
    }

    #[test]
    fn paths_are_references() {
        assert_eq!(uri("/a/b.yaml"), "file:///a/b.yaml");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
        assert_eq!(uri("../x#?%:.yaml"), "../x%23%3F%25%3A.yaml");
    }
}
