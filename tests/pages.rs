//! The page of each code: its faulty example gives that code and no other error, its mended one no error.
//!
//! An example stands in a file: the fence says in which (```` ```yaml platform.yaml ````); one in `manifests/` is linted. Under it lie the files of
//! `tests/pages/shared/`, and over them those of `tests/pages/<code>/`. What is no file (```` ```sh ````) is not compiled.

mod cases;

use std::process::ExitCode;

use camino::Utf8PathBuf;
use cases::{Case, seen};
use libtest_mimic::{Arguments, Failed, Trial};
use platformc::cli::render::Run;
use platformc::diagnostic::{Code, Severity};

const SHARED: &str = "shared";

fn main() -> Result<ExitCode, Failed> {
    let cases = cases::all("pages")?;
    let shared = cases.iter().find(|case| case.name == SHARED).ok_or("there is no tests/pages/shared")?;
    let trials = Code::ALL.iter().map(|code| {
        let own = cases.iter().find(|case| case.name == code.as_str());
        let mut case = shared.clone();
        case.files.extend(own.map(|own| own.files.clone()).unwrap_or_default());
        Trial::test(code.as_str(), move || check(*code, &case))
    });
    Ok(libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code())
}

fn check(code: Code, case: &Case) -> Result<(), Failed> {
    let (faulty, mended) = code.page().split_once("\n## Mended\n").ok_or("no mended example")?;
    let (Some(faulty), Some(mended)) = (Example::of(faulty)?, Example::of(mended)?) else { return Ok(()) };
    let (faulty, mended) = (faulty.compile(case)?, mended.compile(case)?);
    let errors = |run: &Run| run.diagnostics.iter().filter(|fault| fault.severity == Severity::Error).count();
    let found = |run: &Run| run.diagnostics.iter().filter(|fault| fault.code == code).count();
    let others =
        faulty.diagnostics.iter().filter(|fault| fault.severity == Severity::Error && fault.code != code).count();
    if found(&faulty) == 0 || others > 0 {
        return Err(format!("the faulty example should give {code} and no other error:\n{}", seen(&faulty)).into());
    }
    if found(&mended) + errors(&mended) > 0 {
        return Err(format!("the mended example is not mended:\n{}", seen(&mended)).into());
    }
    Ok(())
}

/// A block of a page, and the file that it is.
struct Example {
    path: Utf8PathBuf,
    text: String,
}

impl Example {
    /// The first block; none where it is no file.
    fn of(page: &str) -> Result<Option<Self>, Failed> {
        let block = page.split("```").nth(1).ok_or("no example")?;
        let (fence, text) = block.split_once('\n').ok_or("an empty example")?;
        match fence.split_once(' ') {
            Some((_, path)) => Ok(Some(Self { path: path.into(), text: text.into() })),
            None if fence == "sh" => Ok(None),
            None => Err(format!("in which file does this stand? Write ```{fence} <path>").into()),
        }
    }

    /// What lies in `manifests/` is linted, everything else rendered.
    fn compile(self, case: &Case) -> Result<Run, Failed> {
        let mut case = case.clone();
        if self.path.starts_with("manifests") {
            case.files.insert("args".into(), format!("lint {}", self.path).into_bytes());
        }
        case.files.insert(self.path, self.text.into_bytes());
        case.run(&case.world(|_| false))
    }
}
