//! The way from a tree's root to one of its nodes.

use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    Key(String),
    Index(usize),
}

/// `services.healthz.ports[0]`
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct NodePath(Vec<Step>);

impl NodePath {
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads `a.b.c`: keys only, separated by dots.
    pub fn dotted(text: &str) -> Self {
        Self(text.split('.').filter(|key| !key.is_empty()).map(|key| Step::Key(key.to_owned())).collect())
    }

    #[must_use]
    pub fn key(&self, key: impl Into<String>) -> Self {
        self.with(Step::Key(key.into()))
    }

    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    #[must_use]
    pub fn join(&self, other: &NodePath) -> Self {
        Self(self.0.iter().chain(&other.0).cloned().collect())
    }

    /// The rest of a path that starts with a key.
    pub fn below(&self, key: &str) -> Option<Self> {
        let (first, rest) = self.0.split_first()?;
        matches!(first, Step::Key(first) if first == key).then(|| Self(rest.to_vec()))
    }

    /// Whether it is `other` or below it.
    pub fn starts_with(&self, other: &NodePath) -> bool {
        self.0.starts_with(&other.0)
    }

    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl fmt::Display for NodePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if key.contains('.') => write!(f, "['{key}']")?,
                Step::Key(key) if at == 0 => write!(f, "{key}")?,
                Step::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}
