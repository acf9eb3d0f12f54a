use serde_json::{Value as Json, json};

use super::{Pattern, bare};
use crate::component::expression::{Kind, Names, Reads, Scope};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::schema::{Schema, Type};
use crate::source::{Entry, FileId, Map, Node, Sources, Span, Value};

/// A file of flow maps, lists and double-quoted texts (JSON, that is), and its tree with places.
struct Written {
    sources: Sources,
    node: Node,
}

fn written(text: &str) -> Written {
    let mut sources = Sources::default();
    let file = sources.add("component.yaml", text);
    let json = serde_json::from_str(text).expect(text);
    let node = placed(&json, text, file, &mut 0);
    Written { sources, node }
}

/// Each scalar is found behind the one before it.
fn placed(json: &Json, text: &str, file: FileId, at: &mut usize) -> Node {
    let mut find = |json: &Json| {
        let shown = json.to_string();
        let start = *at + text[*at..].find(&shown).expect("it is written like this");
        *at = start + shown.len();
        Span::new(file, start, *at)
    };
    match json {
        Json::Object(object) => {
            let mut map = Map::new();
            for (key, value) in object {
                let span = {
                    let shown = Json::from(key.as_str()).to_string();
                    let start = *at + text[*at..].find(&shown).expect("it is written like this");
                    *at = start + shown.len();
                    Span::new(file, start, *at)
                };
                map.insert(key.clone(), Entry { key: span, node: placed(value, text, file, at) });
            }
            Node::new(Span::new(file, 0, text.len()), Value::Map(map))
        }
        Json::Array(list) => {
            let items = list.iter().map(|item| placed(item, text, file, at)).collect();
            Node::new(Span::new(file, 0, text.len()), Value::List(items))
        }
        scalar => Node { span: find(scalar), ..Node::from_json(scalar, Span::new(file, 0, 0)) },
    }
}

fn compile(text: &str) -> (Pattern, Vec<Diagnostic>) {
    let file = written(text);
    let mut sink = Sink::default();
    let pattern = Pattern::compile(&file.node, &file.sources, &mut sink);
    (pattern, sink.into_sorted())
}

fn evaluate(text: &str) -> Result<Option<Node>, Box<Diagnostic>> {
    let (pattern, faults) = compile(text);
    assert_eq!(faults, []);
    let options = json!({ "port": 8080, "cidrs": ["10.0.0.0/8"], "rootless": true });
    let mut scope = Scope::new();
    scope.set("options", &options);
    scope.set_value("release", "airbyte");
    pattern.evaluate(&scope, &mut Reads::default())
}

fn value(text: &str) -> Json {
    evaluate(text).expect(text).map_or(Json::Null, |node| node.to_json())
}

#[test]
fn a_whole_expression_keeps_its_type() {
    assert_eq!(value(r#""{{ options.port }}""#), json!(8080));
    assert_eq!(value(r#""{{options.cidrs}}""#), json!(["10.0.0.0/8"]));
    assert_eq!(value(r#""{{ 'restricted' if options.rootless else 'baseline' }}""#), json!("restricted"));
}

#[test]
fn inside_a_text_stand_texts_and_integers() {
    assert_eq!(value(r#""{{ release }}-server:{{ options.port }}""#), json!("airbyte-server:8080"));
    assert_eq!(value(r#""{{ release }} ""#), json!("airbyte "));
    let fault = evaluate(r#""a {{ options.rootless }}""#).expect_err("a boolean");
    assert_eq!(fault.message, "only texts and integers make a text, and this is the boolean `true`");
}

#[test]
fn braces_in_a_string_of_the_expression_are_text() {
    assert_eq!(value(r#""{{ '{{ .id }}' }}""#), json!("{{ .id }}"));
    assert_eq!(value(r#""user={{ '{{ .user }}' }} of {{ release }}""#), json!("user={{ .user }} of airbyte"));
}

#[test]
fn a_value_of_none_takes_its_key_or_item_away() {
    assert_eq!(
        value(r#"{"a": "{{ options.host }}", "b": 1, "c": {"d": "{{ options.host }}"}}"#),
        json!({ "b": 1, "c": {} })
    );
    assert_eq!(value(r#"["a", "{{ options.host }}", "{{ options.port }}"]"#), json!(["a", 8080]));
    assert_eq!(evaluate(r#""{{ options.host }}""#).expect("none"), None);
}

#[test]
fn keys_are_texts_with_expressions() {
    assert_eq!(value(r#"{"{{ release }}/part": "x", "plain": "y"}"#), json!({ "airbyte/part": "x", "plain": "y" }));
    let text = r#"{"{{ release }}": "x", "airbyte": "y"}"#;
    let fault = evaluate(text).expect_err("equal keys");
    assert_eq!((fault.code, fault.message.as_str()), (Code::Evaluation, "two keys of one map are `airbyte` here"));
    assert_eq!(&text[fault.labels[0].span.range()], r#""airbyte""#);
}

#[test]
fn a_tree_keeps_the_places_of_the_description() {
    let text = r#"{"a": {"b": "{{ options.cidrs }}"}, "c": "x"}"#;
    let node = evaluate(text).expect(text).expect("a map");
    let at = |path: &str| &text[node.nearest(&crate::source::NodePath::dotted(path)).range()];
    assert_eq!((at("a.b"), at("c")), (r#""b""#, r#""c""#));
    let list = node.get("a").and_then(|a| a.get("b")).expect("a list");
    assert_eq!(&text[list.as_list().expect("a list")[0].span.range()], r#""{{ options.cidrs }}""#);
}

#[test]
fn a_tree_without_expressions_is_plain() {
    let (pattern, _) = compile(r#"{"a": ["}} b", 1, true]}"#);
    assert!(pattern.as_plain().is_some());
    assert!(compile(r#"{"a": ["{{ b }}"]}"#).0.as_plain().is_none());
}

#[test]
fn names_that_are_written_out_are_known() {
    let names = |text: &str| compile(text).0.names_at("keys");
    assert_eq!(names(r#"{"keys": ["A", "B"]}"#), ["A", "B"]);
    assert_eq!(names(r#"{"keys": ["A", "{{ b }}"], "other": ["C"]}"#), ["A"]);
    assert_eq!(names(r#"{"keys": {"A": "{{ a }}", "{{ b }}": 1}}"#), ["A"]);
    assert_eq!(names(r#"{"keys": {"A": {}}, "name": "{{ b }}"}"#), ["A"]);
    assert_eq!(names(r#"{"keys": "{{ entry }}"}"#), [""; 0]);
    let (pattern, _) = compile(r#"{"keys": "{{ entry }}"}"#);
    assert!(pattern.has_key("keys") && !pattern.has_key("name"));
}

#[test]
fn all_faulty_expressions_are_found_at_their_bytes() {
    let text = r#"{"a": "{{ x && y }}-{{ z == }}", "b": ["{{ lower"], "{{ # }}": "{{ 'u }}"}"#;
    let (_, faults) = compile(text);
    let found = faults.iter().map(|fault| (&text[fault.labels[0].span.range()], fault.message.as_str()));
    assert_eq!(
        found.collect::<Vec<_>>(),
        [
            ("&&", "`&&` means nothing in an expression"),
            ("}}", "expected a value, and the expression ends"),
            ("", "`{{` is never closed"),
            ("#", "`#` means nothing in an expression"),
            ("'u }}", "a text is never closed"),
        ]
    );
}

#[test]
fn an_expression_without_quotes_is_told_to_take_them() {
    let mut sources = Sources::default();
    let file = sources.add("component.yaml", "name: {{ release }}");
    let span = Span::new(file, 6, 19);
    let node = Node::new(span, Value::Map(Map::new()));
    let mut sink = Sink::default();
    Pattern::compile(&node, &sources, &mut sink);
    assert!(bare(&node, &sources, &mut sink).is_none());
    let help = sink.iter().map(|fault| fault.help[0].as_str()).collect::<Vec<_>>();
    assert_eq!(help, ["put quotes around it: `\"{{ … }}\"`", "write `release`"]);
}

#[test]
fn a_bare_expression_wears_no_braces() {
    let bare = |text: &str| {
        let file = written(text);
        let mut sink = Sink::default();
        let expression = bare(&file.node, &file.sources, &mut sink);
        (expression.is_some(), sink.iter().map(|fault| fault.message.clone()).collect::<Vec<_>>())
    };
    assert_eq!(bare(r#""options.host != none""#), (true, vec![]));
    assert_eq!(bare("true"), (true, vec![]));
    assert_eq!(bare(r#""{{ x }}""#), (false, vec!["a bare expression is expected here, without `{{ }}`".into()]));
    assert_eq!(bare("3"), (false, vec!["expected an expression, not the number `3`".into()]));
    assert_eq!(bare(r#""""#), (false, vec!["an expression is missing".into()]));
}

#[test]
fn a_pattern_knows_its_paths() {
    let (pattern, _) = compile(r#"{"{{ key }}": ["{{ platform.secrets.values.store }}-{{ options.x }}"]}"#);
    let paths = pattern.paths().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(paths, ["key", "platform.secrets.values.store", "options.x"]);
}

fn schema(one: Type) -> Schema {
    Schema { types: vec![one], ..Schema::default() }
}

fn workload() -> Schema {
    let labels = Schema { additional: Some(Box::new(schema(Type::String))), ..schema(Type::Object) };
    let kinds = ["Deployment", "Job"].map(|kind| Node::text(Span::new(FileId(0), 0, 0), kind)).to_vec();
    let port = Schema {
        short: Some("port".into()),
        properties: [("port".to_owned(), schema(Type::Integer))].into_iter().collect(),
        ..schema(Type::Object)
    };
    let properties = [
        ("name", schema(Type::String)),
        ("kind", Schema { allowed: kinds, ..schema(Type::String) }),
        ("cidrs", Schema { items: Some(Box::new(schema(Type::String))), ..schema(Type::Array) }),
        ("labels", labels),
        ("port", port),
    ];
    Schema {
        properties: properties.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect(),
        required: vec!["name".into()],
        ..schema(Type::Object)
    }
}

fn check(text: &str) -> Vec<(String, String)> {
    let (pattern, faults) = compile(text);
    assert_eq!(faults, []);
    let mut names = Names::new();
    let options = [("port", Kind::Integer.optional()), ("cidrs", Kind::list(Kind::Text)), ("rootless", Kind::Boolean)];
    names.set("options", Kind::record(options));
    names.set("release", Kind::Text);
    let mut sink = Sink::default();
    pattern.check(&names, Some(&workload()), &mut sink);
    let found = sink.into_sorted().into_iter().map(|fault| {
        let at = fault.labels[0].span.range();
        (text[at].to_owned(), fault.message)
    });
    found.collect()
}

fn expect(text: &str, at: &str, message: &str) {
    assert_eq!(check(text), [(at.to_owned(), message.to_owned())], "{text}");
}

#[test]
fn every_expression_of_a_tree_is_checked() {
    let text = r#"{"labels": {"{{ relase }}": "{{ options.rootles }}-{{ options.cidrs }}"}, "cidrs": ["{{ x }}"]}"#;
    let messages = check(text).into_iter().map(|(at, message)| format!("{at}: {message}")).collect::<Vec<_>>();
    assert_eq!(
        messages,
        [
            "relase: no name `relase` is known here",
            "rootles: `options` has no member `rootles`",
            "options.cidrs: only texts and integers make a text, and this is a list",
            "x: no name `x` is known here",
        ]
    );
}

#[test]
fn a_whole_value_fits_what_is_wanted() {
    expect(r#"{"name": "{{ options.rootless }}"}"#, "options.rootless", "expected a text, and this is a boolean");
    expect(r#"{"cidrs": ["{{ options.port }}"]}"#, "options.port", "expected a text, and this is an integer");
    expect(r#"{"cidrs": "{{ [1] }}"}"#, "[1]", "expected a text, and this is an integer");
    expect(r#"{"cidrs": "{{ release }}-x"}"#, r#""{{ release }}-x""#, "expected a list, and this is a text");
    expect(r#"{"labels": {"a": "{{ options.port }}"}}"#, "options.port", "expected a text, and this is an integer");
    expect(
        r#"{"kind": "{{ 'Job' if options.rootless else 'Jobs' }}"}"#,
        "'Job' if options.rootless else 'Jobs'",
        "this may be `Jobs`, and expected is one of Deployment, Job",
    );
    assert_eq!(check(r#"{"kind": "{{ release }}", "port": "{{ options.port }}", "cidrs": "{{ options.cidrs }}"}"#), []);
}

#[test]
fn what_is_required_is_never_none() {
    let text = r#"{"name": "{{ options.port | text if options.port != none else none }}"}"#;
    let at = "options.port | text if options.port != none else none";
    expect(text, at, "a value is required here, and this is a text or none");
    assert_eq!(check(r#"{"kind": "{{ none }}", "labels": {"a": "{{ release if options.rootless else none }}"}}"#), []);
}

#[test]
fn places_are_exact_in_every_style_that_yaml_has() {
    let text = concat!(
        "a: \"x \\\"y\\\" {{ b && c }}\"\n",
        "d: 'it''s {{ e == ''f'' && g }}'\n",
        "h: >-\n  long\n  text {{ i\n  && j }}\n",
        "k: |\n  one\n    two {{ l && m }}\n",
        "n: plain text\n  of two {{ o && p }} lines\n",
        "\"{{ q && r }}\": x\n",
        "s: [\"\\x41 {{ t && u }}\"]\n",
    );
    let mut sources = Sources::default();
    let file = sources.add("component.yaml", text);
    let mut sink = Sink::default();
    let nodes = crate::source::read::read(file, text, &mut sink);
    Pattern::compile(&nodes[0], &sources, &mut sink);
    let found = sink.iter().map(|fault| sources.text(fault.labels[0].span)).collect::<Vec<_>>();
    assert_eq!(found, ["&&", "&&", "&&", "&&", "&&", "&&", "\"\\x41 {{ t && u }}\""]);
}
