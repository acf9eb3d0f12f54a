//! `platformc lint`: validate and link manifests of any origin.

use camino::{Utf8Path, Utf8PathBuf};

use crate::cli::render::{Deny, Run};
use crate::cli::{Answer, Exit};
use crate::diagnostic::{self, Format, Sink, Style};
use crate::lint::{self, Lint};
use crate::source::Sources;
use crate::world::{Date, Disk, World};

const EXAMPLES: &str = "\
Examples:
  platformc lint manifests/                                check every manifest below a folder
  platformc lint --kubernetes 1.34,1.36 web.yaml db.yaml   for two versions of Kubernetes";

/// Check manifests that platformc did not write.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Check these files, and those below these folders.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<Utf8PathBuf>,

    /// Check against these versions of Kubernetes [default: the newest three].
    #[arg(long, value_name = "VERSIONS", value_delimiter = ',')]
    pub kubernetes: Vec<String>,

    /// Read what else the cluster holds from this file; what is in neither is then an error.
    #[arg(long, value_name = "FILE")]
    pub external: Option<Utf8PathBuf>,

    /// Show faults in this format.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,

    /// Treat warnings as errors.
    #[arg(long, value_name = "WHAT", value_enum)]
    pub deny: Option<Deny>,

    /// Take this day for today, as for waivers that end [default: that of SOURCE_DATE_EPOCH, else of the clock].
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<Date>,
}

pub fn run(arguments: &Arguments, style: Style) -> Answer {
    let ran = build(&Disk::at(""), arguments);
    let shown = diagnostic::render(&ran.diagnostics, &ran.sources, arguments.format, style);
    let has_errors = ran.diagnostics.iter().any(|fault| fault.severity == diagnostic::Severity::Error);
    let exit = if has_errors { Exit::Faults } else { Exit::Done };
    match arguments.format {
        Format::Human => Answer { output: String::new(), message: shown, exit },
        Format::Json => Answer { output: shown, message: String::new(), exit },
    }
}

/// Checks what lies at the paths in `world`.
pub fn build(world: &dyn World, arguments: &Arguments) -> Run {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let paths: Vec<&Utf8Path> = arguments.paths.iter().map(Utf8PathBuf::as_path).collect();
    let lint = Lint {
        paths: &paths,
        kubernetes: &arguments.kubernetes,
        external: arguments.external.as_deref(),
        today: arguments.today.unwrap_or_else(|| world.today()),
    };
    lint::lint(world, &lint, &mut sources, &mut sink);
    if arguments.deny == Some(Deny::Warnings) {
        sink.deny_warnings();
    }
    Run { diagnostics: sink.into_sorted(), sources, done: None }
}
