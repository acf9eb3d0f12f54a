//! `platformc render`: the whole pipeline, from platform.yaml to `out/`.

use camino::{Utf8Path, Utf8PathBuf};

use crate::cli::faults::Faults;
use crate::cli::{Answer, Exit};
use crate::diagnostic::{self, Diagnostic, Format, Sink, Style};
use crate::emit::{self, Summary, Target, Tree};
use crate::source::Sources;
use crate::world::{Disk, World};
use crate::{Request, compile};

const EXAMPLES: &str = "\
Examples:
  platformc render                                 write out/ from platform.yaml
  platformc render --environment prod              write out/prod, and leave the other trees
  platformc render --deny warnings --format json   fail on warnings, and let a program read them
  platformc render --file acme/platform.yaml       write acme/out/
  platformc render --overwrite                     take back what was changed by hand in out/
  platformc render --watch                         do so with each change, and show what it does";

/// Write the platform that platform.yaml describes.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    pub scope: Scope,

    /// Replace files that platformc wrote, even if they were changed by hand since.
    #[arg(long)]
    pub overwrite: bool,

    /// Stay, and write anew whenever something changes that was read; show the faults, or what the change does.
    #[arg(long)]
    pub watch: bool,
}

/// Which platform, and which output.
#[derive(Debug, Clone, clap::Args)]
pub struct Scope {
    /// Read this file; `templates/` of your own lies beside it.
    #[arg(long, value_name = "FILE", default_value = "platform.yaml")]
    pub file: Utf8PathBuf,

    /// The folder of the output [default: `out` beside the file].
    #[arg(long, value_name = "FOLDER", value_parser = super::folder)]
    pub out: Option<Utf8PathBuf>,

    /// Take the tree of this environment, and leave the others as they are.
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,

    #[command(flatten)]
    pub faults: Faults,
}

/// What a run found and did.
#[derive(Debug)]
pub struct Run {
    pub diagnostics: Vec<Diagnostic>,
    pub sources: Sources,
    /// None where something stood against it.
    pub done: Option<Summary>,
}

pub fn run(arguments: &Arguments, style: Style) -> Answer {
    arguments.scope.run(style, |project, file, place, out| build(project, file, place, out, arguments))
}

/// Compiles `file` of `project` and writes below `out` of `place`.
pub fn build(project: &dyn World, file: &Utf8Path, place: &dyn World, out: &Utf8Path, arguments: &Arguments) -> Run {
    arguments.scope.compile(project, file, |trees, sink| arguments.emit(place, out, trees, sink))
}

impl Arguments {
    /// Writes trees below `out` of `place`.
    pub fn emit(&self, place: &dyn World, out: &Utf8Path, trees: &[Tree], sink: &mut Sink) -> Option<Summary> {
        let only = self.scope.environment.as_deref();
        let target = Target { out, only, overwrite: self.overwrite, waits: super::remark };
        emit::emit(place, target, trees, sink)
    }
}

impl Scope {
    /// Does `command` with the worlds and paths that are meant, and answers.
    pub fn run(
        &self,
        style: Style,
        command: impl FnOnce(&dyn World, &Utf8Path, &dyn World, &Utf8Path) -> Run,
    ) -> Answer {
        let (project, file, out) = self.places();
        command(&project, file, &Disk::at(""), &out).answer(&out, self.faults.format, style)
    }

    /// Where the input lies, its file there, and the output from where one stands.
    pub fn places(&self) -> (Disk, &Utf8Path, Utf8PathBuf) {
        let (folder, file) = super::project(&self.file);
        (Disk::at(folder), file, self.out.clone().unwrap_or_else(|| self.file.with_file_name("out")))
    }

    /// Compiles `file` and hands the trees on.
    pub fn compile(
        &self,
        project: &dyn World,
        file: &Utf8Path,
        next: impl FnOnce(&[Tree], &mut Sink) -> Option<Summary>,
    ) -> Run {
        let (mut sources, mut sink) = (Sources::below(project.folder()), Sink::default());
        let trees = compile(project, &self.request(project, file), &mut sources, &mut sink);
        self.faults.weigh(&mut sink);
        let done = trees.and_then(|trees| next(&trees, &mut sink));
        sink.drop_idle_notes();
        Run { diagnostics: sink.into_sorted(), sources, done }
    }

    pub fn request(&self, project: &dyn World, file: &Utf8Path) -> Request {
        Request { file: file.to_owned(), environment: self.environment.clone(), today: self.faults.today(project) }
    }
}

impl Run {
    /// The diagnostics, then what was written.
    pub fn answer(&self, out: &Utf8Path, format: Format, style: Style) -> Answer {
        let done = self.done.map(|summary| format!("{}/: {summary}\n", out.as_str().trim_end_matches('/')));
        let exit = if done.is_some() { Exit::Done } else { Exit::Faults };
        let done = done.unwrap_or_default();
        self.shown(format, style, &done, exit)
    }

    /// The diagnostics, where their format belongs: what a program reads is on standard output. The last line is for people.
    pub fn shown(&self, format: Format, style: Style, last: &str, exit: Exit) -> Answer {
        let shown = diagnostic::render(&self.diagnostics, &self.sources, format, style);
        match format {
            Format::Human => Answer { output: String::new(), message: shown + last, exit },
            _ => Answer { output: shown, message: last.to_owned(), exit },
        }
    }
}
