use super::{expect, parse, parsed, source, value};
use crate::component::expression::{Expression, Place};
use crate::diagnostic::Code;

/// Text, spanned text, message, help.
type Fault = (&'static str, &'static str, &'static str, &'static str);

fn expect_all(faults: &[Fault]) {
    for (text, at, message, help) in faults {
        let fault = parse(text).expect_err(text);
        expect(&fault, Code::Expression, text, at, message);
        assert_eq!(fault.help.first().map_or("", String::as_str), *help, "{text}");
    }
}

#[test]
fn a_sign_of_another_language_says_what_to_write() {
    expect_all(&[
        ("a && b", "&&", "`&&` means nothing in an expression", "write `and`"),
        ("a || b", "||", "`||` means nothing in an expression", "write `or`"),
        ("a = b", "=", "`=` means nothing in an expression", "write `==`"),
        ("a === b", "===", "`===` means nothing in an expression", "write `==`"),
        ("!a", "!", "`!` means nothing in an expression", "write `not`"),
        ("a ?? b", "??", "`??` means nothing in an expression", "write `x | default(y)`"),
        ("a + b", "+", "`+` means nothing in an expression", "write `~` to join texts; there is no arithmetic"),
        ("a # b", "#", "`#` means nothing in an expression", ""),
        ("größe", "ö", "`ö` means nothing in an expression", ""),
        ("{a: 1}", "{", "`{` means nothing in an expression", "maps cannot be written in an expression"),
    ]);
}

#[test]
fn a_word_of_another_language_says_what_to_write() {
    expect_all(&[
        ("a == null", "null", "`null` means nothing in an expression", "write `none`"),
        ("a == True", "True", "`True` means nothing in an expression", "write `true`"),
        ("a AND b", "AND", "an operator is missing before `AND`", "write `and`"),
        ("a equals b", "equals", "an operator is missing before `equals`", "write `==`"),
        ("a is defined", "defined", "no test is called `defined`", "write `x != none`"),
        ("a is not defined", "defined", "no test is called `defined`", "write `x == none`"),
        ("a is none", "none", "no test is called `none`", "write `x == none`"),
        ("a is integr", "integr", "no test is called `integr`", "did you mean `integer`?"),
    ]);
}

#[test]
fn what_is_not_closed_is_pointed_at() {
    expect_all(&[
        ("a == 'b", "'b", "a text is never closed", ""),
        ("(a or b", "(", "`(` is never closed", ""),
        ("[a, b", "[", "`[` is never closed", ""),
        ("a[0", "[", "`[` is never closed", ""),
        ("a)", ")", "`)` closes nothing", ""),
        ("(a b)", "b", "an operator is missing before `b`", ""),
    ]);
}

#[test]
fn a_missing_part_is_named() {
    expect_all(&[
        ("", "", "an expression is missing", ""),
        ("a ==", "", "expected a value, and the expression ends", ""),
        ("a == == b", "==", "expected a value, not `==`", ""),
        ("a if b", "", "expected `else`, and the expression ends", "both branches are needed: `x if condition else y`"),
        ("a.", "", "expected a name, and the expression ends", ""),
        ("a.0", "0", "expected a name, not `0`", "a place in a list is written `x[0]`"),
        ("a < b < c", "<", "comparisons cannot be chained", "write `a < b and b < c`, or put parentheses"),
        ("a == not b", "not", "expected a value, not `not`", "put parentheses round it: `(not x)`"),
    ]);
}

#[test]
fn a_name_with_a_dash_wants_brackets() {
    let help = "a name with a dash is reached by `['the-name']`";
    expect_all(&[
        ("services.kpis-api.url", "-", "there is no arithmetic in expressions", help),
        ("x if services.kpis-api else y", "-", "there is no arithmetic in expressions", help),
    ]);
}

#[test]
fn a_wrong_filter_suggests_the_nearest() {
    expect_all(&[
        ("a | lenght", "lenght", "no filter is called `lenght`", "did you mean `length`?"),
        ("a | string", "string", "no filter is called `string`", "write `text`"),
        ("a | join", "join", "`join` takes one argument (what stands between), not 0", ""),
        ("a | lower(1)", "lower(1)", "`lower` takes no arguments, not 1", ""),
    ]);
}

#[test]
fn a_number_is_one() {
    expect_all(&[
        ("1_000", "1_000", "`1_000` is not a number", ""),
        ("0x1F", "0x1F", "`0x1F` is not a number", ""),
        ("99999999999999999999", "99999999999999999999", "`99999999999999999999` is not a number", ""),
    ]);
}

#[test]
fn a_backslash_in_a_text_is_checked() {
    expect_all(&[(r"a == 'b\d'", r"\d", r"`\d` means nothing in a text", r"a backslash is written `\\`")]);
    assert_eq!(value(r#" 'it\'s' ~ "\\" ~ '\n' "#), "it's\\\n");
}

#[test]
fn precedence_is_that_of_jinja() {
    for (text, same) in [
        ("true or false and false", "true or (false and false)"),
        ("not 1 == 2", "not (1 == 2)"),
        ("not true or true", "(not true) or true"),
        ("'a' ~ 'b' == 'ab'", "('a' ~ 'b') == 'ab'"),
        ("1 == [1, 2] | length", "1 == ([1, 2] | length)"),
        ("1 if false else 2 if false else 3", "1 if false else (2 if false else 3)"),
        ("true or false if false else true", "(true or false) if false else true"),
        ("'b' not in ['a'] and true", "('b' not in ['a']) and true"),
        ("'a' ~ 1 | text", "'a' ~ (1 | text)"),
        ("not 1 is string", "not (1 is string)"),
        ("-1 < 2", "(-1) < 2"),
    ] {
        assert_eq!(value(text), value(same), "{text}");
    }
}

#[test]
fn any_nesting_gets_an_answer() {
    for (text, repeated) in [("a", "("), ("a", "not "), ("a", "["), ("a", "a if b else "), ("", "a | lower ")] {
        for times in [30, 300, 30_000] {
            let _ = parse(&(repeated.repeat(times) + text));
        }
    }
    let deep = parse(&format!("{}a{}", "(".repeat(60), ")".repeat(60))).expect_err("too deep");
    assert_eq!(deep.message, "an expression is nested too deep");
    let long = parse(&vec!["a"; 1000].join(" or ")).expect_err("too long");
    assert_eq!(long.message, "an expression is too long");
}

#[test]
fn an_expression_knows_its_paths() {
    let expression = parsed("options.a['b-c'].d == none or services[options.x].url in [key, y[0].z]");
    let paths = expression.paths().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(paths, ["options.a.b-c.d", "services", "options.x", "key", "y[0].z"]);
}

/// The fault's spanned text, where `text` is written in the file as `written`.
fn place_in(written: &str, text: &str) -> String {
    let (sources, span) = source(written);
    let fault = Expression::parse(text, &Place::of(span, text, &sources)).expect_err(text);
    sources.text(fault.primary().expect("a place")).to_owned()
}

#[test]
fn places_are_exact_in_every_style_of_yaml() {
    assert_eq!(place_in("a # b", "a # b"), "#");
    assert_eq!(place_in("\"a && b\"", "a && b"), "&&");
    assert_eq!(place_in("'a == ''x'' && b'", "a == 'x' && b"), "&&");
    assert_eq!(place_in("\"a == \\\"x\\\" && b\"", "a == \"x\" && b"), "&&");
    assert_eq!(place_in(">-\n    a == 'ü'\n    && b", "a == 'ü' && b"), "&&");
    assert_eq!(place_in("|\n    a == 1\n    && b\n", "a == 1\n&& b\n"), "&&");
    assert_eq!(place_in("a\n      && b", "a && b"), "&&");
}

#[test]
fn a_place_that_cannot_be_known_is_the_whole_scalar() {
    assert_eq!(place_in("\"a \\x26& b\"", "a && b"), "\"a \\x26& b\"");
}
