use std::cell::Cell;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value as Json, json};

use super::check::names;
use super::{parse, parsed, source};
use crate::component::expression::{Kind, Names, Place, Reads, Record, Scope};

/// Words of the language and a few that are none.
const WORDS: &[&str] = &[
    "and", "or", "not", "in", "is", "if", "else", "true", "none", "integer", "(", ")", "[", "]", ",", ".", "|", "~",
    "==", "!=", "<", ">=", "-", "options", "x", "length", "join", "default", "'a'", "\"b\"", "'", "1", "2.5", "&&",
    "=", "{{", "}}", "ü", "\\", "\n",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(select(WORDS), 0..24).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gets_an_answer(text in prop_oneof![any::<String>(), soup(), "[a-z.|()\\[\\]'\"= ]{0,30}"]) {
        if let Ok(expression) = parse(&text) {
            let checked = expression.check(&names());
            let evaluated = expression.evaluate(&Scope::new(), &mut Reads::default());
            prop_assert!(checked.is_ok() || !checked.expect_err("faults").is_empty());
            prop_assert!(evaluated.is_ok() || expression.span.end > 0);
        }
    }

    #[test]
    fn any_place_lies_on_characters_of_its_file(written in any::<String>(), text in any::<String>(), doubled in any::<bool>()) {
        let text = if doubled { written.replace("''", "'") } else { text };
        let (sources, span) = source(&written);
        let place = Place::of(span, &text, &sources);
        for (start, character) in text.char_indices() {
            let part = place.span(start..start + character.len_utf8());
            prop_assert!(part.start <= part.end && part.end <= span.end);
            prop_assert!(written.get(part.range()).is_some(), "{:?} in {:?}", part, written);
        }
    }
}

/// A value of the kind.
fn value_of(kind: &Kind) -> BoxedStrategy<Json> {
    match kind {
        Kind::Boolean => any::<bool>().prop_map(Json::from).boxed(),
        Kind::Integer => (-2..4i64).prop_map(Json::from).boxed(),
        Kind::Number => prop_oneof![(0..3i64).prop_map(Json::from), (0.0..3.0f64).prop_map(Json::from)].boxed(),
        Kind::Text => select(vec!["", "a", "b.c", "70%", "x"]).prop_map(Json::from).boxed(),
        Kind::Choice(choices) => select(choices.clone()).prop_map(Json::from).boxed(),
        Kind::OneOf(kinds) => select(kinds.clone()).prop_flat_map(|kind| value_of(&kind)).boxed(),
        Kind::List(items) => prop::collection::vec(value_of(items), 0..3).prop_map(Json::from).boxed(),
        Kind::Map(values) => map_of(values),
        Kind::Record(record) => record_of(record),
        Kind::Optional(kind) => prop_oneof![Just(Json::Null), value_of(kind)].boxed(),
        Kind::None | Kind::Never => Just(Json::Null).boxed(),
        Kind::Any => select(vec![json!(null), json!(1), json!("a"), json!([1]), json!({ "a": 1 })]).boxed(),
    }
}

fn map_of(values: &Kind) -> BoxedStrategy<Json> {
    let entries = prop::collection::btree_map(select(vec!["a", "x", "b-c"]), value_of(values), 0..3);
    entries.prop_map(|entries| entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()).boxed()
}

fn record_of(record: &Record) -> BoxedStrategy<Json> {
    if !record.variants.is_empty() {
        let variants = record.variants.keys().cloned().collect::<Vec<_>>();
        let record = record.clone();
        let strategy = select(variants).prop_flat_map(move |variant| {
            let mut record = record.variant(&variant).expect("it is a variant");
            record.members.insert("type".into(), Kind::Choice(vec![variant]));
            record.variants.clear();
            record_of(&record)
        });
        return strategy.boxed();
    }
    let none = Just(Map::new()).boxed();
    let members = record.members.iter().map(|(name, kind)| (name.clone(), value_of(kind)));
    let strategy = members.fold(none, |map, (name, value)| {
        let with = move |(mut map, value): (Map<_, _>, Json)| {
            if !value.is_null() {
                map.insert(name.clone(), value);
            }
            map
        };
        (map, value).prop_map(with).boxed()
    });
    strategy.prop_map(Json::Object).boxed()
}

/// Leaves that the names of this module know, and some that they do not.
const LEAVES: &[&str] = &[
    "options",
    "options.host",
    "options.path",
    "options.rootless",
    "options.debug",
    "options.replicas",
    "options.share",
    "options.spare",
    "options.scale",
    "options.scale.min",
    "options.scale.cpu",
    "options.cidrs",
    "options.cidrs[0]",
    "options.connects",
    "options.connects.x",
    "options.connects['b-c'].port",
    "options.connects[release].host",
    "options.cidrs[options.replicas]",
    "options.storage",
    "options.storage.type",
    "options.storage.bucket",
    "options.storage.project",
    "release",
    "release.x",
    "none",
    "true",
    "1",
    "2.5",
    "'a'",
    "'s3'",
    "'gcs'",
    "[]",
    "options.scale == none",
    "options.replicas != none",
    "options.path != none",
    "options.storage.type == 's3'",
    "options.spare is integer",
    "options.scale.min in [1, 2]",
    "options.debug == true",
];

/// Expressions of any form, well typed or not.
fn anything() -> impl Strategy<Value = String> {
    select(LEAVES).prop_map(str::to_owned).prop_recursive(4, 24, 3, |inner| {
        let two = (inner.clone(), inner.clone());
        let three = (inner.clone(), inner.clone(), inner.clone());
        let signs = select(vec!["and", "or", "==", "!=", "<", ">=", "in", "not in", "~"]);
        let filters = select(vec!["length", "text", "lower", "keys", "values", "first", "join('-')", "default('a')", "replace('a', 'b')"]);
        let tests = select(vec!["integer", "string", "number", "boolean", "not integer", "not string"]);
        prop_oneof![
            4 => (two.clone(), signs).prop_map(|((left, right), sign)| format!("({left}) {sign} ({right})")),
            2 => two.clone().prop_map(|(left, right)| format!("{left} and ({right})")),
            2 => two.clone().prop_map(|(left, right)| format!("{left} or ({right})")),
            1 => inner.clone().prop_map(|term| format!("not ({term})")),
            1 => three.prop_map(|(yes, condition, no)| format!("(({yes}) if ({condition}) else ({no}))")),
            2 => (inner.clone(), filters).prop_map(|(term, filter)| format!("(({term}) | {filter})")),
            1 => (inner.clone(), tests).prop_map(|(term, test)| format!("(({term}) is {test})")),
            1 => two.clone().prop_map(|(left, right)| format!("(({left}) | default({right}))")),
            1 => prop::collection::vec(inner.clone(), 0..3).prop_map(|items| format!("[{}]", items.join(", "))),
            1 => (inner.clone(), select(vec![".host", "[0]", ".port", "['x']"])).prop_map(|(term, step)| format!("({term}){step}")),
            1 => two.prop_map(|(term, index)| format!("({term})[{index}]")),
        ]
    })
}

/// Conditions of any depth before something that is only sound behind some of them.
fn guarded() -> impl Strategy<Value = String> {
    let conditions = select(vec![
        "options.scale == none",
        "options.scale != none",
        "options.replicas != none",
        "options.rootless",
        "options.spare is integer",
        "options.spare is not string",
        "options.spare is string",
        "options.storage.type == 's3'",
        "options.storage.type != 's3'",
        "options.storage.type in ['s3', 'gcs']",
        "options.scale.cpu == '70%'",
        "options.scale.min in [1, 2]",
        "options.replicas in [1, none]",
        "options.path == options.path",
        "options.path == options.host",
        "options.path not in ['a']",
    ]);
    let conditions = conditions.prop_map(str::to_owned).prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} and {right})")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} or {right})")),
            inner.prop_map(|term| format!("(not {term})")),
        ]
    });
    let uses = select(vec![
        "options.scale.min > 1",
        "options.replicas < 2",
        "options.spare > 1",
        "'%' in options.spare",
        "'.' in options.storage.bucket",
        "options.storage.project | length > 0",
        "'%' in options.scale.cpu",
        "options.path | lower == 'a'",
        "options.spare == 1",
    ]);
    (conditions, uses, select(vec!["and", "or"])).prop_map(|(guard, needs, sign)| format!("{guard} {sign} {needs}"))
}

fn scope_of(names: &Names) -> BoxedStrategy<(Json, Json)> {
    let of = |name: &str| value_of(names.get(name).expect("it is a name"));
    (of("options"), of("release")).boxed()
}

/// What is accepted before there are values never fails on any, and gives what was said.
#[test]
fn what_is_checked_has_a_value_of_its_kind() {
    let names = names();
    let accepted = Cell::new(0);
    let config = ProptestConfig { cases: 8000, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let texts = prop_oneof![4 => anything(), 4 => guarded(), 1 => typed().prop_map(|(text, _)| text)];
    let result = runner.run(&(texts, scope_of(&names)), |(text, (options, release))| {
        let Ok(expression) = parse(&text) else { return Ok(()) };
        let Ok(kind) = expression.check(&names) else { return Ok(()) };
        accepted.set(accepted.get() + 1);
        let mut scope = Scope::new();
        scope.set("options", &options);
        scope.set("release", &release);
        let value = expression.evaluate(&scope, &mut Reads::default());
        let value = value.map_err(|fault| TestCaseError::fail(format!("{text}: {}", fault.message)))?;
        prop_assert!(kind.admits(&value), "{} is {:?}, which is not {:?}", text, value, kind);
        Ok(())
    });
    result.expect("a sound check");
    assert!(accepted.get() > 1000, "too few are accepted to say anything: {}", accepted.get());
}

/// Expressions that are well typed by construction.
fn typed() -> impl Strategy<Value = (String, Kind)> {
    let of = |kind: Kind, texts: &'static [&'static str]| {
        select(texts).prop_map(move |text| (text.to_owned(), kind.clone()))
    };
    let leaves = prop_oneof![
        of(Kind::Boolean, &["options.rootless", "true", "options.scale == none"]),
        of(Kind::Integer, &["1", "options.cidrs | length", "options.replicas | default(2)"]),
        of(Kind::Text, &["options.host", "release", "options.path | default(release)"]),
    ];
    leaves.prop_recursive(4, 24, 3, |inner| {
        (inner.clone(), inner.clone(), inner, 0..6u8)
            .prop_map(|(left, middle, right, form)| combined(&left, &middle, &right, form))
    })
}

/// A boolean, integer or text made of three.
fn combined(left: &(String, Kind), middle: &(String, Kind), right: &(String, Kind), form: u8) -> (String, Kind) {
    let boolean = |(text, kind): &(String, Kind)| match kind {
        Kind::Boolean => format!("({text})"),
        Kind::Integer => format!("(({text}) > 1)"),
        _ => format!("('.' in ({text}))"),
    };
    let word = |(text, kind): &(String, Kind)| {
        if *kind == Kind::Text { format!("({text})") } else { format!("(({text}) | text)") }
    };
    match form {
        0 => (format!("{} and {}", boolean(left), boolean(right)), Kind::Boolean),
        1 => (format!("not {} or {}", boolean(left), boolean(right)), Kind::Boolean),
        2 => (format!("{} ~ {}", word(left), word(right)), Kind::Text),
        3 => (format!("({}) | length", word(left)), Kind::Integer),
        4 => (format!("{} if {} else {}", word(left), boolean(middle), word(right)), Kind::Text),
        _ => (format!("[{}, {}] | join(', ')", word(left), word(right)), Kind::Text),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_well_typed_is_accepted((text, kind) in typed()) {
        match parsed_or_too_deep(&text) {
            None => {}
            Some(checked) => prop_assert_eq!(checked, Ok(kind), "{}", text),
        }
    }
}

fn parsed_or_too_deep(text: &str) -> Option<Result<Kind, Vec<crate::diagnostic::Diagnostic>>> {
    parse(text).is_ok().then(|| parsed(text).check(&names()))
}
