//! What a change does to a cluster.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// The classes of `rules.yaml`, the most dangerous first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    Replaces,
    Deletes,
    Interrupts,
    OpensNetwork,
    MovesSecret,
    Restarts,
    ClosesNetwork,
    ApiVersion,
    ChartVersion,
    Scales,
    Adds,
    Config,
    NoEffect,
}

impl Class {
    pub fn all() -> &'static [Self] {
        Self::value_variants()
    }

    /// As it is written on the command line and in JSON: `opens-network`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Replaces => "replaces",
            Self::Deletes => "deletes",
            Self::Interrupts => "interrupts",
            Self::OpensNetwork => "opens-network",
            Self::MovesSecret => "moves-secret",
            Self::Restarts => "restarts",
            Self::ClosesNetwork => "closes-network",
            Self::ApiVersion => "api-version",
            Self::ChartVersion => "chart-version",
            Self::Scales => "scales",
            Self::Adds => "adds",
            Self::Config => "config",
            Self::NoEffect => "no-effect",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_has_one_name_everywhere() {
        for class in Class::all() {
            assert_eq!(class.to_possible_value().unwrap().get_name(), class.as_str());
            assert_eq!(serde_json::to_value(class).unwrap(), class.as_str());
        }
    }
}
