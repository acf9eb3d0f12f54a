use std::collections::BTreeSet;

use super::*;

#[test]
fn the_table_can_be_read() {
    let mut sink = Sink::default();
    let documents = read(FileId(0), TEXT, &mut sink);
    assert!(sink.is_empty(), "{:?}", sink.into_sorted());
    let read: Result<Rules, _> = typed(&documents[0]);
    assert!(read.is_ok(), "{read:?}");
}

#[test]
fn every_class_is_told_in_its_order_and_has_a_rule() {
    let told: Vec<Class> = rules().classes.keys().copied().collect();
    assert_eq!(told, Class::all());
    let used: BTreeSet<Class> = rules().all().iter().map(|rule| rule.class).collect();
    assert_eq!(used.into_iter().collect::<Vec<_>>(), Class::all());
}

#[test]
fn every_rule_says_why_and_who_says_so() {
    let mut seen = BTreeSet::new();
    for rule in rules().all() {
        assert!(seen.insert(&rule.id), "{} stands twice", rule.id);
        assert!(rule.because.len() > 4 && !rule.source.is_empty(), "{}", rule.id);
        assert!(rule.computed == rule.kinds.is_empty(), "{}: about what?", rule.id);
    }
}

#[test]
fn every_kind_of_a_rule_is_known() {
    use crate::validate::schemas::{Schemas, versions};
    let newest = versions().pop().unwrap();
    let known: BTreeSet<String> = Schemas::default().kinds(newest).iter().map(|kind| short(kind)).collect();
    let ours = ["*", "environment", "release", "values", "docs", "file"];
    for rule in rules().all() {
        let unknown = rule.kinds.iter().find(|kind| !ours.contains(&kind.as_str()) && !known.contains(*kind));
        assert_eq!(unknown, None, "{}", rule.id);
    }
}

/// `apps/v1/Deployment` → `Deployment.apps`
fn short(kind: &str) -> String {
    match kind.split('/').collect::<Vec<_>>()[..] {
        [group, _, kind] => format!("{kind}.{group}"),
        [_, kind] => kind.to_owned(),
        _ => String::new(),
    }
}
