//! Every platform.yaml of the repository, and what the phases make of it.

use camino::{Utf8Path, Utf8PathBuf};
use platformc::component::Catalog;
use platformc::diagnostic::{Format, Sink, Style, render};
use platformc::expand::expand;
use platformc::load::load;
use platformc::manifests::Manifests;
use platformc::render::{Rendered, Templates};
use platformc::resolve::{Platform, environments, resolve};
use platformc::source::Sources;
use platformc::validate::schemas::Schemas;
use platformc::world::{Memory, World};

use crate::repository;

pub const FILE: &str = "platform.yaml";

/// A project's folder in memory.
pub struct Project {
    /// Where its platform.yaml lies in the repository.
    pub path: Utf8PathBuf,
    pub world: Memory,
}

/// The root's, the examples, the golden inputs.
pub fn all() -> Vec<Project> {
    let golden = repository::files("tests/golden").into_iter().filter(|path| path.file_name() == Some(FILE));
    let golden = golden.map(|path| Project::folder(path.parent().unwrap()));
    std::iter::once(root()).chain(examples().into_iter().map(|(_, project)| project)).chain(golden).collect()
}

/// The root's platform.yaml alone, without its `out/`.
pub fn root() -> Project {
    Project::file(FILE.into())
}

/// Each with the component whose example it is.
pub fn examples() -> Vec<(String, Project)> {
    let component = |path: &Utf8Path| {
        let parts: Vec<&str> = path.components().map(|part| part.as_str()).collect();
        matches!(parts.as_slice(), [_, _, "examples", _]).then(|| parts[1].to_owned())
    };
    let files = repository::files("templates").into_iter();
    files.filter_map(|path| Some((component(&path)?, Project::file(path)))).collect()
}

impl Project {
    pub fn of(name: &str, text: &str) -> Self {
        Self { path: name.into(), world: Memory::with([(FILE, text)]) }
    }

    fn file(path: Utf8PathBuf) -> Self {
        Self { world: Memory::with([(FILE, repository::text(&path))]), path }
    }

    /// With everything of its own; what is expected of it is left out.
    fn folder(folder: &Utf8Path) -> Self {
        let files = repository::files(folder.as_str());
        let below = files.iter().map(|path| (path.strip_prefix(folder).unwrap(), path));
        let given = below.filter(|(below, _)| !below.starts_with("out") && *below != "stderr.txt");
        let world = Memory::with(given.map(|(below, path)| (below, repository::disk().read(path).unwrap())));
        Self { path: folder.join(FILE), world }
    }

    /// Calls `see` with each environment after `expand` and `render`.
    pub fn each_environment(&self, mut see: impl FnMut(&Platform, &Catalog, &Rendered, &Sources)) {
        let (mut sources, mut sink) = (Sources::default(), Sink::default());
        let catalog = Catalog::load(&self.world, &mut sources, &mut sink);
        let templates = Templates::new(catalog.all_templates(&sources), &mut sink);
        let document = load(&self.world, FILE.into(), &mut sources, &mut sink);
        let names = document.iter().flat_map(environments).map(Some).collect::<Vec<_>>();
        for environment in if names.is_empty() { vec![None] } else { names } {
            let platform =
                document.as_ref().and_then(|document| resolve(document, &catalog, environment.as_deref(), &mut sink));
            let Some(mut platform) = platform else { break };
            let by_hand = Manifests::of(FILE.into()).read(&self.world, &platform, &mut sources, &mut sink);
            platform.by_hand = by_hand;
            let plan = expand(&platform, &catalog, &mut sink);
            let rendered = platformc::render::render(&plan, &templates, &Schemas::default(), &sources, &mut sink);
            see(&platform, &catalog, &rendered, &sources);
        }
        let is_faulty = sink.has_errors();
        let seen = render(&sink.into_sorted(), &sources, Format::Human, Style::Plain);
        assert!(!is_faulty, "{}:\n{seen}", self.path);
    }
}
