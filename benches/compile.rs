//! How long a platform of N services takes, from text to the last byte: `cargo bench`.
//!
//! Prints objects, seconds and objects per second; everything but the disk is in it. `cargo bench -- 4000` runs one size.

#![allow(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![allow(clippy::print_stdout, reason = "its figures are for the terminal")]
#![allow(clippy::panic, reason = "a platform with faults is not worth measuring")]

use std::fmt::Write;
use std::time::Instant;

use platformc::diagnostic::Sink;
use platformc::source::Sources;
use platformc::world::{Memory, World};
use platformc::{Request, compile};

/// Objects of one service of [`platform`]: ServiceAccount, Deployment, Service, autoscaler, budget, policy, ServiceMonitor,
/// ExternalSecret.
const PER_SERVICE: usize = 8;

fn main() {
    let wanted: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if wanted.is_empty() { vec![200, 1_000, 4_000, 16_000] } else { wanted };
    println!("{:>8} {:>10} {:>12}", "objects", "seconds", "objects/s");
    for size in sizes {
        measure(size / PER_SERVICE);
    }
}

/// The best of three runs: the others are the machine's noise.
fn measure(services: usize) {
    let world = Memory::with([("platform.yaml", platform(services))]);
    let runs = (0..3).map(|_| run(&world));
    let Some((seconds, objects)) = runs.min_by(|a, b| a.0.total_cmp(&b.0)) else { return };
    println!("{objects:>8} {seconds:>10.3} {:>12.0}", objects as f64 / seconds);
}

fn run(world: &Memory) -> (f64, usize) {
    let request = Request::all("platform.yaml", world.today());
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let start = Instant::now();
    let trees = compile(world, &request, &mut sources, &mut sink).unwrap_or_else(|| panic!("{:?}", sink.into_sorted()));
    let seconds = start.elapsed().as_secs_f64();
    let texts = trees.iter().flat_map(|tree| &tree.files).filter(|(path, _)| path.extension() == Some("yaml"));
    (seconds, texts.map(|(_, text)| text.matches("\nkind: ").count()).sum())
}

fn platform(services: usize) -> String {
    let mut text = String::from(
        "name: bench\ndomain: example.com\nkubernetes: [\"1.35\"]\nmonitoring: kube-prometheus-stack\n\
         secrets: {provider: external-secrets, store: {name: bench}}\nservices:\n",
    );
    for number in 0..services {
        let _ = write!(
            text,
            "  service-{number}:\n    namespace: team-{}\n    image: ghcr.io/bench/service:1.{number}.0\n    port: 8080\n    \
             health: /health\n    metrics: /metrics\n    scale: {{min: 2, max: 5, cpu: 70%}}\n    minAvailable: 1\n    \
             secrets: {{service-{number}-keys: [KEY]}}\n    env: {{LEVEL: info}}\n",
            number % 20,
        );
    }
    text
}
