//! How long `render` takes where an output is there already: `cargo bench --bench emit`, or `-- 16000` for another size.
//!
//! The first column is `emit` alone, on the real disk; the second the program from its start to its end. Nothing of what was
//! compiled is kept between two runs: the second column holds a whole compile.

#![allow(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![allow(clippy::disallowed_types, reason = "the program is started as a shell does")]
#![allow(clippy::print_stdout, reason = "its figures are for the terminal")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "what fails is not worth measuring")]

#[path = "compile/platform.rs"]
mod platform;

use std::process::Command;
use std::time::Instant;

use camino::{Utf8Path, Utf8PathBuf};
use platformc::diagnostic::Sink;
use platformc::emit::{Summary, Target, Tree, check, emit};
use platformc::source::Sources;
use platformc::world::{Date, Disk, Memory, World};
use platformc::{Request, compile};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The others are the machine's noise.
const RUNS: usize = 15;

fn main() {
    let objects = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(4_000);
    let text = platform::of(objects, &["1.35"]);
    let changed = text.replacen("service:1.0.0", "service:1.0.1", 1);
    let folder = tempfile::tempdir().unwrap();
    let root = Utf8Path::from_path(folder.path()).unwrap();
    let bench = Bench { file: root.join("platform.yaml"), disk: Disk::at(root), texts: [text, changed] };
    let trees = bench.texts.each_ref().map(|text| compiled(text));
    println!("{objects} objects, {} files; best and median of {RUNS}, in ms\n", trees[0][0].files.len());
    println!("{:>18} {:>17} {:>17}", "", "emit", "program");
    let alone: [&dyn Fn(usize) -> Summary; 2] = [&|_| bench.emit(&trees[0]), &|run| bench.emit(&trees[run % 2])];
    let program: [&dyn Fn(usize); 2] = [&|_| bench.program("render", 0), &|run| bench.program("render", run % 2)];
    row("no change", || bench.emit(&trees[0]), alone[0], program[0]);
    row("one line changed", || bench.emit(&trees[0]), alone[1], program[1]);
    row("check", || bench.emit(&trees[0]), |_| bench.check(&trees[0]), |_| bench.program("check", 0));
}

fn row<T>(name: &str, begin: impl Fn() -> T, alone: impl Fn(usize) -> Summary, program: impl Fn(usize)) {
    begin();
    let alone = times(alone);
    begin();
    println!("{name:>18} {alone:>17} {:>17}", times(program));
}

/// Runs are counted from 1, so that the first one changes something.
fn times<T>(run: impl Fn(usize) -> T) -> String {
    let mut times: Vec<f64> = (1..=RUNS)
        .map(|number| {
            let start = Instant::now();
            run(number);
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    format!("{:.1} / {:.1}", times[0], times[RUNS / 2])
}

struct Bench {
    file: Utf8PathBuf,
    disk: Disk,
    /// Two platforms that differ in one line.
    texts: [String; 2],
}

impl Bench {
    fn emit(&self, trees: &[Tree]) -> Summary {
        let mut sink = Sink::default();
        emit(&self.disk, Target::all("out".into()), trees, &mut sink).unwrap_or_else(|| panic!("{sink:?}"))
    }

    fn check(&self, trees: &[Tree]) -> Summary {
        let mut sink = Sink::default();
        check(&self.disk, Target::all("out".into()), trees, &mut sink).unwrap_or_else(|| panic!("{sink:?}"))
    }

    fn program(&self, command: &str, text: usize) {
        self.disk.write("platform.yaml".into(), self.texts[text].as_bytes()).unwrap();
        let ran = Command::new(env!("CARGO_BIN_EXE_platformc"))
            .args([command, "--file", self.file.as_str()])
            .output()
            .unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    }
}

fn compiled(text: &str) -> Vec<Tree> {
    let world = Memory::with([("platform.yaml", text)]);
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let request = Request::all("platform.yaml", Date::EPOCH);
    compile(&world, &request, &mut sources, &mut sink).unwrap_or_else(|| panic!("{sink:?}"))
}
