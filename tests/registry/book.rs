//! The pages of `docs/` as a book: each is in the summary, and every link leads somewhere.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use crate::{markdown, repository};

const SUMMARY: &str = "docs/SUMMARY.md";

#[test]
fn every_page_is_in_the_summary() {
    let linked: BTreeSet<Utf8PathBuf> = links(Utf8Path::new(SUMMARY)).into_iter().map(|link| link.path).collect();
    let pages: BTreeSet<Utf8PathBuf> = markdown::pages().into_iter().filter(|path| path != SUMMARY).collect();
    assert_eq!(linked, pages);
}

#[test]
fn every_title_in_the_summary_is_that_of_its_page() {
    for link in links(Utf8Path::new(SUMMARY)) {
        let page = repository::text(&link.path);
        assert_eq!(page.lines().next(), Some(format!("# {}", link.title).as_str()), "{}", link.path);
    }
}

#[test]
fn every_link_leads_somewhere() {
    let mut dead = vec![];
    let pages = markdown::pages().into_iter().chain(["README.md".into(), "CHANGELOG.md".into()]);
    for page in pages {
        for link in links(&page) {
            let is_there = repository::is_there(&link.path);
            let heading = link.heading.as_deref().filter(|_| link.path.extension() == Some("md"));
            let has_heading = heading.is_none_or(|heading| is_there && headings(&link.path).contains(heading));
            if !is_there || !has_heading {
                dead.push(format!("{page}: `{}` leads nowhere", link.written));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

/// The site has the pages of `docs/` and nothing else.
#[test]
fn no_link_of_a_page_leaves_the_book() {
    for page in markdown::pages() {
        let leaving = links(&page).into_iter().find(|link| !link.path.starts_with("docs"));
        assert!(leaving.is_none(), "{page}: `{}` would lead nowhere on the site", leaving.unwrap().written);
    }
}

/// A link to a file of the repository.
struct Link {
    title: String,
    written: String,
    /// From the root of the repository.
    path: Utf8PathBuf,
    /// Behind `#`.
    heading: Option<String>,
}

/// The links of a page that lead to files, outside of code.
fn links(page: &Utf8Path) -> Vec<Link> {
    let text = repository::text(page);
    let prose: String = outside_of_code(&text);
    let mut found = vec![];
    for (before, behind) in prose.match_indices("](").map(|(at, _)| prose.split_at(at)) {
        let Some(written) = behind[2..].split(')').next() else { continue };
        if written.contains("://") {
            continue;
        }
        let (path, heading) = match written.split_once('#') {
            Some((path, heading)) => (path, Some(heading.to_owned())),
            None => (written, None),
        };
        let folder = page.parent().unwrap_or(Utf8Path::new(""));
        let path = if path.is_empty() { page.to_owned() } else { plain(&folder.join(path)) };
        let title = before.rsplit('[').next().unwrap_or_default().to_owned();
        found.push(Link { title, written: written.to_owned(), path, heading });
    }
    found
}

/// Without `..`.
fn plain(path: &Utf8Path) -> Utf8PathBuf {
    let mut parts: Vec<&str> = vec![];
    for part in path.as_str().split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/").into()
}

fn outside_of_code(page: &str) -> String {
    let mut text = page.to_owned();
    for block in markdown::blocks(page).into_iter().rev() {
        text.replace_range(block.body, "");
    }
    text.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

/// As GitHub and mdbook name them.
fn headings(page: &Utf8Path) -> BTreeSet<String> {
    let text = repository::text(page);
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchor = |line: &str| -> String {
        let kept = line.trim_start_matches('#').trim().to_lowercase();
        let kept = kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(anchor).collect()
}
