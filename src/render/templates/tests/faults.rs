//! What is said, and where.

use super::*;

/// Message and spanned text.
fn fault_as(name: &str, template: &str) -> (String, String) {
    let fault = render_as(name, template).unwrap_err();
    assert_eq!(fault.code, Code::Template);
    (fault.message.clone(), template[fault.primary().unwrap().range()].to_owned())
}

fn assert_fault(template: &str, message: &str, at: &str) {
    assert_eq!(fault_as("a.yaml.j2", template), (message.to_owned(), at.to_owned()), "{template}");
}

fn help(template: &str) -> Vec<String> {
    render_as("a.yaml.j2", template).unwrap_err().help
}

#[test]
fn an_unknown_name_suggests_the_nearest() {
    assert_fault("a: 1\nb: {{ nmae }}\n", "the name `nmae` is not known here", "nmae");
    assert_eq!(help("{{ nmae }}"), ["did you mean `name`?"]);
    assert_fault("a: {{ database.hots }}\n", "`database` has no `hots`", "hots");
    assert_eq!(help("{{ database.hots }}"), ["did you mean `host`?"]);
}

#[test]
fn an_unknown_name_is_found_wherever_it_stands() {
    for template in [
        "{{ datbase.host }}",
        "{% if datbase %}{% endif %}",
        "{% if datbase.host != none %}{% endif %}",
        "{% for x in datbase %}{% endfor %}",
        "{% for k, v in datbase | items %}{% endfor %}",
        "{{ 'a' ~ datbase }}",
        "{{ datbase | text }}",
        "{{ datbase | join(', ') }}",
        "a: {{ datbase | yaml }}",
        "{{ name if datbase else 1 }}",
        "{% set x = datbase | length %}",
    ] {
        assert_fault(template, "the name `datbase` is not known here", "datbase");
    }
}

#[test]
fn an_unknown_key_of_a_loop_variable_is_named() {
    assert_fault("{% for x in deep.list %}{{ x.z }}{% endfor %}", "`x` has no `z`", "z");
}

#[test]
fn a_key_below_none_or_a_scalar_says_what_is_there() {
    assert_fault("{{ absent.host }}", "`absent` is none here, so it has no `host`", "host");
    assert_fault("{{ port.host }}", "`port` is a number, so it has no `host`", "host");
}

#[test]
fn none_is_refused() {
    assert_fault("a: {{ absent }}\n", "`absent` is none here", "absent");
    assert_fault("a: {{ absent | text }}\n", "`absent` is none here", "absent | text");
    assert_fault("a: {{ absent | yaml }}\n", "`absent` is none here", "absent | yaml");
    assert_fault("a: {{ name if not tls }}\n", "`name if not tls` is none here", "name if not tls");
    assert_eq!(fault_as("a.md.j2", "{{ absent }}").0, "`absent` is none here");
    assert_eq!(help("{{ absent }}"), ["leave the line out with `{% if absent != none %}`, or give it another value"]);
}

#[test]
fn maps_and_lists_need_the_yaml_filter() {
    assert_fault("a: {{ labels }}\n", "`labels` is a map or list", "labels");
    assert_eq!(help("a: {{ labels }}\n"), ["write `{{ labels | yaml }}` behind `key:` or `- `"]);
    assert_eq!(fault_as("a.md.j2", "{{ args }}").0, "`args` is no text, number or boolean");
    assert_fault("a: {{ deep.list | join }}\n", "`deep.list` is no text, number or boolean", "deep.list | join");
}

#[test]
fn a_block_needs_its_line_for_itself() {
    for template in [
        "a: x {{ labels | yaml }}\n",
        "{{ labels | yaml }}\n",
        "  {{ labels | yaml }}\n",
        "a: [{{ labels | yaml }}]\n",
        "a: {{ labels | yaml }} # x\n",
        "a: {{ labels | yaml }}{{ labels | yaml }}\n",
        "a: {{ labels | yaml }} {{ port }}\n",
        ": {{ labels | yaml }}\n",
        "-{{ labels | yaml }}\n",
        "# a: {{ labels | yaml }}\n",
    ] {
        assert_fault(template, "a block of YAML cannot stand here", "labels | yaml");
    }
}

#[test]
fn a_block_belongs_into_yaml() {
    assert_eq!(fault_as("a.md.j2", "{{ labels | yaml }}").0, "the filter `yaml` belongs into `*.yaml.j2`");
}

#[test]
fn a_captured_piece_of_the_page_is_no_value() {
    assert_fault("{% set x %}a{% endset %}b: {{ x }}\n", "`x` is a piece of the page, not a value", "x");
}

#[test]
fn unknown_filters_tests_and_functions_suggest_the_nearest() {
    assert_fault("{{ name | yml }}", "there is no filter `yml`", "name | yml");
    assert_eq!(help("{{ name | yml }}"), ["did you mean `yaml`?"]);
    assert_fault("{{ name is nonne }}", "there is no test `nonne`", "nonne");
    assert_fault("{{ rnage(3) }}", "there is no function `rnage`", "rnage(3)");
    for removed in ["safe", "escape", "e", "string", "pprint", "format", "tojson", "urlencode"] {
        assert_fault(
            &format!("{{{{ name | {removed} }}}}"),
            &format!("there is no filter `{removed}`"),
            &format!("name | {removed}"),
        );
    }
}

#[test]
fn every_known_filter_is_there() {
    for name in filters::KNOWN {
        let template = format!("{{{{ '{name}' is filter }}}}");
        assert_eq!(text(&template), "true", "{name}");
    }
}

/// Jinja's and those that the engine adds to them.
const ELSEWHERE: &str = "abs attr batch bool capitalize center chain count d default dictsort e escape filesizeformat first float \
    forceescape format groupby indent int items join last length lines list lower map max min pprint random reject rejectattr \
    replace reverse round safe select selectattr slice sort split string striptags sum title tojson trim truncate unique upper \
    urlencode urlize wordcount wordwrap xmlattr zip";

#[test]
fn every_filter_that_is_there_is_known() {
    for name in ELSEWHERE.split_whitespace() {
        let is_there = text(&format!("{{{{ '{name}' is filter }}}}")) == "true";
        assert_eq!(is_there, filters::KNOWN.contains(&name), "{name}");
    }
}

#[test]
fn the_docs_list_every_filter() {
    let listed = filters::KNOWN.map(|name| format!("`{name}`")).join(", ");
    let guide = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/components-expressions.md"));
    for (page, text) in [("the guide", guide), ("E0401", Code::Template.page())] {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(&format!("These are all filters: {listed}.")), "{page} lists others");
    }
}

#[test]
fn an_expression_that_makes_no_sense_is_shown() {
    let (message, at) = fault_as("a.yaml.j2", "a: {{ name + 1 }}\n");
    assert!(message.starts_with("`name + 1` cannot be worked out: "), "{message}");
    assert_eq!(at, "name + 1");
}

#[test]
fn templates_that_do_not_parse_are_all_reported_at_once() {
    let texts = [
        (
            "a.yaml.j2",
            "a: {{ name \nb: 1\n",
            "this template cannot be read: unexpected identifier, expected end of variable block",
            "b",
        ),
        ("b.yaml.j2", "{% if x %}\n", "the template ends too early", "%}"),
        ("c.yaml.j2", "a\n{% endif %}\n", "`{% endif %}` belongs to nothing", "endif"),
        ("d.yaml.j2", "{% include 'a' %}\n", "there is no statement `include`", "include"),
        ("e.yaml.j2", "a: {{ 'x }}\n", "this template cannot be read: unexpected end of string", "a: {{ 'x }}"),
        ("f.sh.j2", "x", "how `f.sh.j2` writes values is not known", ""),
        ("g.yaml.j2", "a: {{ name }}\n", "", ""),
    ];
    let mut sink = Sink::default();
    let templates = Templates::new(texts.map(|(name, text, ..)| (name.to_owned(), FileId(0), text)), &mut sink);
    let found = sink.iter().map(|fault| fault.message.as_str());
    assert_eq!(found.collect::<Vec<_>>(), texts[..6].iter().map(|(_, _, message, _)| *message).collect::<Vec<_>>());
    for (name, text, message, at) in &texts[..6] {
        let fault = templates.render(name, sample()).unwrap_err();
        assert_eq!((fault.message.as_str(), &text[fault.primary().unwrap().range()]), (*message, *at));
    }
    assert_eq!(templates.render("g.yaml.j2", sample()).unwrap().text, "a: acme\n");
}

#[test]
fn an_unknown_template_suggests_the_nearest() {
    let templates = Templates::new([("values.yaml.j2".to_owned(), FileId(0), "")], &mut Sink::default());
    let fault = templates.render("value.yaml.j2", sample()).unwrap_err();
    assert_eq!(
        (fault.message.as_str(), fault.help),
        ("there is no template `value.yaml.j2`", vec!["did you mean `values.yaml.j2`?".to_owned()])
    );
}

#[test]
fn a_value_stands_for_itself_in_yaml() {
    let (literal, quotes, glued) = (
        "a value cannot stand inside a text of several lines",
        "a value cannot stand inside quotes",
        "a value cannot be glued to a text",
    );
    for (template, message) in [
        ("a: |\n  x {{ name }}\n", literal),
        ("a: >-  # so\n\n  {{ name }}\n", literal),
        ("- a: |2\n    x\n\n    {{ name }}\n", literal),
        ("- |\n x: {{ name }}\n", literal),
        ("a: |\n  b: {{ name | yaml }}\n", literal),
        ("a: \"{{ name }}\"\n", quotes),
        ("a: 'it''s {{ name }}'\n", quotes),
        ("- [a, \"\\\" {{ name }}\"]\n", quotes),
        ("a: x-{{ name }}\n", glued),
        ("a: \"x\"{{ name }}\n", glued),
        ("a: {{ name }}{{ name }}\n", glued),
    ] {
        assert_eq!(fault_as("a.yaml.j2", template).0, message, "{template}");
    }
}

#[test]
fn a_value_behind_a_text_of_several_lines_stands_for_itself() {
    for template in [
        "- a: |\n    x\n  b: {{ name }}\n",
        "- a: |\n    x\n- {{ name }}\n",
        "a: x |\nb:\n  c: {{ name }}\n",
        "# a: |\n  {{ name }}: 1\n",
        "a: \"|\"\nb:\n  c: {{ name }}\n",
        "a: {b: {{ name }}, c: [{{ name }},{{ name }}]}\n",
        "a: don't # it's {{ name }}\n",
        "a: {{ script | yaml }}\nb: {{ name }}\n",
    ] {
        assert!(render_as("a.yaml.j2", template).is_ok(), "{template}");
    }
}
