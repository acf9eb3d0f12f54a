//! actionlint: the workflows of the repository.

use crate::report::Report;
use crate::{Bench, Failed, process, root};

pub fn check(bench: &Bench, report: &Report) -> Result<(), Failed> {
    let run =
        || Ok(process::run(bench.programs.command("actionlint")?.current_dir(root()).arg("-no-color"))?.findings());
    report.case("workflows", run);
    Ok(())
}
