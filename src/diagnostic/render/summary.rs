//! How many of each.

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Severity};

/// Diagnostics by severity. It reads as "2 errors, 1 warning"; what there is none of is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Count {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
}

impl Count {
    pub fn of<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> Self {
        let mut count = Self::default();
        for diagnostic in diagnostics {
            *count.part(diagnostic.severity) += 1;
        }
        count
    }

    fn part(&mut self, severity: Severity) -> &mut usize {
        match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Note => &mut self.notes,
        }
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let parts = parts.into_iter().filter(|(number, _)| *number > 0);
        let words: Vec<String> = parts.map(|(number, what)| format!("{number} {}", plural(number, what))).collect();
        f.write_str(&words.join(", "))
    }
}

fn plural(number: usize, word: &str) -> String {
    if number == 1 { word.into() } else { format!("{word}s") }
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn numbers_agree_with_their_words_and_nothing_is_left_out() {
        assert_eq!(Count { errors: 2, warnings: 1, notes: 0 }.to_string(), "2 errors, 1 warning");
        assert_eq!(Count { errors: 0, warnings: 0, notes: 3 }.to_string(), "3 notes");
    }
}
