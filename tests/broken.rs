//! What the API server refuses (`tests/conformance/broken`; the conformance tier holds it to that), `platformc lint` refuses;
//! what it takes (`tests/conformance/sound`), too.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "these tests start the program")]
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::path::{Path, PathBuf};
use std::process::Command;

use rayon::prelude::*;

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance").join(folder);
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.collect()
}

/// The files of which `lint` does not say what it should.
fn misjudged(folder: &str, should_pass: bool) -> Vec<String> {
    let files = files(folder);
    assert!(files.len() > 40, "{folder} has {} files", files.len());
    let mut wrong: Vec<String> = files
        .par_iter()
        .filter_map(|file| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_platformc"));
            let said =
                command.args(["lint", "--unknown-kinds", "error", "--format", "short"]).arg(file).output().unwrap();
            let name = file.file_stem()?.to_string_lossy();
            // 1: there are errors. Anything else is no verdict.
            let expected = if should_pass { 0 } else { 1 };
            (said.status.code() != Some(expected)).then(|| format!("{name}: {}", String::from_utf8_lossy(&said.stdout)))
        })
        .collect();
    wrong.sort();
    wrong
}

#[test]
fn what_the_api_server_refuses_is_refused() {
    assert_eq!(misjudged("broken", false), Vec::<String>::new());
}

#[test]
fn what_the_api_server_takes_is_taken() {
    assert_eq!(misjudged("sound", true), Vec::<String>::new());
}
