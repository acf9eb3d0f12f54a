use super::{MOVER, load, mover};
use crate::component::catalog::{Catalog, Word, component_schema};
use crate::diagnostic::Sink;
use crate::schema::check::tests::{node, told};
use crate::source::Sources;
use crate::world::{Memory, World};

#[test]
fn every_built_in_component_is_sound() {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    Catalog::load(&Memory::default(), &mut sources, &mut sink);
    assert_eq!(told(sink.iter(), &sources), [""; 0]);
}

#[test]
fn a_component_is_read_whole() {
    let loaded = mover(MOVER);
    assert_eq!(loaded.faults, [""; 0]);
    let mover = &loaded.catalog.components["mover"];
    assert_eq!(
        mover.chart.as_ref().map(|chart| (chart.version.as_str(), chart.wait, chart.timeout)),
        Some(("1.0.0", true, 600))
    );
    assert!(!mover.isolate && mover.pod_security.is_some() && mover.release.is_some());
    assert_eq!(
        (mover.uses.as_slice(), mover.requires.len(), mover.brings.len()),
        (["orchestration".to_owned()].as_slice(), 2, 1)
    );
    assert!(mover.requires[0].when.is_none() && mover.requires[1].when.is_some());
    let ids = |word| mover.word(word).map(|declared| declared.id.as_str()).collect::<Vec<_>>();
    assert_eq!(ids(Word::Workloads), ["server", "pod"]);
    assert_eq!(ids(Word::Files), ["0", "1"]);
    assert_eq!(ids(Word::Values), ["auth.secretName"]);
}

#[test]
fn conditions_stand_apart_from_the_body() {
    let loaded = mover(MOVER);
    let mover = &loaded.catalog.components["mover"];
    let file = mover.word(Word::Files).nth(1).expect("a file");
    assert!(file.when.is_some() && file.each.is_some());
    let keys = |json: &serde_json::Value| json.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>());
    let body = file.body.as_plain().expect("no expression in it").to_json();
    assert_eq!(keys(&body), Some(vec!["template".into(), "path".into(), "as".into()]));
    assert!(mover.word(Word::Constraints).all(|constraint| constraint.require.is_some()));
}

#[test]
fn the_for_of_a_webhook_is_its_kinds() {
    let loaded = mover(MOVER);
    let webhook = loaded.catalog.components["mover"].word(Word::Webhooks).next().expect("a webhook");
    assert!(webhook.each.is_none());
    assert_eq!(
        webhook.body.as_plain().expect("plain").get("for").expect("for").to_json(),
        serde_json::json!(["Thing"])
    );
}

#[test]
fn short_forms_are_spelt_out_in_bodies() {
    let loaded = mover(MOVER);
    let note = loaded.catalog.components["mover"].word(Word::Notes).next().expect("a note");
    assert_eq!(note.body.names_at("text"), [""; 0]);
    let workload = loaded.catalog.components["mover"].description.clone();
    let ports = workload.get("workloads").and_then(|node| node.get("server")?.get("ports")).expect("ports").to_json();
    assert_eq!(ports, serde_json::json!({"http": {"port": 80}, "side": "{{ options.port }}"}));
}

#[test]
fn a_new_capability_is_added_behind_the_known_ones() {
    let boards = "component: boards\nprovides: {capability: dashboards}\nsummary: Boards\n";
    let loaded = load(&[("boards/component.yaml", boards)]);
    assert_eq!(loaded.faults, [""; 0]);
    let names: Vec<&String> = loaded.catalog.capabilities.keys().collect();
    assert_eq!(names, ["dataIntegration", "orchestration", "dashboards"]);
}

#[test]
fn a_file_of_the_users_replaces_the_built_in_one() {
    let world = Memory::default();
    world.write("templates/kubernetes/ingress.yaml.j2".into(), b"mine").expect("written");
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let catalog = Catalog::load(&world, &mut sources, &mut sink);
    assert_eq!(told(sink.iter(), &sources), [""; 0]);
    let text = |path: &str| sources.file(catalog.templates[path]).text.to_string();
    assert_eq!(text("kubernetes/ingress.yaml.j2"), "mine");
    assert_ne!(text("kubernetes/hpa.yaml.j2"), "mine");
    assert!(
        catalog
            .all_templates(&sources)
            .iter()
            .any(|(path, _, text)| path == "kubernetes/ingress.yaml.j2" && *text == "mine")
    );
}

#[test]
fn the_published_schema_takes_what_the_catalog_takes() {
    let schema = jsonschema::validator_for(&component_schema()).expect("a schema");
    assert!(schema.is_valid(&node(MOVER).to_json()));
    assert!(!schema.is_valid(&node(&MOVER.replace("summary:", "sumary:")).to_json()));
    assert!(!schema.is_valid(&node(&MOVER.replace("type: integer", "typo: integer")).to_json()));
}

#[test]
fn every_built_in_description_passes_the_published_schema() {
    let schema = jsonschema::validator_for(&component_schema()).expect("a schema");
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let catalog = Catalog::load(&Memory::default(), &mut sources, &mut sink);
    for component in catalog.components.values() {
        let written = node(&sources.file(component.file).text).to_json();
        let faults: Vec<String> = schema.iter_errors(&written).map(|error| error.to_string()).collect();
        assert_eq!(faults, [""; 0], "{}", component.id);
    }
}
