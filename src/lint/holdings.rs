//! Which files of a folder hold objects, and which do not.

use camino::{Utf8Path, Utf8PathBuf};

use super::{find, kustomize, read};
use crate::diagnostic::Sink;
use crate::source::Sources;
use crate::validate::schemas::Schemas;
use crate::world::World;

/// The YAML and JSON files below a folder, in the order of their paths.
#[derive(Debug, Default)]
pub struct Holdings {
    /// Files with objects.
    pub objects: Vec<Utf8PathBuf>,
    /// The others, and what they are.
    pub others: Vec<(Utf8PathBuf, &'static str)>,
}

/// What is wrong with the files is told by [`super::lint`].
pub fn holdings(world: &dyn World, folder: &Utf8Path) -> Holdings {
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let found = find::find(world, &[folder], &mut sink);
    let read = read::read(world, &found, &Schemas::default(), &mut sources, &mut sink);
    let mut holdings = Holdings::default();
    for path in found.into_keys() {
        match () {
            () if kustomize::is_kustomization(&path) => {
                holdings.others.push((path, "kustomize reads it: take over what `kubectl kustomize` gives"));
            }
            () if read.templates.contains(&path) => {
                holdings.others.push((path, "a template: take over what `helm template` gives"));
            }
            () if read.others.contains(&path) => holdings.others.push((path, "it holds no Kubernetes object")),
            () => holdings.objects.push(path),
        }
    }
    holdings
}
