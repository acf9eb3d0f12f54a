//! Which objects are meant for one cluster.
//!
//! A repository may hold several deployments side by side: examples, overlays. Where two folders hold the same object they
//! are taken for deployments of their own; each sees itself and what stands in the folders above and beside that is nobody's
//! rival. Two equal objects in one folder stay together: that is a fault.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use crate::link::symbols::Extent;
use crate::validate::Object;

/// What is shared may be linked this often, all in all: a folder of a thousand examples must not take minutes.
const MOST: usize = 100_000;

/// Objects by their index.
#[derive(Debug, Clone, Default)]
struct Unit {
    objects: Vec<usize>,
    identities: BTreeSet<String>,
}

/// A folder with what is in it and below it.
#[derive(Debug, Default)]
struct Folder {
    own: Unit,
    below: BTreeMap<String, Folder>,
}

/// Objects that are linked together; all of them where they are said to be the whole of a cluster.
pub fn units<'r>(objects: Vec<Object<'r>>, extent: Extent) -> Vec<Vec<Object<'r>>> {
    if extent == Extent::Whole || are_distinct(&objects) {
        return vec![objects];
    }
    let mut root = Folder::default();
    for (index, object) in objects.iter().enumerate() {
        root.folder(object.file.path.parent().unwrap_or(Utf8Path::new(""))).own.add(index, object);
    }
    let units = root.units();
    let of = |unit: &Unit| unit.objects.iter().filter_map(|index| objects.get(*index).cloned()).collect();
    units.iter().map(of).collect()
}

fn are_distinct(objects: &[Object]) -> bool {
    let mut seen = BTreeSet::new();
    objects.iter().all(|object| object.is_generated || seen.insert(object.identity()))
}

impl Folder {
    fn folder(&mut self, path: &Utf8Path) -> &mut Folder {
        path.components().fold(self, |folder, part| folder.below.entry(part.as_str().to_owned()).or_default())
    }

    /// The deployments in it: one, unless parts of it are rivals.
    fn units(&self) -> Vec<Unit> {
        let below: Vec<Vec<Unit>> = self.below.values().map(Folder::units).collect();
        let (single, several): (Vec<_>, Vec<_>) = below.into_iter().partition(|units| units.len() == 1);
        let single: Vec<Unit> = single.into_iter().flatten().collect();
        let rivals = rivals(&self.own, &single);
        let (rivals, others): (Vec<_>, Vec<_>) =
            single.into_iter().partition(|unit| !unit.identities.is_disjoint(&rivals));
        let shared = others.iter().fold(self.own.clone(), |shared, unit| shared.clone().with(unit).unwrap_or(shared));
        each_with(&shared, rivals.into_iter().chain(several.into_iter().flatten()).collect())
    }
}

/// What more than one of these holds.
fn rivals(own: &Unit, units: &[Unit]) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let all = std::iter::once(own).chain(units).flat_map(|unit| &unit.identities);
    all.filter(|identity| !seen.insert(*identity)).cloned().collect()
}

/// Each deployment with what they share; that stands alone where it is in none of them.
fn each_with(shared: &Unit, units: Vec<Unit>) -> Vec<Unit> {
    if units.is_empty() {
        return vec![shared.clone()];
    }
    let fits =
        |unit: &Unit| units.len() * shared.objects.len() <= MOST && shared.identities.is_disjoint(&unit.identities);
    let is_in_one = units.iter().any(fits);
    let all = units.iter().map(|unit| shared.clone().with(unit).filter(|_| fits(unit)).unwrap_or_else(|| unit.clone()));
    let alone = (!is_in_one && !shared.objects.is_empty()).then(|| shared.clone());
    all.chain(alone).collect()
}

impl Unit {
    fn add(&mut self, index: usize, object: &Object) {
        self.objects.push(index);
        if !object.is_generated {
            self.identities.insert(object.identity());
        }
    }

    /// Both; none where they hold the same object.
    fn with(mut self, other: &Unit) -> Option<Unit> {
        if !self.identities.is_disjoint(&other.identities) {
            return None;
        }
        self.objects.extend(&other.objects);
        self.identities.extend(other.identities.iter().cloned());
        Some(self)
    }
}
