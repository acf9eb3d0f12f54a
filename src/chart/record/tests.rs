use super::*;
use crate::chart::extract;

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec: {containers: [{name: a, \
    ports: [{containerPort: 80, name: http}]}]}\n";

fn scenario(name: &str, rendered: &str) -> Scenario {
    Scenario {
        name: name.into(),
        release: "web".into(),
        namespace: "apps".into(),
        values: [("text".to_owned(), r#""a\tb\\""#.to_owned())].into(),
        facts: extract::facts(rendered, "apps").unwrap(),
    }
}

#[test]
fn a_fact_says_in_which_scenarios_it_is() {
    let both = Record { scenarios: vec![scenario("web/two", POD), scenario("web/one", &POD.replace("80", "81"))] };
    let text = both.text(&["About this.".into()]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..2], ["# About this.", HEADER]);
    assert!(lines.contains(&"Pod\t\tweb\tlabel\tapp\tweb\t*"));
    assert!(lines.contains(&"Pod\t\tweb\tport\t80/TCP\thttp\tweb/two"));
    assert!(lines.contains(&"Release\t\tweb\tnamespace\tapps\t\tweb/two,web/one"));
    assert!(lines[2..].is_sorted(), "{text}");
    assert_eq!(Record::read(&text), Ok(both));
}

#[test]
fn a_scenario_alone_is_named_all_the_same() {
    let one = Record { scenarios: vec![scenario("web/one", POD)] };
    assert_eq!(Record::read(&one.text(&[])), Ok(one));
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let release = "Release\t\tweb\tnamespace\tapps\t\tone\n";
    for (rows, reason) in [
        ("", "the first line that is no comment must be `kind namespace name fact key value scenarios`"),
        ("HEADER\nPod\tweb", "line 2: expected seven columns"),
        ("# why\nHEADER\nPost\t\tweb\tlabel\ta\tb\t*", "line 3: nothing is known of the kind `Post`"),
        ("HEADER\nPod\t\tweb\tcolour\ta\tb\t*", "line 2: nothing is known of the fact `colour`"),
        ("HEADER\nPod\t\tweb\tport\thttp\t\t*", "line 2: `http` is no `port`"),
        ("HEADER\nPod\t\tweb\tundeclared\t70000\t\t*", "line 2: `70000` is no `undeclared`"),
        ("HEADER\nPod\t\tweb\tpodSecurity\topen\t\t*", "line 2: `open` is no `podSecurity`"),
        ("HEADER\nRELEASEPod\t\tweb\tlabel\ta\tb\ttwo", "no line of `Release` names the scenario `two`"),
    ] {
        let text = rows.replace("HEADER", HEADER).replace("RELEASE", release);
        assert_eq!(Record::read(&text), Err(reason.to_owned()), "{rows}");
    }
}
