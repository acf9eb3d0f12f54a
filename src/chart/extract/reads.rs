//! Which keys of which Secrets a pod does not start without.

use std::collections::{BTreeMap, BTreeSet};

use crate::link::reads;
use crate::link::symbols::DataKind;
use crate::validate::Object;

/// No key: the Secret, whatever is in it. What is optional is left out.
pub fn needed(object: &Object) -> BTreeMap<String, BTreeSet<String>> {
    let mut needed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, name, key) in reads(object).into_iter().filter(|(kind, ..)| *kind == DataKind::Secret) {
        needed.entry(name).or_default().extend(key);
    }
    needed
}
