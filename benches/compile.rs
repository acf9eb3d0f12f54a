//! How long a platform of N services takes, from text to the last byte: `cargo bench`.
//!
//! Prints objects, seconds, objects per second and the share of the link step; everything but the disk is in it. `cargo bench -- 4000` runs one size.

#![allow(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![allow(clippy::print_stdout, reason = "its figures are for the terminal")]
#![allow(clippy::panic, reason = "a platform with faults is not worth measuring")]

use std::fmt::Write;
use std::time::Instant;

use platformc::component::Catalog;
use platformc::diagnostic::Sink;
use platformc::render::Templates;
use platformc::source::Sources;
use platformc::validate::schemas::Schemas;
use platformc::world::Memory;
use platformc::{expand, link, load, render, resolve, validate};

/// Objects of one service of [`platform`]: ServiceAccount, Deployment, Service, autoscaler, budget, policy, ServiceMonitor,
/// ExternalSecret.
const PER_SERVICE: usize = 8;

fn main() {
    let wanted: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if wanted.is_empty() { vec![200, 1_000, 4_000, 16_000] } else { wanted };
    println!("{:>8} {:>10} {:>12} {:>8}", "objects", "seconds", "objects/s", "linking");
    for size in sizes {
        measure(size / PER_SERVICE);
    }
}

/// What one run took.
struct Run {
    objects: usize,
    seconds: f64,
    /// Of them, in the link step.
    linking: f64,
}

/// The best of three runs: the others are the machine's noise.
fn measure(services: usize) {
    let world = Memory::with([("platform.yaml", platform(services))]);
    let runs = (0..3).map(|_| run(&world).unwrap_or_else(|| panic!("the platform has faults")));
    let Some(Run { objects, seconds, linking }) = runs.min_by(|a, b| a.seconds.total_cmp(&b.seconds)) else { return };
    let share = format!("{:.0} %", 100.0 * linking / seconds);
    println!("{objects:>8} {seconds:>10.3} {:>12.0} {share:>8}", objects as f64 / seconds);
}

/// The phases as [`platformc::compile`] runs them for one environment.
fn run(world: &Memory) -> Option<Run> {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let start = Instant::now();
    let catalog = Catalog::load(world, &mut sources, &mut sink);
    let templates = Templates::new(catalog.all_templates(&sources), &mut sink);
    let document = load::load(world, "platform.yaml".into(), &mut sources, &mut sink)?;
    let platform = resolve::resolve(&document, &catalog, None, &mut sink)?;
    let plan = expand::expand(&platform, &catalog, &mut sink);
    let schemas = Schemas::default();
    let rendered = render::render(&plan, &templates, &schemas, &sources, &mut sink);
    let objects = validate::validate(&rendered, &platform.kubernetes, &schemas, &sources, &mut sink);
    let validated = Instant::now();
    let linked = link::link(objects, &rendered, &plan, &sources, &mut sink);
    let linking = validated.elapsed().as_secs_f64();
    (!sink.has_errors()).then_some(Run {
        objects: linked.objects.objects.len(),
        seconds: start.elapsed().as_secs_f64(),
        linking,
    })
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
