//! What README.md and the pages of `docs/` show is true: commands parse, examples compile, outputs are printed. (The pages that
//! build something step by step are walked through in `guide.rs`.)

use clap::{CommandFactory, Parser};
use platformc::cli::schema::Published;
use platformc::cli::{Cli, Command, lint, reach};
use platformc::diagnostic::{Format, Sink, Style, render};
use platformc::resolve::input::FIXED;
use platformc::source::{Node, Sources, read::read};
use platformc::world::{Memory, World};
use platformc::{Request, compile};

use crate::markdown::{self, Block};
use crate::platforms::FILE;
use crate::{output, repository};

/// Programs that a reader has, beside ours.
const OTHERS: [&str; 6] = ["cargo test", "cargo install", "git ", "helm ", "helmfile ", "kubectl "];

/// Where each block stands by itself.
const PAGES: [&str; 8] = [
    "README.md",
    "docs/contributing.md",
    "docs/diff.md",
    "docs/linking.md",
    "docs/lint.md",
    "docs/pipelines.md",
    "docs/reach.md",
    "docs/workflows.md",
];

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
    let text: String = markdown::pages().into_iter().chain(["README.md".into()]).map(repository::text).collect();
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

/// Parts of a platform.yaml, each by itself.
#[test]
fn every_part_of_a_platform_holds_to_its_schema() {
    let schema = Published::Platform.text(&repository::catalog());
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let is_key = |name: &str| FIXED.properties.contains_key(name);
    let mut parts = 0;
    for block in blocks().into_iter().filter(|block| block.language == "yaml") {
        let part = node(&block.text);
        let keys: Vec<&String> = part.as_map().into_iter().flat_map(|map| map.keys()).collect();
        if part.get("domain").is_some() || !keys.iter().all(|key| is_key(key)) {
            continue;
        }
        let whole = node(&format!("name: acme\ndomain: example.com\n{}", block.text)).to_json();
        let wrong: Vec<String> = schema.iter_errors(&whole).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{}\n{wrong:?}", block.text);
        parts += 1;
    }
    assert!(parts > 0);
}

#[test]
fn what_is_shown_of_a_run_is_what_it_prints() {
    let is_run = |block: &Block| {
        let has_faults = block.text.lines().any(|line| line.starts_with("error[") || line.starts_with("warning["));
        block.language == "text" && has_faults && command(&block.text, "lint").is_none()
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
    let block = blocks().into_iter().find(|block| command(&block.text, "lint").is_some()).unwrap();
    let (arguments, text) = command(&block.text, "lint").unwrap();
    let words = ["platformc", "lint"].into_iter().chain(arguments.split_whitespace());
    let Command::Lint(arguments) = Cli::try_parse_from(words).unwrap().command else { panic!("{arguments}") };
    let (run, tally) = lint::check(&world, &arguments);
    let printed = render(&run.diagnostics, &run.sources, Format::Human, Style::Plain);
    assert_eq!(format!("{printed}{tally}\n"), text);
}

#[test]
fn what_is_shown_of_reach_is_what_it_answers() {
    let world = Memory::with(output::files());
    let mut shown = 0;
    for block in blocks() {
        let Some((arguments, text)) = command(&block.text, "reach") else { continue };
        let words = ["platformc", "reach"].into_iter().chain(arguments.split_whitespace());
        let Command::Reach(arguments) = Cli::try_parse_from(words).unwrap().command else { panic!("{arguments}") };
        assert_eq!(reach::build(&world, FILE.into(), &arguments, Style::Plain).output, text);
        shown += 1;
    }
    assert!(shown > 0);
}

/// One line of platform.yaml changed, and what is printed then; `BLESS=1` writes that anew.
#[test]
fn what_is_shown_of_a_changed_line_is_what_it_prints() {
    let mut page = repository::text("README.md");
    let blocks = markdown::blocks(&page);
    let mistake = blocks.iter().position(|block| block.language == "diff").unwrap();
    let (diff, shown) = (&blocks[mistake].text, &blocks[mistake + 1]);
    let (old, new) = (markdown::side(diff, '-'), markdown::side(diff, '+'));
    let platform = repository::text(FILE);
    assert_eq!(platform.matches(&old).count(), 1, "where is `{old}`?");
    let world = Memory::with(output::files());
    world.write(FILE.into(), platform.replace(&old, &new).as_bytes()).unwrap();
    let run = output::run(&world);
    let first = "$ cargo run -- render --format short\n";
    let printed = format!("{first}{}", render(&run.diagnostics, &run.sources, Format::Short, Style::Plain));
    page.replace_range(shown.body.clone(), &printed);
    markdown::expect("README.md", &page);
}

/// Nobody looks for a command that is not told of.
#[test]
fn every_command_is_told_of() {
    let page = repository::text("README.md");
    let rows: String = page.lines().filter(|line| line.starts_with("| `platformc ")).collect();
    for command in Cli::command().get_subcommands() {
        let name = command.get_name();
        assert!(rows.contains(&format!("`platformc {name}")), "README.md does not tell of `{name}`");
    }
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

/// The arguments of a command of ours, and what it prints.
fn command<'t>(block: &'t str, name: &str) -> Option<(&'t str, &'t str)> {
    let (line, text) = block.split_once('\n')?;
    let line = line.strip_prefix("$ ")?;
    let line = line.strip_prefix("cargo run -- ").or_else(|| line.strip_prefix("platformc "))?;
    Some((line.strip_prefix(name)?.strip_prefix(' ')?, text))
}

/// A whole command line, or the name of a command alone.
fn expect_command_line(arguments: &str) {
    if Cli::command().find_subcommand(arguments).is_some() {
        return;
    }
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

fn yaml_with(key: &str) -> Vec<Block> {
    let yaml = blocks().into_iter().filter(|block| block.language == "yaml");
    yaml.filter(|block| node(&block.text).get(key).is_some()).collect()
}

fn node(text: &str) -> Node {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let documents = read(sources.add("README.md", text), text, &mut sink);
    assert!(!sink.has_errors(), "{text}\n{:?}", sink.into_sorted());
    documents.into_iter().next().unwrap()
}

/// The fenced blocks of all pages.
fn blocks() -> Vec<Block> {
    PAGES.iter().flat_map(|page| markdown::blocks(&repository::text(page))).collect()
}
