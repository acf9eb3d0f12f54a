//! What was found: a line per tool and case.

use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Instant;

use crate::Failed;
use crate::accepted::Accepted;

/// Collects what the tools say of their cases, and prints it as it comes.
pub struct Report {
    /// `tool` or `tool/part of a case`; none: everything.
    wanted: Vec<String>,
    accepted: Vec<Accepted>,
    state: Mutex<State>,
}

struct State {
    tool: &'static str,
    began: Instant,
    cases: usize,
    failures: usize,
    /// Which lines of `accepted.yaml` were needed.
    used: Vec<bool>,
}

impl State {
    fn tell_time(&self) {
        if !self.tool.is_empty() {
            println!("time     {} {:.0} s", self.tool, self.began.elapsed().as_secs_f32());
        }
    }
}

/// Whether the word of the command line is about that tool.
pub fn names(word: &str, tool: &str) -> bool {
    word.split_once('/').map_or(word, |(name, _)| name) == tool
}

impl Report {
    pub fn new(wanted: Vec<String>) -> Result<Self, Failed> {
        let accepted = Accepted::all()?;
        let used = vec![false; accepted.len()];
        let state = State { tool: "", began: Instant::now(), cases: 0, failures: 0, used };
        Ok(Self { wanted, accepted, state: Mutex::new(state) })
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

    /// All cases from here on are of this tool.
    pub fn begin(&self, tool: &'static str) {
        let mut state = self.state();
        state.tell_time();
        (state.tool, state.began) = (tool, Instant::now());
    }

    /// Runs one case, if it is wanted: no finding is ok.
    pub fn case(&self, case: &str, check: impl FnOnce() -> Result<Vec<String>, Failed>) {
        let tool = self.state().tool;
        if self.wants(tool, case) {
            let findings = check().unwrap_or_else(|failed| vec![failed.to_string()]);
            self.tell(tool, case, &findings);
        }
    }

    /// The tool itself could not be run.
    pub fn failed(&self, why: &str) {
        let tool = self.state().tool;
        self.tell(tool, "all", &[why.to_owned()]);
    }

    /// What is no verdict: figures, tables.
    pub fn note(&self, text: &str) {
        let state = self.state();
        println!("{}", text.trim_end());
        drop(state);
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
                    state.used[line] = true;
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
        state.tell_time();
        if self.wanted.is_empty() {
            for (line, _) in self.accepted.iter().zip(&state.used).filter(|(_, used)| !**used) {
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
