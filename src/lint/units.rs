//! Which objects are meant for one cluster.
//!
//! A repository may hold several deployments side by side: examples, overlays, a release in several flavours. Folders that
//! hold the same object are taken for deployments of their own, and so are files of which one is mostly the other again;
//! each sees itself and whatever around it is nobody's rival. Files that share less stay together: that is a fault. What a
//! kustomization puts together is together.

use std::collections::{BTreeMap, BTreeSet};

use super::kustomize::Together;
use crate::link::symbols::Extent;
use crate::validate::Object;

/// What is shared may be linked this often, all in all: a folder of a thousand examples must not take minutes.
const MOST: usize = 100_000;

/// Objects by their index.
#[derive(Debug, Clone, Default)]
struct Unit {
    objects: Vec<usize>,
    identities: BTreeSet<String>,
    /// Whether it is all of one file.
    is_file: bool,
}

/// A file, or a folder with what is below it.
#[derive(Debug, Default)]
struct Place {
    own: Unit,
    below: BTreeMap<String, Place>,
}

/// Objects that are linked together; all of them where they are said to be the whole of a cluster. `kustomized` are the
/// files that some kustomization puts together.
pub fn units<'r>(objects: Vec<Object<'r>>, extent: Extent, kustomized: &[Together]) -> Vec<Vec<Object<'r>>> {
    if extent == Extent::Whole || are_distinct(&objects) {
        return vec![objects];
    }
    let mut together = vec![Unit::default(); kustomized.len()];
    let mut root = Place::default();
    for (index, object) in objects.iter().enumerate() {
        let holders =
            together.iter_mut().zip(kustomized).filter(|(_, together)| together.files.contains(&object.file.path));
        if holders.map(|(unit, _)| unit.add(index, object)).count() > 0 {
            continue;
        }
        let parts = object.file.path.components();
        let file = parts.fold(&mut root, |place, part| place.below.entry(part.as_str().to_owned()).or_default());
        file.own.add(index, object);
    }
    let of = |unit: &Unit| unit.objects.iter().filter_map(|index| objects.get(*index).cloned()).collect();
    let together = together.into_iter().filter(|unit| !unit.objects.is_empty()).map(|unit| vec![unit]);
    combined(together.chain([root.units()]).collect()).iter().map(of).collect()
}

fn are_distinct(objects: &[Object]) -> bool {
    let mut seen = BTreeSet::new();
    objects.iter().all(|object| object.is_generated || seen.insert(object.identity()))
}

impl Place {
    /// The deployments in it: one, unless parts of it are rivals.
    fn units(&self) -> Vec<Unit> {
        if self.below.is_empty() {
            return vec![Unit { is_file: true, ..self.own.clone() }];
        }
        combined(self.below.values().map(Place::units).collect())
    }
}

/// One deployment of all, unless some are rivals; those that are several already stay so.
fn combined(all: Vec<Vec<Unit>>) -> Vec<Unit> {
    let (single, several): (Vec<_>, Vec<_>) = all.into_iter().partition(|units| units.len() == 1);
    let single: Vec<Unit> = single.into_iter().flatten().collect();
    let rivals = rivals(&single);
    let (mut shared, mut apart) = (Unit::default(), vec![]);
    for (at, unit) in single.into_iter().enumerate() {
        if rivals.contains(&at) { apart.push(unit) } else { shared.join(&unit) }
    }
    each_with(&shared, apart.into_iter().chain(several.into_iter().flatten()).collect())
}

/// Those that stand for the same thing as another.
fn rivals(units: &[Unit]) -> BTreeSet<usize> {
    let mut holders: BTreeMap<&String, Vec<usize>> = BTreeMap::new();
    for (at, unit) in units.iter().enumerate() {
        unit.identities.iter().for_each(|identity| holders.entry(identity).or_default().push(at));
    }
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for holders in holders.values() {
        let pairs = holders.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?)));
        pairs.for_each(|pair| *shared.entry(pair).or_default() += 1);
    }
    let are_rivals = |(one, other): (usize, usize), shared: usize| {
        let (Some(one), Some(other)) = (units.get(one), units.get(other)) else { return false };
        let smaller = one.identities.len().min(other.identities.len());
        !(one.is_file && other.is_file) || shared * 2 >= smaller
    };
    let rivals = shared.into_iter().filter(|(pair, shared)| are_rivals(*pair, *shared));
    rivals.flat_map(|((one, other), _)| [one, other]).collect()
}

/// Each deployment with what they share; that stands alone where it is in none of them.
fn each_with(shared: &Unit, units: Vec<Unit>) -> Vec<Unit> {
    if units.is_empty() {
        return vec![shared.clone()];
    }
    let fits =
        |unit: &Unit| units.len() * shared.objects.len() <= MOST && shared.identities.is_disjoint(&unit.identities);
    let joined = |unit: &Unit| {
        let mut all = if fits(unit) { shared.clone() } else { Unit::default() };
        all.join(unit);
        all
    };
    let alone = !shared.objects.is_empty() && !units.iter().any(fits);
    units.iter().map(joined).chain(alone.then(|| shared.clone())).collect()
}

impl Unit {
    fn add(&mut self, index: usize, object: &Object) {
        self.objects.push(index);
        if !object.is_generated {
            self.identities.insert(object.identity());
        }
    }

    fn join(&mut self, other: &Unit) {
        self.objects.extend(&other.objects);
        self.identities.extend(other.identities.iter().cloned());
    }
}
