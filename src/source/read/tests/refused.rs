//! YAML that is understood and not taken.

use super::*;

fn assert_refused(text: &str, message: &str, at: &str) {
    assert_eq!(only_fault(text), (Code::UnsupportedYaml, message.to_owned(), at.to_owned()), "{text:?}");
}

#[test]
fn a_duplicate_key_points_at_both_and_keeps_the_first() {
    let text = "a: 1\nb: {c: 1, c: 2}\na: 3\n";
    let (nodes, faults) = read_all(text);
    assert_eq!(nodes[0].to_json(), serde_json::json!({"a": 1, "b": {"c": 1}}));
    let places: Vec<Vec<u32>> =
        faults.iter().map(|fault| fault.labels.iter().map(|label| label.span.start).collect()).collect();
    assert!(faults.iter().all(|fault| fault.code == Code::DuplicateKey));
    assert_eq!(places, [[15, 9], [21, 0]]);
}

#[test]
fn tags_directives_and_merge_keys_are_refused() {
    assert_refused("a: !x y\n", "the tag `!x` is not taken", "y");
    assert_refused("a: !!str 1\n", "the tag `!!str` is not taken", "1");
    assert_refused("a: !<x y\n", "the tag `!<x` is not taken", "!<x");
    assert_refused("%YAML 1.1\n---\na: 1\n", "directives are not taken", "%YAML 1.1");
    assert_refused("<<: {a: 1}\n", "the merge key `<<` is not taken", "<<");
}

#[test]
fn keys_that_are_no_text_are_refused() {
    assert_refused("[a, b]: 1\n", "a map or list cannot be a key", "[a, b]");
    assert_refused("? - a\n: 1\n", "a map or list cannot be a key", "- a");
    assert_refused(": x\n", "a key is missing before `:`", "");
}

#[test]
fn unquoted_braces_have_a_fault_of_their_own() {
    assert_refused("a: {{ x }}\n", "a value that starts with `{{` needs quotes", "{{ x }}");
    assert_refused("{{ x }}: 1\n", "a value that starts with `{{` needs quotes", "{{ x }}");
}

#[test]
fn the_quotes_go_round_all_that_is_glued_to_braces() {
    let help = |text: &str| read_all(text).1.iter().flat_map(|fault| fault.help.clone()).next().unwrap_or_default();
    for (text, meant) in [
        ("a: {{ x }}-login\n", "\"{{ x }}-login\""),
        ("a: {{ x }}-{{ y }} # why\n", "\"{{ x }}-{{ y }}\""),
        ("a: [{{ x }}-b, c]\n", "\"{{ x }}-b\""),
        ("{{ x }}: 1\n", "\"{{ x }}\""),
    ] {
        assert_eq!(help(text), format!("put quotes round all of the value: `{meant}`"), "{text}");
    }
}

#[test]
fn aliases_without_an_anchor_are_refused() {
    assert_refused("a: *x\n", "no anchor `&x` comes before this alias", "*x");
    assert_refused("a: &x [*x]\n", "an alias stands inside the value that it names", "*x");
}

#[test]
fn an_alias_bomb_is_refused() {
    let levels =
        (1..9).map(|level| format!("l{level}: &l{level} [{}]\n", vec![format!("*l{}", level - 1); 9].join(", ")));
    let text = format!("l0: &l0 lol\n{}", levels.collect::<String>());
    assert_eq!(only_fault(&text).0, Code::TooLarge);
}

#[test]
fn a_long_text_cannot_be_multiplied_by_aliases() {
    let text = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), ["*a"; 1000].join(", "));
    assert_eq!(only_fault(&text).0, Code::TooLarge);
}

#[test]
fn a_hundred_levels_are_read_and_one_more_is_refused() {
    let nested = |levels: usize| format!("{}{}\n", "[".repeat(levels), "]".repeat(levels));
    only(&nested(100));
    assert_eq!(only_fault(&nested(101)).0, Code::TooLarge);
    assert_eq!(only_fault(&nested(100_000)).0, Code::TooLarge);
    let through_aliases = format!("a: &a {}b: &b [[*a]]\n", nested(98));
    assert_eq!(only_fault(&through_aliases).0, Code::TooLarge);
}

#[test]
fn a_text_over_eight_mebibytes_is_refused() {
    let text = format!("a: {}\n", "x".repeat(8 << 20));
    assert_eq!(only_fault(&text).0, Code::TooLarge);
}
