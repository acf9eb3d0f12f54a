//! Three readers say that a scalar is the text it was made of: our own, libyaml's port, and the tables of YAML 1.1.

use proptest::prelude::*;
use regex::Regex;

use super::*;
use crate::diagnostic::Sink;
use crate::source::{FileId, Node, read::read};

/// What the YAML 1.1 type repository (yaml.org/type) takes a plain scalar for, other than a text. Its float is meant with
/// `_` where its page says a second `.` in places; both are here.
fn yaml_1_1() -> Vec<Regex> {
    [
        r"~|null|Null|NULL|",
        r"y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF",
        r"[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+",
        r"[-+]?([0-9][0-9_]*)?\.[0-9.]*([eE][-+][0-9]+)?|[-+]?([0-9][0-9_]*)?\.[0-9_]*([eE][-+]?[0-9]+)?",
        r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
        r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?(([ \t]*)Z|[-+][0-9]{1,2}(:[0-9]{2})?|[ \t]*[-+][0-9]{1,2}(:[0-9]{2})?)?",
        r"<<|=",
    ]
    .map(|pattern| Regex::new(&format!("^(?:{pattern})$")).unwrap())
    .into()
}

fn is_plain_in_both(text: &str) -> bool {
    scalar(text) == text && !yaml_1_1().iter().any(|kind| kind.is_match(text))
}

#[test]
fn names_paths_images_and_sentences_stay_plain() {
    for text in [
        "kpis-api",
        "/health",
        "ghcr.io/acme/healthz:1.4.0",
        "https://example.com:8080/a?b=c#d",
        "70%",
        "500m",
        "2Gi",
        "30s",
        "10.20.0.0/16",
        "0 */6 * * *",
        "--verbose",
        "-c",
        "a b",
        "it's so",
        "say \"yes\"",
        "C:\\temp",
        "v1",
        "e5",
        "é — ü",
        "日本",
        "/p(/|$)(.*)",
        "a=b",
        "<none>",
        "~/.ssh",
        "yes please",
        "1.4.0-alpine",
        "🚀",
    ] {
        assert!(is_plain_in_both(text), "{text}: {}", scalar(text));
    }
}

#[test]
fn what_some_version_takes_for_another_type_is_quoted() {
    for text in [
        "",
        "yes",
        "On",
        "y",
        "N",
        "TRUE",
        "null",
        "~",
        "=",
        "<<",
        "12",
        "-1",
        "+1",
        "012",
        "0o14",
        "0x1F",
        "0b1",
        "1_000",
        "1e3",
        "1.5",
        ".5",
        "5.",
        "1.2.3",
        "12:30:45",
        "1:2.5",
        ".inf",
        "-.INF",
        ".NaN",
        "2025-01-01",
        "2001-12-14 21:59:43.10 -5",
        "-",
        "--",
        "...",
        "---",
        "--- a",
        "+",
        ".",
        "0.",
        "1E+5",
    ] {
        assert_eq!(scalar(text), format!("\"{text}\""));
    }
}

#[test]
fn what_yaml_would_read_as_syntax_is_quoted() {
    for text in [
        "a: b", "a #b", "a:", " a", "a ", "- a", "? a", ": a", "#a", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a`",
        "'a'", "[a", "a, b", "{{ x }}", "a]", "?",
    ] {
        assert_eq!(scalar(text), format!("\"{text}\""));
    }
}

#[test]
fn backslashes_and_double_quotes_stand_in_single_quotes() {
    assert_eq!(scalar(r#"{"a": "\d"}"#), r#"'{"a": "\d"}'"#);
    assert_eq!(scalar(r#""it's""#), r#""\"it's\"""#);
}

#[test]
fn invisible_characters_are_escaped() {
    assert_eq!(scalar("a\nb\t\r\0"), r#""a\nb\t\r\x00""#);
    assert_eq!(scalar("\u{85}\u{A0}\u{2028}\u{FEFF}\u{E0001}"), r#""\x85\xA0\u2028\uFEFF\U000E0001""#);
}

/// The one text in a document, as our reader and libyaml's port see it.
fn texts_of(
    document: &str,
    path: impl Fn(&Node) -> Option<&Node>,
    index: impl Fn(&serde_yaml::Value) -> Option<&str>,
) -> [Option<String>; 2] {
    let mut sink = Sink::default();
    let nodes = read(FileId(0), document, &mut sink);
    let ours = nodes.first().and_then(path).and_then(Node::as_str).map(str::to_owned);
    let theirs: Option<serde_yaml::Value> = serde_yaml::from_str(document).ok();
    [ours, theirs.as_ref().and_then(index).map(str::to_owned)]
}

fn survives(text: &str) -> Result<(), TestCaseError> {
    let written = scalar(text);
    let expected = [Some(text.to_owned()), Some(text.to_owned())];
    let value = format!("a:\n  k: {written}\n  z: 1\n");
    prop_assert_eq!(
        texts_of(&value, |n| n.get("a")?.get("k"), |v| v.get("a")?.get("k")?.as_str()),
        expected.clone(),
        "{}",
        value
    );
    let flow = format!("a: [{written}, {{k: {written}}}]\n");
    prop_assert_eq!(
        texts_of(&flow, |n| n.get("a")?.as_list()?.first(), |v| v.get("a")?.get(0)?.as_str()),
        expected.clone(),
        "{}",
        flow
    );
    prop_assert_eq!(
        texts_of(&flow, |n| n.get("a")?.as_list()?.get(1)?.get("k"), |v| v.get("a")?.get(1)?.get("k")?.as_str()),
        expected,
        "{}",
        flow
    );
    Ok(())
}

fn survives_as_key(text: &str) -> Result<(), TestCaseError> {
    let document = format!("a:\n  {}: 1\n", scalar(text));
    let mut sink = Sink::default();
    let nodes = read(FileId(0), &document, &mut sink);
    let ours = nodes.first().and_then(|node| node.get("a")?.get(text)?.as_integer());
    let theirs: serde_yaml::Value = serde_yaml::from_str(&document).unwrap_or_default();
    prop_assert_eq!(
        (ours, theirs.get("a").and_then(|map| map.get(text)?.as_i64())),
        (Some(1), Some(1)),
        "{}",
        document
    );
    Ok(())
}

fn is_text_in_yaml_1_1(text: &str) -> Result<(), TestCaseError> {
    let is_quoted = scalar(text) != text;
    prop_assert!(is_quoted || !yaml_1_1().iter().any(|kind| kind.is_match(text)), "{}", text);
    Ok(())
}

proptest! {
    #[test]
    fn any_text_survives(text in any::<String>()) {
        survives(&text)?;
        survives_as_key(&text)?;
    }

    #[test]
    fn text_that_looks_like_syntax_survives(text in r#"[ab1 :#,\[\]{}&*!|>'"%@`?~=<\\\n\t\r.é\u{85}\u{2028}\u{FEFF}-]{0,8}"#) {
        survives(&text)?;
        survives_as_key(&text)?;
    }

    #[test]
    fn no_plain_text_is_another_type_in_yaml_1_1(text in r"[-+]?[0-9a-fA-FxobeETtZzinfNyYsS_.: +-]{0,12}") {
        is_text_in_yaml_1_1(&text)?;
        survives(&text)?;
    }
}
