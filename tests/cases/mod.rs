//! Cases: folders of input, with files that say what must come of it. `BLESS=1` writes those files anew.

#![allow(clippy::disallowed_methods, reason = "a test asks the environment whether to bless")]
#![allow(dead_code, reason = "each kind of cases uses a part")]

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use clap::Parser;
use libtest_mimic::Failed;
use platformc::cli::render::{Run, build};
use platformc::cli::verify_chart;
use platformc::cli::{Cli, Command};
use platformc::cli::{check, diff, lint};
use platformc::diagnostic::{Format, Style, render};
use platformc::diff::before::Places;
use platformc::world::{Disk, Memory, Ran, World};
use similar::TextDiff;

/// Where a case is compiled to.
pub const OUT: &str = "out";
/// What people see of it.
pub const SEEN: &str = "stderr.txt";
/// What comes in on standard input.
const INPUT: &str = "stdin";
/// Further arguments of `platformc render`, or another command and its arguments.
const ARGUMENTS: &str = "args";
/// Another run is at work, and does not end.
const LOCKED: &str = "locked";
/// What stands in for helm: what it says of a chart, what it renders, why it does not. Without them there is no helm.
const HELM: &str = "helm";
const CHART: &str = "helm/Chart.yaml";
const RENDERED: &str = "helm/rendered.yaml";
const ERRORS: &str = "helm/errors.txt";

type Files = BTreeMap<Utf8PathBuf, Vec<u8>>;

/// One folder.
#[derive(Clone)]
pub struct Case {
    pub name: String,
    /// What is in it, expectations and all.
    pub files: Files,
    folder: Disk,
}

/// Every folder below `tests/<kind>`.
pub fn all(kind: &str) -> Result<Vec<Case>, Failed> {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(kind);
    let files = Disk::at(root.clone()).files("".into())?;
    let in_folders = files.iter().filter(|path| path.components().count() > 1);
    let mut names: Vec<&str> = in_folders.filter_map(|path| Some(path.components().next()?.as_str())).collect();
    names.dedup();
    names.into_iter().map(|name| Case::open(name, Disk::at(root.join(name)))).collect()
}

/// The folders below `examples` that hold a platform.
pub fn examples() -> Result<Vec<Case>, Failed> {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = Disk::at(root.clone()).files("".into())?;
    let folders = files.iter().filter(|path| path.file_name() == Some("platform.yaml"));
    let folders = folders.filter_map(|path| path.parent().filter(|folder| !folder.as_str().contains('/')));
    folders.map(|folder| Case::open(folder.as_str(), Disk::at(root.join(folder)))).collect()
}

impl Case {
    fn open(name: &str, folder: Disk) -> Result<Self, Failed> {
        let mut files = Files::new();
        for path in folder.files("".into())? {
            files.insert(path.clone(), folder.read(&path)?);
        }
        Ok(Self { name: name.to_owned(), files, folder })
    }

    /// A world that holds the case's files, but for those that say what must come of it.
    pub fn world(&self, is_expected: impl Fn(&Utf8Path) -> bool) -> Memory {
        let own = [SEEN, ARGUMENTS, INPUT, LOCKED].map(Utf8Path::new);
        let given = |path: &Utf8Path| !own.contains(&path) && !path.starts_with(HELM) && !is_expected(path);
        let files = self.files.iter().filter(|(path, _)| given(path)).map(|(path, bytes)| (path, bytes.clone()));
        let world = Memory::with(files).given(self.files.get(Utf8Path::new(INPUT)).cloned().unwrap_or_default());
        world.hold(self.files.contains_key(Utf8Path::new(LOCKED)));
        self.with_helm(world)
    }

    fn with_helm(&self, world: Memory) -> Memory {
        let said = |path: &str| self.files.get(Utf8Path::new(path)).cloned();
        let (Some(chart), rendered, errors) = (said(CHART), said(RENDERED), said(ERRORS)) else { return world };
        world.answering(move |_, arguments, _| {
            let is_asked_for = arguments.first() == Some(&"template");
            let fails = is_asked_for && errors.is_some();
            let output = if is_asked_for { rendered.clone().unwrap_or_default() } else { chart.clone() };
            let errors = errors.clone().filter(|_| fails).unwrap_or_default();
            Ok(Ran { succeeded: !fails, output, errors })
        })
    }

    /// `platformc render`, or what its arguments say, in that world.
    pub fn run(&self, world: &Memory) -> Result<Run, Failed> {
        match self.command()? {
            Command::Render(arguments) => {
                let out = arguments.scope.out.as_deref().unwrap_or(OUT.into());
                Ok(build(world, &arguments.scope.file, world, out, &arguments))
            }
            Command::Check(arguments) => Ok(check::build(world, &arguments.scope.file, world, OUT.into(), &arguments)),
            Command::Lint(arguments) => Ok(lint::build(world, &arguments)),
            Command::VerifyChart(arguments) => Ok(verify_chart::verify(world, &arguments.file, world, &arguments)?.run),
            Command::Diff(arguments) => {
                Ok(diff::faults(&Places { project: world, here: world }, &arguments.file, &arguments))
            }
            other => Err(format!("{other:?} finds no faults").into()),
        }
    }

    fn command(&self) -> Result<Command, Failed> {
        let text =
            self.files.get(Utf8Path::new(ARGUMENTS)).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
        let is_named = ["check", "diff ", "lint ", "verify-chart "].iter().any(|command| text.starts_with(command));
        let command = (!is_named).then_some("render");
        let words = ["platformc"].into_iter().chain(command).chain(text.split_whitespace());
        Ok(Cli::try_parse_from(words)?.command)
    }

    /// Compares what came of the case with what its folder says; none: the file must not be there.
    pub fn expect(&self, path: &Utf8Path, actual: Option<&[u8]>) -> Result<(), Failed> {
        let expected = self.files.get(path).map(Vec::as_slice);
        match (actual == expected, actual) {
            (true, _) => Ok(()),
            (false, Some(bytes)) if bless() => Ok(self.folder.write(path, bytes)?),
            (false, None) if bless() => Ok(self.folder.remove(path)?),
            (false, _) => Err(difference(path, expected.unwrap_or_default(), actual.unwrap_or_default()).into()),
        }
    }

    /// Compares what people see; a file that is not there says: nothing.
    pub fn expect_seen(&self, run: &Run) -> Result<(), Failed> {
        let seen = seen(run);
        self.expect(SEEN.into(), (!seen.is_empty()).then_some(seen.as_bytes()))
    }
}

/// The diagnostics of a run as a person sees them.
pub fn seen(run: &Run) -> String {
    render(&run.diagnostics, &run.sources, Format::Human, Style::Plain)
}

/// Whether the expectations are written anew.
pub fn bless() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

fn difference(path: &Utf8Path, expected: &[u8], actual: &[u8]) -> String {
    let (expected, actual) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(actual));
    let lines = TextDiff::from_lines(expected.as_ref(), actual.as_ref());
    let lines = lines.unified_diff().header("expected", "actual").context_radius(2).to_string();
    format!("{path} is not as expected (BLESS=1 writes it anew):\n{lines}")
}
