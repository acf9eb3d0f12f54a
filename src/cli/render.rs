//! `platformc render`: the whole pipeline, from platform.yaml to `out/`.

use camino::{Utf8Path, Utf8PathBuf};

use crate::cli::faults::Faults;
use crate::cli::{Answer, Exit};
use crate::diagnostic::{self, Diagnostic, Format, Sink, Style};
use crate::emit::{self, Summary, Target};
use crate::source::Sources;
use crate::world::{Disk, World};
use crate::{Request, compile};

const EXAMPLES: &str = "\
Examples:
  platformc render                                 write out/ from platform.yaml
  platformc render --environment prod              write out/prod, and leave the other trees
  platformc render --deny warnings --format json   fail on warnings, and let a program read them
  platformc render --file acme/platform.yaml       write acme/out/
  platformc render --overwrite                     take back what was changed by hand in out/";

/// Write the platform that platform.yaml describes.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Read this file; `templates/` of your own lies beside it.
    #[arg(long, value_name = "FILE", default_value = "platform.yaml")]
    pub file: Utf8PathBuf,

    /// Write into this folder [default: `out` beside the file].
    #[arg(long, value_name = "FOLDER", value_parser = super::folder)]
    pub out: Option<Utf8PathBuf>,

    /// Write the tree of this environment, and leave the others as they are.
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,

    #[command(flatten)]
    pub faults: Faults,

    /// Replace files that platformc wrote, even if they were changed by hand since.
    #[arg(long)]
    pub overwrite: bool,
}

/// What a run found and did.
#[derive(Debug)]
pub struct Run {
    pub diagnostics: Vec<Diagnostic>,
    pub sources: Sources,
    /// None where nothing was written.
    pub done: Option<Summary>,
}

pub fn run(arguments: &Arguments, style: Style) -> Answer {
    let (folder, file) = super::project(&arguments.file);
    let project = Disk::at(folder);
    // What is named on the command line is meant from where one stands, all else from the file's folder.
    let (place, out) = match &arguments.out {
        Some(out) => (Disk::at(""), out.as_path()),
        None => (Disk::at(arguments.file.parent().unwrap_or(Utf8Path::new(""))), Utf8Path::new("out")),
    };
    let ran = build(&project, file, &place, out, arguments);
    ran.answer(out, arguments.faults.format, style)
}

/// Compiles `file` of `project` and writes below `out` of `place`.
pub fn build(project: &dyn World, file: &Utf8Path, place: &dyn World, out: &Utf8Path, arguments: &Arguments) -> Run {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let request = Request {
        file: file.to_owned(),
        environment: arguments.environment.clone(),
        today: arguments.faults.today(project),
    };
    let trees = compile(project, &request, &mut sources, &mut sink);
    arguments.faults.weigh(&mut sink);
    let target = Target { out, only: request.environment.as_deref(), overwrite: arguments.overwrite };
    let done = trees.and_then(|trees| emit::emit(place, target, &trees, &mut sink));
    sink.drop_idle_notes();
    Run { diagnostics: sink.into_sorted(), sources, done }
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
