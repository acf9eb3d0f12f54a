//! What README.md shows is true: its commands parse, its examples compile.

use std::collections::BTreeSet;

use clap::Parser;
use platformc::cli::{Cli, Command, lint, reach};
use platformc::diagnostic::{Format, Sink, Style, render};
use platformc::source::{Node, Sources, read::read};
use platformc::world::{Memory, World};
use platformc::{Request, compile};

use crate::platforms::FILE;
use crate::{output, repository};

/// Programs that a reader has, beside ours.
const OTHERS: [&str; 5] = ["cargo test", "cargo install", "git ", "helmfile ", "kubectl "];

/// Stands for each template that is not shown: it makes what is declared.
const ANY_MANIFEST: &str = "\
{% for id, workload in workloads | items %}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ workload.name }}
  namespace: {{ namespace }}
spec:
  selector: {{ workload.selector | yaml }}
  template:
    metadata:
      labels: {{ workload.labels | yaml }}
    spec:
      containers:
        - name: main
          image: main:1
          ports:
{% for port, number in workload.ports | items %}
            - name: {{ port }}
              containerPort: {{ number }}
{% endfor %}
{% endfor %}
{% for id, service in services | items %}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ service.name }}
  namespace: {{ namespace }}
  labels: {{ service.labels | yaml }}
spec:
  selector: {{ service.labels | yaml }}
  ports:
    - port: {{ service.port }}
{% endfor %}
";

const LINT: &str = "$ cargo run -- lint ";

struct Block<'t> {
    language: &'t str,
    text: String,
}

#[test]
fn every_command_is_a_command_line() {
    let mut ours = 0;
    for line in blocks().iter().filter(|block| block.language == "sh").flat_map(|block| block.text.lines()) {
        let line = line.split(" #").next().unwrap_or_default().trim();
        let arguments = line.strip_prefix("cargo run -- ").or_else(|| line.strip_prefix("platformc "));
        match arguments {
            Some(arguments) => {
                ours += 1;
                expect_command_line(arguments);
            }
            None => assert!(OTHERS.iter().any(|other| line.starts_with(other)), "`{line}`: what is this?"),
        }
    }
    assert!(ours > 0);
}

#[test]
fn every_command_in_a_sentence_is_a_command_line() {
    let text = repository::text("README.md");
    let inline = text.split('`').skip(1).step_by(2).filter_map(|code| code.strip_prefix("platformc "));
    inline.filter(|arguments| !arguments.contains('…')).for_each(expect_command_line);
}

#[test]
fn every_platform_compiles() {
    let platforms: Vec<Block> = yaml_with("domain");
    assert!(!platforms.is_empty());
    for block in platforms {
        expect_compiles(&Memory::with([(FILE, block.text)]));
    }
}

#[test]
fn every_component_compiles() {
    let components = yaml_with("component");
    assert!(!components.is_empty());
    for block in components {
        let description = node(&block.text);
        let text = |path: &str| description.at(&platformc::source::NodePath::dotted(path)).and_then(Node::as_str);
        let name = text("component").unwrap();
        let capability = text("provides.capability").unwrap();
        let platform = format!("name: acme\ndomain: example.com\ningress: ingress-nginx\n{capability}: {name}\n");
        let world = Memory::with([(FILE, platform)]);
        for template in templates(&description) {
            world.write(format!("templates/{name}/{template}").as_str().into(), shown(&template).as_bytes()).unwrap();
        }
        world.write(format!("templates/{name}/component.yaml").as_str().into(), block.text.as_bytes()).unwrap();
        expect_compiles(&world);
    }
}

#[test]
fn what_is_shown_of_a_run_is_what_it_prints() {
    let is_run = |block: &Block| {
        let has_faults = block.text.lines().any(|line| line.contains("[E") || line.contains("[W"));
        block.language == "text" && has_faults && !block.text.starts_with(LINT)
    };
    let shown: Vec<Block> = blocks().into_iter().filter(is_run).collect();
    assert_eq!(shown.len(), 2, "one good run and a faulty one");
    for block in shown {
        let text = block.text.strip_prefix("$ cargo run -- render\n").unwrap_or(&block.text);
        let world = Memory::with(output::files());
        world.write(FILE.into(), with_lines_of(text).as_bytes()).unwrap();
        let run = output::run(&world);
        let done = run.done.map(|summary| format!("out/: {summary}\n")).unwrap_or_default();
        let printed = render(&run.diagnostics, &run.sources, Format::Human, Style::Plain) + &done;
        assert_eq!(printed, text);
    }
}

#[test]
fn what_is_shown_of_lint_is_what_it_prints() {
    let files = repository::files("tests/lint").into_iter();
    let world = Memory::with(files.map(|path| (path.clone(), repository::disk().read(&path).unwrap())));
    let block = blocks().into_iter().find(|block| block.text.starts_with(LINT)).unwrap();
    let (command, text) = block.text.split_once('\n').unwrap();
    let words = ["platformc", "lint"].into_iter().chain(command.trim_start_matches(LINT).split_whitespace());
    let Command::Lint(arguments) = Cli::try_parse_from(words).unwrap().command else { panic!("{command}") };
    let (run, tally) = lint::check(&world, &arguments);
    let printed = render(&run.diagnostics, &run.sources, Format::Human, Style::Plain);
    assert_eq!(format!("{printed}{tally}\n"), text);
}

#[test]
fn what_is_shown_of_reach_is_what_it_answers() {
    let world = Memory::with(output::files());
    let mut shown = 0;
    for block in blocks() {
        let Some((command, text)) = block.text.split_once('\n') else { continue };
        let Some(arguments) = command.strip_prefix("$ cargo run -- reach ") else { continue };
        let words = ["platformc", "reach"].into_iter().chain(arguments.split_whitespace());
        let Command::Reach(arguments) = Cli::try_parse_from(words).unwrap().command else { panic!("{command}") };
        assert_eq!(reach::build(&world, FILE.into(), &arguments, Style::Plain).output, text);
        shown += 1;
    }
    assert!(shown > 0);
}

/// The root's platform.yaml, with the lines that are shown (`26 |     minAvailabel: 1`) in the place of its own.
fn with_lines_of(shown: &str) -> String {
    let numbered = |line: &str| -> Option<(usize, String)> {
        let (number, text) = line.split_once(" | ")?;
        Some((number.trim().parse().ok()?, text.to_owned()))
    };
    let platform = repository::text(FILE);
    let mut lines: Vec<String> = platform.lines().map(str::to_owned).collect();
    let mut is_platform = false;
    for line in shown.lines() {
        if let Some(place) = ["--> ", "::: "].iter().find_map(|arrow| line.trim_start().strip_prefix(arrow)) {
            is_platform = place.starts_with(FILE);
        }
        if let Some((number, text)) = numbered(line).filter(|_| is_platform) {
            lines[number - 1] = text;
        }
    }
    lines.join("\n") + "\n"
}

/// The names of a component's templates.
fn templates(description: &Node) -> BTreeSet<String> {
    let files = description.get("files").and_then(Node::as_list).unwrap_or_default().iter();
    files.filter_map(|file| file.get("template").and_then(Node::as_str)).map(str::to_owned).collect()
}

/// A template as the README shows it.
fn shown(template: &str) -> String {
    let manifest = template.contains(".yaml");
    let block = blocks().into_iter().find(|block| block.language.contains("jinja") && manifest);
    block.map_or(ANY_MANIFEST.to_owned(), |block| block.text)
}

fn expect_command_line(arguments: &str) {
    let words = std::iter::once("platformc").chain(arguments.split_whitespace());
    let parsed = Cli::try_parse_from(words.map(|word| if word == "CODE" { "E0201" } else { word }));
    parsed.unwrap_or_else(|error| panic!("`platformc {arguments}`: {error}"));
}

fn expect_compiles(world: &Memory) {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let trees = compile(world, &Request::all(FILE, world.today()), &mut sources, &mut sink);
    let seen = render(&sink.into_sorted(), &sources, Format::Human, Style::Plain);
    assert!(trees.is_some(), "{seen}");
}

fn yaml_with(key: &str) -> Vec<Block<'static>> {
    let yaml = blocks().into_iter().filter(|block| block.language == "yaml");
    yaml.filter(|block| node(&block.text).get(key).is_some()).collect()
}

fn node(text: &str) -> Node {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let documents = read(sources.add("README.md", text), text, &mut sink);
    assert!(!sink.has_errors(), "{text}\n{:?}", sink.into_sorted());
    documents.into_iter().next().unwrap()
}

/// The fenced blocks of README.md.
fn blocks() -> Vec<Block<'static>> {
    static README: &str = include_str!("../../README.md");
    let mut blocks: Vec<Block> = vec![];
    let mut is_open = false;
    for line in README.lines() {
        match line.strip_prefix("```") {
            Some(language) => {
                is_open = !is_open;
                if is_open {
                    blocks.push(Block { language, text: String::new() });
                }
            }
            None if is_open => blocks.last_mut().unwrap().text += &format!("{line}\n"),
            None => {}
        }
    }
    blocks
}
