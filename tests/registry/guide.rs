//! The pages that build something step by step: each is a session at a terminal, and goes as it is shown.
//!
//! A block behind a sentence that ends in `` `path`: `` is that file; behind "… to the end of `path`:" it is added to it. A
//! block of `diff` is a mistake: it holds for the next command only. A block that starts with `$` is a command and what it
//! prints; `BLESS=1` writes that anew.

use camino::{Utf8Path, Utf8PathBuf};
use clap::Parser;
use platformc::cli::{Cli, Command, components, explain, reach, render, verify_chart};
use platformc::diagnostic::Style;
use platformc::world::{Memory, Ran, World};

use crate::markdown::{self, Block};
use crate::platforms::FILE;
use crate::repository;

const PAGES: [&str; 4] =
    ["docs/components.md", "docs/components-chart.md", "docs/components-options.md", "docs/patches.md"];
/// What stands for the charts of the pages: `Chart.yaml`, and what Helm renders of it.
const CHARTS: &str = "tests/guide";
const OUT: &str = "out";

#[test]
fn every_step_of_the_guide_goes_as_it_is_shown() {
    for path in PAGES {
        let page = repository::text(path);
        let mut session = Session { page: path, world: world(), mistake: None };
        let mut fresh = page.clone();
        let mut outputs = vec![];
        for block in markdown::blocks(&page) {
            outputs.extend(session.step(&block).map(|output| (block.body.clone(), output)));
        }
        assert!(!outputs.is_empty(), "{path} shows no command");
        for (body, output) in outputs.into_iter().rev() {
            fresh.replace_range(body, &output);
        }
        markdown::expect(path, &fresh);
    }
}

/// An empty folder, where Helm renders what stands for the one chart.
fn world() -> Memory {
    Memory::default().answering(|_, arguments, _| {
        let name = if arguments.first() == Some(&"template") { "rendered.yaml" } else { "Chart.yaml" };
        let output = repository::text(format!("{CHARTS}/oauth2-proxy/{name}")).into_bytes();
        Ok(Ran { succeeded: true, output, errors: vec![] })
    })
}

struct Session {
    page: &'static str,
    world: Memory,
    /// The file with the mistake, and its text without.
    mistake: Option<(Utf8PathBuf, String)>,
}

impl Session {
    /// What the block must be, where it is a command.
    fn step(&mut self, block: &Block) -> Option<String> {
        if block.language == "diff" {
            self.mistake(block);
        } else if block.text.starts_with("$ ") {
            let commands = block.text.lines().filter_map(|line| line.strip_prefix("$ "));
            let shown = commands.map(|command| format!("$ {command}\n{}", self.run(command, block))).collect();
            if let Some((path, text)) = self.mistake.take() {
                self.write(&path, &text);
            }
            return Some(shown);
        } else if let Some(path) = file(&block.before) {
            let is_added = block.before.ends_with(&format!("to the end of `{path}`:"));
            let before = if is_added { self.text(path) + "\n" } else { String::new() };
            self.write(path, &(before + &block.text));
        }
        None
    }

    fn run(&self, command: &str, block: &Block) -> String {
        let (place, words) = (format!("{}:{}", self.page, block.line), command.split(' ').collect::<Vec<_>>());
        match words.as_slice() {
            ["cat", path] => self.text(path),
            ["grep", "-A", further, text, path] => self.lines_from(path, text, further.parse().unwrap()),
            ["cp", from, to] => {
                self.write(to, &self.text(from));
                String::new()
            }
            ["platformc", ..] => self.platformc(&words),
            _ => panic!("{place}: what is `{command}`?"),
        }
    }

    fn platformc(&self, words: &[&str]) -> String {
        let world = &self.world;
        let answer = match Cli::try_parse_from(words).unwrap_or_else(|error| panic!("{error}")).command {
            Command::Render(arguments) => {
                let out = arguments.scope.out.clone().unwrap_or_else(|| OUT.into());
                let run = render::build(world, &arguments.scope.file, world, &out, &arguments);
                run.answer(&out, arguments.scope.faults.format, Style::Plain)
            }
            Command::Components(arguments) => components::answer(world, &arguments, Style::Plain),
            Command::Explain(arguments) => explain::answer(world, &arguments.file, &arguments, Style::Plain),
            Command::Reach(arguments) => reach::build(world, &arguments.file, &arguments, Style::Plain),
            Command::VerifyChart(arguments) => {
                verify_chart::answer(world, &arguments.file, world, &arguments, Style::Plain)
            }
            _ => panic!("{words:?}: what does it print?"),
        };
        answer.message + &answer.output
    }

    /// Puts the lines with `+` in the place of those with `-`; what surrounds them must be there once, in one file.
    fn mistake(&mut self, block: &Block) {
        let (old, new) = (markdown::side(&block.text, '-'), markdown::side(&block.text, '+'));
        let files = self.world.files("".into()).unwrap();
        let is_written = |path: &Utf8Path| path.starts_with("templates") || path == FILE;
        let files = files.into_iter().filter(|path| is_written(path) && self.text(path).contains(&old));
        let [path] = &files.collect::<Vec<_>>()[..] else { panic!("{}:{}: in which file?", self.page, block.line) };
        let text = self.text(path);
        assert_eq!(text.matches(&old).count(), 1, "{}:{}: where in {path}?", self.page, block.line);
        self.write(path, &text.replace(&old, &new));
        self.mistake = Some((path.clone(), text));
    }

    /// The one line that holds a text, and some after it.
    fn lines_from(&self, path: &str, text: &str, further: usize) -> String {
        let (whole, mut from) = (self.text(path), String::new());
        assert_eq!(whole.lines().filter(|line| line.contains(text)).count(), 1, "{}: `{text}` in {path}", self.page);
        for line in whole.lines().skip_while(|line| !line.contains(text)).take(further + 1) {
            from += &format!("{line}\n");
        }
        from
    }

    fn text(&self, path: impl AsRef<Utf8Path>) -> String {
        let path = path.as_ref();
        self.world.text(path).unwrap_or_else(|| panic!("{}: there is no {path}", self.page))
    }

    fn write(&self, path: impl AsRef<Utf8Path>, text: &str) {
        self.world.write(path.as_ref(), text.as_bytes()).unwrap();
    }
}

/// The file that a sentence is about, if it ends in its path.
pub fn file(before: &str) -> Option<&str> {
    let (_, path) = before.strip_suffix("`:")?.rsplit_once('`')?;
    path.contains('.').then_some(path)
}

/// A project must compile.
pub fn expect_compiles(world: &Memory) {
    let Command::Render(arguments) = Cli::try_parse_from(["platformc", "render"]).unwrap().command else { panic!() };
    let run = render::build(world, FILE.into(), world, OUT.into(), &arguments);
    assert!(run.done.is_some(), "{}", run.answer(OUT.into(), arguments.scope.faults.format, Style::Plain).message);
}
