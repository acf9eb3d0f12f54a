//! Validate and link without a platform: manifests that platformc did not write.
//!
//! Takes files and folders; gives the faults of phases 5 and 6, at their line in those files. Without `external` the
//! manifests are a part of a cluster, and what they lack is a warning; with it they are the whole.

use camino::Utf8Path;

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::link::symbols::{Extent, Symbols};
use crate::render::{Rendered, RenderedFile};
use crate::resolve::input::External;
use crate::source::{Sources, Span};
use crate::validate::schemas::{Schemas, versions};
use crate::world::{Date, World};
use crate::{link, validate};

const POLICY: &str = "NetworkPolicy.networking.k8s.io";

/// What to check, and against what.
#[derive(Debug, Clone, Copy)]
pub struct Lint<'a> {
    pub paths: &'a [&'a Utf8Path],
    /// Versions of Kubernetes; none: the newest three.
    pub kubernetes: &'a [String],
    /// A file with what else the cluster holds.
    pub external: Option<&'a Utf8Path>,
    /// The day on which it is checked.
    pub today: Date,
}

pub fn lint(world: &dyn World, lint: &Lint, sources: &mut Sources, sink: &mut Sink) {
    let files = read(world, lint.paths, sources, sink);
    let rendered = Rendered { files };
    let kubernetes = match lint.kubernetes {
        [] => versions().iter().rev().take(3).rev().map(|version| (*version).to_owned()).collect(),
        asked => asked.to_vec(),
    };
    let objects = validate::validate(&rendered, &kubernetes, &Schemas::default(), sources, sink);
    let (external, extent) = (External::default(), Extent::Part);
    let symbols = Symbols::new(&objects.objects, None, &rendered.files, &external, extent, sources);
    link::check(&symbols, sink);
}

/// Shows `ask` what manifests hold. Of what is wrong with them only that is told which concerns a NetworkPolicy.
pub fn inspect<R>(
    world: &dyn World,
    paths: &[&Utf8Path],
    sources: &mut Sources,
    sink: &mut Sink,
    ask: impl FnOnce(&Symbols) -> R,
) -> R {
    let rendered = Rendered { files: read(world, paths, sources, sink) };
    let newest: Vec<String> = versions().last().map(|version| (*version).to_owned()).into_iter().collect();
    let mut found = Sink::default();
    let objects = validate::validate(&rendered, &newest, &Schemas::default(), sources, &mut found);
    let policies: Vec<Span> =
        objects.objects.iter().filter(|object| object.is(POLICY)).map(|object| object.node.span).collect();
    let concerns =
        |fault: &&Diagnostic| fault.primary().is_some_and(|at| policies.iter().any(|policy| policy.holds(at)));
    found.iter().filter(concerns).for_each(|fault| sink.push(fault.clone()));
    let external = External::default();
    ask(&Symbols::new(&objects.objects, None, &rendered.files, &external, Extent::Part, sources))
}

fn read(world: &dyn World, paths: &[&Utf8Path], sources: &mut Sources, sink: &mut Sink) -> Vec<RenderedFile> {
    let mut files = vec![];
    for path in paths {
        for path in world.files(path).unwrap_or_else(|_| vec![path.to_path_buf()]) {
            if !matches!(path.extension(), Some("yaml" | "yml" | "json")) {
                continue;
            }
            match world.read(&path).map(String::from_utf8) {
                Ok(Ok(text)) => {
                    let file = sources.add(&path, text);
                    files.push(RenderedFile::by_hand(file, sources, sink));
                }
                Ok(Err(_)) => sink.push(Diagnostic::new(Code::NotYaml, format!("`{path}` is not text"))),
                Err(error) => sink.push(Diagnostic::new(Code::CannotRead, format!("cannot read `{path}`: {error}"))),
            }
        }
    }
    files
}
