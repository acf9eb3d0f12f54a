//! The source map: which line of the template each line of a page comes from.

use super::*;

/// Each line of the page behind its line of the template.
fn lines(template: &str) -> Vec<String> {
    let page = page(template);
    assert_eq!(page.lines.len(), page.text.lines().count(), "{:?}", page.text);
    page.lines.iter().zip(page.text.lines()).map(|(line, text)| format!("{line} {text}")).collect()
}

#[test]
fn lines_outside_of_blocks_keep_their_number() {
    assert_eq!(lines("a: 1\n\n{# two\nlines #}\nb: {{ name }}\n"), ["1 a: 1", "2 ", "5 b: acme"]);
}

#[test]
fn lines_of_a_loop_come_again_and_again() {
    let template = "a:\n{% for arg in args %}\n  - {{ arg }}\n    # x\n{% endfor %}\nb: 1\n";
    let expected = ["1 a:", "3   - -c", "4     # x", "3   - sleep 1", "4     # x", "3   - 3", "4     # x", "6 b: 1"];
    assert_eq!(lines(template), expected);
}

#[test]
fn all_lines_of_a_block_come_from_its_expression() {
    let template = "{% if tls %}\nlabels: {{ labels | yaml }}\nscript: {{ script | yaml }}\n{% endif %}\nb: 1\n";
    let expected = [
        "2 labels:",
        "2   app: acme",
        "2   \"on\": \"1\"",
        "3 script: |",
        "3   set -e",
        "3 ",
        "3   echo \"hi\"",
        "5 b: 1",
    ];
    assert_eq!(lines(template), expected);
}

#[test]
fn lines_with_block_tags_in_them_count_too() {
    assert_eq!(
        lines("a: {% if tls %}1{% else %}2{% endif %}\n\nb: {{ name }} {{ port }}\nc: 1"),
        ["1 a: 1", "3 b: acme 8080", "4 c: 1"]
    );
}

#[test]
fn trimmed_blanks_are_counted() {
    assert_eq!(lines("a: [\n{%- if tls %}\n\n  {{- name }}\n{%- endif %}]\nb: 1\n"), ["1 a: [acme]", "6 b: 1"]);
}

#[test]
fn raw_text_and_carriage_returns_are_counted() {
    assert_eq!(
        lines("a: 1\r\n{% raw %}\r\nb: {{ x }}\r\n{% endraw %}\r\nc: {{ name }}\r\nd: 1\r\n"),
        ["1 a: 1", "3 b: {{ x }}", "5 c: acme", "6 d: 1"]
    );
}
