//! One run after the other, and each begins in order.

use std::time::Duration;

use camino::Utf8Path;

use super::stage::{Plan, Stage};
use super::{Target, exchange, faults, journal};
use crate::diagnostic::Diagnostic;
use crate::world::{Lock, World};

/// As long nobody asks what is going on.
const MOMENT: Duration = Duration::from_secs(1);
/// No run works that long.
const LIMIT: Duration = Duration::from_secs(60);

/// Waits until no other run is at work; E0706 if that does not come to be.
///
/// The folder that holds `out` is locked, or what `out` leads to: it stays the same one, whatever name it is called by, and
/// the lock leaves nothing behind.
pub fn take(world: &dyn World, target: Target<'_>) -> Result<Lock, Diagnostic> {
    let out = target.out;
    let folder = match world.entry(out) {
        Ok(_) => out.join(".."),
        Err(_) => out.parent().unwrap_or(out).to_owned(),
    };
    let lock = |patience| world.lock(&folder, patience).map_err(|error| faults::unreadable(&folder, &error));
    if let Some(lock) = lock(MOMENT)? {
        return Ok(lock);
    }
    (target.waits)(&format!("waiting: {} is at work on `{out}`", holder(world, out)));
    lock(LIMIT)?.ok_or_else(|| faults::locked(out, &holder(world, out)))
}

/// Who it is, if they got so far as to write it down.
fn holder(world: &dyn World, out: &Utf8Path) -> String {
    let inside = journal::stage(world, out);
    let stages: Vec<Stage<'_>> = exchange::stage(world, out).into_iter().chain([inside]).collect();
    let plans = stages.iter().filter_map(|stage| stage.read_plan(&stage.plan()).ok());
    match plans.map(|plan: Plan| plan.process).find(|process| *process != 0) {
        Some(process) => format!("process {process}"),
        None => "another process".into(),
    }
}

/// Finishes or undoes what an earlier run left behind; E0707 where that cannot be done, or others put something there.
pub fn put_in_order(world: &dyn World, out: &Utf8Path) -> Result<(), Diagnostic> {
    let inside = journal::stage(world, out);
    let left = journal::finish(world, out).map_err(|error| faults::unfinished(&inside.place, &error))?;
    if !left.is_empty() {
        return Err(faults::leftover(&inside.place, &left));
    }
    let Some(stage) = exchange::stage(world, out) else { return Ok(()) };
    let left = exchange::tidy(&stage).map_err(|error| faults::unfinished(&stage.place, &error))?;
    if left.is_empty() { Ok(()) } else { Err(faults::leftover(&stage.place, &left)) }
}
