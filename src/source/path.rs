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

    /// Reads what people write: `services.kpis-api.port`, `services['kpis-api'].port`, `steps[0].sync`.
    pub fn read(text: &str) -> Option<Self> {
        let (mut path, mut rest) = (Self::root(), text);
        while !rest.is_empty() {
            let (step, behind) = match rest.strip_prefix('[') {
                Some(inside) => bracketed(inside)?,
                None => {
                    let rest = rest.strip_prefix('.').filter(|_| !path.0.is_empty()).unwrap_or(rest);
                    let end = rest.find(['.', '[']).unwrap_or(rest.len());
                    let (key, behind) = rest.split_at_checked(end).filter(|(key, _)| !key.is_empty())?;
                    (Step::Key(key.to_owned()), behind)
                }
            };
            (path, rest) = (path.with(step), behind);
        }
        Some(path).filter(|path| !path.0.is_empty())
    }

    /// The first steps of it.
    #[must_use]
    pub fn first(&self, steps: usize) -> Self {
        Self(self.0.iter().take(steps).cloned().collect())
    }

    /// What is left behind the first steps.
    #[must_use]
    pub fn rest(&self, steps: usize) -> Self {
        Self(self.0.iter().skip(steps).cloned().collect())
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

/// What stands behind a `[`, and what comes after its `]`.
fn bracketed(text: &str) -> Option<(Step, &str)> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '\'' | '"')) {
        let (key, behind) = text.strip_prefix(quote)?.split_once(quote)?;
        return Some((Step::Key(key.to_owned()), behind.strip_prefix(']')?));
    }
    let (inside, behind) = text.split_once(']').filter(|(inside, _)| !inside.is_empty())?;
    // A shell takes quotes away.
    let step = inside.parse().map_or_else(|_| Step::Key(inside.to_owned()), Step::Index);
    Some((step, behind))
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

#[cfg(test)]
mod tests {
    use super::NodePath;

    #[test]
    fn what_people_write_is_read_and_written_back() {
        for path in ["services.kpis-api.port", "a['b.c'].d", "pipelines.load.steps[0].sync", "['a.b']"] {
            assert_eq!(NodePath::read(path).unwrap().to_string(), path);
        }
        for path in ["services['kpis-api'].port", "services[\"kpis-api\"].port", "services[kpis-api].port"] {
            assert_eq!(NodePath::read(path).unwrap().to_string(), "services.kpis-api.port");
        }
    }

    #[test]
    fn what_is_no_path_is_none() {
        for text in ["", ".", "a..b", "a.", ".a.b", "a[", "a[]", "a['b", "a['b'"] {
            assert_eq!(NodePath::read(text), None, "{text}");
        }
    }
}
