//! Manifests shown to somebody who asks about them.

use camino::Utf8Path;

use super::{find, read};
use crate::diagnostic::{Diagnostic, Sink};
use crate::link::symbols::{Extent, Symbols};
use crate::render::Rendered;
use crate::resolve::input::External;
use crate::source::{Sources, Span};
use crate::validate::schemas::{Schemas, versions};
use crate::validate::validate;
use crate::world::World;

const POLICY: &str = "NetworkPolicy.networking.k8s.io";

/// Shows `ask` what manifests hold. Of what is wrong with them only that is told which concerns a NetworkPolicy.
pub fn inspect<R>(
    world: &dyn World,
    paths: &[&Utf8Path],
    sources: &mut Sources,
    sink: &mut Sink,
    ask: impl FnOnce(&Symbols) -> R,
) -> R {
    let found = find::find(world, paths, sink);
    let schemas = Schemas::default();
    let rendered = Rendered { files: read::read(world, &found, &schemas, sources, sink).files };
    let newest: Vec<String> = versions().last().map(|version| (*version).to_owned()).into_iter().collect();
    let mut found = Sink::default();
    let objects = validate(&rendered, &newest, &schemas, sources, &mut found);
    let policies: Vec<Span> =
        objects.objects.iter().filter(|object| object.is(POLICY)).map(|object| object.node.span).collect();
    let concerns =
        |fault: &&Diagnostic| fault.primary().is_some_and(|at| policies.iter().any(|policy| policy.holds(at)));
    found.iter().filter(concerns).for_each(|fault| sink.push(fault.clone()));
    let external = External::default();
    ask(&Symbols::new(&objects.objects, None, &rendered.files, &external, Extent::Part, sources))
}
