//! The schemas of charts' values: they take what we write, refuse what is wrong, and know what the interfaces speak of.

use platformc::component::Catalog;
use platformc::component::catalog::Word;
use platformc::component::values::{Finding, What};
use platformc::diagnostic::Sink;
use platformc::source::{Node, Sources, Span, read::read};
use serde_json::Value as Json;

use crate::{platforms, repository};

const FRAGMENTS: &str = "tests/registry/values.yaml";

#[test]
fn every_chart_has_a_schema_of_its_values() {
    for component in repository::catalog().components.values().filter(|component| component.chart.is_some()) {
        assert!(component.values_schema.is_some(), "{} has no `valuesSchema`", component.id);
    }
}

#[test]
fn every_schema_says_which_version_it_is_of() {
    for (id, schema) in schemas(&repository::catalog()) {
        let comment = schema.get("$comment").and_then(Json::as_str).unwrap_or_default().to_owned();
        let version = repository::catalog().components[&id].chart.as_ref().unwrap().version.clone();
        assert!(comment.contains(&format!(" {version},")), "{id}: chart {version}, schema: {comment}");
    }
}

#[test]
fn the_values_that_components_write_are_all_known_and_read() {
    for project in platforms::all() {
        project.each_environment(|_, catalog, rendered, _| {
            for component in catalog.components.values() {
                let Some(schema) = &component.values_schema else { continue };
                let own = rendered.files.iter().filter(|file| {
                    let template = file.parts.first().and_then(|part| part.template);
                    template.is_some_and(|template| component.templates.get("values.yaml.j2") == Some(&template))
                });
                for file in own {
                    let findings = schema.findings(&file.documents[0]).unwrap();
                    assert!(findings.is_empty(), "{} {}: {findings:?}", project.path, file.path);
                }
            }
        });
    }
}

#[test]
fn good_fragments_are_taken_and_bad_ones_refused() {
    let catalog = repository::catalog();
    let text = repository::text(FRAGMENTS);
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let file = sources.add(FRAGMENTS, text.as_str());
    let fragments = read(file, &text, &mut sink).remove(0);
    assert!(sink.is_empty());
    for (component, entry) in fragments.as_map().unwrap() {
        for fragment in entry.node.as_list().unwrap() {
            let expected: Vec<&str> = match fragment.get("faults").and_then(Node::as_list) {
                Some(list) => list.iter().filter_map(Node::as_str).collect(),
                None => vec![],
            };
            let values = fragment.get("values").unwrap();
            let schema = catalog.components[component].values_schema.as_ref().unwrap();
            let found: Vec<String> = schema.findings(values).unwrap().iter().map(told).collect();
            assert_eq!(found, expected, "{component}: {}", values.to_json());
        }
    }
}

fn told(finding: &Finding) -> String {
    let what = match &finding.what {
        What::Unknown => "unknown".to_owned(),
        What::Unread => "unread".to_owned(),
        What::Wrong(reason) => reason.clone(),
    };
    let help = finding.help.as_deref().map(|help| format!("; {help}")).unwrap_or_default();
    format!("{}: {what}{help}", finding.path)
}

/// What an interface says of a chart's values is about values that the chart has.
#[test]
fn every_value_of_an_interface_is_one_of_the_chart() {
    let catalog = repository::catalog();
    let nowhere = Span::new(platformc::source::FileId(0), 0, 0);
    let mut unknown = vec![];
    for component in catalog.components.values() {
        let Some(schema) = &component.values_schema else { continue };
        for declared in component.word(Word::Values) {
            let path: Vec<&str> = declared.id.split('.').take_while(|key| *key != "*").collect();
            let tree = path
                .iter()
                .rev()
                .fold(Json::Null, |below, key| Json::Object([((*key).to_owned(), below)].into_iter().collect()));
            let findings = schema.findings(&Node::from_json(&tree, nowhere)).unwrap();
            unknown.extend(findings.iter().map(|finding| format!("{}: {}", component.id, told(finding))));
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}

/// By component.
fn schemas(catalog: &Catalog) -> Vec<(String, Json)> {
    let of = |id: &String| {
        let name = catalog.components[id].chart.as_ref()?.values_schema.clone()?;
        let text = repository::text(format!("templates/{id}/{name}"));
        Some((id.clone(), serde_json::from_str(&text).unwrap()))
    };
    catalog.components.keys().filter_map(of).collect()
}
