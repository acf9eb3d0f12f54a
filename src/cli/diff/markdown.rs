//! For a comment on a pull request: what is dangerous first and open, the rest folded; what does not fit is counted.

use super::entries::{self, Entry, Section};
use super::human::{names, of};
use super::value::{lines, short};
use crate::diff::rules::rules;
use crate::diff::{Change, Class, Diff, Event};

/// GitHub takes 65,536 characters; others write in the comment, too.
const LONGEST: usize = 60_000;

/// Room for what is said at the end.
const END: usize = 1_000;

pub fn markdown(diff: &Diff) -> String {
    let mut page = Page { text: head(diff), left_out: vec![] };
    for section in entries::sections(diff) {
        page.section(&section);
    }
    page.end(diff)
}

struct Page {
    text: String,
    /// What did not fit.
    left_out: Vec<(Class, usize)>,
}

fn head(diff: &Diff) -> String {
    let counts: Vec<String> =
        entries::counts(diff).iter().map(|(class, count)| format!("{}: {count}", entries::title(*class))).collect();
    match counts.as_slice() {
        [] => format!("**Nothing changes**{}\n", of(&diff.environments)),
        counts => format!("**{}**{}\n", counts.join(", "), of(&diff.environments)),
    }
}

impl Page {
    fn section(&mut self, section: &Section) {
        let says = rules().classes.get(&section.class).map_or("", |words| &words.says);
        let title = entries::title(section.class);
        let is_open = section.class <= Class::ClosesNetwork;
        let (head, foot) = match is_open {
            true => (format!("\n### {title}\n\n{says}\n\n"), String::new()),
            false => (format!("\n<details><summary>{title}: {says}</summary>\n\n"), "\n</details>\n".to_owned()),
        };
        let mut body = String::new();
        let (mut left, mut told) = (0, vec![]);
        for entry in &section.entries {
            let item = item(entry, &mut told);
            let length = self.text.len() + head.len() + body.len() + item.len() + foot.len();
            match length + END <= LONGEST {
                true => body += &item,
                false => left += entry.subjects.len().max(entry.changes.len()),
            }
        }
        if !body.is_empty() {
            self.text += &(head + &body + &foot);
        }
        if left > 0 {
            self.left_out.push((section.class, left));
        }
    }

    fn end(mut self, diff: &Diff) -> String {
        let idle: Vec<String> = entries::idle(diff).iter().map(|(what, count)| format!("{what} {count}")).collect();
        if !idle.is_empty() {
            self.text += &format!("\n{}: {}\n", entries::title(Class::NoEffect), idle.join(", "));
        }
        if !diff.reordered.is_empty() {
            self.text += &format!(
                "\nIn another order, for which Kubernetes replaces the pods: {} lists of pod templates\n",
                diff.reordered.len()
            );
        }
        if !self.left_out.is_empty() {
            let left: Vec<String> =
                self.left_out.iter().map(|(class, count)| format!("{}: {count}", entries::title(*class))).collect();
            self.text += &format!("\n**Left out, since a comment is not longer** – {}\n", left.join(", "));
        }
        self.text
    }
}

fn item(entry: &Entry, told: &mut Vec<String>) -> String {
    let sign = match entry.event() {
        Event::Added => "new: ",
        Event::Removed => "gone: ",
        Event::Changed => "",
    };
    let mut text = format!("- {sign}{}{}", code(&names(entry)), of(entry.environments()));
    let more: Vec<String> = entry.news(told).into_iter().chain(entry.place().map(|place| code(&place))).collect();
    if !more.is_empty() {
        text += &format!(": {}", more.iter().map(|more| plain(more)).collect::<Vec<_>>().join("; "));
    }
    text.push('\n');
    let changes = entry.changes.iter().filter(|change| change.old.is_some() || change.new.is_some());
    let shown: String = changes.filter(|change| !change.is_noise()).map(|change| field(change)).collect();
    if shown.is_empty() { text } else { format!("{text}  ```diff\n{shown}  ```\n") }
}

/// As a diff, which GitHub colours.
fn field(change: &Change) -> String {
    let path = change.path.to_string();
    if let Some(lines) = lines(change.old.as_ref(), change.new.as_ref()) {
        let lines = lines.into_iter().map(|(sign, line)| format!("  {sign} {}\n", fenced(&line)));
        return format!("  # {}\n", fenced(&path)) + &lines.collect::<String>();
    }
    let side = |sign: &str, value: &Option<serde_json::Value>| {
        value.as_ref().map(|value| format!("  {sign} {}: {}\n", fenced(&path), fenced(&short(value))))
    };
    [side("-", &change.old), side("+", &change.new)].into_iter().flatten().collect()
}

/// Nothing in it ends the block that it stands in.
fn fenced(text: &str) -> String {
    text.replace("```", "'''")
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

/// Reasons are ours, names in them are not.
fn plain(text: &str) -> String {
    text.replace('<', "&lt;")
}
