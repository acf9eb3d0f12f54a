//! The way to a field that changed, as people write it: `spec.template.spec.containers[web].image`.

use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    Key(String),
    /// An item of a list, by what tells it apart: `web`, `8080/TCP`.
    Item(String),
    Index(usize),
}

impl Step {
    fn key(&self) -> Option<&str> {
        match self {
            Self::Key(key) => Some(key),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FieldPath(pub Vec<Step>);

impl FieldPath {
    /// From a pattern's or a person's words: `a.b.c`.
    pub fn dotted(text: &str) -> Self {
        Self(text.split('.').filter(|key| !key.is_empty()).map(|key| Step::Key(key.to_owned())).collect())
    }

    #[must_use]
    pub fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys alone, without the items between them.
    pub fn keys(&self) -> Vec<&str> {
        self.0.iter().filter_map(Step::key).collect()
    }

    /// Whether it is a field or below it; `*` in the field is any one step, and items are counted as such.
    pub fn is_below(&self, field: &[String]) -> bool {
        let keys = self.keys();
        field.len() <= keys.len() && field.iter().zip(keys).all(|(part, key)| part == "*" || part == key)
    }

    /// The rest of a field that lies below this path; none where it does not.
    pub fn above<'f>(&self, field: &'f [String]) -> Option<&'f [String]> {
        let keys = self.keys();
        let (start, rest) = field.split_at_checked(keys.len())?;
        let is_above = !rest.is_empty() && start.iter().zip(keys).all(|(part, key)| part == "*" || part == key);
        is_above.then_some(rest)
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if key.contains(['.', '/', '[', ']', ' ']) || key.is_empty() => write!(f, "['{key}']")?,
                Step::Key(key) if at == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Item(item) => write!(f, "[{item}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path() -> FieldPath {
        FieldPath::dotted("spec.containers").with(Step::Item("web".into())).with(Step::Key("image".into()))
    }

    #[test]
    fn it_is_written_as_people_do() {
        assert_eq!(path().to_string(), "spec.containers[web].image");
        let label = FieldPath::dotted("metadata.labels").with(Step::Key("a.b/c".into()));
        assert_eq!(label.to_string(), "metadata.labels['a.b/c']");
        assert_eq!(FieldPath::dotted("list").with(Step::Index(2)).to_string(), "list[2]");
    }

    #[test]
    fn a_field_holds_what_is_below_it() {
        let field = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        assert!(path().is_below(&field("spec.containers")) && path().is_below(&field("spec.*.image")));
        assert!(!path().is_below(&field("spec.replicas")) && !path().is_below(&field("spec.containers.image.tag")));
        assert_eq!(FieldPath::dotted("spec").above(&field("spec.replicas")), Some(field("replicas").as_slice()));
        assert_eq!(FieldPath::dotted("spec.replicas").above(&field("spec.replicas")), None);
    }
}
