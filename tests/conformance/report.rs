//! What was found: a line per tool and case.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Mutex;

use crate::Failed;
use crate::accepted::Accepted;

/// Collects what all tools say of their cases.
pub struct Findings {
    /// `tool` or `tool/part of a case`; none: everything.
    wanted: Vec<String>,
    accepted: Vec<Accepted>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    cases: usize,
    failures: usize,
    /// Which lines of `accepted.yaml` were needed.
    used: BTreeSet<usize>,
}

/// To whom one tool tells of its cases; each is printed as it comes.
pub struct Report<'a> {
    findings: &'a Findings,
    tool: &'static str,
}

/// Whether the word of the command line is about that tool.
pub fn names(word: &str, tool: &str) -> bool {
    word.split_once('/').map_or(word, |(name, _)| name) == tool
}

impl Findings {
    pub fn new(wanted: Vec<String>) -> Result<Self, Failed> {
        Ok(Self { wanted, accepted: Accepted::all()?, state: Mutex::default() })
    }

    pub fn wants_tool(&self, tool: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|word| names(word, tool))
    }

    fn wants(&self, tool: &str, case: &str) -> bool {
        let takes = |word: &String| match word.split_once('/') {
            Some((name, part)) => name == tool && case.contains(part),
            None => word == tool,
        };
        self.wanted.is_empty() || self.wanted.iter().any(takes)
    }

    pub fn of(&self, tool: &'static str) -> Report<'_> {
        Report { findings: self, tool }
    }

    fn tell(&self, tool: &str, case: &str, findings: &[String]) {
        let mut state = self.state();
        state.cases += 1;
        if findings.is_empty() {
            println!("ok       {tool} {case}");
        }
        for finding in findings {
            let reason = self.accepted.iter().position(|line| line.takes(tool, case, finding));
            match reason {
                Some(line) => {
                    state.used.insert(line);
                    println!("accepted {tool} {case}: {finding} ({})", self.accepted[line].reason);
                }
                None => {
                    state.failures += 1;
                    println!("FINDING  {tool} {case}: {finding}");
                }
            }
        }
    }

    /// Says how it went. A line of `accepted.yaml` that nothing needs any more is a failure: it would hide the next finding.
    pub fn end(self) -> ExitCode {
        let mut state = self.state.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        if self.wanted.is_empty() {
            let unused = |(line, _): &(usize, &Accepted)| !state.used.contains(line);
            let unused: Vec<_> = self.accepted.iter().enumerate().filter(unused).collect();
            for (_, line) in unused {
                println!(
                    "FINDING  accepted.yaml: nothing finds `{}` of {} any more: remove the line",
                    line.finding, line.tool
                );
                state.failures += 1;
            }
        }
        println!("\n{} cases, {} findings", state.cases, state.failures);
        if state.failures == 0 && state.cases > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Report<'_> {
    pub fn wants(&self, case: &str) -> bool {
        self.findings.wants(self.tool, case)
    }

    /// Runs one case, if it is wanted: no finding is ok.
    pub fn case(&self, case: &str, check: impl FnOnce() -> Result<Vec<String>, Failed>) {
        if self.wants(case) {
            let findings = check().unwrap_or_else(|failed| vec![failed.to_string()]);
            self.findings.tell(self.tool, case, &findings);
        }
    }

    /// The tool itself could not be run.
    pub fn failed(&self, why: &str) {
        self.findings.tell(self.tool, "all", &[why.to_owned()]);
    }

    /// What is no verdict: figures, tables.
    pub fn note(&self, text: &str) {
        let state = self.findings.state();
        println!("{}", text.trim_end());
        drop(state);
    }
}
