use super::*;
use crate::world::Memory;

const QUEUE: &str = "\
component: queue
provides: {capability: queues}
summary: A message queue
chart: {repository: https://charts.example.com, name: queue, version: 1.0.0}
namespace: queues
requires: [{capability: secrets, when: options.storage.size != none}]
options:
  type: object
  required: [owner]
  properties:
    owner: {type: string, description: Whom to call}
    storage:
      type: object
      default: {}
      description: Where messages are kept
      properties:
        size: {type: string, format: quantity, default: 1Gi, description: How much fits in}
    port: {type: integer, minimum: 1, maximum: 65535, default: 5672, description: Its port}
    plan:
      type: object
      x-short: cron
      x-one-of: [cron, after]
      x-beside: {zone: [cron]}
      description: When it is emptied
      properties:
        cron: {type: string, format: cron, description: By the clock}
        zone: {type: string, pattern: \"^[A-Z]\", maxLength: 30, description: Whose clock}
        after: {type: array, minItems: 1, items: {type: string}, description: Behind others}
workloads:
  server: {kind: Pod, name: \"{{ release }}-server\", labels: {app: queue}, ports: {amqp: 5672}}
";

fn shown(world: &Memory, name: Option<&str>, format: Listing) -> Answer {
    let arguments = Arguments { name: name.map(str::to_owned), file: "platform.yaml".into(), format };
    answer(world, &arguments, Style::Plain)
}

fn own() -> Memory {
    Memory::with([("templates/queue/component.yaml", QUEUE)])
}

#[test]
fn all_are_listed_with_those_of_the_user() {
    let list = shown(&own(), None, Listing::Human).output;
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert!(list.lines().any(|line| words(line) == ["queue", "A", "message", "queue"]), "{list}");
    assert!(list.lines().any(|line| line.starts_with("queues")), "{list}");
    assert!(list.lines().any(|line| line.starts_with("services ")), "{list}");
}

#[test]
fn one_shows_its_options_and_its_interface() {
    let text = shown(&own(), Some("queue"), Listing::Human).output;
    for line in [
        "queue: A message queue",
        "chosen by   queues: queue",
        "chart       queue 1.0.0 of https://charts.example.com",
        "  owner      text                      required  Whom to call",
        "    size     quantity                  = 1Gi     How much fits in",
        "  port       whole number, 1 to 65535  = 5672    Its port",
        "                                                 its key; exactly one of `cron`, `after`; `zone`",
        "    zone     text                                Whose clock; like `^[A-Z]`; at most 30 characters",
        "    after    list: text                          Behind others; not empty",
        "  secrets  when options.storage.size != none",
        "  server  {{ release }}-server  Pod, amqp 5672",
    ] {
        assert!(text.lines().any(|shown| shown == line), "`{line}` is not in\n{text}");
    }
}

#[test]
fn a_capability_and_a_collection_are_names_too() {
    let world = Memory::default();
    assert!(shown(&world, Some("ingress"), Listing::Human).output.contains("\nprovided by:\n"));
    assert!(shown(&world, Some("services"), Listing::Human).output.contains("chosen by   services.NAME\n"));
    assert!(shown(&world, Some("connections"), Listing::Human).output.contains("\nconnections.NAME:\n"));
}

#[test]
fn an_unknown_one_is_2_and_shows_the_nearest() {
    let answer = shown(&Memory::default(), Some("servcies"), Listing::Human);
    let expected = "error: no component, capability or collection is called `servcies`; did you mean `services`?\n";
    assert_eq!((answer.message.as_str(), answer.exit), (expected, Exit::Failed));
}

#[test]
fn programs_read_json() {
    let world = own();
    let json = |name: Option<&str>| -> serde_json::Value {
        serde_json::from_str(&shown(&world, name, Listing::Json).output).unwrap()
    };
    let all = json(None);
    let capabilities = all["capabilities"].as_array().unwrap();
    assert!(capabilities.iter().any(|one| one["components"][0]["name"] == "queue"), "{all}");
    let queue = json(Some("queue"));
    assert_eq!(queue["options"]["properties"]["storage"]["anyOf"], serde_json::Value::Null);
    assert_eq!(queue["options"]["required"], serde_json::json!(["owner"]));
    assert_eq!(queue["interface"]["workloads"]["server"]["kind"], "Pod");
}

#[test]
fn a_faulty_component_is_told_and_the_others_are_shown() {
    let world = Memory::with([("templates/queue/component.yaml", "component: queue\n")]);
    let answer = shown(&world, None, Listing::Human);
    assert_eq!(answer.exit, Exit::Faults);
    assert!(answer.message.contains("error[E0203]") && answer.output.contains("services"), "{}", answer.message);
}
