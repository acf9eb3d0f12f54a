//! Where the values at a path come from, in each environment.

use camino::Utf8Path;
use serde_json::{Value as Json, json};

use super::{Arguments, Values};
use crate::cli::text::{columns, wrapped, yaml};
use crate::cli::{Answer, Exit};
use crate::component::Catalog;
use crate::diagnostic::{self, Format, Severity, Sink, Style};
use crate::load::load;
use crate::resolve::origin::{Found, Layer, Origin, Unknown, View};
use crate::resolve::{self, input::ENVIRONMENTS};
use crate::source::{NodePath, Sources, Span};
use crate::world::World;

/// Longer values are cut short in a table; asked for alone they are shown whole.
const LONGEST: usize = 40;

/// As many keys as a reader takes in at a glance.
const FEW: usize = 12;

/// What is so in one environment; none where the file has none.
type Told = (Option<String>, Result<Found, Unknown>);

pub fn answer(world: &dyn World, file: &Utf8Path, path: &NodePath, arguments: &Arguments, style: Style) -> Answer {
    let (mut sources, mut sink) = (Sources::below(world.folder()), Sink::default());
    let catalog = Catalog::load(world, &mut sources, &mut sink);
    let told = told(world, file, &catalog, path, arguments, &mut sources, &mut sink);
    let mut faults = sink.into_sorted();
    faults.retain(|fault| fault.severity == Severity::Error);
    let message = diagnostic::render(&faults, &sources, Format::Human, style);
    let shown = Shown { path, file, told: &told, sources: &sources };
    match shown.unknown() {
        _ if told.is_empty() => Answer { message, exit: Exit::Faults, ..Answer::default() },
        Some(unknown) => Answer::failed(message + &unknown),
        None => {
            let exit = if faults.is_empty() { Exit::Done } else { Exit::Faults };
            Answer { output: shown.text(arguments.format), message, exit }
        }
    }
}

fn told(
    world: &dyn World,
    file: &Utf8Path,
    catalog: &Catalog,
    path: &NodePath,
    arguments: &Arguments,
    sources: &mut Sources,
    sink: &mut Sink,
) -> Vec<Told> {
    let Some(document) = load(world, file, sources, sink) else { return vec![] };
    let mut told = vec![];
    for environment in crate::wanted(&document, arguments.environment.as_deref(), sink) {
        let view: Option<View> = resolve::view(&document, catalog, environment.as_deref(), sink);
        told.extend(view.map(|view| (environment, view.at(path))));
    }
    told
}

struct Shown<'a> {
    path: &'a NodePath,
    file: &'a Utf8Path,
    told: &'a [Told],
    sources: &'a Sources,
}

impl Shown<'_> {
    fn text(&self, format: Values) -> String {
        match format {
            Values::Human => self.human(),
            Values::Short => self.short(),
            Values::Json => format!("{:#}\n", self.json()),
        }
    }

    /// Where no environment knows the path.
    fn unknown(&self) -> Option<String> {
        if self.path.below(ENVIRONMENTS).is_some() {
            return Some(
                "error: an environment is laid over the rest: ask for `domain`, or what else it changes\n".into(),
            );
        }
        let mut unknown = None;
        for (_, told) in self.told {
            unknown = Some(told.as_ref().err()?);
        }
        let Unknown { known, key, nearest, keys } = unknown?;
        let place = if known.steps().is_empty() { self.file.to_string() } else { format!("`{known}`") };
        let help = match (nearest, keys.as_slice()) {
            (Some(nearest), _) => format!("did you mean `{nearest}`?"),
            (None, []) => "nothing is below it".into(),
            (None, keys) if keys.len() <= FEW => format!("it has {}", keys.join(", ")),
            (None, _) => "`platformc components` lists what there is".into(),
        };
        Some(format!("error: {place} has no `{}`; {help}\n", key.escape_debug()))
    }

    fn human(&self) -> String {
        let found = self.told.iter().find_map(|(_, told)| told.as_ref().ok());
        let description = found.and_then(|found| found.description.as_deref()).unwrap_or_default();
        let title =
            if description.is_empty() { self.path.to_string() } else { format!("{}: {description}", self.path) };
        let mut text = wrapped(&title, 100).join("\n") + "\n";
        for (environments, told) in self.groups() {
            text += "\n";
            if !environments.is_empty() {
                text += &format!("{}:\n", environments.join(", "));
            }
            text += &self.values(told, environments.last().copied().unwrap_or_default());
        }
        text
    }

    /// Environments in which the same is so, with what is so.
    fn groups(&self) -> Vec<(Vec<&str>, &Result<Found, Unknown>)> {
        let mut groups: Vec<(Vec<&str>, &Result<Found, Unknown>)> = vec![];
        for (environment, told) in self.told {
            match groups.iter_mut().find(|(_, known)| *known == told) {
                Some((names, _)) => names.extend(environment.as_deref()),
                None => groups.push((environment.as_deref().into_iter().collect(), told)),
            }
        }
        groups
    }

    fn values(&self, told: &Result<Found, Unknown>, environment: &str) -> String {
        match told {
            Err(_) => "  not there\n".into(),
            Ok(found) => match found.values.as_slice() {
                [] => format!("  not set, and without a default; it takes {}\n", found.takes),
                [one] if one.path == *self.path => {
                    format!("  {}\n  {}\n", yaml(&one.value), self.from(one, environment, default(one)))
                }
                all => columns(2, &all.iter().map(|one| self.row(one, environment)).collect::<Vec<_>>()),
            },
        }
    }

    fn row(&self, origin: &Origin, environment: &str) -> [String; 3] {
        let below = origin.path.rest(self.path.steps().len());
        let value = yaml(&origin.value);
        let value = match value.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
            None => value,
        };
        [below.to_string(), value, self.from(origin, environment, "default".into())]
    }

    /// `platform.yaml:8:10, environments.prod`
    fn from(&self, origin: &Origin, environment: &str, default: String) -> String {
        let layer = match &origin.layer {
            Layer::Base => None,
            Layer::Overlay => Some(format!("{ENVIRONMENTS}.{environment}")),
            Layer::Default(_) => Some(default),
        };
        let short = origin.short.as_ref().map(|key| format!("short for `{key}: {}`", yaml(&origin.value)));
        let taken = origin.taken.map(|null| format!("since {} takes away what was said", self.place(null)));
        let place = origin.place.map(|place| self.place(place));
        let parts: Vec<String> = place.into_iter().chain(layer).chain(short).chain(taken).collect();
        parts.join(", ")
    }

    fn place(&self, span: Span) -> String {
        let position = self.sources.position(span);
        format!("{}:{}:{}", self.sources.file(span.file).path, position.line, position.column)
    }

    fn short(&self) -> String {
        let mut lines = String::new();
        for (environments, told) in self.groups() {
            let names = if environments.is_empty() { String::new() } else { format!(" ({})", environments.join(", ")) };
            let values = told.as_ref().map(|found| found.values.as_slice()).unwrap_or_default();
            for origin in values {
                let place = origin.place.map_or_else(|| self.file.to_string(), |place| self.place(place));
                lines += &format!("{place}: {}: {}{names}\n", origin.path, yaml(&origin.value));
            }
            if values.is_empty() {
                lines += &format!("{}: {}: not set{names}\n", self.file, self.path);
            }
        }
        lines
    }

    fn json(&self) -> Json {
        let environments = self.told.iter().map(|(environment, told)| {
            let found = told.as_ref().ok();
            let values = found.map(|found| found.values.iter().map(|origin| self.json_of(origin)).collect::<Vec<_>>());
            json!({"environment": environment, "values": values})
        });
        let found = self.told.iter().find_map(|(_, told)| told.as_ref().ok());
        json!({
            "path": self.path.to_string(),
            "description": found.and_then(|found| found.description.clone()),
            "environments": environments.collect::<Vec<_>>(),
        })
    }

    fn json_of(&self, origin: &Origin) -> Json {
        let (layer, component) = match &origin.layer {
            Layer::Base => ("base", None),
            Layer::Overlay => ("overlay", None),
            Layer::Default(component) => ("default", component.as_ref()),
        };
        let position = origin.place.map(|place| self.sources.position(place));
        json!({
            "path": origin.path.to_string(),
            "value": origin.value.to_json(),
            "layer": layer,
            "component": component,
            "short": origin.short,
            "file": origin.place.map(|place| self.sources.file(place.file).path.to_string()),
            "line": position.map(|position| position.line),
            "column": position.map(|position| position.column),
        })
    }
}

/// Whose default it is; in a table the path of the file says it.
fn default(origin: &Origin) -> String {
    match &origin.layer {
        Layer::Default(Some(component)) => format!("default of {component}"),
        _ => "default of platformc".into(),
    }
}
