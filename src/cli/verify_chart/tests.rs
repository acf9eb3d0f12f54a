use std::io;
use std::sync::{Arc, Mutex};

use clap::Parser;

use super::*;
use crate::cli::{Cli, Command};
use crate::validate::schemas::versions;
use crate::world::{Memory, Ran};

const COMPONENT: &str = "\
component: queue
provides: {capability: queue}
summary: A message queue
chart: {repository: https://charts.example.com, name: queue, version: 1.0.0}
options:
  type: object
  properties:
    size: {type: integer, default: 1, description: How large it is}
    open: {type: boolean, default: false, description: Whether it is open}
workloads:
  server: {kind: Pod, name: queue, labels: {app: queue}, ports: {amqp: 5672}}
files:
  - {template: values.yaml.j2, path: \"values/{{ release }}.yaml\", as: values}
";
const VALUES: &str = "size: {{ options.size }}\nopen: {{ options.open }}\n";
const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: queue, labels: {app: queue}}\nspec: {containers: [{name: a, \
    ports: [{containerPort: 5672, name: amqp}], securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false, \
    capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}}]}\n";

/// What helm was asked: its arguments, and what came in.
type Asked = Arc<Mutex<Vec<(String, String)>>>;

/// A world with a queue and two examples of it, in which helm renders so.
fn world(render: impl Fn(&str) -> String + Send + Sync + 'static) -> (Memory, Asked) {
    let example = |options: &str| format!("name: acme\ndomain: example.com\nqueue: {{provider: queue, {options}}}\n");
    let files = [
        ("templates/queue/component.yaml", COMPONENT.to_owned()),
        ("templates/queue/values.yaml.j2", VALUES.to_owned()),
        ("templates/queue/examples/large.yaml", example("size: 9")),
        ("templates/queue/examples/open.yaml", example("open: true")),
        ("templates/queue/examples/small.yaml", example("size: 1")),
        ("platform.yaml", example("open: true, namespace: elsewhere")),
    ];
    let asked = Asked::default();
    let heard = Arc::clone(&asked);
    let world = Memory::with(files).answering(move |program, arguments, input| {
        if program != "helm" {
            return Err(io::ErrorKind::NotFound.into());
        }
        let (arguments, input) = (arguments.join(" "), String::from_utf8_lossy(input).into_owned());
        let output = match arguments.split(' ').take(2).collect::<Vec<_>>().as_slice() {
            ["show", "chart"] => "name: queue\nversion: 1.0.0\n".to_owned(),
            ["show", "values"] => "size: 1\nopen: false\nmode: fast\n".to_owned(),
            _ => render(&arguments),
        };
        heard.lock().unwrap().push((arguments, input));
        Ok(Ran { succeeded: true, output: output.into_bytes(), errors: vec![] })
    });
    (world, asked)
}

fn ask(world: &Memory, arguments: &str) -> Answer {
    let words = format!("platformc verify-chart {arguments}");
    let Command::VerifyChart(arguments) = Cli::try_parse_from(words.split(' ')).unwrap().command else {
        panic!("{words}")
    };
    answer(world, "platform.yaml".into(), world, &arguments, Style::Plain)
}

#[test]
fn each_way_to_set_the_values_is_rendered_on_the_oldest_and_the_newest_kubernetes() {
    let (world, asked) = world(|_| POD.to_owned());
    let answer = ask(&world, "queue --chart queue.tgz");
    assert_eq!((answer.message.as_str(), answer.exit), ("queue 1.0.0: 3 scenarios compared\n", Exit::Done));
    let mut asked = asked.lock().unwrap().clone();
    asked.sort();
    let template = |namespace: &str, kubernetes: &str| {
        format!(
            "template queue queue.tgz --namespace {namespace} --include-crds --skip-tests --kube-version {kubernetes}.0 \
             --values -"
        )
    };
    let (oldest, newest) = (versions()[0], versions().pop().unwrap());
    let [large, open] = ["size: 9\nopen: false\n", "size: 1\nopen: true\n"].map(str::to_owned);
    let expected = [
        ("show chart queue.tgz".to_owned(), String::new()),
        (template("elsewhere", oldest), open.clone()),
        (template("elsewhere", newest), open.clone()),
        (template("queue", oldest), open.clone()),
        (template("queue", oldest), large.clone()),
        (template("queue", newest), open),
        (template("queue", newest), large),
    ];
    assert_eq!(asked, expected);
}

#[test]
fn the_record_is_output_or_a_file() {
    let (world, _) = world(|_| POD.to_owned());
    let printed = ask(&world, "queue --chart queue").output;
    assert!(printed.starts_with("# Facts about the chart queue 1.0.0 of https://charts.example.com,\n"), "{printed}");
    assert!(printed.contains("Pod\t\tqueue\tport\t5672/TCP\tamqp\t*\n"), "{printed}");
    assert!(printed.contains("Values\t\topen\tset\ttrue\t\tqueue/open,platform\n"), "{printed}");
    let answer = ask(&world, "queue --chart queue --record facts/queue.tsv");
    assert_eq!(answer.output, "");
    assert_eq!(answer.message, "facts/queue.tsv: written\nqueue 1.0.0: 3 scenarios compared\n");
    assert_eq!(world.text("facts/queue.tsv"), Some(printed));
}

#[test]
fn differences_are_1_and_the_record_is_there_all_the_same() {
    let (world, _) = world(|_| POD.replace("5672", "5673"));
    let answer = ask(&world, "queue --chart queue");
    assert_eq!(answer.exit, Exit::Faults);
    assert!(answer.message.contains("templates/queue/component.yaml:11:"), "{}", answer.message);
    assert!(answer.output.contains("5673/TCP"), "{}", answer.output);
}

#[test]
fn a_program_reads_the_differences_alone() {
    let (world, _) = world(|_| POD.replace("5672", "5673"));
    let answer = ask(&world, "queue --chart queue --format short");
    assert!(answer.output.lines().all(|line| line.contains("error[E080")), "{}", answer.output);
    assert_eq!((answer.output.lines().count(), answer.exit), (2, Exit::Faults));
}

#[test]
fn where_kubernetes_makes_a_difference_each_version_is_a_scenario() {
    let (oldest, newest) = (versions()[0], versions().pop().unwrap());
    let (world, _) = world(move |arguments| {
        let is_oldest = arguments.contains(&format!("--kube-version {oldest}.0"));
        if is_oldest { POD.replace("5672", "5673") } else { POD.to_owned() }
    });
    let answer = ask(&world, "queue --chart queue");
    let port =
        format!("Pod\t\tqueue\tport\t5673/TCP\tamqp\tqueue/large@{oldest},queue/open@{oldest},platform@{oldest}\n");
    assert!(answer.output.contains(&port), "{}", answer.output);
    assert!(answer.output.contains(&format!("queue/large@{newest}")), "{}", answer.output);
    assert!(answer.message.contains(&format!("in 3 of 6 scenarios: `queue/large@{oldest}`")), "{}", answer.message);
}

#[test]
fn an_example_that_does_not_compile_is_told_and_one_of_others_is_not() {
    let (world, _) = world(|_| POD.to_owned());
    world.write("templates/other/examples/wrong.yaml".into(), b"nmae: acme\n").unwrap();
    assert_eq!(ask(&world, "queue --chart queue").exit, Exit::Done);
    world.write("templates/queue/examples/wrong.yaml".into(), b"nmae: acme\n").unwrap();
    let answer = ask(&world, "queue --chart queue");
    assert!(answer.message.contains("templates/queue/examples/wrong.yaml:1:1"), "{}", answer.message);
    assert_eq!(answer.exit, Exit::Faults);
}

#[test]
fn a_schema_of_the_values_must_take_what_the_chart_itself_sets() {
    let (world, _) = world(|_| POD.to_owned());
    let component = COMPONENT.replace("version: 1.0.0}", "version: 1.0.0, valuesSchema: values.schema.json}");
    world.write("templates/queue/component.yaml".into(), component.as_bytes()).unwrap();
    let schema = |mode: &str| {
        let properties = r#"{"size": {"type": "integer"}, "open": {"type": "boolean"}, "mode": {"type": "MODE"}}"#;
        let properties = properties.replace("MODE", mode);
        format!(r#"{{"additionalProperties": false, "properties": {properties}}}"#)
    };
    world.write("templates/queue/values.schema.json".into(), schema("string").as_bytes()).unwrap();
    let answer = ask(&world, "queue --chart queue");
    assert_eq!(answer.exit, Exit::Done, "{}", answer.message);
    world.write("templates/queue/values.schema.json".into(), schema("boolean").as_bytes()).unwrap();
    let answer = ask(&world, "queue --chart queue");
    assert!(answer.message.contains("`mode`: expected a boolean, found the text `fast`"), "{}", answer.message);
    assert_eq!(answer.exit, Exit::Faults);
}

#[test]
fn a_wrong_command_line_is_2_and_says_what_was_meant() {
    let (world, asked) = world(|_| POD.to_owned());
    for (component, message) in [
        ("queeu", "error: no component is called `queeu`; did you mean `queue`?\n"),
        ("service", "error: the component `service` has no chart; those with one are "),
    ] {
        let answer = ask(&world, &format!("{component} --chart queue"));
        assert!(answer.message.starts_with(message), "{}", answer.message);
        assert_eq!(answer.exit, Exit::Failed);
    }
    world.write("taken".into(), b"").unwrap();
    assert!(asked.lock().unwrap().is_empty());
    let answer = ask(&world, "queue --chart queue --record taken/facts.tsv");
    let message = "error: cannot write `taken/facts.tsv`: a part of its path is a file\n";
    assert_eq!((answer.message.as_str(), answer.exit), (message, Exit::Failed));
}
