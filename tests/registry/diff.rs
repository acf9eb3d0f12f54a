//! What README.md and `docs/diff.md` say of `platformc diff` is what it says.

use camino::Utf8Path;
use clap::Parser;
use platformc::cli::diff::answer;
use platformc::cli::{Cli, Command};
use platformc::diagnostic::Style;
use platformc::diff::before::Places;
use platformc::diff::rules::rules;
use platformc::world::{Memory, World};

use crate::markdown::{self, Block};
use crate::platforms::FILE;
use crate::{output, repository};

const README: &str = "README.md";
const PAGE: &str = "docs/diff.md";
const COMMAND: &str = "$ cargo run -- ";

#[test]
fn what_is_shown_of_diff_is_what_it_prints() {
    let page = repository::text(README);
    let blocks = markdown::blocks(&page);
    let command = |block: &Block| {
        let command = block.text.lines().next()?.strip_prefix(COMMAND)?;
        command.starts_with("diff").then(|| command.to_owned())
    };
    let (change, shown) = blocks.iter().zip(&blocks[1..]).find(|(_, block)| command(block).is_some()).unwrap();
    let command = command(shown).unwrap();
    let printed = format!("{COMMAND}{command}\n{}", printed(&command, &change.text));
    let mut page = page.clone();
    page.replace_range(shown.body.clone(), &printed);
    markdown::expect(README, &page);
}

/// What a command prints once a line of the root's platform.yaml is another one.
fn printed(command: &str, change: &str) -> String {
    let line = |sign: char| change.lines().find_map(|line| line.strip_prefix(sign)).unwrap();
    let platform = repository::text(FILE);
    assert_eq!(platform.matches(&format!("\n{}\n", line('-'))).count(), 1, "one line of {FILE}");
    let world = Memory::with(output::files());
    world.write(FILE.into(), platform.replace(line('-'), line('+')).as_bytes()).unwrap();
    let words = std::iter::once("platformc").chain(command.split_whitespace());
    let Command::Diff(arguments) = Cli::try_parse_from(words).unwrap().command else { panic!("{command}") };
    let places = Places { project: &world, here: &world };
    answer(&places, Utf8Path::new(FILE), &arguments, Style::Plain, Style::Plain).output
}

#[test]
fn the_tables_are_those_of_the_rules() {
    let mut page = repository::text(PAGE);
    let mut table = "| class | `--fail-on` | says |\n| --- | --- | --- |\n".to_owned();
    for (class, words) in &rules().classes {
        table += &format!("| {} | `{}` | {} |\n", words.title, class.as_str(), words.says);
    }
    page.replace_range(markdown::part(&page, "classes"), &table);
    let mut table = "| rule | class | is about | says |\n| --- | --- | --- | --- |\n".to_owned();
    for rule in rules().all() {
        let about = rule.told().unwrap_or_else(|| "what both sides come to".into());
        let cells = [&about, &rule.because].map(|text| text.replace('*', "\\*"));
        table += &format!("| `{}` | {} | {} | {} |\n", rule.id, rules().title(rule.class), cells[0], cells[1]);
    }
    page.replace_range(markdown::part(&page, "rules"), &table);
    markdown::expect(PAGE, &page);
}
