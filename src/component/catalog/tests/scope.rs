use super::{MOVER, mover};

/// What a note with this text brings: notes see everything.
fn note(text: &str) -> Vec<String> {
    mover(&MOVER.replace("Release {{ release }} is small", text)).faults
}

/// What a change of the sound component brings, without places.
fn changed(from: &str, to: &str) -> Vec<String> {
    assert!(MOVER.contains(from), "{from}");
    let faults = mover(&MOVER.replacen(from, to, 1)).faults;
    faults
        .into_iter()
        .map(|fault| fault.split_once('`').map_or(fault.clone(), |(_, rest)| format!("`{rest}")))
        .collect()
}

#[test]
fn notes_see_options_identity_and_what_others_export() {
    for text in [
        "{{ options.port }} {{ name }} {{ platform.domain }} {{ namespace }}",
        "{{ services.api.url }} {{ workloads.server.ports.http }} {{ secrets.key.name }}",
    ] {
        let text = text.replace("options.port", "(options.port if options.port != none else 1)");
        assert_eq!(note(&text), [""; 0], "{text}");
    }
}

#[test]
fn an_unknown_name_suggests_the_nearest() {
    assert_eq!(note("{{ options.prot }}").len(), 1);
    assert!(note("{{ services.apy.url }}")[0].contains("`api`"));
    assert!(note("{{ platform.dataIntegraton.values }}")[0].contains("`dataIntegration`"));
}

#[test]
fn an_entry_with_a_condition_may_be_none() {
    assert_eq!(note("{{ workloads.pod.labels | length }}").len(), 1);
}

#[test]
fn conditions_read_no_derived_facts() {
    assert_eq!(changed("{when: options.rootless, by", "{when: services.api.port > 1, by").len(), 1);
    assert_eq!(changed("{when: options.rootless, for", "{when: routes != none, for").len(), 1);
    assert_eq!(changed("{when: options.rootless, by", "{when: platform.orchestration != none, by"), [""; 0]);
}

#[test]
fn an_identity_sees_its_own_options_alone() {
    assert_eq!(
        changed("name: api, workload", "name: \"{{ platform.orchestration.services.ui.name }}\", workload").len(),
        1
    );
    assert_eq!(changed("name: api, workload", "name: \"{{ workloads.server.name }}-api\", workload"), [""; 0]);
}

#[test]
fn what_is_required_is_never_none() {
    let faults = changed("{port: 80, target: http}", "{port: \"{{ options.port }}\", target: http}");
    assert_eq!(
        faults,
        [
            "`options.port` a value is required here, and this is an integer or none | help: say in `when` that it is there, or write `x | default(…)`"
        ]
    );
    let otherwise = "{port: \"{{ options.port | default(80) }}\", target: http}";
    assert_eq!(changed("{port: 80, target: http}", otherwise), [""; 0]);
}

#[test]
fn where_it_is_said_to_be_there_it_is() {
    let given = "{when: options.port != none, name: api, workload: server, ports: {http: {port: \"{{ options.port }}\", target: http}}}";
    assert_eq!(changed("{name: api, workload: server, ports: {http: {port: 80, target: http}}}", given), [""; 0]);
}

#[test]
fn under_for_the_entry_is_what_the_schema_says() {
    assert_eq!(changed("path: two.yaml", "path: \"{{ key }}-{{ entry }}.yaml\""), [""; 0]);
    assert_eq!(changed("path: two.yaml", "path: \"{{ entry.name }}.yaml\"").len(), 1);
}
