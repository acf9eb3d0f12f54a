use super::{expect, parsed};
use crate::component::expression::{Kind, Names, Record};
use crate::diagnostic::{Code, Diagnostic};

fn choice(texts: &[&str]) -> Kind {
    Kind::Choice(texts.iter().map(|text| (*text).to_owned()).collect())
}

fn storage() -> Kind {
    let Kind::Record(mut record) = Kind::record([
        ("type", choice(&["s3", "gcs"])),
        ("bucket", Kind::Text.optional()),
        ("project", Kind::Text.optional()),
    ]) else {
        unreachable!("a record")
    };
    record.variants.insert("s3".into(), [("bucket".to_owned(), Kind::Text)].into_iter().collect());
    record.variants.insert("gcs".into(), [("project".to_owned(), Kind::Text)].into_iter().collect());
    Kind::Record(record)
}

pub(super) fn names() -> Names {
    let scale = Kind::record([("min", Kind::Integer), ("max", Kind::Integer), ("cpu", Kind::Text.optional())]);
    let connect = Kind::record([("host", Kind::Text.optional()), ("port", Kind::Integer.optional())]);
    let options = Kind::record([
        ("host", Kind::Text),
        ("path", Kind::Text.optional()),
        ("rootless", Kind::Boolean),
        ("debug", Kind::Boolean.optional()),
        ("replicas", Kind::Integer.optional()),
        ("share", Kind::Number),
        ("spare", Kind::one_of(vec![Kind::Integer, Kind::Text])),
        ("scale", scale.optional()),
        ("cidrs", Kind::list(Kind::Text)),
        ("connects", Kind::map(connect)),
        ("storage", storage()),
        ("free", Kind::map(Kind::Any)),
    ]);
    let mut names = Names::new();
    names.set("options", options);
    names.set("release", Kind::Text);
    let further = Some(Box::new(Kind::Any));
    names.set("open", Kind::Record(Record { further, ..Record::default() }));
    names
}

fn check(text: &str) -> Result<Kind, Vec<Diagnostic>> {
    parsed(text).check(&names())
}

fn kinds(table: &[(&str, Kind)]) {
    for (text, wanted) in table {
        assert_eq!(check(text).as_ref(), Ok(wanted), "{text}");
    }
}

/// Text, spanned text, message, help.
fn expect_all(faults: &[(&str, &str, &str, &str)]) {
    for (text, at, message, help) in faults {
        let faults = check(text).expect_err(text);
        assert_eq!(faults.len(), 1, "one mistake, one fault: {text}: {faults:?}");
        expect(&faults[0], Code::Expression, text, at, message);
        assert_eq!(faults[0].help.first().map_or("", String::as_str), *help, "{text}");
    }
}

fn sound(texts: &[&str]) {
    for text in texts {
        assert_eq!(parsed(text).check_boolean(&names()), Ok(()), "{text}");
    }
}

#[test]
fn each_form_has_its_kind() {
    kinds(&[
        ("options.scale.min", Kind::Integer.optional()),
        ("options.connects['x'].host", Kind::Text.optional()),
        ("options.connects[release].port", Kind::Integer.optional()),
        ("options.cidrs[0]", Kind::Text.optional()),
        ("options.cidrs | first", Kind::Text.optional()),
        ("open.x", Kind::Any.optional()),
        ("release ~ 1", Kind::Text),
        ("1 == 2", Kind::Boolean),
        ("options.replicas | default(1)", Kind::Integer),
        ("options.path | default(none)", Kind::Text.optional()),
        ("'a' if options.rootless else 'b'", choice(&["a", "b"])),
        ("options.host if options.rootless else none", Kind::Text.optional()),
        ("1 if options.rootless else 'b'", Kind::OneOf(vec![Kind::Integer, Kind::Text])),
        ("1 if options.rootless else 1.5", Kind::Number),
        ("[]", Kind::list(Kind::Never)),
        ("['a', options.host]", Kind::list(Kind::Text)),
        ("[1, none]", Kind::list(Kind::Integer.optional())),
        ("options.connects | keys", Kind::list(Kind::Text)),
        ("(options.connects | values | first).port", Kind::Integer.optional()),
    ]);
}

#[test]
fn an_unknown_member_suggests_the_nearest() {
    let known = "did you mean";
    expect_all(&[
        ("options.hots", "hots", "`options` has no member `hots`", &format!("{known} `host`?")),
        ("options.scale.mim == 1", "mim", "`options.scale` has no member `mim`", &format!("{known} `min`?")),
        ("option.host", "option", "no name `option` is known here", &format!("{known} `options`?")),
        ("options.connects.x.pott", "pott", "`options.connects.x` has no member `pott`", &format!("{known} `port`?")),
        ("(options.connects | values | first).hots", "hots", "this has no member `hots`", &format!("{known} `host`?")),
    ]);
    let faults = check("options.scale.zzz").expect_err("unknown");
    assert_eq!(faults[0].notes, ["known are `min`, `max`, `cpu`"]);
}

#[test]
fn a_path_goes_only_where_there_is_something() {
    let (places, keys) = ("an item is reached by its place: `x[0]`", "a value is reached by its key: `x['key']`");
    expect_all(&[
        ("options.host.x", "x", "`options.host` is a text and has no members", ""),
        ("options.cidrs.x", "x", "`options.cidrs` is a list and has no members", places),
        ("options.connects[0]", "0", "`options.connects` is a map and has no places", keys),
        ("options[release]", "release", "`options` has fixed keys: write the one that is meant", ""),
        ("options.connects[1 == 1]", "1 == 1", "`options.connects` is reached by a text, and this is a boolean", ""),
        ("options.cidrs[release]", "release", "`options.cidrs` is reached by an integer, and this is a text", ""),
    ]);
}

#[test]
fn every_branch_is_checked() {
    let faults = check("options.a == 1 or (options.b if options.c else options.d)").expect_err("four unknown members");
    let messages = faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>();
    assert_eq!(messages, ["a", "c", "b", "d"].map(|name| format!("`options` has no member `{name}`")));
}

#[test]
fn unlike_things_are_not_compared() {
    let message = "unlike things cannot be compared";
    let type_first = "ask for its type first: `x is integer and …`";
    expect_all(&[
        ("options.replicas == '3'", "'3'", message, ""),
        ("3 == options.host", "3", message, ""),
        ("options.rootless != options.host", "options.host", message, ""),
        ("options.spare == '50%'", "'50%'", message, type_first),
        ("options.spare == options.spare", "options.spare", message, type_first),
        ("options.cidrs == []", "[]", message, "lists and maps are not compared; ask for `x | length` or `y in x`"),
        ("options.replicas in ['3']", "'3'", message, ""),
        ("1 in options.cidrs", "1", message, ""),
    ]);
    sound(&["options.cidrs == none", "1 == 1.5", "options.scale != none", "none == 'x'", "open.x == 'x'"]);
}

#[test]
fn only_numbers_have_an_order() {
    let none_first = "test it first: `x != none and …`";
    expect_all(&[
        ("options.host < 3", "options.host", "`<` compares numbers, and this is a text", ""),
        (
            "3 >= options.replicas",
            "options.replicas",
            "`>=` compares numbers, and this is an integer or none",
            none_first,
        ),
        (
            "options.spare < 3",
            "options.spare",
            "`<` compares numbers, and this is an integer or a text",
            "ask for its type first: `x is integer and …`",
        ),
    ]);
}

#[test]
fn a_text_that_can_never_stand_there_suggests_the_nearest() {
    expect_all(&[
        ("options.storage.type == 's33'", "'s33'", "this is never `s33`", "did you mean `s3`?"),
        ("'gsc' != options.storage.type", "'gsc'", "this is never `gsc`", "did you mean `gcs`?"),
        ("options.storage.type in ['s3', 'gsc']", "'gsc'", "this is never `gsc`", "did you mean `gcs`?"),
    ]);
}

#[test]
fn only_a_boolean_decides() {
    let faults = [
        ("options.replicas", "expected a boolean, and this is an integer or none", "write `x != none`"),
        ("options.debug", "expected a boolean, and this is a boolean or none", "write `x == true`"),
        ("options.host", "expected a boolean, and this is a text", "there is no truthiness: compare it with something"),
        ("options.cidrs", "expected a boolean, and this is a list", "write `x | length > 0`"),
        ("open.x", "expected a boolean, and this is of no known kind or none", "write `x == true`"),
    ];
    for (operand, message, help) in faults {
        expect_all(&[
            (&format!("not {operand}"), operand, message, help),
            (&format!("options.rootless and {operand}"), operand, message, help),
            (&format!("1 if {operand} else 2"), operand, message, help),
        ]);
        assert_eq!(parsed(operand).check_boolean(&names()).expect_err(operand)[0].message, message);
    }
    sound(&["options.rootless", "options.debug == true", "options.debug != none and options.debug"]);
}

#[test]
fn only_texts_and_integers_make_a_text() {
    let message = |kind: &str| format!("only texts and integers make a text, and this is {kind}");
    let default = "test it first (`x != none`), or write `x | default(…)`";
    expect_all(&[
        ("release ~ options.rootless", "options.rootless", &message("a boolean"), "write `x | text`"),
        ("release ~ options.path", "options.path", &message("a text or none"), default),
        ("options.cidrs ~ 'x'", "options.cidrs", &message("a list"), "write `x | join(', ')`"),
    ]);
    assert!(check("options.spare ~ (options.share | text)").is_ok());
    assert!(parsed("options.spare").check_text(&names()).is_ok());
    assert!(parsed("none").check_text(&names()).is_err());
}

#[test]
fn filters_want_their_kind() {
    let default = "test it first (`x != none`), or write `x | default(…)`";
    expect_all(&[
        (
            "options.replicas | text",
            "options.replicas",
            "`text` wants a text, a number or a boolean, and this is an integer or none",
            default,
        ),
        ("options.host | keys", "options.host", "`keys` wants a map, and this is a text", ""),
        ("options.cidrs | join(1)", "1", "what stands between is a text, and this is an integer", ""),
        ("options.path | default([1])", "[1]", "what stands for none is a text, not a list", ""),
        (
            "options.scale is integer",
            "options.scale",
            "`is` asks for the type of a scalar, and this is a map with fixed keys or none",
            "",
        ),
    ]);
}

#[test]
fn unlike_branches_and_items_are_faults() {
    expect_all(&[
        (
            "[1] if options.rootless else 'x'",
            "[1] if options.rootless else 'x'",
            "the branches are unlike: a list, and a text",
            "",
        ),
        ("['a', ['b']]", "['b']", "the items of a list are alike: this is a list, not a text", ""),
    ]);
}

#[test]
fn in_wants_something_to_look_into() {
    expect_all(&[
        ("'a' in options.share", "options.share", "`in` looks into a list, a map or a text, and this is a number", ""),
        ("1 in options.connects", "1", "`in` looks for a text here, and this is an integer", ""),
        (
            "'a' in options.path",
            "options.path",
            "`in` looks into a list, a map or a text, and this is a text or none",
            "test it first, or write `x | default([])`",
        ),
    ]);
    sound(&[
        "options.path in options.connects",
        "options.replicas in [1, 2]",
        "'.' in options.host",
        "not ('tmp' in options.free)",
    ]);
}

#[test]
fn a_condition_is_known_behind_it() {
    sound(&[
        "options.scale == none or options.scale.min <= options.scale.max",
        "options.scale != none and options.scale.min > 1",
        "options.replicas == none or options.scale == none or options.replicas < options.scale.min",
        "not (options.scale == none) and options.scale.min > 1",
        "not (options.scale == none or options.rootless) and options.scale.min > 1",
        "not (options.scale != none and options.rootless) or options.scale.min > 1",
        "options.scale.cpu == '70%' and options.scale.min > 1",
        "(options.replicas if options.replicas != none else 0) > 1",
        "(0 if options.replicas == none else options.replicas) > 1",
        "options.scale.min in [1, 2] and options.scale.max > 1",
        "options.spare is integer and options.spare < 3",
        "options.spare is not string and options.spare < 3",
        "options.spare is integer or options.spare == '50%'",
        "(options.scale != none and options.rootless or options.scale.max == 3) and options.scale.min > 1",
        "options.connects['x'].port != none and options.connects.x.port > 1",
        "options.storage.type == 's3' and '.' in options.storage.bucket",
        "options.storage.type != 's3' or '.' in options.storage.bucket",
    ]);
}

#[test]
fn a_condition_says_nothing_elsewhere() {
    for text in [
        "options.scale != none or options.scale.min > 1",
        "options.scale == none and options.scale.min > 1",
        "(options.scale != none or options.rootless) and options.scale.min > 1",
        "options.scale != none and options.rootless or options.scale.min > 1",
        "not (options.scale == none and options.rootless) or options.scale.min > 1",
        "(options.scale == none and options.rootless) or options.scale.min > 1",
        "options.replicas in [1, none] and options.replicas > 1",
        "options.replicas != 3 and options.replicas > 1",
        "options.path == options.path and '.' in options.path",
        "options.spare is not integer and options.spare < 3",
        "(options.spare is integer or options.spare is string) and options.spare < 3",
        "options.storage.type == 's3' and '.' in options.storage.project",
        "options.storage.type != 's3' and '.' in options.storage.bucket",
    ] {
        assert_eq!(check(text).expect_err(text).len(), 1, "{text}");
    }
}

#[test]
fn names_are_narrowed_by_a_when() {
    let (names, body) = (names(), parsed("options.scale.min"));
    assert_eq!(body.check(&names), Ok(Kind::Integer.optional()));
    assert_eq!(body.check(&names.given(&parsed("options.scale != none"))), Ok(Kind::Integer));
    let mut again = names.given(&parsed("options.scale != none"));
    again.set("options", Kind::record([("scale", Kind::record([("min", Kind::Text)]).optional())]));
    assert_eq!(body.check(&again), Ok(Kind::Text.optional()), "a name that is set anew is known anew");
}

#[test]
fn an_entry_is_there_where_its_when_is_true() {
    let mut names = names();
    names.set("services", Kind::record([("api", Kind::record([("name", Kind::Text)]).optional())]));
    let path = crate::source::NodePath::dotted("services.api");
    names.set_condition(path, parsed("options.path != none and options.scale.min == 1"));
    let body = parsed("services.api.name");
    let given = |conditions: &[&str]| {
        let given = conditions.iter().fold(names.clone(), |names, condition| names.given(&parsed(condition)));
        body.check(&given).expect("a kind").is_there()
    };
    assert!(given(&["options.rootless and (options.scale['min'] == 1 and options.path != none)"]));
    assert!(given(&["options.path != none", "options.scale.min == 1"]));
    assert!(!given(&["options.path != none"]));
    assert!(!given(&["options.path != none and options.scale.min == 2"]));
    assert!(!given(&["options.rootless"]));
}

#[test]
fn a_for_goes_over_maps_and_lists() {
    let turns = |text: &str| parsed(text).check_turns(&names());
    assert_eq!(turns("options.cidrs"), Ok((Kind::Integer, Kind::Text)));
    assert!(matches!(turns("options.connects"), Ok((Kind::Text, Kind::Record(_)))));
    let fault = turns("options.scale").expect_err("a record");
    assert_eq!(fault[0].message, "`for` takes a map or a list, and this is a map with fixed keys or none");
}

#[test]
fn deep_conditions_are_checked_in_no_time() {
    let nested = (0..18).fold("options.scale == none".to_owned(), |text, depth| match depth % 3 {
        0 => format!("({text} and options.rootless)"),
        1 => format!("({text} or options.rootless)"),
        _ => format!("not ({text} == true)"),
    });
    assert!(parsed(&nested).check(&names()).is_ok());
    let nested = (0..18).fold("1".to_owned(), |text, _| format!("(1 if {text} == 1 else 2)"));
    assert_eq!(parsed(&nested).check(&names()), Ok(Kind::Integer));
}
