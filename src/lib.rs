//! platformc: a compiler from one `platform.yaml` to a whole Kubernetes platform.
//!
//! [`compile`] is the pipeline. Each phase is a function from one type to the next, so none can be skipped:
//!
//! | # | phase | takes → gives | faults |
//! |---|---|---|---|
//! | 1 | [`load`](mod@load) | text → [`Document`]: a tree in which every key and value knows its bytes | E01xx |
//! | 2 | [`resolve`](mod@resolve) | `Document` + [`Catalog`] → [`Platform`]: one environment, checked and filled | E02xx |
//! | 3 | [`expand`](mod@expand) | `Platform` → [`Plan`]: component instances and everything derived from them | E03xx |
//! | 4 | [`render`](mod@render) | `Plan` → [`Rendered`]: text, and who asked for each line | E04xx |
//! | 5 | [`validate`](mod@validate) | `Rendered` → [`Objects`]: valid on every Kubernetes version asked for | E05xx |
//! | 6 | [`link`](mod@link) | `Objects` → [`Linked`](link::Linked): every reference has its target | E06xx |
//! | 7 | [`emit`](mod@emit) | [`Tree`] → `out/`: all of it or none of it | E07xx |
//!
//! Beside them stand [`source`] (text and trees that know their place), [`diagnostic`] (what we tell people), [`world`] (all
//! that the compiler may ask of the outside), [`schema`] (what a document may hold), [`json_schema`] (what others say that theirs may), [`component`] (what a folder of
//! `templates/` says), [`manifests`] (what users wrote by hand) and [`waivers`] (what is meant to be). [`lint`](mod@lint) runs phases 5
//! and 6 on manifests of any origin; [`chart`] holds what a component claims of its chart against what the chart renders;
//! [`diff`](mod@diff) says what a change does to a cluster. The compiler knows no product: products are components.

// A test may index: it is meant to fail.
#![cfg_attr(not(test), warn(clippy::indexing_slicing, clippy::string_slice))]

pub mod source;
pub mod diagnostic;
pub mod world;
pub mod schema;
pub mod json_schema;
pub mod component;
pub mod load;
pub mod resolve;
pub mod manifests;
pub mod expand;
pub mod render;
pub mod validate;
pub mod link;
pub mod emit;
pub mod lint;
pub mod waivers;
pub mod chart;
pub mod diff;
pub mod cli;

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use component::Catalog;
use diagnostic::{Code, Diagnostic, Severity, Sink, did_you_mean};
use emit::Tree;
use expand::Plan;
use link::symbols::Symbols;
use load::Document;
use manifests::Manifests;
use render::{Rendered, Templates};
use resolve::Platform;
use source::Sources;
use validate::Objects;
use validate::crds::{self, Crd};
use validate::schemas::Schemas;
use waivers::Waivers;
use world::{Date, World};

/// What to compile.
#[derive(Debug, Clone)]
pub struct Request {
    /// The path of platform.yaml.
    pub file: Utf8PathBuf,
    /// One environment only; none: all of them.
    pub environment: Option<String>,
    /// The day on which it is compiled, for what ends on a day: no output depends on it.
    pub today: Date,
}

impl Request {
    /// All environments of a file.
    pub fn all(file: impl Into<Utf8PathBuf>, today: Date) -> Self {
        Self { file: file.into(), environment: None, today }
    }
}

/// From `platform.yaml` to one tree per environment. Faults go to the sink; with one error in one of
/// them no tree is given.
pub fn compile(world: &dyn World, request: &Request, sources: &mut Sources, sink: &mut Sink) -> Option<Vec<Tree>> {
    let trees = compile_seen(world, request, sources, sink, |_| ())?;
    Some(trees.into_iter().map(|(tree, ())| tree).collect())
}

/// The same; beside each tree what `see` keeps of what it was made from.
pub fn compile_seen<S: Send>(
    world: &dyn World,
    request: &Request,
    sources: &mut Sources,
    sink: &mut Sink,
    see: impl Fn(&Symbols) -> S + Sync,
) -> Option<Vec<(Tree, S)>> {
    let mut project = Project::load(world, &request.file, sources, sink)?;
    let mut inputs = vec![];
    for environment in wanted(&project.document, request.environment.as_deref(), sink) {
        let mut found = Sink::default();
        inputs.push((project.input(environment.as_deref(), sources, &mut found), found));
    }
    // Much of an environment's way is for one core: the others go theirs meanwhile.
    let compiled = |(input, _): &(Option<Input>, Sink)| Some(project.compiler(input.as_ref()?, sources).compile(&see));
    let compiled: Vec<_> = inputs.par_iter().map(compiled).collect();
    let mut trees = vec![];
    let mut waivers = Waivers::new(request.today, Severity::Warning);
    let mut is_complete = request.environment.is_none();
    for ((input, mut found), compiled) in inputs.into_iter().zip(compiled) {
        let tree = input.zip(compiled).and_then(|(Input { platform, .. }, (files, judged))| {
            waivers.apply(&platform.input.waivers, &platform.merged, &judged, &mut found);
            files.map(|(files, seen)| (Tree { environment: platform.environment, files }, seen))
        });
        found.iter().for_each(|diagnostic| sink.push(diagnostic.clone()));
        is_complete &= tree.is_some();
        trees.extend(tree);
    }
    if is_complete {
        waivers.unused(sink);
    }
    if let Some(one) = &request.environment {
        resolve::check_others(&project.document, &project.catalog, one, sink);
    }
    (!sink.has_errors()).then_some(trees)
}

/// Shows `ask` what is rendered for each environment, before it is linked: for commands that answer and write nothing.
pub fn inspect(
    world: &dyn World,
    request: &Request,
    sources: &mut Sources,
    sink: &mut Sink,
    mut ask: impl FnMut(Option<&str>, &Symbols),
) {
    let Some(mut project) = Project::load(world, &request.file, sources, sink) else { return };
    for environment in wanted(&project.document, request.environment.as_deref(), sink) {
        let mut found = Sink::default();
        if let Some(input) = project.input(environment.as_deref(), sources, &mut found) {
            project.compiler(&input, sources).objects(&mut found, |objects, rendered, plan, _| {
                ask(environment.as_deref(), &link::symbols(&objects, rendered, plan, sources));
            });
        }
        found.iter().for_each(|diagnostic| sink.push(diagnostic.clone()));
    }
}

/// What all environments share.
struct Project<'w> {
    world: &'w dyn World,
    document: Document,
    catalog: Catalog,
    templates: Templates,
    crds: Vec<Crd>,
    manifests: Manifests,
}

/// One environment, with what was written by hand for it.
struct Input {
    platform: Platform,
    schemas: Schemas,
}

impl<'w> Project<'w> {
    fn load(world: &'w dyn World, file: &Utf8Path, sources: &mut Sources, sink: &mut Sink) -> Option<Self> {
        let catalog = Catalog::load(world, sources, sink);
        let templates = Templates::new(catalog.all_templates(sources), sink);
        let document = load::load(world, file, sources, sink)?;
        let crds = crds::beside(world, sources, sink);
        Some(Self { world, document, catalog, templates, crds, manifests: Manifests::of(file) })
    }

    fn input(&mut self, environment: Option<&str>, sources: &mut Sources, sink: &mut Sink) -> Option<Input> {
        let mut platform = resolve::resolve(&self.document, &self.catalog, environment, sink)?;
        platform.by_hand = unless_faulty(self.manifests.read(self.world, &platform, sources, sink), sink)?;
        let schemas = Schemas::with(self.crds.iter().cloned().chain(crds::among(&platform.by_hand)));
        Some(Input { platform, schemas })
    }

    fn compiler<'c>(&'c self, input: &'c Input, sources: &'c Sources) -> Compiler<'c> {
        let Input { platform, schemas } = input;
        Compiler { platform, catalog: &self.catalog, templates: &self.templates, schemas, sources }
    }
}

/// The text of each file of a tree.
type Files = BTreeMap<Utf8PathBuf, String>;

/// One environment on its way through the phases after `resolve`.
struct Compiler<'c> {
    platform: &'c Platform,
    catalog: &'c Catalog,
    templates: &'c Templates,
    schemas: &'c Schemas,
    sources: &'c Sources,
}

impl Compiler<'_> {
    /// The files of the tree with what `see` keeps, and what was found, whatever is waived.
    fn compile<S>(&self, see: &impl Fn(&Symbols) -> S) -> (Option<(Files, S)>, Sink) {
        let mut found = Sink::default();
        let files = self.objects(&mut found, |objects, rendered, plan, sink| {
            let symbols = link::symbols(&objects, rendered, plan, self.sources);
            link::check(&symbols, sink);
            let seen = see(&symbols);
            (rendered.files.iter().map(|file| (file.path.clone(), file.text.clone())).collect(), seen)
        });
        (files, found)
    }

    /// The phases before `link`, then what is to be done with what they give; the first one with an error is the last. What a
    /// faulty template leaves out would be missed everywhere, and was told.
    fn objects<R>(&self, sink: &mut Sink, then: impl FnOnce(Objects, &Rendered, &Plan, &mut Sink) -> R) -> Option<R> {
        let platform = self.platform;
        let plan = unless_faulty(expand::expand(platform, self.catalog, sink), sink)?;
        let rendered = unless_faulty(render::render(&plan, self.templates, self.schemas, self.sources, sink), sink)?;
        let objects = validate::validate(&rendered, &platform.kubernetes, self.schemas, self.sources, sink);
        validate::values::of_components(&plan, &rendered, self.sources, sink);
        let objects = unless_faulty(objects, sink).filter(|_| !self.templates.has_faulty())?;
        let answer = then(objects, &rendered, &plan, sink);
        // Trees of that many pieces take their time to go.
        rayon::join(|| drop(rendered), || drop(plan));
        Some(answer)
    }
}

fn unless_faulty<T>(value: T, sink: &Sink) -> Option<T> {
    (!sink.has_errors()).then_some(value)
}

/// The environments to compile; a file without environments is one tree.
fn wanted(document: &Document, environment: Option<&str>, sink: &mut Sink) -> Vec<Option<String>> {
    let all = resolve::environments(document);
    let Some(one) = environment else {
        return if all.is_empty() { vec![None] } else { all.into_iter().map(Some).collect() };
    };
    if all.iter().any(|name| name == one) {
        return vec![Some(one.to_owned())];
    }
    let fault = Diagnostic::new(Code::UnknownEnvironment, format!("there is no environment `{one}`"));
    let fault = fault.at(document.root.nearest(&source::NodePath::dotted("environments")), "");
    let known: Vec<&str> = all.iter().map(String::as_str).collect();
    // `production` for `prod`
    let near = known.iter().find(|name| one.starts_with(**name) || name.starts_with(one));
    let fault = match (did_you_mean(one, known.iter().copied()), near) {
        (Some(help), _) => fault.help(help),
        (None, Some(near)) => fault.help(format!("did you mean `{near}`?")),
        (None, None) => fault,
    };
    sink.push(match known.as_slice() {
        [] => fault.note("this file has none, and is one tree: leave `--environment` out"),
        _ => fault.note(format!("`environments` has `{}`", known.join("`, `"))),
    });
    vec![]
}
