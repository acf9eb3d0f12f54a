//! Expressions about one object. What holds and what fails was held against an API server (1.37) that has this schema in a
//! CRD; two expressions are too expensive for it, for want of bounds in the schema.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;

fn run(text: &str, own: &Json, schema: &Json) -> Result<bool> {
    let program = Program::compile(text).map_err(Stop::Unknown)?;
    let variables = Variables { own: Value::of(own, schema)?, old: None };
    match evaluate(&program, &variables, &Patterns::default(), &Budget::new(100_000))? {
        Value::Bool(value) => Ok(value),
        other => Err(Stop::Types(other.kind().into())),
    }
}

fn schema() -> Json {
    let text = json!({ "type": "string" });
    json!({ "type": "object", "properties": {
        "name": text, "namespace": text, "a-b": text, "a.b": text, "absent": text,
        "count": { "type": "integer" }, "share": { "type": "number" }, "wait": { "type": "string", "format": "duration" },
        "at": { "type": "string", "format": "date-time" }, "bytes": { "type": "string", "format": "byte" },
        "port": { "x-kubernetes-int-or-string": true },
        "list": { "type": "array", "items": { "type": "integer" } },
        "set": { "type": "array", "items": { "type": "string", UNORDERED: "set" } },
        "hosts": { "type": "array", "items": text },
        "labels": { "type": "object", "additionalProperties": text },
        "free": {},
    }})
}

fn object() -> Json {
    json!({
        "name": "web", "namespace": "shop", "a-b": "x", "a.b": "y", "count": 3, "share": 1, "wait": "90s",
        "at": "2026-01-31T12:00:00Z", "bytes": "aGk=", "port": "http", "list": [3, 1, 2], "set": ["a", "b"],
        "hosts": ["a.example.com", "b.example.com"], "labels": { "app": "web", "x.y/z": "1" }, "free": { "any": 1 },
    })
}

fn of_object(text: &str) -> Result<bool> {
    run(text, &object(), &schema())
}

#[test]
fn what_holds_is_true() {
    let all = [
        // The language.
        "self.count == 3 && self.count + 1 > 3 && self.count % 2 == 1 && -self.count < 0",
        "self.share == 1.0 && type(self.share) == double && type(self.count) == int",
        "self.share > 0 && 2u > 1 && 1 < 1.5",
        "has(self.name) && !has(self.absent)",
        "self.__namespace__ == 'shop' && self.a__dash__b == 'x' && self.a__dot__b == 'y' && self.labels.`x.y/z` == '1'",
        "self.labels.app == 'web' && self.labels['x.y/z'] == '1' && 'app' in self.labels && !('b' in self.labels)",
        "self.labels.all(key, size(key) > 2) && self.labels.size() == 2",
        "self.hosts.all(h, h.endsWith('.com')) && self.hosts.exists(h, h.startsWith('a')) && 'b.example.com' in self.hosts",
        "self.hosts.exists_one(h, h.startsWith('a')) && !self.hosts.exists_one(h, h.contains('example'))",
        "self.hosts.map(h, h.size()) == [13, 13] && self.list.filter(n, n > 1) == [3, 2]",
        "self.list.map(n, n > 1, n * 2) == [6, 4]",
        "self.hosts.map(h, self.list.map(n, n).size()).sum() == 6",
        "self.count > 2 ? true : self.absent == ''",
        "self.absent == '' || true",
        "!(false && self.absent == '')",
        "[1, 0].exists(n, 1 / n == 1)",
        "{'a': 1}.a == 1 && {'a': 1, 'b': 2} == {'b': 2, 'a': 1} && ['a'] != ['b']",
        "r'\\d' == '\\\\d' && b'a' == bytes('a') && null == null && \"\"\"a\"\"\" == 'a'",
        "int('3') == 3 && string(3) == '3' && double('1.5') == 1.5 && bool('true') && uint(3) == 3u && dyn(3) == 3",
        // Texts.
        "self.name.matches('^[a-z]+$') && matches(self.name, 'e') && self.name.charAt(1) == 'e'",
        "'a,b,c'.split(',') == ['a', 'b', 'c'] && 'a,b,c'.split(',', 2) == ['a', 'b,c'] && 'ab'.split('') == ['a', 'b']",
        "['a', 'b'].join('-') == 'a-b' && 'aXa'.replace('a', 'b') == 'bXb' && 'aa'.replace('a', 'b', 1) == 'ba'",
        "'tacocat'.indexOf('c') == 2 && 'tacocat'.lastIndexOf('c') == 4 && 'tacocat'.indexOf('z') == -1",
        "'tacocat'.substring(2, 4) == 'co' && 'tacocat'.substring(4) == 'cat' && ' a '.trim() == 'a'",
        "'Ab'.lowerAscii() == 'ab' && 'Ab'.upperAscii() == 'AB' && 'äb'.size() == 2",
        "'v1.20'.find('[0-9]+') == '1' && 'v1.20'.findAll('[0-9]+') == ['1', '20'] && 'a'.find('[0-9]') == ''",
        // Lists.
        "self.list.sum() == 6 && self.list.min() == 1 && self.list.max() == 3 && !self.list.isSorted()",
        "self.list.indexOf(1) == 1 && self.list.lastIndexOf(9) == -1 && self.list[0] == 3 && [1, 2] + [3] == [1, 2, 3]",
        "sets.contains([1, 2], [2]) && sets.equivalent([1, 2], [2, 1, 1]) && sets.intersects([1], [1, 2])",
        "self.set == ['b', 'a'] && (self.set + ['a', 'c']).size() == 3",
        // Times, quantities, addresses, URLs, formats.
        "self.wait == duration('1m30s') && self.wait.getSeconds() == 90 && self.wait < duration('2m')",
        "self.at == timestamp('2026-01-31T13:00:00+01:00') && self.at.getDayOfMonth() == 30 && self.at.getMonth() == 0",
        "self.at + duration('12h') == timestamp('2026-02-01T00:00:00Z') && self.bytes == b'hi'",
        "quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('1000m') == quantity('1') && !isQuantity('x')",
        "quantity('50k').add(quantity('20k')).compareTo(quantity('70k')) == 0 && quantity('2k').asInteger() == 2000",
        "isIP('::1') && ip('10.0.0.1').family() == 4 && !isIP('10.0.0.01') && ip('127.0.0.1').isLoopback()",
        "cidr('10.0.0.0/8').containsIP('10.2.3.4') && cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')",
        "cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8') && cidr('10.0.0.0/8').prefixLength() == 8 && !isCIDR('10.0.0.0/33')",
        "isURL('https://a.example.com:80/x?y=z') && url('https://a.example.com:80/x').getHostname() == 'a.example.com'",
        "url('https://a.example.com:80/x').getPort() == '80' && !isURL('a.example.com')",
        "!format.dns1123Label().validate('web').hasValue() && format.dns1123Label().validate('W').hasValue()",
        // Optional values.
        "!self.?absent.hasValue() && self.?name.orValue('') == 'web' && self.?absent.orValue('x') == 'x'",
        "self.labels[?'app'] == optional.of('web') && self.?name.optMap(n, n + 's').orValue('') == 'webs'",
        "[?self.?absent, ?self.?name] == ['web'] && optional.none().or(optional.of(1)).value() == 1",
    ];
    for text in all {
        assert_eq!(of_object(text), Ok(true), "{text}");
    }
}

#[test]
fn what_the_api_server_cannot_evaluate_fails() {
    let all = [
        ("self.absent == ''", "no such key: absent"),
        ("self.labels.none == ''", "no such key: none"),
        ("self.list[7] == 1", "index out of bounds: 7"),
        ("1 / (self.count - 3) == 1", "division by zero"),
        ("9223372036854775807 + self.count > 0", "integer overflow"),
        ("int(self.name) == 1", "type conversion error: `web` is no int"),
        ("self.list.all(n, self.absent == '')", "no such key: absent"),
        ("quantity(self.name) == quantity('1')", "`web` is no quantity"),
    ];
    for (text, why) in all {
        assert_eq!(of_object(text), Err(Stop::fails(why)), "{text}");
    }
    assert!(matches!(of_object("self.port > 0"), Err(Stop::Types(_))));
}

#[test]
fn what_we_cannot_evaluate_is_unknown() {
    let all = [
        "self.nme == ''",
        "self.free == 1",
        "self.name.reversed() == ''",
        "semver('1.0.0').major() == 1",
        "sel.name == ''",
        "self.name = 'a'",
        "self.name ==",
        "Basket{a: 1} == self",
        "self.name.matches('(?<a>a)(?P>a)')",
        "self.hosts.all(i, h, i == 0)",
        "",
    ];
    for text in all {
        assert!(matches!(of_object(text), Err(Stop::Unknown(_))), "{text}: {:?}", of_object(text));
    }
}

#[test]
fn a_rule_about_a_change_is_known_as_one() {
    assert!(Program::compile("self == oldSelf").unwrap().is_transition);
    assert!(!Program::compile("self.oldSelf == 1 || self == 1").unwrap().is_transition);
}

#[test]
fn loops_in_loops_end_with_the_budget() {
    let numbers: Vec<i64> = (0..2000).collect();
    let schema = json!({ "type": "array", "items": { "type": "integer" } });
    let own = json!(numbers);
    for text in [
        "self.all(a, self.all(b, self.all(c, a + b + c >= 0)))",
        "self.map(a, self.map(b, a)).size() > 0",
        "self.exists_one(a, self.exists_one(b, a == b))",
        "self.all(a, self.map(b, 'xxxxxxxxxxxxxxxx').join('xxxxxxxxxxxxxxxxxxx').size() > 0)",
        "['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'].all(t, self.map(n, t).join('a').replace('a', self.map(n, t).join('a')) == '')",
    ] {
        assert_eq!(run(text, &own, &schema), Err(Stop::Spent), "{text}");
    }
}

#[test]
fn what_is_nested_deep_is_not_run() {
    let deep = [
        "(".repeat(100_000),
        "!".repeat(100_001) + "true",
        format!("self{}", ".a".repeat(9_000)),
        format!("self{}", "[0]".repeat(1_500)),
        format!("1{} == 1", "+1".repeat(1_500)),
        "true ? 1 : ".repeat(1_200) + "1",
        "[".repeat(300) + &"]".repeat(300),
        "a".repeat(30_000),
    ];
    for text in deep {
        assert!(matches!(of_object(&text), Err(Stop::Unknown(_))), "{}", &text[..20]);
    }
    let fits = format!("self.count{} > 0", " + 1".repeat(80));
    assert_eq!(of_object(&fits), Ok(true));
}

/// Parts of expressions, put together anyhow.
fn rule() -> impl Strategy<Value = String> {
    let words = [
        "self",
        ".list",
        ".labels",
        ".name",
        ".all(x, ",
        ".map(x, ",
        ".filter(x, ",
        ".exists_one(x, ",
        "x",
        ")",
        "(",
        "[",
        "]",
        "{",
        "}",
        "'a'",
        "\"",
        "1",
        "-1",
        "9223372036854775807",
        "1.5e300",
        "1u",
        "b'\\xff'",
        " && ",
        " || ",
        " ? ",
        " : ",
        "!",
        " + ",
        " - ",
        " * ",
        " / ",
        " % ",
        " == ",
        " < ",
        " in ",
        ".?",
        "[?",
        ".size()",
        ".split('')",
        ".substring(",
        ", ",
        "int(",
        "duration('1h')",
        "timestamp('2026-01-01T00:00:00Z')",
        "quantity('1Ei')",
        "ip('::1')",
        "cidr('10.0.0.0/8')",
        ".masked()",
        ".matches(",
        ".replace(",
        ".join(",
        ".sum()",
        ".optMap(x, ",
        "optional.of(",
        ".value()",
        "é",
        "\u{0}",
        "`",
        "self.port",
        "has(",
        "format.named(",
        ".slice(",
        ".charAt(",
        ".lastIndexOf(",
        "url('/a')",
        "self.bytes",
        "string(",
    ];
    proptest::collection::vec(proptest::sample::select(words.to_vec()), 1..16).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_rule_gets_an_answer(text in rule()) {
        let _ = of_object(&text);
    }

    #[test]
    fn any_text_is_a_rule_or_none(text in ".{0,60}") {
        let _ = of_object(&text);
    }
}
