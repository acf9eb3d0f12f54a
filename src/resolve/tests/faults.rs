use super::resolved;

/// Lines 1 and 2 of every text.
const HEAD: &str = "name: acme\ndomain: example.com\n";

fn each(rows: &[(&str, &[&str])]) {
    for (text, expected) in rows {
        let found = resolved(&format!("{HEAD}{text}"));
        assert_eq!(found.faults, *expected, "{text}");
        let errors = expected.iter().any(|fault| fault.starts_with('E'));
        assert_eq!(found.platforms.iter().any(Option::is_some), !errors, "{text}");
    }
}

#[test]
fn a_file_without_a_platform_says_what_the_smallest_is() {
    let help = "help: the smallest platform is `name: acme` and `domain: example.com`, a line each";
    assert_eq!(resolved("~").faults, [format!("E0203 1:1 `` the file is empty | {help}")]);
    assert_eq!(resolved("[a]").faults, [format!("E0202 1:1 `` expected a map, found a list | {help}")]);
    assert_eq!(
        resolved("name: Acme").faults,
        [
            "E0203 1:1 `` missing key `domain` | `domain`: The domain below which its hosts stand",
            "E0204 1:7 `Acme` `Acme` is not a DNS label (`Acme` must be in lower case) | `name`: Name of the platform, a DNS label",
        ]
    );
}

#[test]
fn a_wrong_provider_is_one_fault() {
    each(&[
        (
            "dataIntegration: {provider: mvoer, hots: 1}",
            &[
                "E0205 3:29 `mvoer` no component is called `mvoer` | `dataIntegration` is provided by `mover`, `shover` | help: did you mean `mover`?",
            ],
        ),
        (
            "dataIntegration: runner",
            &[
                "E0205 3:18 `runner` `runner` does not provide `dataIntegration` (it provides `orchestration`) | `dataIntegration` is provided by `mover`, `shover`",
            ],
        ),
        (
            "dataIntegration: service",
            &[
                "E0205 3:18 `service` `service` does not provide `dataIntegration` (it provides the entries of `services`) | `dataIntegration` is provided by `mover`, `shover`",
            ],
        ),
        (
            "dataIntegration: [mover]",
            &[
                "E0202 3:18 `[mover]` expected a map, or a text for `provider`, found a list (expected a map) | `dataIntegration`: Moves data",
            ],
        ),
        (
            "dataIntegration: {host: a}",
            &[
                "E0203 3:1 `dataIntegration` missing key `provider` (`dataIntegration` needs it) | `provider`: The component that provides it | `provider` is `mover` or `shover`",
            ],
        ),
        (
            "dataIntegration: mvoer\nconnections: {a: {id: b}}",
            &[
                "E0205 3:18 `mvoer` no component is called `mvoer` | `dataIntegration` is provided by `mover`, `shover` | help: did you mean `mover`?",
            ],
        ),
    ]);
}

#[test]
fn an_unknown_top_level_key_suggests_what_was_meant() {
    each(&[
        (
            "dataIntegraton: mover",
            &[
                "E0201 3:1 `dataIntegraton` unknown key `dataIntegraton` (not known here) | help: did you mean `dataIntegration`?",
            ],
        ),
        (
            "enviroments: {dev: {}}",
            &[
                "E0201 3:1 `enviroments` unknown key `enviroments` (not known here) | help: did you mean `environments`?",
            ],
        ),
        (
            "mover: {host: a}",
            &[
                "E0201 3:1 `mover` unknown key `mover` (not known here) | help: `mover` is a component: write `dataIntegration: mover`",
            ],
        ),
    ]);
}

#[test]
fn options_belong_to_their_provider() {
    each(&[
        (
            "dataIntegration: {provider: mover, token: x, hots: b}",
            &[
                "E0201 3:36 `token` `token` belongs to `provider: shover` (not known here) | also 3:29 `mover` (this is `provider: mover`)",
                "E0201 3:46 `hots` unknown key `hots` (not known here) | help: did you mean `host`?",
            ],
        ),
        (
            "dataIntegration: shover",
            &[
                "E0203 3:1 `dataIntegration` missing key `token` (`dataIntegration` needs it) | `token`: The way in | help: write the long form: `dataIntegration: {provider: shover, token: …}`",
            ],
        ),
        (
            "dataIntegration: {provider: shover, token: x, values: {}}",
            &[
                "E0201 3:47 `values` `values` belongs to `provider: mover` (not known here) | also 3:29 `shover` (this is `provider: shover`)",
            ],
        ),
    ]);
}

#[test]
fn what_comes_with_a_component_that_is_not_chosen_is_checked_with_a_note() {
    each(&[
        (
            "pipelines: {a: {steps: [{sync: b}]}}\nconnections: {b: {id: x}}",
            &[
                "N0212 3:1 `pipelines` `pipelines` comes with `orchestration: runner`, which is not chosen (checked, and without effect)",
                "N0212 4:1 `connections` `connections` comes with `dataIntegration: mover` or `dataIntegration: shover`, which is not chosen (checked, and without effect)",
            ],
        ),
        (
            "pipelines: {a: {steps: [], schedul: x}}",
            &[
                "N0212 3:1 `pipelines` `pipelines` comes with `orchestration: runner`, which is not chosen (checked, and without effect)",
                "E0204 3:24 `[]` wrong value for `steps` (it is empty)",
                "E0201 3:28 `schedul` unknown key `schedul` (not known here) | help: did you mean `schedule`?",
            ],
        ),
    ]);
}

#[test]
fn a_name_that_refers_to_nothing_suggests_the_nearest() {
    let chosen = "orchestration: runner\ndataIntegration: mover\n";
    each(&[
        (
            &format!("{chosen}pipelines: {{a: {{steps: [{{sync: stripee}}]}}}}\nconnections: {{stripe: {{id: x}}}}"),
            &[
                "E0206 5:32 `stripee` no entry of `connections` is called `stripee` (refers to nothing) | `connections` has `stripe` | help: did you mean `stripe`?",
            ],
        ),
        (
            &format!("{chosen}pipelines: {{a: {{steps: [{{sync: stripe}}]}}}}"),
            &[
                "E0206 5:32 `stripe` no entry of `connections` is called `stripe` (refers to nothing) | there are no `connections` yet",
            ],
        ),
        (
            &format!("{chosen}pipelines: {{a: {{steps: [{{sync: stripe}}]}}}}\nconnections: [stripe]"),
            &[
                "E0202 6:14 `[stripe]` expected a map, found a list (expected a map) | help: it is a map by name: write `NAME: …` for each, in the place of `- …`",
            ],
        ),
    ]);
}

#[test]
fn names_of_entries_become_names_of_objects() {
    each(&[
        (
            "services: {Api: {namespace: a, image: a:1}, 1a: {namespace: a, image: a:1}}",
            &[
                "E0204 3:12 `Api` `Api` is no name (`Api` must be in lower case)",
                "E0204 3:45 `1a` `1a` is no name (it must start with a letter, as the names of Services do)",
            ],
        ),
        (
            "dataIntegration: mover\nconnections: {a/../b: {id: b}}",
            &[
                "E0204 4:15 `a/../b` `a/../b` is no name (names are letters, digits, `-`, `_` and `.`, with a letter or digit at both ends)",
            ],
        ),
    ]);
}

#[test]
fn a_name_fits_into_the_name_of_a_file() {
    let told = |length| {
        let name = "a".repeat(length);
        resolved(&format!("{HEAD}dataIntegration: mover\nconnections: {{{name}: {{id: b}}}}")).faults
    };
    let (fits, too_long) = (told(200), told(201));
    assert!(!fits.iter().any(|fault| fault.starts_with("E0204")), "{fits:?}");
    assert!(too_long.iter().any(|fault| fault.contains("it is longer than 200 characters")), "{too_long:?}");
}

#[test]
fn a_version_is_a_text_and_known() {
    each(&[
        (
            "kubernetes: [1.30, \"1.31\", v1.35, \"1.35.2\"]",
            &[
                "E0202 3:14 `1.30` expected a text, found the number `1.30` (expected a text) | help: write `\"1.30\"`: without quotes YAML reads the number 1.3",
                "E0209 3:20 `\"1.31\"` Kubernetes 1.31 is not known | known are 1.33, 1.34, 1.35, 1.36, 1.37 | help: the oldest that is known is `\"1.33\"`",
                "E0209 3:28 `v1.35` Kubernetes v1.35 is not known | known are 1.33, 1.34, 1.35, 1.36, 1.37 | help: write the minor version: `\"1.35\"`",
                "E0209 3:35 `\"1.35.2\"` Kubernetes 1.35.2 is not known | known are 1.33, 1.34, 1.35, 1.36, 1.37 | help: write the minor version: `\"1.35\"`",
            ],
        ),
        (
            "kubernetes: []",
            &[
                "E0204 3:13 `[]` wrong value for `kubernetes` (it is empty) | `kubernetes`: Kubernetes versions on which every object must be valid",
            ],
        ),
    ]);
}

#[test]
fn the_fixed_keys_are_checked_at_every_depth() {
    each(&[
        (
            "cluster: {apiServer: {cidrs: [10.0.0.1/8], port: [1]}, x-mine: 1}",
            &[
                "E0204 3:31 `10.0.0.1/8` `10.0.0.1/8` is not an address range (it has bits behind the prefix; the network is `10.0.0.0/8`)",
                "E0201 3:44 `port` unknown key `port` (not known here) | help: did you mean `ports`?",
            ],
        ),
        (
            "waivers: [{code: W0302, reason: x, until: 2026-13-01}, {code: W0302, cause: x}]",
            &[
                "E0204 3:43 `2026-13-01` `2026-13-01` is not a date (the calendar has no such day) | `until`: The last day on which it holds",
                "E0203 3:57 `code` missing key `reason` (`waivers` needs it) | `reason`: Why it is meant to be",
                "E0201 3:70 `cause` unknown key `cause` (not known here) | known here: `code`, `object`, `reason`, `until`",
            ],
        ),
    ]);
}

#[test]
fn collections_are_maps_by_name() {
    each(&[
        (
            "services: [a]",
            &[
                "E0202 3:11 `[a]` expected a map, found a list (expected a map) | `services`: A container of your own | help: it is a map by name: write `NAME: …` for each, in the place of `- …`",
            ],
        ),
        (
            "services: {a: }",
            &[
                "E0202 3:12 `a` `a` has no value: expected a map (nothing here) | help: remove the key, or give it a value",
            ],
        ),
        (
            "services:",
            &[
                "E0202 3:1 `services` `services` has no value: expected a map (nothing here) | `services`: A container of your own | help: remove the key, or give it a value",
            ],
        ),
    ]);
}

#[test]
fn environments_are_maps_with_names_of_folders() {
    each(&[
        (
            "environments: []",
            &[
                "E0202 3:15 `[]` expected a map, found a list (expected a map) | `environments`: What differs, by environment: each is laid over everything above, and is one cluster | help: it is a map by name: write `NAME: …` for each, in the place of `- …`",
            ],
        ),
        (
            "environments: {dev: , Prod: {}, a: []}",
            &[
                "E0202 3:16 `dev` expected a map, found nothing (an environment is a map) | help: write `dev: {}` for one in which nothing differs",
                "E0204 3:23 `Prod` `Prod` is no name of an environment (`Prod` must be in lower case)",
                "E0202 3:33 `a` expected a map, found a list (an environment is a map) | help: write `a: {}` for one in which nothing differs",
            ],
        ),
        (
            "environments: {dev: {environments: {a: {}}}}",
            &["E0201 3:22 `environments` an environment has no environments (not known here)"],
        ),
    ]);
}
