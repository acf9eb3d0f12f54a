//! `platformc lint`: validate and link manifests of any origin.

use camino::{Utf8Path, Utf8PathBuf};
use clap::ValueEnum;

use crate::cli::faults::Faults;
use crate::cli::render::Run;
use crate::cli::{Answer, Exit};
use crate::diagnostic::{Severity, Sink, Style};
use crate::lint::{self, Lint};
use crate::source::Sources;
use crate::world::{Disk, World};

const EXAMPLES: &str = "\
Examples:
  platformc lint manifests/                           check every manifest below a folder
  platformc lint --kubernetes 1.34,1.36 web.yaml      check for two versions of Kubernetes
  platformc lint -                                    check what `helm template CHART` writes
  platformc lint --external external.yaml manifests/  fail on what is neither here nor there
  platformc lint --waivers waivers.yaml manifests/    leave out what is meant to be
  platformc lint --schemas crds/ manifests/           know the kinds that these CRDs define
  platformc lint --format github --deny warnings .    show faults beside the lines on GitHub";

/// Check manifests that platformc did not write.
#[derive(Debug, Clone, clap::Args)]
#[command(arg_required_else_help = true, after_help = EXAMPLES)]
pub struct Arguments {
    /// Check these files, those below these folders, or `-`: what comes in on standard input.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<Utf8PathBuf>,

    /// Check against these versions of Kubernetes [default: the newest three].
    #[arg(long, value_name = "VERSIONS", value_delimiter = ',')]
    pub kubernetes: Vec<String>,

    /// Read what else the cluster holds from this file, written as `external:` of platform.yaml; what is in neither is then
    /// an error.
    #[arg(long, value_name = "FILE")]
    pub external: Option<Utf8PathBuf>,

    /// Read CRDs from this file, or from every file below this folder; may be given several times.
    #[arg(long, value_name = "PATH")]
    pub schemas: Vec<Utf8PathBuf>,

    /// Say of kinds of which no CRD is known that they are an error, or a warning.
    #[arg(long, value_name = "HOW", value_enum, default_value_t)]
    pub unknown_kinds: Unknown,

    /// Read from this file what is meant to be, written as `waivers:` of platform.yaml.
    #[arg(long, value_name = "FILE")]
    pub waivers: Option<Utf8PathBuf>,

    #[command(flatten)]
    pub faults: Faults,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Unknown {
    Error,
    #[default]
    Warn,
}

pub fn run(arguments: &Arguments, style: Style) -> Answer {
    let (ran, tally) = check(&Disk::at(""), arguments);
    let has_errors = ran.diagnostics.iter().any(|fault| fault.severity == Severity::Error);
    let exit = if has_errors { Exit::Faults } else { Exit::Done };
    ran.shown(arguments.faults.format, style, &format!("{tally}\n"), exit)
}

/// Checks what lies at the paths in `world`.
pub fn build(world: &dyn World, arguments: &Arguments) -> Run {
    check(world, arguments).0
}

/// The same, and how much was looked at.
pub fn check(world: &dyn World, arguments: &Arguments) -> (Run, lint::Tally) {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let (paths, schemas) = (borrowed(&arguments.paths), borrowed(&arguments.schemas));
    let lint = Lint {
        paths: &paths,
        kubernetes: &arguments.kubernetes,
        external: arguments.external.as_deref(),
        waivers: arguments.waivers.as_deref(),
        schemas: &schemas,
        unknown_kinds: match arguments.unknown_kinds {
            Unknown::Error => Severity::Error,
            Unknown::Warn => Severity::Warning,
        },
        today: arguments.faults.today(world),
    };
    let tally = lint::lint(world, &lint, &mut sources, &mut sink);
    arguments.faults.weigh(&mut sink);
    (Run { diagnostics: sink.into_sorted(), sources, done: None }, tally)
}

fn borrowed(paths: &[Utf8PathBuf]) -> Vec<&Utf8Path> {
    paths.iter().map(Utf8PathBuf::as_path).collect()
}
