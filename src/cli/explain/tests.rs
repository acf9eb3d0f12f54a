use super::*;
use crate::cli::Exit;
use crate::world::Memory;

const PLATFORM: &str = "\
name: acme
domain: example.com
queues: queue
services:
  kpis-api: {namespace: apps, image: acme/api:1, port: 80}
environments:
  dev: {domain: dev.example.com}
  prod:
    queues: {storage: {size: 5Gi}, owner: null}
    services: {kpis-api: {port: 8080}}
  test: {queues: {owner: null}}
";

const QUEUE: &str = "\
component: queue
provides: {capability: queues}
summary: A message queue
namespace: messages
options:
  type: object
  properties:
    owner: {type: string, default: ops, description: Whom to call}
    storage:
      type: object
      default: {size: 1Gi}
      description: Where messages are kept
      properties:
        size: {type: string, format: quantity, description: How much fits in}
        class: {type: string, description: How fast it is}
";

fn world() -> Memory {
    let platform = PLATFORM.replace("queues: queue", "queues: {provider: queue, owner: me}");
    Memory::with([("platform.yaml", platform.as_str()), ("templates/queue/component.yaml", QUEUE)])
}

fn arguments(what: &str) -> Arguments {
    Arguments { what: Some(what.into()), file: "platform.yaml".into(), environment: None, format: Values::Human }
}

fn explain_in(world: &Memory, arguments: &Arguments) -> Answer {
    answer(world, Utf8Path::new("platform.yaml"), arguments, Style::Plain)
}

fn explain(what: &str) -> Answer {
    explain_in(&world(), &arguments(what))
}

fn said(what: &str) -> String {
    let answer = explain(what);
    assert_eq!((answer.message.as_str(), answer.exit), ("", Exit::Done));
    answer.output
}

#[test]
fn a_code_gives_its_page() {
    assert_eq!(explain("e0201"), Answer::output(Code::UnknownKey.page().to_owned()));
}

#[test]
fn nothing_lists_all_codes() {
    let all = explain_in(&world(), &Arguments { what: None, ..arguments("") }).output;
    assert_eq!(all.lines().count(), Code::ALL.len());
    assert!(all.contains("E0201  a key is not known here\n"), "{all}");
}

#[test]
fn a_wrong_letter_is_no_obstacle_to_finding_the_code() {
    let answer = explain("W0201");
    let expected = "error: there is no code `W0201`; the nearest are:\n  E0201  a key is not known here\n";
    assert_eq!((answer.message.as_str(), answer.exit), (expected, Exit::Failed));
}

#[test]
fn whatever_code_is_asked_for_something_is_near() {
    for text in ["", "E", "99999999999999999999"] {
        let answer = explain(text);
        assert_eq!((answer.message.lines().count(), answer.exit), (4, Exit::Failed), "{}", answer.message);
    }
}

#[test]
fn whatever_is_asked_for_is_answered_on_one_line() {
    for text in ["help", "\u{1b}[31m", "a..b", "services.\u{1b}"] {
        let answer = explain(text);
        assert_eq!((answer.message.lines().count(), answer.exit), (1, Exit::Failed), "{}", answer.message);
        assert!(!answer.message.contains('\u{1b}'));
    }
}

#[test]
fn the_nearest_are_of_the_same_phase() {
    let message = explain("E0799").message;
    assert!(message.lines().skip(1).all(|line| line.starts_with("  E07")), "{message}");
}

#[test]
fn a_value_is_told_with_its_place_once_for_the_environments_in_which_it_is_so() {
    let expected = "services.kpis-api.port: The port it listens on; a worker has none\n\n\
        dev, test:\n  80\n  platform.yaml:5:56\n\n\
        prod:\n  8080\n  platform.yaml:10:33, environments.prod\n";
    assert_eq!(said("services.kpis-api.port"), expected);
    assert_eq!(said("services['kpis-api'].port"), expected);
}

#[test]
fn one_environment_is_enough_where_it_is_asked_for() {
    let arguments = Arguments { environment: Some("dev".into()), ..arguments("domain") };
    let answer = explain_in(&world(), &arguments);
    let expected = "domain: The domain below which its hosts stand\n\n\
        dev:\n  dev.example.com\n  platform.yaml:7:17, environments.dev\n";
    assert_eq!(answer.output, expected);
    let wrong = explain_in(&world(), &Arguments { environment: Some("pord".into()), ..arguments });
    assert!(wrong.message.contains("there is no environment `pord`"), "{}", wrong.message);
    assert_eq!(wrong.exit, Exit::Faults);
}

#[test]
fn a_default_is_told_with_the_line_of_its_component() {
    let expected = "queues.storage.size: How much fits in\n\n\
        dev, test:\n  1Gi\n  templates/queue/component.yaml:11:23, default of queue\n\n\
        prod:\n  5Gi\n  platform.yaml:9:30, environments.prod\n";
    assert_eq!(said("queues.storage.size"), expected);
    assert!(said("cluster.dns.port").contains("\n  53\n  default of platformc\n"));
}

#[test]
fn what_an_overlay_takes_away_is_told() {
    let text = said("queues.owner");
    let expected = "  ops\n  templates/queue/component.yaml:8:36, default of queue, since platform.yaml:9:43 takes away what was said\n";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn a_map_shows_what_is_below_it() {
    let text = said("queues");
    assert!(text.contains("component.yaml:11:23, default\n"), "{text}");
    assert!(text.lines().any(|line| line == "  provider      queue     platform.yaml:3:20"), "{text}");
    assert!(
        text.lines().any(|line| line.starts_with("  namespace     messages  templates/queue/component.yaml:4:12")),
        "{text}"
    );
}

#[test]
fn a_short_form_is_told_where_it_is_written() {
    let world = Memory::with([
        ("platform.yaml", PLATFORM.replace(", owner: null", "").replace("{queues: {owner: null}}", "{}").as_str()),
        ("templates/queue/component.yaml", QUEUE),
    ]);
    let answer = explain_in(&world, &arguments("queues.provider"));
    assert!(
        answer.output.ends_with("  queue\n  platform.yaml:3:9, short for `provider: queue`\n"),
        "{}{}",
        answer.output,
        answer.message
    );
}

#[test]
fn what_is_not_set_is_told() {
    assert!(said("queues.storage.class").ends_with("\n  not set, and without a default; it takes a text\n"));
    assert!(said("services.kpis-api.route.host").ends_with("; it takes a host name\n"));
}

#[test]
fn an_unknown_path_is_2_and_shows_the_nearest() {
    for (path, expected) in [
        ("services.kpi-api.port", "`services` has no `kpi-api`; did you mean `services.kpis-api`?"),
        ("services.kpis-api.prot", "`services.kpis-api` has no `prot`; did you mean `services.kpis-api.port`?"),
        ("kpis-api", "platform.yaml has no `kpis-api`; did you mean `services.kpis-api`?"),
        ("name.first", "`name` has no `first`; nothing is below it"),
        ("environments.prod", "an environment is laid over the rest: ask for `domain`, or what else it changes"),
    ] {
        let answer = explain(path);
        assert_eq!((answer.message, answer.exit), (format!("error: {expected}\n"), Exit::Failed));
    }
}

#[test]
fn editors_and_programs_have_formats() {
    let short = explain_in(&world(), &Arguments { format: Values::Short, ..arguments("services.kpis-api.port") });
    assert_eq!(
        short.output,
        "platform.yaml:5:56: services.kpis-api.port: 80 (dev, test)\n\
        platform.yaml:10:33: services.kpis-api.port: 8080 (prod)\n"
    );
    let json = explain_in(&world(), &Arguments { format: Values::Json, ..arguments("services.kpis-api.port") });
    let json: serde_json::Value = serde_json::from_str(&json.output).unwrap();
    let prod = &json["environments"][1];
    assert_eq!((&prod["environment"], &prod["values"][0]["layer"]), (&"prod".into(), &"overlay".into()));
    assert_eq!(prod["values"][0]["line"], 10);
}

#[test]
fn a_faulty_file_is_told() {
    let world = Memory::with([("platform.yaml", "name: acme\ndomian: example.com\n")]);
    let answer = explain_in(&world, &arguments("name"));
    assert!(answer.message.contains("error[E0201]") && answer.output.contains("  acme\n"), "{}", answer.message);
    assert_eq!(answer.exit, Exit::Faults);
}
