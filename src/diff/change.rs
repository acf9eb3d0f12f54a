//! What changed, and what that does.

use camino::Utf8PathBuf;
use serde_json::Value as Json;

use super::class::Class;
use super::path::FieldPath;

/// One change; the same one in several environments is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub subject: Subject,
    pub event: Event,
    /// The field; empty where the whole is meant.
    pub path: FieldPath,
    /// Values of a field.
    pub old: Option<Json>,
    pub new: Option<Json>,
    /// What it does, the most dangerous first; never empty.
    pub findings: Vec<Finding>,
    /// In the platform's order; empty where it has none.
    pub environments: Vec<String>,
    /// Where the input asks for it.
    pub place: Option<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    Added,
    Removed,
    Changed,
}

/// What a change is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    Object(ObjectName),
    /// A release of the helmfile.
    Release {
        namespace: String,
        name: String,
    },
    /// A file of Helm values, and the releases that take it.
    Values {
        path: Utf8PathBuf,
        releases: Vec<String>,
    },
    /// Any other file.
    File {
        path: Utf8PathBuf,
        is_docs: bool,
    },
    /// A whole tree.
    Environment {
        name: String,
        objects: usize,
    },
    /// Who reaches whom, on which ports.
    Connection {
        from: String,
        to: String,
        ports: String,
    },
}

/// An object as the API server tells it apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ObjectName {
    /// Empty where it says none.
    pub namespace: String,
    pub kind: String,
    /// Empty for the core.
    pub group: String,
    pub name: String,
}

/// A rule that a change falls under.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Finding {
    pub class: Class,
    pub rule: &'static str,
    pub because: String,
    /// Whether it is told in one line with others.
    pub is_noise: bool,
    /// Whether the class says as much as the reason.
    pub is_plain: bool,
}

/// A line of the input, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub file: Utf8PathBuf,
    pub line: usize,
    pub column: usize,
}

impl Change {
    /// That of its most dangerous rule.
    pub fn class(&self) -> Class {
        self.findings.first().map_or(Class::Config, |finding| finding.class)
    }

    /// Whether any of its rules is of a class.
    pub fn is(&self, class: Class) -> bool {
        self.findings.iter().any(|finding| finding.class == class)
    }

    pub fn is_noise(&self) -> bool {
        self.findings.first().is_some_and(|finding| finding.is_noise)
    }
}

impl Subject {
    /// What a rule calls it: `Deployment.apps`, `release`.
    pub fn kind(&self) -> String {
        match self {
            Self::Object(name) if name.group.is_empty() => name.kind.clone(),
            Self::Object(name) => format!("{}.{}", name.kind, name.group),
            Self::Release { .. } => "release".into(),
            Self::Values { .. } => "values".into(),
            Self::File { is_docs: true, .. } => "docs".into(),
            Self::File { .. } => "file".into(),
            Self::Environment { .. } => "environment".into(),
            Self::Connection { .. } => "connection".into(),
        }
    }

    /// What a person calls it.
    pub fn title(&self) -> String {
        match self {
            Self::Object(ObjectName { namespace, kind, name, .. }) => match namespace.as_str() {
                "" => format!("{kind}/{name}"),
                namespace => format!("{namespace}/{kind}/{name}"),
            },
            Self::Release { namespace, name } => format!("release {namespace}/{name}"),
            Self::Values { path, releases } if releases.is_empty() => path.to_string(),
            Self::Values { path, releases } => format!("{path} (values of {})", releases.join(", ")),
            Self::File { path, .. } => path.to_string(),
            Self::Environment { name, .. } if name.is_empty() => "the only environment".into(),
            Self::Environment { name, .. } => format!("environment {name}"),
            Self::Connection { from, to, ports } => format!("{from} → {to} on {ports}"),
        }
    }
}

impl Event {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}
