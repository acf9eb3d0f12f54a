//! How much was looked at.

use std::fmt;

use super::read::Read;

/// It reads as "12 files checked, 30 objects; 5 files hold no Kubernetes object".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Files with objects.
    pub files: usize,
    pub objects: usize,
    /// Files without.
    pub others: usize,
    /// Files that give objects once they are rendered.
    pub templates: usize,
}

impl Tally {
    pub fn of(read: &Read) -> Self {
        let objects = read.files.iter().map(|file| file.documents.len()).sum();
        Self { files: read.files.len(), objects, others: read.others.len(), templates: read.templates.len() }
    }
}

impl Tally {
    /// "12 files, 30 objects"
    pub fn held(&self) -> String {
        format!("{}, {}", count(self.files, "file"), count(self.objects, "object"))
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} checked, {}", count(self.files, "file"), count(self.objects, "object"))?;
        if self.others > 0 {
            let hold = if self.others == 1 { "holds" } else { "hold" };
            write!(f, "; {} {hold} no Kubernetes object", count(self.others, "file"))?;
        }
        if self.templates > 0 {
            let are = if self.templates == 1 { "is a template" } else { "are templates" };
            write!(f, "; {} {are}: `helm template CHART | platformc lint -`", count(self.templates, "file"))?;
        }
        Ok(())
    }
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_with_their_words() {
        let one = Tally { files: 1, objects: 1, others: 1, templates: 1 };
        let text = "1 file checked, 1 object; 1 file holds no Kubernetes object; 1 file is a template: \
                    `helm template CHART | platformc lint -`";
        assert_eq!(one.to_string(), text);
        let several = Tally { files: 12, objects: 30, others: 5, templates: 0 };
        assert_eq!(several.to_string(), "12 files checked, 30 objects; 5 files hold no Kubernetes object");
    }
}
