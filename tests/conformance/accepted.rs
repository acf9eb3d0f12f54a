//! `accepted.yaml`: findings that stay, each with its reason.

use regex::Regex;
use serde::Deserialize;

use crate::{Failed, root};

/// A finding that stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    pub tool: String,
    /// A regular expression of cases; none: all.
    #[serde(default)]
    case: String,
    /// A regular expression of what is found.
    pub finding: String,
    /// Why a user would accept it.
    pub reason: String,
}

impl Accepted {
    pub fn all() -> Result<Vec<Self>, Failed> {
        let text = std::fs::read_to_string(root().join("tests/conformance/accepted.yaml"))?;
        let lines: Vec<Self> = serde_yaml::from_str(&text)?;
        for line in &lines {
            Regex::new(&line.case).and(Regex::new(&line.finding))?;
        }
        Ok(lines)
    }

    pub fn takes(&self, tool: &str, case: &str, finding: &str) -> bool {
        let holds = |pattern: &str, text: &str| Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text));
        self.tool == tool && holds(&self.case, case) && holds(&self.finding, finding)
    }
}
