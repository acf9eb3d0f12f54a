//! Programs, run to their end.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::Failed;

/// What a program wrote.
pub struct Said {
    pub succeeded: bool,
    pub out: String,
    pub err: String,
}

impl Said {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| {
            String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
        };
        Self { succeeded: output.status.success(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// What a linter found: the begin of what it wrote, where it did not succeed.
    pub fn findings(&self) -> Vec<String> {
        let all = self.all();
        let shown: Vec<&str> = all.lines().take(20).collect();
        if self.succeeded { Vec::new() } else { vec![format!("{} lines:\n{}", all.lines().count(), shown.join("\n"))] }
    }

    /// All that it wrote, for a finding.
    pub fn all(&self) -> String {
        format!("{}{}", self.out, self.err).trim().to_owned()
    }
}

/// Runs it, whatever it answers.
pub fn run(command: &mut Command) -> Result<Said, Failed> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| not_started(command, &error))?;
    Ok(Said::of(output))
}

/// Runs it with a text on its standard input.
pub fn feed(command: &mut Command, text: &str) -> Result<Said, Failed> {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| not_started(command, &error))?;
    let input = child.stdin.take();
    // Written beside reading: a program that answers while it reads would block on a full pipe.
    let output = std::thread::scope(|scope| {
        scope.spawn(move || input.map(|mut input| input.write_all(text.as_bytes())));
        child.wait_with_output()
    })?;
    Ok(Said::of(output))
}

/// The same; anything but success is an error.
pub fn feed_must(command: &mut Command, text: &str) -> Result<(), Failed> {
    let said = feed(command, text)?;
    if said.succeeded { Ok(()) } else { Err(format!("{command:?}:\n{}", said.all()).into()) }
}

/// Runs it and gives what it wrote to its standard output; anything but success is an error.
pub fn must(command: &mut Command) -> Result<String, Failed> {
    let said = run(command)?;
    if said.succeeded { Ok(said.out) } else { Err(format!("{command:?}:\n{}", said.all()).into()) }
}

fn not_started(command: &Command, error: &std::io::Error) -> Failed {
    format!("cannot start {}: {error}", command.get_program().to_string_lossy()).into()
}
