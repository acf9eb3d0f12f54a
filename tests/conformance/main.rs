//! The real programs take what platformc writes: `cargo test --test conformance`, its README says more.
//!
//! Each tool is a file here and a line in [`TOOLS`]. It takes the [`Bench`] (programs of pinned versions, the committed trees)
//! and tells the [`Report`] of each case what it found. Nothing is skipped: a program that cannot be had is a failure.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "it runs programs, and reads what they write")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "what was found is for the terminal")]

mod accepted;
mod actionlint;
mod apiserver;
mod broken;
mod changes;
mod helm;
mod helmfile;
mod http;
mod kube_score;
mod kustomize;
mod manifests;
mod markdownlint;
mod mutants;
mod plane;
mod posts;
mod pre_commit;
mod process;
mod programs;
mod promtool;
mod published;
mod reach;
mod readers;
mod releases;
mod report;
mod schemas;
mod server;
mod shellcheck;
mod strict;
mod trees;
mod yamllint;

use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Instant;

use camino::{Utf8Path, Utf8PathBuf};
use programs::Programs;
use report::{Findings, Report};
use trees::Tree;

/// What went wrong outside of what is tested: a program that does not start, a file that cannot be read.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;

/// A program, or several that are used together, and what must hold of what it says.
struct Tool {
    name: &'static str,
    /// What must be installed: programs, `python`, `node` (see `versions.toml`).
    needs: &'static [&'static str],
    check: fn(&Bench, &Report) -> Result<(), Failed>,
}

/// In the order in which they begin: the longest one, and beside it the others, the quick ones first.
const TOOLS: &[Tool] = &[
    Tool { name: "control-plane", needs: server::PLANE, check: plane::check },
    Tool { name: "yamllint", needs: &["python"], check: yamllint::check },
    Tool { name: "markdownlint", needs: &["node"], check: markdownlint::check },
    Tool { name: "shellcheck", needs: &["python"], check: shellcheck::check },
    Tool { name: "actionlint", needs: &["actionlint"], check: actionlint::check },
    Tool { name: "check-jsonschema", needs: &["python", "node"], check: schemas::check },
    Tool { name: "promtool", needs: &["promtool"], check: promtool::check },
    Tool { name: "pre-commit", needs: &["python"], check: pre_commit::check },
    Tool { name: "kustomize", needs: &["kustomize"], check: kustomize::check },
    Tool { name: "kube-score", needs: &["kube-score"], check: kube_score::check },
    Tool { name: "cyclonus", needs: &["cyclonus"], check: reach::check_cyclonus },
    Tool { name: "network-config-analyzer", needs: &["python"], check: reach::check_nca },
    Tool { name: "readers", needs: &["python", "yq", "kubectl"], check: readers::check },
    Tool { name: "mutants", needs: mutants::NEEDS, check: mutants::check },
    Tool { name: "helm", needs: &["helm"], check: helm::check },
    Tool { name: "helmfile", needs: &["helm", "helmfile"], check: helmfile::check },
    Tool { name: "strict", needs: strict::NEEDS, check: strict::check },
    Tool { name: "broken", needs: broken::NEEDS, check: broken::check },
    Tool { name: "kube-apiserver", needs: server::SERVER, check: apiserver::check },
];

/// What every tool has at hand.
pub struct Bench {
    pub programs: Programs,
    /// The trees of the root and of every golden platform.
    pub trees: Vec<Tree>,
    /// Of NetworkPolicies.
    pub scenes: reach::Scenes,
    /// A folder for what is made on the way; gone at the end.
    pub scratch: tempfile::TempDir,
}

impl Bench {
    /// A new folder for what is made on the way.
    pub fn folder(&self, name: &str) -> Result<Utf8PathBuf, Failed> {
        let path = Utf8Path::from_path(self.scratch.path()).ok_or("the temporary folder is not UTF-8")?.join(name);
        std::fs::create_dir_all(&path)?;
        Ok(path)
    }
}

/// The root of the repository.
pub fn root() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn main() -> Result<ExitCode, Failed> {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    if let Some(unknown) = wanted.iter().find(|word| !TOOLS.iter().any(|tool| report::names(word, tool.name))) {
        let known: Vec<&str> = TOOLS.iter().map(|tool| tool.name).collect();
        return Err(format!("there is no tool `{unknown}`; there are {}", known.join(", ")).into());
    }
    let findings = Findings::new(wanted)?;
    let (programs, trees, scratch) = (Programs::open()?, trees::all()?, tempfile::tempdir()?);
    let bench = Bench { programs, trees, scenes: reach::Scenes::default(), scratch };
    let tools = Mutex::new(TOOLS.iter().filter(|tool| findings.wants_tool(tool.name)));
    let next = || tools.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| std::iter::from_fn(next).for_each(|tool| run(tool, &bench, &findings)));
        }
    });
    Ok(findings.end())
}

/// Many tools use one core, or wait.
const AT_A_TIME: usize = 2;

/// Installs what the tool needs, and runs its cases.
fn run(tool: &Tool, bench: &Bench, findings: &Findings) {
    let report = findings.of(tool.name);
    for name in tool.needs {
        match bench.programs.install(name) {
            Ok(None) => {}
            Ok(Some(seconds)) => report.note(&format!("install  {name} in {seconds} s")),
            Err(failed) => return report.failed(&format!("cannot install {name}: {failed}")),
        }
    }
    let began = Instant::now();
    if let Err(failed) = (tool.check)(bench, &report) {
        report.failed(&failed.to_string());
    }
    report.note(&format!("time     {} {:.0} s", tool.name, began.elapsed().as_secs_f32()));
}
