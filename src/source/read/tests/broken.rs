//! Broken syntax: one fault each, at the place a person would look at.

use super::*;

/// The fault's words and what it points at.
fn broken(text: &str) -> (String, String) {
    let (code, message, at) = only_fault(text);
    assert_eq!(code, Code::NotYaml, "{text:?}: {message}");
    (message, at)
}

fn assert_broken(text: &str, message: &str, at: &str) {
    assert_eq!(broken(text), (message.to_owned(), at.to_owned()), "{text:?}");
}

#[test]
fn tabs_are_named() {
    for text in ["a:\n\tb: 1\n", "\ta: 1\n", "a:\n  b: 1\n \tc: 2\n", "a: >-\n b\n\tc\n", "- a\n-\t\n\tb: 1\n"] {
        assert_broken(text, "a tab stands where YAML wants spaces", "\t");
    }
}

#[test]
fn a_tab_inside_a_value_is_no_fault() {
    assert_eq!(only("a: b\tc\nd: [1,\t2]\t# x\n").get("a").unwrap().as_str(), Some("b\tc"));
}

#[test]
fn a_forgotten_space_behind_the_colon_is_named() {
    for text in ["a:1\nb: 2\n", "a: 1\nb:2\nc: 3\n", "x:\n  a:1\n  b: 2\n", "- a:1\n  b: 2\n"] {
        assert_broken(text, "expected `key: value`", ":");
        assert_eq!(read_all(text).1[0].help, ["did you forget a space after `:`?"]);
    }
}

#[test]
fn a_line_without_a_colon_is_named() {
    assert_broken("a: 1\nb\n", "expected `key: value`", "b");
    assert_broken("name acme\ndomain: x\n", "expected `key: value`", "name acme");
    assert_broken("url: http://x:80\nb\n", "expected `key: value`", "b");
}

#[test]
fn wrong_indentation_points_at_the_line() {
    assert_broken("a: 1\n  b: 2\n", "this line is indented as a part of the value above it", "b:");
    assert_broken("a:\n    b: 1\n  c: 2\n", "this line does not line up with those above it", "c: 2");
    assert_broken("a:\n  - b\n - c\n", "this line does not line up with those above it", "- c");
    assert_broken("- a\nb: 1\n", "a key stands among the entries of a list", "b: 1");
    assert_broken("a: 1\n- b\n", "an entry of a list stands among the keys of a map", "- b");
}

#[test]
fn what_needs_quotes_is_named() {
    assert_broken("a: b: c\n", "a value cannot hold `: ` without quotes", ":");
    assert_broken("a: @x\n", "a text cannot start with `@` without quotes", "@x");
    assert_broken("a: %x\n", "a text cannot start with `%` without quotes", "%x");
    assert_broken("a: * * *\n", "a text cannot start with `*` without quotes", "*");
    assert_broken("a: |x\n", "text stands behind `|` or `>`", "|x");
    assert_broken("a: ,b\n", "`,` cannot stand here", ",b");
}

#[test]
fn quotes_and_brackets_are_paired() {
    assert_broken("a: \"x\nb: 2\n", "this quote is never closed", "\"");
    assert_broken("a: 'it's'\n", "something stands behind the closing quote", "s'");
    assert_broken("a: \"\\q\"\n", "this text has an escape that YAML does not know", "\"");
    assert_broken("a: [\n", "this bracket is never closed", "[");
    assert_broken("a: [b, c}\n", "`[` is closed by `}`", "[");
    assert_broken("a: }\n", "`}` closes nothing", "}");
    assert_broken("a: [1\nb: 2\n", "expected `,` or `]` in this list", ":");
    assert_broken("{a: 1,, b: 2}\n", "expected `,` or `}` in this map", ",");
}

#[test]
fn a_list_on_the_line_of_its_key_is_named() {
    assert_broken("a: - b\n", "a list with `- ` cannot start here", "-");
}

#[test]
fn control_characters_are_named() {
    assert_broken("a: b\u{7}\n", "the control character U+0007 cannot stand in YAML", "\u{7}");
}

#[test]
fn a_broken_document_does_not_hide_the_next_ones() {
    let (nodes, faults) = read_all("a: 1\n---\nb: [\n---\nc: 3\n---\nd: @\n");
    assert_eq!(nodes.len(), 2);
    assert_eq!(faults.len(), 2);
}
