//! For a terminal.

use std::fmt::Write;

use clap::builder::styling::{AnsiColor, Effects, Style as Paint};

use super::entries::{self, Entry, Section};
use super::value::{lines, short};
use crate::diagnostic::Style;
use crate::diff::rules::rules;
use crate::diff::{Change, Class, Diff, Event, Reordered, Subject};

/// Of many things with the same change, so many are named.
const NAMED: usize = 6;

pub fn human(diff: &Diff, style: Style) -> String {
    let page = Page { style };
    let mut text: String = entries::sections(diff).iter().map(|section| page.section(section)).collect();
    text += &page.idle(diff);
    text += &page.reordered(&diff.reordered);
    text + &page.summary(diff)
}

struct Page {
    style: Style,
}

impl Page {
    fn section(&self, section: &Section) -> String {
        let title = self.paint(colour(section.class).bold(), entries::title(section.class));
        let says = rules().classes.get(&section.class).map_or("", |words| &words.says);
        let mut told = vec![];
        let entries: String = section.entries.iter().map(|entry| self.entry(entry, &mut told)).collect();
        format!("{title}: {}\n{entries}\n", self.dim(says))
    }

    fn entry(&self, entry: &Entry, told: &mut Vec<String>) -> String {
        let sign = match entry.event() {
            Event::Added => self.paint(AnsiColor::Green.on_default(), "+"),
            Event::Removed => self.paint(AnsiColor::Red.on_default(), "-"),
            Event::Changed => "~".into(),
        };
        let mut text = format!("  {sign} {}{}\n", names(entry), of(entry.environments()));
        let (noise, shown): (Vec<&Change>, Vec<&Change>) = entry.changes.iter().partition(|change| change.is_noise());
        for change in shown.into_iter().filter(|change| change.old.is_some() || change.new.is_some()) {
            text += &self.change(change);
        }
        if !noise.is_empty() {
            let paths: Vec<String> = noise.iter().map(|change| change.path.to_string()).collect();
            let _ = writeln!(text, "      {}", self.dim(&format!("beside it: {}", paths.join(", "))));
        }
        for reason in entry.news(told).into_iter().chain(entry.place().map(|place| format!("at {place}"))) {
            let _ = writeln!(text, "      {}", self.dim(&reason));
        }
        text
    }

    fn change(&self, change: &Change) -> String {
        let (removed, added) = (AnsiColor::Red.on_default(), AnsiColor::Green.on_default());
        if let Some(lines) = lines(change.old.as_ref(), change.new.as_ref()) {
            let paint = |sign: char| if sign == '-' { removed } else { added };
            let line = |(sign, line): (char, String)| {
                format!("        {}\n", self.paint(paint(sign), &format!("{sign} {line}")))
            };
            let head = if change.path.is_empty() { String::new() } else { format!("      {}:\n", change.path) };
            return head + &lines.into_iter().map(line).collect::<String>();
        }
        let old = change.old.as_ref().map(|old| self.paint(removed, &short(old)));
        let new = change.new.as_ref().map(|new| self.paint(added, &short(new)));
        let value = match (old, new) {
            (Some(old), Some(new)) => format!("{old} → {new}"),
            (Some(old), None) => format!("{old} → (gone)"),
            (None, new) => format!("(new) {}", new.unwrap_or_default()),
        };
        if change.path.is_empty() { format!("      {value}\n") } else { format!("      {}: {value}\n", change.path) }
    }

    fn idle(&self, diff: &Diff) -> String {
        let idle: Vec<String> = entries::idle(diff).iter().map(|(what, count)| format!("{what} {count}")).collect();
        if idle.is_empty() {
            return String::new();
        }
        let title = self.paint(Paint::new().bold(), entries::title(Class::NoEffect));
        format!("{title}: {}\n\n", self.dim(&idle.join(", ")))
    }

    fn reordered(&self, lists: &[Reordered]) -> String {
        let line = |list: &Reordered| format!("  {} {}\n", list.subject.title(), list.path);
        if lists.is_empty() {
            return String::new();
        }
        let title = self.paint(Paint::new().bold(), "in another order");
        let says = self.dim("no change, but Kubernetes compares pod templates with their order, and replaces the pods");
        format!("{title}: {says}\n{}\n", lists.iter().map(line).collect::<String>())
    }

    fn summary(&self, diff: &Diff) -> String {
        let counts: Vec<String> =
            entries::counts(diff).iter().map(|(class, count)| format!("{}: {count}", entries::title(*class))).collect();
        let text = match counts.as_slice() {
            [] => "nothing changes".to_owned(),
            counts => counts.join(", "),
        };
        format!("{}{}\n", self.paint(Paint::new().bold(), &text), of(&diff.environments))
    }

    fn dim(&self, text: &str) -> String {
        self.paint(Paint::new().effects(Effects::DIMMED), text)
    }

    fn paint(&self, paint: Paint, text: &str) -> String {
        match self.style {
            Style::Plain => text.to_owned(),
            Style::Coloured => format!("{paint}{text}{paint:#}"),
        }
    }
}

fn colour(class: Class) -> Paint {
    match class {
        Class::Replaces | Class::Deletes | Class::Interrupts => AnsiColor::Red,
        Class::OpensNetwork | Class::MovesSecret | Class::Restarts | Class::ClosesNetwork => AnsiColor::Yellow,
        Class::ApiVersion | Class::ChartVersion | Class::Scales => AnsiColor::Cyan,
        Class::Adds => AnsiColor::Green,
        Class::Config | Class::NoEffect => AnsiColor::White,
    }
    .on_default()
}

/// `a`, or `7 of them: a, b, c and 4 more`
pub fn names(entry: &Entry) -> String {
    let from = |subject: &&Subject| match subject {
        Subject::Connection { from, .. } => Some(from.clone()),
        _ => None,
    };
    let from: Vec<String> = entry.subjects.iter().filter_map(from).collect();
    match entry.subjects.first() {
        Some(Subject::Connection { to, ports, .. }) => format!("{} → {to} on {ports}", few(&from)),
        _ => few(&entry.subjects.iter().map(|subject| subject.title()).collect::<Vec<_>>()),
    }
}

fn few(titles: &[String]) -> String {
    match titles {
        [one] => one.clone(),
        titles if titles.len() <= NAMED + 1 => titles.join(", "),
        titles => {
            let shown = titles.get(..NAMED).unwrap_or_default().join(", ");
            format!("{shown} and {} more", titles.len() - NAMED)
        }
    }
}

/// ` (dev, prod)`
pub fn of(environments: &[String]) -> String {
    if environments.is_empty() { String::new() } else { format!(" ({})", environments.join(", ")) }
}
