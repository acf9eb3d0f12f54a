//! A platform.yaml for manifests that are there.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use serde_json::json;

use super::external::Said;
use super::{Arguments, filled, next, written};
use crate::cli::{Answer, Exit};
use crate::diagnostic::{self, Diagnostic, Format, Severity, Sink, Style};
use crate::lint::{self, Holdings, Lint};
use crate::manifests;
use crate::source::Sources;
use crate::source::write::document;
use crate::world::{Supposed, World};
use crate::{Request, compile};

const FOUND: &str = include_str!("found.yaml");

/// A file that is supposed to be there, for what the cluster holds beside the manifests.
const BESIDE: &str = "external.yaml";

/// What one thing needs may be known only once another is there.
const ROUNDS: usize = 8;

/// More faults than these are told in a line each; `render` tells the rest.
const MANY: usize = 10;

/// What was taken over.
pub struct Taken {
    pub text: String,
    tally: lint::Tally,
    /// Files that are no manifests, each with the reason.
    left_out: Vec<String>,
    /// What `render` will say of it.
    faults: Vec<Diagnostic>,
    sources: Sources,
}

pub fn take(world: &dyn World, file: &Utf8Path, folder: &Utf8Path, arguments: &Arguments) -> Result<Taken, String> {
    let folder = inside(folder)?;
    let (said, tally) = beside(world, &folder)?;
    let held = lint::holdings(world, &folder);
    let (globs, left_out) = globs(&folder, &held);
    if globs.is_empty() {
        return Err(format!("`{folder}` holds no manifest; nothing is written"));
    }
    let text = text(arguments, &globs, &said, &left_out);
    let supposed = Supposed::with(world, [(file.to_owned(), text.clone().into_bytes())]);
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    compile(&supposed, &Request::all(file, world.today()), &mut sources, &mut sink);
    let mut faults = sink.into_sorted();
    faults.retain(|fault| fault.severity == Severity::Error);
    Ok(Taken { text, tally, left_out, faults, sources })
}

/// The folder as `manifests` can name it.
fn inside(folder: &Utf8Path) -> Result<Utf8PathBuf, String> {
    let plain = lint::plain(folder);
    match plain.components().next() {
        None => Err(format!("`{folder}` is the folder of platform.yaml itself: put the manifests into one beside it")),
        Some(Utf8Component::Normal(first)) if manifests::TAKEN.contains(&first) => {
            Err(format!("`{first}/` is a folder with a meaning of its own: put the manifests into another"))
        }
        Some(Utf8Component::Normal(_)) => Ok(plain),
        Some(_) => {
            Err(format!("`{folder}` is not below the folder of platform.yaml, and only what is can be taken over"))
        }
    }
}

/// What the manifests reference and do not hold: said by the faults that they have where they are everything.
fn beside(world: &dyn World, folder: &Utf8Path) -> Result<(Said, lint::Tally), String> {
    let mut said = Said::default();
    let mut tally = lint::Tally::default();
    for _ in 0..ROUNDS {
        let text = document(&said.json()).into_bytes();
        let supposed = Supposed::with(world, [(BESIDE.into(), text)]);
        let (mut sources, mut sink) = (Sources::default(), Sink::default());
        let lint = Lint {
            paths: &[folder],
            kubernetes: &[],
            external: Some(BESIDE.into()),
            schemas: &[],
            unknown_kinds: Severity::Warning,
            waivers: None,
            today: world.today(),
        };
        tally = lint::lint(&supposed, &lint, &mut sources, &mut sink);
        if tally.objects == 0 {
            let reason = sink.iter().next().map(|fault| fault.message.clone()).unwrap_or_default();
            return Err(format!("{reason}; nothing is written"));
        }
        let fresh: Vec<bool> = sink.iter().map(|fault| said.add(fault)).collect();
        if !fresh.contains(&true) {
            break;
        }
    }
    Ok((said, tally))
}

/// The globs that name the manifests, and what they do not name.
fn globs(folder: &Utf8Path, held: &Holdings) -> (Vec<String>, Vec<String>) {
    let (named, others): (Vec<_>, Vec<_>) = held.objects.iter().partition(|path| manifests::may_be_one(path));
    let json = others.into_iter().map(|path| format!("{path}: JSON; `manifests` takes YAML"));
    let left_out: Vec<String> =
        json.chain(held.others.iter().map(|(path, reason)| format!("{path}: {reason}"))).collect();
    // `**` names no hidden files, and all others.
    let is_hidden = |path: &Utf8Path| path.components().any(|part| part.as_str().starts_with('.'));
    let is_whole = !named.iter().any(|path| is_hidden(path.strip_prefix(folder).unwrap_or(path)))
        && held.others.iter().all(|(path, _)| is_hidden(path) || !manifests::may_be_one(path));
    match named.is_empty() || !is_whole {
        true => (named.into_iter().map(ToString::to_string).collect(), left_out),
        false => (vec![format!("{folder}/**")], left_out),
    }
}

fn text(arguments: &Arguments, globs: &[String], said: &Said, left_out: &[String]) -> String {
    let mut text = filled(FOUND, arguments);
    text += "\n# Checked, linked and deployed like everything else.\n";
    text += &document(&json!({"manifests": globs}));
    for left in left_out {
        text += &format!("# not among them: {left}\n");
    }
    if !said.is_empty() {
        text += "\n# What they reference and do not hold. What is wrong here is wrong in the cluster: read it line by line.\n";
        text += &document(&json!({"external": said.json()}));
    }
    text
}

impl Taken {
    pub fn answer(&self, arguments: &Arguments, style: Style) -> Answer {
        let format = if self.faults.len() > MANY { Format::Short } else { Format::Human };
        let shown = diagnostic::render(&self.faults, &self.sources, format, style);
        let left_out: String = self.left_out.iter().map(|left| format!("left out: {left}\n")).collect();
        let (exit, last) = match self.faults.is_empty() {
            true => (Exit::Done, next(arguments)),
            false => (Exit::Faults, format!("mend this, then: {}", next(arguments).trim_start_matches("next: "))),
        };
        let taken = format!("{} taken over\n", self.tally.held());
        Answer { message: shown + &written(arguments) + &taken + &left_out + &last, output: String::new(), exit }
    }
}
