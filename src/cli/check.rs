//! `platformc check`: everything that `render` does, but for the writing.

use camino::Utf8Path;

use crate::cli::Answer;
use crate::cli::render::{Run, Scope};
use crate::diagnostic::Style;
use crate::emit::{self, Target};
use crate::world::World;

const EXAMPLES: &str = "\
Examples:
  platformc check                                  fail where out/ is not what platform.yaml says
  platformc check --environment prod               look at out/prod only
  platformc check --deny warnings                  fail on warnings too, as a pipeline should
  platformc check --format github                  show faults beside the lines of a pull request";

const MORE: &str = "\
A file of the output is `missing` (not there), `outdated` (as platformc wrote it, but it would write something else now), `stale` \
(platformc wrote it, and would not any more), changed by hand, or in the way (platformc did not write it and needs its place). \
Files that are none of platformc's business are left out. The exit code is 0 where nothing differs, 1 where something does or \
platform.yaml is faulty, 2 for a wrong command line. Nothing is written.";

/// Fail where out/ is not exactly what platform.yaml says.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{MORE}"))]
pub struct Arguments {
    #[command(flatten)]
    pub scope: Scope,
}

pub fn run(arguments: &Arguments, style: Style) -> Answer {
    arguments.scope.run(style, |project, file, place, out| build(project, file, place, out, arguments))
}

/// Compiles `file` of `project` and compares it with what is below `out` of `place`.
pub fn build(project: &dyn World, file: &Utf8Path, place: &dyn World, out: &Utf8Path, arguments: &Arguments) -> Run {
    arguments.scope.compile(project, file, |trees, sink| {
        let only = arguments.scope.environment.as_deref();
        let target = Target { out, only, overwrite: false, waits: super::remark };
        emit::check(place, target, trees, sink)
    })
}
