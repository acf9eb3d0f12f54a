use super::{MOVER, load, mover};

/// What a change of the sound component brings.
fn changed(from: &str, to: &str) -> Vec<String> {
    assert!(MOVER.contains(from), "{from}");
    mover(&MOVER.replacen(from, to, 1)).faults
}

fn each(rows: &[(&str, &str, &[&str])]) {
    for (from, to, expected) in rows {
        assert_eq!(changed(from, to), *expected, "{from} → {to}");
    }
}

#[test]
fn the_shape_of_a_description_is_checked() {
    each(&[
        (
            "summary:",
            "sumary:",
            &["E0201 4:1 `sumary` unknown key `sumary` (not known here) | help: did you mean `summary`?"],
        ),
        (
            "{capability: dataIntegration}",
            "{}",
            &["E0203 3:1 `provides` one of `capability`, `collection` is needed (none of them stands here)"],
        ),
        (
            "port: 5432",
            "port: high",
            &[
                "E0202 20:42 `high` expected a whole number, found the text `high` (expected a whole number) | `port`: Its port; none where connections only come from there",
            ],
        ),
        (
            "by: run-time",
            "by: runtime",
            &[
                "E0204 18:37 `runtime` `runtime` is no value of `by` (expected `chart`, `files`, `run-time` or `external`) | help: did you mean `run-time`?",
            ],
        ),
        (
            "as: values}",
            "as: value}",
            &[
                "E0204 40:64 `value` `value` is no value of `as` (expected `code`, `docs`, `values` or `manifests`) | help: did you mean `values`?",
            ],
        ),
        (
            "isolate: false",
            "isolate: no",
            &[
                "E0202 9:10 `no` expected `true` or `false`, found the text `no` (expected `true` or `false`) | `isolate`: Whether its namespace denies what no flow allows; an operator may say false | help: write `false`",
            ],
        ),
        (
            "version: 1.0.0",
            "version: '{{ options.port }}'",
            &[
                "E0213 5:71 `'{{ options.port }}'` `chart` cannot hold an expression (it is read before anything is known)",
            ],
        ),
    ]);
}

#[test]
fn expressions_are_parsed() {
    each(&[
        (
            "when: options.rootless, by",
            "when: '{{ options.rootless }}', by",
            &[
                "E0214 18:15 `'{{ options.rootless }}'` a bare expression is expected here, without `{{ }}` | help: write `options.rootless`",
            ],
        ),
        ("{{ release }}-server", "{{ release -server", &["E0214 17:37 `` `{{` is never closed (`}}` is missing)"]),
    ]);
}

#[test]
fn ids_are_words_of_expressions() {
    each(&[
        (
            "  pod: {when",
            "  a-pod: {when",
            &[
                "E0213 18:3 `a-pod` `a-pod` is no id (ids are letters and digits, the first a lower-case letter)",
                "E0213 24:24 `pod` no end of a flow is called `pod` (not known) | help: did you mean `a-pod`?",
            ],
        ),
        (
            "{http: 80, side:",
            "{http: 80, Side:",
            &["E0213 17:60 `Side` `Side` is no id (ids are letters and digits, the first a lower-case letter)"],
        ),
    ]);
}

#[test]
fn ids_of_ends_are_distinct() {
    each(&[(
        "  database: {host",
        "  server: {host",
        &[
            "E0213 20:3 `server` the id `server` stands twice among workloads, services and outside ends (flows could not tell them apart) | also 17:3 `server` (the other one)",
            "E0213 24:35 `database` no end of a flow is called `database` (not known) | known are `server`, `pod`, `api`, `internet`, `kubernetes-api`, `nodes`",
        ],
    )]);
}

#[test]
fn names_within_a_component_must_be_there() {
    each(&[
        (
            "workload: server",
            "workload: sever",
            &["E0213 22:30 `sever` no workload is called `sever` (not known) | help: did you mean `server`?"],
        ),
        (
            "target: http}",
            "target: htp}",
            &["E0213 22:71 `htp` no port of `server` is called `htp` (not known) | help: did you mean `http`?"],
        ),
        (
            "service: api, for",
            "service: ape, for",
            &["E0213 30:20 `ape` no service is called `ape` (not known) | help: did you mean `api`?"],
        ),
        (
            "readers: [server]",
            "readers: [server, srver]",
            &["E0213 32:50 `srver` no workload is called `srver` (not known) | help: did you mean `server`?"],
        ),
        (
            "to: [database, internet]",
            "to: [databse, internet]",
            &[
                "E0213 24:35 `databse` no end of a flow is called `databse` (not known) | help: did you mean `database`?",
            ],
        ),
        (
            "services: {api: api}",
            "services: {api: pod}",
            &["E0213 27:19 `pod` no service is called `pod` (not known) | known are `api`"],
        ),
        (
            "{id: key.ID}",
            "{id: keys.ID}",
            &["E0213 28:17 `keys.ID` no secret is called `keys` (not known) | help: did you mean `key`?"],
        ),
        (
            "option: port}\nconstraints",
            "option: prt}\nconstraints",
            &["E0213 36:41 `prt` no option is called `prt` (not known) | help: did you mean `port`?"],
        ),
        (
            "template: values.yaml.j2, path: \"",
            "template: value.yaml.j2, path: \"",
            &[
                "E0213 40:16 `value.yaml.j2` the component's folder has no file `value.yaml.j2` (not there) | help: did you mean `values.yaml.j2`?",
            ],
        ),
    ]);
}

#[test]
fn ports_and_values_lead_somewhere() {
    each(&[
        (
            "webhooks:",
            "metrics: {all: {service: api, port: htp}}\nwebhooks:",
            &["E0213 29:37 `htp` no port of `api` is called `htp` (not known) | help: did you mean `http`?"],
        ),
        (
            "is: secret, option: port",
            "is: key, of: auth.secretNam",
            &[
                "E0213 36:34 `auth.secretNam` no value is called `auth.secretNam` (not known) | help: did you mean `auth.secretName`?",
            ],
        ),
    ]);
}

#[test]
fn names_between_components_must_be_there() {
    each(&[
        (
            "uses: [orchestration]",
            "uses: [orchestraton]",
            &[
                "E0213 10:8 `orchestraton` no capability is called `orchestraton` (not known) | help: did you mean `orchestration`?",
            ],
        ),
        (
            "requires: [orchestration,",
            "requires: [orchestraton,",
            &[
                "E0213 11:12 `orchestraton` no capability is called `orchestraton` (not known) | help: did you mean `orchestration`?",
            ],
        ),
        (
            "services: {api: api}",
            "services: {ui: api}",
            &[
                "E0213 27:3 `services` a provider of `dataIntegration` must export `services.api` (not exported) | `capabilities.yaml` says what `dataIntegration` is to others",
            ],
        ),
        (
            "items: {type: string}",
            "items: {type: string, x-refers-to: conections}",
            &[
                "E0213 15:122 `{type: string, x-refers-to: conections}` `x-refers-to: conections` names no collection of a component",
            ],
        ),
    ]);
}

#[test]
fn what_every_component_has_is_no_option_of_its_own() {
    each(&[(
        "port: {type: integer}",
        "provider: {type: string}, port: {type: integer}",
        &["E0213 15:59 `provider` the option `provider` is one that every such component has (call it otherwise)"],
    )]);
}

#[test]
fn a_component_is_called_like_its_folder() {
    each(&[(
        "component: mover",
        "component: mowr",
        &[
            "E0213 2:12 `mowr` this component is called `mowr` and its folder `mover` | help: write `component: mover`, or rename the folder",
        ],
    )]);
}

#[test]
fn a_constraint_speaks_under_a_condition() {
    each(&[(
        "{require: options.port != none, message",
        "{message",
        &["E0213 38:3 `port` the constraint `port` has neither `require` nor `when` (it would always speak)"],
    )]);
}

#[test]
fn what_a_release_brings_is_named_whole() {
    each(&[(
        "example.com/v1/Thing",
        "example.com/Thing",
        &["E0213 12:10 `example.com/Thing` `example.com/Thing` is not `group/version/Kind`"],
    )]);
}

#[test]
fn a_broken_component_is_set_aside_with_its_keys() {
    let text = MOVER.replace("summary:", "collections: {connections: {type: object}}\nsumary:");
    let loaded = mover(&text);
    assert!(loaded.catalog.components.is_empty());
    let keys: Vec<&String> = loaded.catalog.set_aside["mover"].iter().collect();
    assert_eq!(keys, ["connections", "dataIntegration"]);
}

#[test]
fn two_components_cannot_want_one_key() {
    let other = "component: other\nprovides: {capability: orchestration}\nsummary: Other\ncollections: {COLLECTION: {type: object}}\n";
    let with = |name: &str| load(&[("other/component.yaml", &other.replace("COLLECTION", name))]).faults;
    assert_eq!(with("things"), [""; 0]);
    assert_eq!(
        with("cluster"),
        ["E0213 4:15 `cluster` the key `cluster` belongs to platform.yaml itself (call it otherwise)"]
    );
    assert_eq!(
        with("dataIntegration"),
        [
            "E0213 4:15 `dataIntegration` the key `dataIntegration` belongs to the capability of that name (call it otherwise)"
        ]
    );
}

#[test]
fn a_folder_of_the_users_without_a_description_is_told() {
    assert_eq!(
        load(&[("movr/values.yaml.j2", "")]).faults,
        [
            "E0213 1:1 `` the folder `templates/movr` has no component.yaml (this file belongs to no component) | help: to replace a built-in file, the folder must have the component's name"
        ]
    );
}
