//! The program as people run it.

#![allow(clippy::disallowed_types, clippy::unwrap_used, reason = "these tests start the program")]

use std::io;
use std::process::{Command, Output, Stdio};

use camino::Utf8Path;
use platformc::world::{Disk, World};

fn platformc(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_platformc"));
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = platformc(arguments).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn help_is_output_and_shows_examples() {
    let (exit, output, message) = run(&["--help"]);
    assert_eq!((exit, message.as_str()), (0, ""));
    assert!(output.contains("platformc render --environment prod"), "{output}");
}

#[test]
fn a_wrong_command_line_is_2_and_says_what_was_meant() {
    let (exit, output, message) = run(&["rendr"]);
    assert_eq!((exit, output.as_str()), (2, ""));
    assert!(message.contains("'render'"), "{message}");
    assert_eq!(run(&[]).0, 2);
    assert_eq!(run(&["render", "--format", "xml"]).0, 2);
}

#[test]
fn a_page_is_output() {
    let (exit, output, message) = run(&["explain", "E0201"]);
    assert_eq!((exit, message.as_str()), (0, ""));
    assert!(output.starts_with("# E0201: "), "{output}");
}

#[test]
fn an_unknown_code_is_2() {
    let (exit, output, message) = run(&["explain", "E9999"]);
    assert_eq!((exit, output.as_str()), (2, ""));
    assert!(message.starts_with("error: there is no code `E9999`"), "{message}");
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let Output { status, stderr, .. } = platformc(&["explain"]).stdout(writer).stderr(Stdio::piped()).output().unwrap();
    assert_eq!((status.code(), stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn faults_are_1_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let output = platformc(&["render", "--format", "json"]).current_dir(&folder).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["diagnostics"][0]["code"], "E0101");
    let disk = Disk::at(Utf8Path::from_path(folder.path()).unwrap());
    assert!(disk.files("".into()).unwrap().is_empty());
}
