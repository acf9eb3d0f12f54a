//! Validate and link without a platform: manifests that platformc did not write.
//!
//! Takes files, folders and standard input; gives the faults of phases 5 and 6, at their line in those files, and how much
//! was looked at. Without `external` the manifests are a part of a cluster, and what they lack is at most a warning; with
//! it they are the whole. Faults of its own: E0101 (a path is not there), E0209 (an unknown version), E0506 (nothing to
//! check). It writes nothing.

mod distance;
mod find;
mod holdings;
mod inspect;
mod kinds;
mod kustomize;
mod read;
mod tally;
#[cfg(test)]
mod tests;
mod units;

use std::collections::BTreeSet;

use camino::Utf8Path;

pub use self::find::plain;
pub use self::holdings::{Holdings, holdings};
pub use self::inspect::inspect;
pub use self::kinds::{is_object, objects};
pub use self::tally::Tally;
use crate::diagnostic::{Severity, Sink};
use crate::link;
use crate::link::symbols::{Extent, Symbols};
use crate::load;
use crate::render::Rendered;
use crate::resolve::input::External;
use crate::resolve::uses;
use crate::source::Sources;
use crate::validate::crds::{self, Crd};
use crate::validate::schemas::{Schemas, versions};
use crate::validate::{Against, UnknownKinds, validate_against};
use crate::waivers::Waivers;
use crate::world::{Date, World};

/// What to check, and against what.
#[derive(Debug, Clone, Copy)]
pub struct Lint<'a> {
    pub paths: &'a [&'a Utf8Path],
    /// Versions of Kubernetes; none: the newest three.
    pub kubernetes: &'a [String],
    /// A file with what else the cluster holds.
    pub external: Option<&'a Utf8Path>,
    /// CRDs: files, or folders of them.
    pub schemas: &'a [&'a Utf8Path],
    /// How grave it is that a kind of a CRD is not known.
    pub unknown_kinds: Severity,
    /// A file with waivers.
    pub waivers: Option<&'a Utf8Path>,
    /// The day on which it is checked.
    pub today: Date,
}

/// Checks them; without what is waived.
pub fn lint(world: &dyn World, lint: &Lint, sources: &mut Sources, sink: &mut Sink) -> Tally {
    let mut found = Sink::default();
    let tally = judge(world, lint, sources, &mut found);
    let document = lint.waivers.and_then(|path| load::load(world, path, sources, sink));
    let Some(document) = document else {
        found.iter().for_each(|fault| sink.push(fault.clone()));
        return tally;
    };
    let mut waivers = Waivers::new(lint.today, Severity::Error);
    let list = uses::waivers(&document.root, sink).unwrap_or_default();
    waivers.apply(&list, &document.root, &found, sink);
    waivers.unused(sink);
    tally
}

fn judge(world: &dyn World, lint: &Lint, sources: &mut Sources, sink: &mut Sink) -> Tally {
    let kubernetes = known(lint.kubernetes, sink);
    let external = lint.external.and_then(|path| external(world, path, sources, sink));
    let given: Vec<Crd> = lint.schemas.iter().flat_map(|path| crds::at(world, path, sources, sink)).collect();
    let found = find::find(world, lint.paths, sink);
    let read = read::read(world, &found, &Schemas::with(given.clone()), sources, sink);
    let schemas = Schemas::with(given.into_iter().chain(crds::among(&read.files)));
    let tally = Tally::of(&read);
    if tally.objects == 0 && !sink.has_errors() {
        sink.push(read::nothing(lint.paths, &read));
    }
    let (rendered, together) = (Rendered { files: read.files }, read.together);
    let against =
        Against { kubernetes: &kubernetes, schemas: &schemas, unknown: UnknownKinds::Once(lint.unknown_kinds) };
    let mut invalid = Sink::default();
    let valid = validate_against(&rendered, against, sources, &mut invalid);
    invalid.iter().for_each(|fault| sink.push(distance::of_object(fault, &together, sources)));
    let (external, extent) = match external {
        Some(external) => (external, Extent::Whole),
        None => (External::default(), Extent::Part),
    };
    // What several deployments share may have the same fault in each.
    let mut told = BTreeSet::new();
    for unit in units::units(valid.objects, extent, &together) {
        let mut found = Sink::default();
        link::check(&Symbols::new(&unit, None, &rendered.files, &external, extent, sources), &mut found);
        let fresh = found.iter().filter(|fault| told.insert((fault.code, fault.message.clone(), fault.primary())));
        fresh.for_each(|fault| {
            sink.push(match extent {
                Extent::Part => distance::of_reference(fault, &together, sources),
                Extent::Whole => fault.clone(),
            });
        });
    }
    tally
}

/// The versions that are known; none asked for: the newest three.
fn known(asked: &[String], sink: &mut Sink) -> Vec<String> {
    let known = versions();
    for version in asked.iter().filter(|version| !known.contains(&version.as_str())) {
        sink.push(uses::unknown_version(version, None));
    }
    let newest = known.iter().skip(known.len().saturating_sub(3)).map(|version| (*version).to_owned());
    match asked {
        [] => newest.collect(),
        asked => asked.iter().filter(|version| known.contains(&version.as_str())).cloned().collect(),
    }
}

/// What stands under `external` in a platform.yaml, in a file of its own.
fn external(world: &dyn World, path: &Utf8Path, sources: &mut Sources, sink: &mut Sink) -> Option<External> {
    let document = load::load(world, path, sources, sink)?;
    uses::external(&document.root, sink)
}
