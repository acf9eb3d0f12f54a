//! Whole templates, rendered.

mod faults;
mod lines;
mod yaml;

use minijinja::value::Serde;
use serde_json::json;

use super::*;
use crate::source::Sources;

/// What one template of the given name makes of the sample context.
fn render_as(name: &str, text: &str) -> Result<Page, Box<Diagnostic>> {
    let mut sink = Sink::default();
    let templates = Templates::new([(name.to_owned(), FileId(0), text)], &mut sink);
    templates.render(name, sample())
}

fn page(text: &str) -> Page {
    render_as("a.yaml.j2", text).unwrap()
}

fn text(text: &str) -> String {
    page(text).text
}

fn sample() -> Value {
    Value::from(Serde(json!({
        "name": "acme", "answer": "yes", "image": "a/b:1.0", "port": 8080, "share": 1.5, "large": 1e21, "tls": true, "absent": null,
        "labels": {"app": "acme", "on": "1"}, "args": ["-c", "sleep 1", 3], "nothing": {}, "none_of": [],
        "script": "set -e\n\necho \"hi\"\n", "deep": {"list": [{"a": [1], "b": {"c": null}}]}, "evil": "x\ny: {{ z }} # \"'\\",
        "database": {"host": "pg.internal", "port": 5432}
    })))
}

#[test]
fn block_tags_leave_no_trace() {
    let template = "a: 1\n{% if tls %}\n  {# a remark #}\nb: 2\n  {% for key, value in labels | items %}\n{{ key }}: {{ value }}\n  {% endfor %}\n{% endif %}\nend: 3\n";
    assert_eq!(text(template), "a: 1\nb: 2\napp: acme\n\"on\": \"1\"\nend: 3\n");
}

#[test]
fn the_end_of_the_file_is_kept() {
    assert_eq!((text("a: 1"), text("a: 1\n"), text("")), ("a: 1".into(), "a: 1\n".into(), String::new()));
}

#[test]
fn none_is_compared_and_tested() {
    let template =
        "{{ absent == none }} {{ absent is none }} {{ name != none }} {{ name is none }} {{ name == none }}\n";
    assert_eq!(render_as("a.txt.j2", template).unwrap().text, "true true true false false\n");
}

#[test]
fn filters_work_in_a_text() {
    let template = "{{ args | length }} {{ 'ABC' | lower }} {{ args | join(', ') }} {{ labels | items | length }} {{ share | text }}\n";
    assert_eq!(render_as("a.txt.j2", template).unwrap().text, "3 abc -c, sleep 1, 3 2 1.5\n");
}

#[test]
fn python_gets_literals() {
    let template =
        "a = {{ evil }}\nb = [{{ tls }}, {{ absent }}, {{ share }}, {{ large }}]\nc = {{ labels }}\nd = {{ args }}\n";
    let expected = "a = \"x\\ny: {{ z }} # \\\"'\\\\\"\nb = [True, None, 1.5, 1e+21]\nc = {\"app\": \"acme\", \"on\": \"1\"}\nd = [\"-c\", \"sleep 1\", 3]\n";
    assert_eq!(render_as("a.py.j2", template).unwrap().text, expected);
}

#[test]
fn json_gets_any_value() {
    let template =
        "{\"a\": {{ evil }}, {{ answer }}: [{{ tls }}, {{ absent }}, {{ share }}, {{ port }}], \"c\": {{ labels }}}\n";
    let page = render_as("a.json.j2", template).unwrap().text;
    let read: serde_json::Value = serde_json::from_str(&page).unwrap();
    assert_eq!(
        read,
        json!({"a": "x\ny: {{ z }} # \"'\\", "yes": [true, null, 1.5, 8080], "c": {"app": "acme", "on": "1"}})
    );
}

#[test]
fn markdown_shows_a_text_of_a_user_as_it_was_written() {
    assert_eq!(
        render_as("a.md.j2", "| {{ evil | markdown }} | {{ '__a__ | <b>\n* c' | markdown }} |\n").unwrap().text,
        "| x y: \\{\\{ z \\}\\} \\# \"'\\\\ | \\_\\_a\\_\\_ \\| \\<b\\> \\* c |\n"
    );
}

#[test]
fn markdown_gets_texts_as_they_are() {
    assert_eq!(
        render_as("a.md.j2", "{{ evil }}, {{ tls }}, {{ answer }}\r\n").unwrap().text,
        "x\ny: {{ z }} # \"'\\, true, yes\n"
    );
}

#[test]
fn a_duration_is_seconds_where_kubernetes_wants_a_number() {
    let text = "a: {{ '1h30m' | seconds }}\nb: {{ '1500ms' | seconds }}\n";
    assert_eq!(render_as("a.yaml.j2", text).unwrap().text, "a: 5400\nb: 2\n");
    assert!(render_as("a.yaml.j2", "a: {{ 'soon' | seconds }}\n").is_err());
}

#[test]
fn a_digest_changes_with_the_value_alone() {
    let digest = |text: &str| render_as("a.yaml.j2", &format!("a: {{{{ {text} | digest }}}}\n")).unwrap().text;
    assert_eq!(digest("{'a': 'x'}"), digest("{'a': 'x'}"));
    assert_ne!(digest("{'a': 'x'}"), digest("{'a': 'y'}"));
    assert_ne!(digest("{'a': 'x'}"), digest("{'b': 'x'}"));
}

#[test]
fn a_page_is_the_same_each_time() {
    let mut sink = Sink::default();
    let text = "a: {{ labels | yaml }}\nb: {{ name }}\n";
    let templates = Templates::new([("a.yaml.j2".to_owned(), FileId(0), text)], &mut sink);
    assert_eq!(templates.render("a.yaml.j2", sample()), templates.render("a.yaml.j2", sample()));
}

#[test]
fn templates_are_rendered_from_several_threads() {
    let templates = Templates::new([("a.yaml.j2".to_owned(), FileId(0), "a: {{ name }}\n")], &mut Sink::default());
    let pages = std::thread::scope(|scope| {
        let other = scope.spawn(|| templates.render("a.yaml.j2", sample()));
        (templates.render("a.yaml.j2", sample()), other.join().unwrap())
    });
    assert_eq!(pages.0, pages.1);
}

#[test]
fn spans_of_a_fault_lie_in_the_sources() {
    let mut sources = Sources::default();
    let text = "# é\na: {{ nam }}\n";
    let file = sources.add("a.yaml.j2", text);
    let templates = Templates::new([("a.yaml.j2".to_owned(), file, text)], &mut Sink::default());
    let fault = templates.render("a.yaml.j2", sample()).unwrap_err();
    assert_eq!(sources.text(fault.primary().unwrap()), "nam");
}

#[test]
fn a_document_ends_with_one_newline_whatever_its_last_section_is() {
    let page = render_as("a.md.j2", "# A\n\n{% if tls %}\nlast\n\n{% endif %}\n").unwrap();
    assert_eq!((page.text.as_str(), page.lines.as_slice()), ("# A\n\nlast\n", [1, 2, 4].as_slice()));
}

/// What Python reads from a literal of ours.
fn unescaped(literal: &str) -> Option<String> {
    let mut chars = literal.strip_prefix('"')?.strip_suffix('"')?.chars();
    let mut text = String::new();
    while let Some(c) = chars.next() {
        let code = |chars: &mut std::str::Chars, digits| {
            let hex: String = chars.by_ref().take(digits).collect();
            char::from_u32(u32::from_str_radix(&hex, 16).ok()?)
        };
        text.push(match c {
            '\\' => match chars.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'x' => code(&mut chars, 2)?,
                'u' => code(&mut chars, 4)?,
                'U' => code(&mut chars, 8)?,
                escaped @ ('"' | '\\') => escaped,
                _ => return None,
            },
            // It would end the literal, or the line.
            '"' | '\n' | '\r' => return None,
            c => c,
        });
    }
    Some(text)
}

proptest::proptest! {
    #[test]
    fn any_text_is_the_same_text_in_python(hostile in proptest::prelude::any::<String>()) {
        let mut sink = Sink::default();
        let templates = Templates::new([("a.py.j2".to_owned(), FileId(0), "{{ hostile }}")], &mut sink);
        let page = templates.render("a.py.j2", Value::from(Serde(json!({"hostile": hostile})))).unwrap();
        proptest::prop_assert_eq!(unescaped(&page.text), Some(hostile));
    }
}
