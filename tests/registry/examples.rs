//! The examples of each component compile, and try what it can do.

use std::collections::{BTreeMap, BTreeSet};

use platformc::diagnostic::{Format, Sink, Style, render};
use platformc::expand::conditions::{self, Condition};
use platformc::source::Sources;
use platformc::world::World;
use platformc::{Request, compile};

use crate::platforms::{self, FILE};
use crate::repository;

/// Conditions that no example makes false (or true), each with the reason.
const ONE_SIDED: [(&str, &str, &str, bool); 0] = [];

#[test]
fn every_example_compiles() {
    for project in platforms::all() {
        let (mut sources, mut sink) = (Sources::default(), Sink::default());
        let request = Request::all(FILE, project.world.today());
        let trees = compile(&project.world, &request, &mut sources, &mut sink);
        let seen = render(&sink.into_sorted(), &sources, Format::Human, Style::Plain);
        assert!(trees.is_some_and(|trees| !trees.is_empty()), "{}:\n{seen}", project.path);
    }
}

#[test]
fn the_examples_of_a_component_try_each_when_both_ways() {
    let mut tried: BTreeMap<Condition, BTreeSet<bool>> = BTreeMap::new();
    for (component, project) in platforms::examples() {
        project.each_environment(|platform, catalog, _, _| {
            let own = conditions::held(platform, catalog).into_iter().filter(|(when, _)| when.component == component);
            own.for_each(|(when, holds)| {
                tried.entry(when).or_default().insert(holds);
            });
        });
    }
    let mut missing = vec![];
    for (when, _) in repository::catalog().components.values().flat_map(conditions::of) {
        for holds in [true, false] {
            let is_tried = tried.get(&when).is_some_and(|answers| answers.contains(&holds));
            let is_excused = ONE_SIDED.contains(&(when.component.as_str(), when.word, when.id.as_str(), holds));
            if is_tried == is_excused {
                missing.push(format!("{}: {}.{} {holds}", when.component, when.word, when.id));
            }
        }
    }
    assert!(missing.is_empty(), "never tried (or tried and still in ONE_SIDED):\n{}", missing.join("\n"));
}
