use serde_json::{Value as Json, json};

use super::{evaluate, expect, options, parsed, value};
use crate::component::expression::{Reads, Scope};
use crate::diagnostic::Code;

fn expect_values(table: &[(&str, Json)]) {
    for (text, wanted) in table {
        assert_eq!(&value(text), wanted, "{text}");
    }
}

fn expect_fault(text: &str, at: &str, message: &str) {
    expect(&evaluate(text).expect_err(text), Code::Evaluation, text, at, message);
}

#[test]
fn paths_lead_to_values() {
    expect_values(&[
        ("options.database.host", json!("pg.internal")),
        ("options['database']['port']", json!(5432)),
        ("options.database.cidrs[1]", json!("10.31.0.0/16")),
        ("options.connects['kpis-api'].to", json!("services.kpis-api")),
        ("options.connects['kpis' ~ '-api'].to", json!("services.kpis-api")),
        ("(options.database.cidrs | first)", json!("10.30.0.0/16")),
    ]);
}

#[test]
fn what_lies_below_none_is_none() {
    expect_values(&[
        ("options.route", Json::Null),
        ("options.route.host", Json::Null),
        ("options.database.cidrs[7]", Json::Null),
        ("platform.monitoring.services.api.url == none", json!(true)),
        ("options.empty | first", Json::Null),
    ]);
}

#[test]
fn below_a_scalar_there_is_nothing_to_ask_for() {
    expect_fault("options.database.host.x", "x", "there is no member `x` in the text `pg.internal`");
    expect_fault("options.replicas[0]", "0", "there is no place 0 in the number `3`");
    expect_fault("options[0]", "0", "there is no place 0 in a map");
}

#[test]
fn an_unknown_name_suggests_the_nearest() {
    let fault = evaluate("option.host").expect_err("no such name");
    assert_eq!(fault.message, "no name `option` is known here");
    assert_eq!(fault.help, ["did you mean `options`?"]);
}

#[test]
fn like_is_compared_with_like() {
    expect_values(&[
        ("1 == 1.0", json!(true)),
        ("options.share < 1", json!(true)),
        ("3 >= options.replicas", json!(true)),
        ("'a' != 'b'", json!(true)),
        ("none == 3", json!(false)),
        ("none == none", json!(true)),
        ("'a' != none", json!(true)),
    ]);
    expect_fault(
        "options.replicas == '3'",
        "options.replicas == '3'",
        "the number `3` and the text `3` cannot be compared",
    );
    expect_fault("'50%' < 3", "'50%' < 3", "`<` compares numbers, and one side is the text `50%`");
    expect_fault("[1] == [1]", "[1] == [1]", "a list and a list cannot be compared");
}

#[test]
fn only_booleans_decide() {
    expect_values(&[
        ("true and not false", json!(true)),
        ("options.rootless or 3", json!(true)),
        ("1 if options.rootless else 2", json!(1)),
    ]);
    expect_fault("not 'x'", "'x'", "expected a boolean, and this is the text `x`");
    expect_fault(
        "options.rootless and options.replicas",
        "options.replicas",
        "expected a boolean, and this is the number `3`",
    );
    expect_fault("1 if none else 2", "none", "expected a boolean, and this is none");
}

#[test]
fn in_looks_into_lists_maps_and_texts() {
    expect_values(&[
        ("options.storage.type in ['s3', 'gcs']", json!(true)),
        ("2 not in [1, 3]", json!(true)),
        ("'kpis-api' in options.connects", json!(true)),
        ("'tmp' in options.secrets", json!(false)),
        ("'.' in options.database.host", json!(true)),
        ("none in ['a']", json!(false)),
    ]);
    expect_fault("'a' in [1]", "'a' in [1]", "the text `a` and the number `1` cannot be compared");
    expect_fault("1 in 'a'", "1 in 'a'", "`in` looks for a text, not for the number `1`");
    expect_fault("1 in 1", "1 in 1", "`in` looks into a list, a map or a text, not into the number `1`");
}

#[test]
fn texts_are_made_of_texts_and_integers() {
    expect_values(&[("release ~ '-' ~ options.replicas", json!("airbyte-3"))]);
    expect_fault("'a' ~ true", "true", "only texts and integers make a text, and this is the boolean `true`");
    expect_fault(
        "'a' ~ options.share",
        "options.share",
        "only texts and integers make a text, and this is the number `0.5`",
    );
}

#[test]
fn filters_do_what_they_say() {
    expect_values(&[
        ("options.database.cidrs | length", json!(2)),
        ("options.secrets | length > 0", json!(false)),
        ("'Größe' | length", json!(5)),
        ("true | text", json!("true")),
        ("1.5 | text", json!("1.5")),
        ("'aB' | lower ~ 'aB' | upper", json!("abAB")),
        ("['a', 1] | join(', ')", json!("a, 1")),
        ("options.connects | keys", json!(["database", "kpis-api"])),
        ("options.connects | values | length", json!(2)),
        ("'a.b.c' | replace('.', '-')", json!("a-b-c")),
        ("options.route.path | default('/')", json!("/")),
        ("options.host | default('x')", json!("airbyte")),
        ("['a', 'b'] | first", json!("a")),
    ]);
    expect_fault("3 | length", "3", "`length` wants a text, a list or a map, not the number `3`");
    expect_fault("[true] | join('')", "[true]", "`join` takes texts and integers, and one item is the boolean `true`");
}

#[test]
fn tests_ask_for_the_type() {
    expect_values(&[
        ("options.replicas is integer", json!(true)),
        ("options.replicas is number", json!(true)),
        ("options.share is integer", json!(false)),
        ("options.host is not string", json!(false)),
        ("options.route is string", json!(false)),
        ("options.rootless is boolean", json!(true)),
    ]);
}

#[test]
fn the_longest_paths_of_the_options_are_logged() {
    let reads = |text: &str| evaluate(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}")).1;
    assert_eq!(reads("options.database != none and options.database.host != none"), ["database.host"]);
    assert_eq!(reads("options.route.host == none or options.host == 'x'"), ["route.host"]);
    assert_eq!(reads("release ~ options.connects['data' ~ 'base'].port"), ["connects.database.port"]);
    assert_eq!(reads("platform.name"), [""; 0]);
}

#[test]
fn entries_of_a_for_are_logged_as_the_options_they_are() {
    let options = options();
    let mut scope = Scope::new();
    scope.set("options", &options);
    let each = parsed("options.connects");
    let turns = each.turns(&scope, &mut Reads::default()).expect("a map");
    let mut inner = scope.child();
    inner.set_turn(&turns[0]);
    let mut reads = Reads::default();
    assert_eq!(parsed("key ~ entry.host").evaluate(&inner, &mut reads).expect("a text"), "databasepostgres");
    assert_eq!(reads.paths.iter().map(ToString::to_string).collect::<Vec<_>>(), ["connects.database.host"]);
}

#[test]
fn a_for_goes_over_maps_and_lists_and_not_over_scalars() {
    let (options, mut scope) = (options(), Scope::new());
    scope.set("options", &options);
    let turns = |text: &str| {
        let each = parsed(text);
        let turns = each.turns(&scope, &mut Reads::default())?;
        Ok::<_, Box<crate::diagnostic::Diagnostic>>(turns.iter().map(|turn| turn.key.clone()).collect::<Vec<_>>())
    };
    assert_eq!(turns("options.connects").expect("a map"), [json!("database"), json!("kpis-api")]);
    assert_eq!(turns("options.database.cidrs").expect("a list"), [json!(0), json!(1)]);
    assert_eq!(turns("options.route").expect("none"), [""; 0]);
    assert!(turns("options.host").is_err());
}

#[test]
fn a_name_set_again_hides_the_first() {
    let mut scope = Scope::new();
    scope.set_value("x", 1);
    let mut inner = scope.child();
    inner.set_value("x", 2);
    assert_eq!((scope.get("x"), inner.get("x")), (Some(&json!(1)), Some(&json!(2))));
}
