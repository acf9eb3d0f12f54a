//! What is said about a template that does not parse, or cannot be rendered.

mod place;
mod undefined;

use minijinja::{Error, ErrorKind, Value};

use super::filters::KNOWN;
use super::standing::{Misplaced, Place};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::source::{FileId, Span};

/// Why a value cannot be written where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// It is none, or an `if` without an `else` left it out.
    Nothing,
    /// A filter was given a name that is not there.
    Undefined,
    /// A map or list in YAML.
    NeedsYaml,
    /// A map or list, or what has no text at all.
    NotScalar,
    Infinite,
    /// The text of `{% set %}…{% endset %}` or `{% filter %}`.
    Captured,
    /// What the `yaml` filter made, in a file of another kind.
    NotYaml,
    /// No name that Python allows, or one of its own words.
    NotIdentifier,
    /// What `identifier` or `timedelta` made, in a file of another kind.
    NotPython,
    NotDuration,
}

/// A cause on its way through the engine.
#[derive(Debug)]
struct Refused(Cause);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::error::Error for Refused {}

/// The engine's error for a cause.
pub fn refused(cause: Cause) -> Error {
    Error::from(ErrorKind::InvalidOperation).with_source(Refused(cause))
}

/// The fault of an engine's error, in our words.
pub fn of(error: &Error, file: FileId, text: &str, context: &Value) -> Diagnostic {
    let range = place::of(error, text);
    let expression = text.get(range.clone()).unwrap_or_default();
    let fault = match (cause(error), error.kind()) {
        (Some(Cause::Undefined), _) | (None, ErrorKind::UndefinedError) => {
            return undefined::fault(error, file, text, range, context);
        }
        (Some(cause), _) => of_cause(cause, place::without_filter(expression)),
        (None, ErrorKind::SyntaxError | ErrorKind::BadEscape) => of_syntax(error),
        (None, ErrorKind::UnknownFilter) => unknown("filter", error, &KNOWN),
        (None, ErrorKind::UnknownTest) => unknown("test", error, &["none", "defined", "undefined"]),
        (None, ErrorKind::UnknownFunction) => unknown("function", error, &["range", "dict", "namespace"]),
        _ => of_evaluation(expression, &detail(error)),
    };
    fault.at(Span::new(file, range.start, range.end))
}

/// A diagnostic before its place is known.
struct Fault {
    diagnostic: Diagnostic,
    label: &'static str,
}

impl Fault {
    fn new(message: String) -> Self {
        Self { diagnostic: Diagnostic::new(Code::Template, message), label: "in this expression" }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { diagnostic: self.diagnostic.help(help), ..self }
    }

    fn at(self, span: Span) -> Diagnostic {
        self.diagnostic.at(span, self.label)
    }
}

fn cause(error: &Error) -> Option<Cause> {
    std::error::Error::source(error)?.downcast_ref().map(|Refused(cause)| *cause)
}

fn of_cause(cause: Cause, value: &str) -> Fault {
    match cause {
        Cause::Nothing | Cause::Undefined => Fault::new(format!("`{value}` is none here"))
            .help(format!("leave the line out with `{{% if {value} != none %}}`, or give it another value")),
        Cause::NeedsYaml => Fault::new(format!("`{value}` is a map or list"))
            .help(format!("write `{{{{ {value} | yaml }}}}` behind `key:` or `- `")),
        Cause::NotScalar => Fault::new(format!("`{value}` is no text, number or boolean"))
            .help("go through a map or list with `{% for … %}`, or put a list into one text with `join`"),
        Cause::Infinite => Fault::new(format!("`{value}` is no finite number")),
        Cause::Captured => Fault::new(format!("`{value}` is a piece of the page, not a value"))
            .help("build the text in an expression: `{% set x = \"a\" ~ b %}`"),
        Cause::NotYaml => Fault::new("the filter `yaml` belongs into `*.yaml.j2`".into()),
        Cause::NotIdentifier => Fault::new(format!("`{value}` is no name in Python"))
            .help("a name is letters, digits and `_`, does not start with a digit, and is no word of the language"),
        Cause::NotPython => Fault::new("the filters `identifier` and `timedelta` belong into `*.py.j2`".into()),
        Cause::NotDuration => Fault::new(format!("`{value}` is no duration")).help("write it as `90s` or `1h30m`"),
    }
}

fn of_syntax(error: &Error) -> Fault {
    let detail = detail(error);
    let fault = match detail.strip_prefix("unknown statement ") {
        Some(name) if name.starts_with("end") || name.starts_with("el") => {
            Fault::new(format!("`{{% {name} %}}` belongs to nothing"))
                .help("look for an `if` or `for` that is missing before it")
        }
        Some(name) => Fault::new(format!("there is no statement `{name}`"))
            .help("a template stands alone: it has `if`, `for` and `set`, and no macros, includes or parents"),
        None if detail.starts_with("unexpected end of input") => Fault::new("the template ends too early".into())
            .help("look for an `{% if … %}`, `{% for … %}` or `{{ … }}` that is not closed"),
        None => Fault::new(format!("this template cannot be read: {detail}")),
    };
    Fault { label: "here", ..fault }
}

/// What the engine has no better word for; with the way out where people come from another language.
fn of_evaluation(expression: &str, detail: &str) -> Fault {
    let fault = Fault::new(format!("`{expression}` cannot be worked out: {detail}"));
    match detail.rsplit_once("has no method named ") {
        Some((_, name)) if KNOWN.contains(&name) => fault.help(format!("it is a filter: `… | {name}`")),
        None if detail.starts_with("tried to use + operator") => fault.help("`~` puts texts together: `a ~ b`"),
        _ => fault,
    }
}

/// A filter, test or function that is not there; the engine says "filter x is unknown" or "x is unknown".
fn unknown(what: &str, error: &Error, known: &[&str]) -> Fault {
    let detail = detail(error);
    let name = detail.trim_end_matches(" is unknown").rsplit(' ').next().unwrap_or_default();
    let fault = Fault::new(format!("there is no {what} `{name}`"));
    if name == "tojson" {
        return fault.help("a template whose name ends with `.json.j2` writes each value as JSON");
    }
    let diagnostic = match did_you_mean(name, known.iter().copied()) {
        Some(help) => fault.diagnostic.help(help),
        None => fault.diagnostic.note(format!("known are {}", known.join(", "))),
    };
    Fault { diagnostic, ..fault }
}

/// The engine's words, without the kind.
fn detail(error: &Error) -> String {
    error.detail().map_or_else(|| error.kind().to_string(), str::to_owned)
}

/// A value in a place of YAML that it cannot fill.
pub fn misplaced(file: FileId, Misplaced { range, place }: Misplaced) -> Diagnostic {
    let (message, label, help) = match place {
        Place::NoBlock => (
            "a block of YAML cannot stand here",
            "`yaml` needs the line for itself",
            "`{{ … | yaml }}` stands alone behind `key:` or `- `, and nothing behind it",
        ),
        Place::Literal => (
            "a value cannot stand inside a text of several lines",
            "its quotes would be part of the text",
            "write the text in a template of its own (`.txt.j2`, `.json.j2`) and take it from `embedded`, or join it in \
             one expression: `{{ \"a\" ~ b }}`",
        ),
        Place::Quotes => (
            "a value cannot stand inside quotes",
            "it brings quotes of its own",
            "take the quotes away; a longer text is joined in the expression: `{{ \"a\" ~ b }}`",
        ),
        Place::Glued => (
            "a value cannot be glued to a text",
            "its quotes would be part of the text",
            "join them in the expression: `{{ \"a\" ~ b }}`",
        ),
    };
    Diagnostic::new(Code::Template, message).at(Span::new(file, range.start, range.end), label).help(help)
}

pub fn unknown_manner(name: &str, file: FileId) -> Diagnostic {
    Diagnostic::new(Code::Template, format!("how `{name}` writes values is not known"))
        .at(Span::new(file, 0, 0), "")
        .help("a template ends with `.yaml.j2`, `.json.j2`, `.py.j2`, `.md.j2` or `.txt.j2`")
}
