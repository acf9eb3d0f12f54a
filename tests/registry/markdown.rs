//! The pages of `docs/` and README.md as tests see them: fenced blocks, what is said before each, links, parts that are
//! generated. `BLESS=1` writes generated parts and shown outputs anew.

#![allow(clippy::disallowed_methods, reason = "a test asks the environment whether to bless")]

use std::ops::Range;

use camino::Utf8PathBuf;
use platformc::world::World;
use similar::TextDiff;

use crate::repository;

/// A fenced block.
#[derive(Debug, Clone)]
pub struct Block {
    pub language: String,
    pub text: String,
    /// The paragraph before it, on one line.
    pub before: String,
    /// Where its text stands in the page.
    pub body: Range<usize>,
    /// The line of the fence, from 1.
    pub line: usize,
}

/// Every page of `docs/`.
pub fn pages() -> Vec<Utf8PathBuf> {
    repository::files("docs").into_iter().filter(|path| path.extension() == Some("md")).collect()
}

/// The fenced blocks of a page.
pub fn blocks(page: &str) -> Vec<Block> {
    let (mut blocks, mut open) = (vec![], None::<Block>);
    let (mut at, mut before, mut was_blank) = (0, String::new(), true);
    for (number, line) in page.split_inclusive('\n').enumerate() {
        let end = at + line.len();
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(language), None) => {
                let (language, before) = (language.trim().to_owned(), std::mem::take(&mut before));
                open = Some(Block { language, text: String::new(), before, body: end..end, line: number + 1 });
            }
            (None, Some(block)) => {
                block.text.push_str(line);
                block.body.end = end;
            }
            (None, None) => paragraph(&mut before, line.trim(), &mut was_blank),
        }
        at = end;
    }
    assert!(open.is_none(), "a block is never closed");
    blocks
}

fn paragraph(before: &mut String, line: &str, was_blank: &mut bool) {
    if !line.is_empty() {
        let joined = if *was_blank { line.to_owned() } else { format!("{before} {line}") };
        *before = joined;
    }
    *was_blank = line.is_empty();
}

/// A side of a block of `diff`: the lines with a sign, and those that surround them.
pub fn side(diff: &str, sign: char) -> String {
    let lines = diff.lines().filter(|line| line.starts_with([' ', sign]));
    lines.map(|line| format!("{}\n", &line[1..])).collect()
}

/// The text between `<!-- name: begin -->` and `<!-- name: end -->`.
pub fn part(page: &str, name: &str) -> Range<usize> {
    let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->"));
    let start = page.find(&begin).unwrap_or_else(|| panic!("no {begin}")) + begin.len();
    start..start + page[start..].find(&end).unwrap_or_else(|| panic!("no {end}"))
}

/// A page must be so; with `BLESS=1` it is written.
pub fn expect(path: &str, page: &str) {
    let now = repository::text(path);
    if is_blessing() {
        repository::disk().write(path.into(), page.as_bytes()).unwrap();
    } else if now != page {
        let lines = TextDiff::from_lines(now.as_str(), page);
        panic!("{path} is stale (BLESS=1 writes it anew):\n{}", lines.unified_diff().context_radius(2));
    }
}

pub fn is_blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

#[test]
fn a_block_knows_its_paragraph_and_place() {
    let page = "a\n\nThe file\n`x.yaml`:\n\n```yaml\nb: 1\n```\n\n```text\n$ c\n```\n";
    let found = blocks(page);
    let seen: Vec<_> = found.iter().map(|block| (block.language.as_str(), block.before.as_str(), block.line)).collect();
    assert_eq!(seen, [("yaml", "The file `x.yaml`:", 6), ("text", "", 10)]);
    assert_eq!(&page[found[0].body.clone()], "b: 1\n");
}
