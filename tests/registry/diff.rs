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
    let at = blocks.iter().position(|block| block.language == "diff").unwrap();
    let [change, shown]: &[Block; 2] = blocks[at..at + 2].try_into().unwrap();
    let command = shown.text.lines().next().and_then(|line| line.strip_prefix(COMMAND)).unwrap();
    let printed = format!("{COMMAND}{command}\n{}", printed(command, &change.text));
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
fn the_table_of_classes_is_that_of_the_rules() {
    let mut page = repository::text(PAGE);
    let mut table =
        "| class | `--fail-on` | what it says | what falls under it |\n| --- | --- | --- | --- |\n".to_owned();
    for (class, words) in &rules().classes {
        let own = rules().all().iter().filter(|rule| rule.class == *class);
        let mut kinds: Vec<String> = own.flat_map(|rule| rule.told()).collect();
        kinds.dedup();
        table += &format!("| {} | `{}` | {} | {} |\n", words.title, class.as_str(), words.says, kinds.join("; "));
    }
    page.replace_range(markdown::part(&page, "classes"), &table);
    markdown::expect(PAGE, &page);
}
