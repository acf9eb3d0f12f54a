//! How long a platform of N services takes, from text to files on the disk, and where the time goes: `cargo bench --bench compile`.
//!
//! Three tables: the phases for each number of objects; further Kubernetes versions; and this repository's own two trees, by
//! the program as it is started from a shell. `cargo bench --bench compile -- 4000` runs the first one for one size.

#![allow(clippy::disallowed_methods, reason = "a bench reads the clock and writes for nobody")]
#![allow(clippy::disallowed_types, reason = "the program is started as a shell does")]
#![allow(clippy::print_stdout, reason = "its figures are for the terminal")]
#![allow(clippy::panic, reason = "a platform with faults is not worth measuring")]

#[path = "compile/platform.rs"]
mod platform;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use camino::Utf8Path;
use platformc::component::Catalog;
use platformc::diagnostic::{Severity, Sink};
use platformc::emit::{Target, Tree, emit};
use platformc::render::Templates;
use platformc::source::Sources;
use platformc::validate::schemas::Schemas;
use platformc::world::{Disk, Memory};
use platformc::{expand, link, load, render, resolve, validate};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PHASES: [&str; 7] = ["load", "resolve", "expand", "render", "validate", "link", "emit"];

/// The best of so many runs: the others are the machine's noise.
const RUNS: usize = 5;

fn main() {
    // Files that are removed take the file system's time from those that are made next: they all stay to the end.
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let wanted: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if wanted.is_empty() { vec![200, 1_000, 4_000, 16_000] } else { wanted.clone() };
    println!("{:>8} {:>9} {:>10}   {}", "objects", "seconds", "objects/s", PHASES.map(|p| format!("{p:>9}")).concat());
    sizes.into_iter().for_each(|objects| phases(objects, folder.path()));
    if wanted.is_empty() {
        versions(folder.path());
        root(folder.path());
    }
}

fn phases(objects: usize, folder: &Path) {
    let run = best(&platform::of(objects, &["1.35"]), folder);
    let shares = run.seconds.map(|seconds| format!("{:>7.0} %", 100.0 * seconds / run.total()));
    println!(
        "{:>8} {:>9.3} {:>10.0}   {}",
        run.objects,
        run.total(),
        run.objects as f64 / run.total(),
        shares.concat()
    );
}

/// What further versions cost: all that is done for them is in `validate`.
fn versions(folder: &Path) {
    println!("\n{:>8} {:>9} {:>9} {:>17}", "versions", "seconds", "validate", "each further one");
    let all = platformc::validate::schemas::versions();
    let mut first = 0.0;
    for number in [1, 2, all.len()] {
        let run = best(&platform::of(4_000, all.get(all.len() - number..).unwrap_or_default()), folder);
        first = if number == 1 { run.total() } else { first };
        let more = 100.0 * (run.total() / first - 1.0) / (number - 1).max(1) as f64;
        println!("{number:>8} {:>9.3} {:>9.3} {more:>+15.1} %", run.total(), run.seconds[4]);
    }
}

/// The program from its start to its end: the first run of all, which reads what no other process has read, is not counted.
fn root(folder: &Path) {
    let start = || {
        let start = Instant::now();
        let mut command = Command::new(env!("CARGO_BIN_EXE_platformc"));
        command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["render", "--out"]).arg(folder.join("root"));
        let ran = command.output().unwrap_or_else(|error| panic!("{error}"));
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        start.elapsed().as_secs_f64() * 1000.0
    };
    start();
    let mut runs: Vec<f64> = (0..30).map(|_| start()).collect();
    runs.sort_by(f64::total_cmp);
    println!("\nthis repository's own trees: best {:.1} ms, median {:.1} ms", runs[0], runs[runs.len() / 2]);
}

/// What one run took.
struct Run {
    objects: usize,
    /// By phase.
    seconds: [f64; PHASES.len()],
}

impl Run {
    fn total(&self) -> f64 {
        self.seconds.iter().sum()
    }
}

fn best(platform: &str, folder: &Path) -> Run {
    let fresh = || tempfile::tempdir_in(folder).unwrap_or_else(|error| panic!("{error}")).keep();
    let runs = (0..RUNS).map(|_| run(platform, &fresh()));
    runs.min_by(|a, b| a.total().total_cmp(&b.total())).unwrap_or_else(|| panic!("there are runs"))
}

/// Tells how long it is since it was asked last.
struct Watch(Instant);

impl Watch {
    fn lap(&mut self) -> f64 {
        std::mem::replace(&mut self.0, Instant::now()).elapsed().as_secs_f64()
    }
}

/// The phases as [`platformc::compile`] runs them for one environment, into a folder that is empty.
fn run(platform: &str, folder: &Path) -> Run {
    let disk = Disk::at(Utf8Path::from_path(folder).unwrap_or("".into()));
    let world = Memory::with([("platform.yaml", platform)]);
    let (mut sources, mut sink) = (Sources::default(), Sink::default());

    let mut watch = Watch(Instant::now());
    let catalog = Catalog::load(&world, &mut sources, &mut sink);
    let templates = Templates::new(catalog.all_templates(&sources), &mut sink);
    let document = load::load(&world, "platform.yaml".into(), &mut sources, &mut sink);
    let document = document.unwrap_or_else(|| told(&sink));
    let load = watch.lap();
    let platform = resolve::resolve(&document, &catalog, None, &mut sink).unwrap_or_else(|| told(&sink));
    let resolve = watch.lap();
    let plan = expand::expand(&platform, &catalog, &mut sink);
    let expand = watch.lap();
    let schemas = Schemas::default();
    let rendered = render::render(&plan, &templates, &schemas, &sources, &mut sink);
    let render = watch.lap();
    let objects = validate::validate(&rendered, &platform.kubernetes, &schemas, &sources, &mut sink);
    validate::values::of_components(&plan, &rendered, &sources, &mut sink);
    let validate = watch.lap();
    let linked = link::link(objects, &rendered, &plan, &sources, &mut sink);
    let link = watch.lap();
    let files = rendered.files.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
    let tree = Tree { environment: None, files };
    let done = emit(&disk, Target::all("out".into()), &[tree], &mut sink);
    let emit = watch.lap();

    done.unwrap_or_else(|| told(&sink));
    Run { objects: linked.objects.objects.len(), seconds: [load, resolve, expand, render, validate, link, emit] }
}

fn told<T>(sink: &Sink) -> T {
    let error = sink.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
    panic!("the platform has a fault: {error:#?}")
}
