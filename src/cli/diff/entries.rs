//! Changes as people read them: by class, then by what they are about. What many share is told once.

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::value::flow;
use crate::diff::rules::rules;
use crate::diff::{Change, Class, Diff, Event, Subject};

/// So many objects with the same change are told in one line.
const MANY: usize = 3;

/// The changes of a class.
pub struct Section<'d> {
    pub class: Class,
    pub entries: Vec<Entry<'d>>,
}

/// One thing with its changes, or one change of many things.
pub struct Entry<'d> {
    pub subjects: Vec<&'d Subject>,
    pub changes: Vec<&'d Change>,
}

/// What has no effect, counted by what it is.
pub type Idle = IndexMap<String, usize>;

/// Everything that has an effect.
pub fn sections(diff: &Diff) -> Vec<Section<'_>> {
    let with_effect = Class::all().iter().copied().filter(|class| *class != Class::NoEffect);
    let section = |class: Class| Section { class, entries: entries(of(diff, class)) };
    with_effect.map(section).filter(|section| !section.entries.is_empty()).collect()
}

fn of(diff: &Diff, class: Class) -> Vec<&Change> {
    diff.changes.iter().filter(|change| change.class() == class).collect()
}

fn entries(changes: Vec<&Change>) -> Vec<Entry<'_>> {
    let mut same: IndexMap<_, Vec<&Change>> = IndexMap::new();
    for change in changes {
        same.entry(shared(change)).or_default().push(change);
    }
    let (many, few): (Vec<_>, Vec<_>) = same.into_values().partition(|changes| is_shared(changes));
    let mut single: IndexMap<(&Subject, &[String]), Vec<&Change>> = IndexMap::new();
    for change in few.into_iter().flatten() {
        single.entry((&change.subject, &change.environments)).or_default().push(change);
    }
    let single = single.into_iter().map(|((subject, _), changes)| Entry { subjects: vec![subject], changes });
    let many = many.into_iter().map(|changes| Entry {
        subjects: changes.iter().map(|change| &change.subject).collect(),
        changes: changes.into_iter().take(1).collect(),
    });
    single.chain(many).collect()
}

/// What changes of several things may have in common.
fn shared(change: &Change) -> (Event, String, [Option<String>; 2], &[String]) {
    if let Subject::Connection { to, ports, .. } = &change.subject {
        return (change.event, String::new(), [Some(to.clone()), Some(ports.clone())], &change.environments);
    }
    // One checksum is as good as another.
    let written = |value: &Option<Json>| value.as_ref().filter(|_| !change.is_noise()).map(flow);
    (change.event, change.path.to_string(), [written(&change.old), written(&change.new)], &change.environments)
}

fn is_shared(changes: &[&Change]) -> bool {
    match changes.first().map(|change| (&change.subject, change.path.is_empty())) {
        Some((Subject::Connection { .. }, _)) => changes.len() > 1,
        Some((_, is_whole)) => !is_whole && changes.len() >= MANY,
        None => false,
    }
}

/// What has no effect: `labels` 3, `docs` 2.
pub fn idle(diff: &Diff) -> Idle {
    let mut idle = Idle::new();
    for change in of(diff, Class::NoEffect) {
        let what = match &change.subject {
            Subject::File { is_docs: true, .. } => "docs".to_owned(),
            Subject::Object(name) if change.findings.iter().any(|finding| finding.rule.starts_with("policy")) => {
                name.kind.clone()
            }
            _ => match change.path.keys().iter().rev().nth(1) {
                Some(&"labels") => "labels".to_owned(),
                _ => "values that mean the same".to_owned(),
            },
        };
        *idle.entry(what).or_default() += 1;
    }
    idle
}

/// "1 replaces, 2 restarts pods"
pub fn counts(diff: &Diff) -> Vec<(Class, usize)> {
    let count = |class: &Class| (*class, of(diff, *class).len());
    Class::all().iter().map(count).filter(|(_, count)| *count > 0).collect()
}

/// What a class is called.
pub fn title(class: Class) -> &'static str {
    rules().title(class)
}

impl Entry<'_> {
    pub fn environments(&self) -> &[String] {
        self.changes.first().map(|change| change.environments.as_slice()).unwrap_or_default()
    }

    pub fn event(&self) -> Event {
        match self.changes.as_slice() {
            [change] if change.path.is_empty() => change.event,
            _ => Event::Changed,
        }
    }

    /// Why, each reason once; those of other classes with their name.
    pub fn reasons(&self) -> Vec<String> {
        reasons(&self.changes)
    }

    /// The reasons that are yet to be told: of many things without a field, the first one tells why.
    pub fn news(&self, told: &mut Vec<String>) -> Vec<String> {
        let mut reasons = self.reasons();
        if self.changes.iter().all(|change| change.path.is_empty()) {
            reasons.retain(|reason| !told.contains(reason));
            told.extend(reasons.iter().cloned());
        }
        reasons
    }

    /// Where the input asks for it.
    pub fn place(&self) -> Option<String> {
        let [_] = self.subjects.as_slice() else { return None };
        let place = self.changes.iter().find_map(|change| change.place.as_ref())?;
        Some(format!("{}:{}", place.file, place.line))
    }
}

/// Why, each reason once; those of other classes with their name.
pub fn reasons(changes: &[&Change]) -> Vec<String> {
    let mut reasons: Vec<String> = vec![];
    for change in changes {
        for finding in &change.findings {
            let is_own = finding.class == change.class();
            if is_own && finding.is_plain {
                continue;
            }
            let reason =
                if is_own { finding.because.clone() } else { format!("{}: {}", title(finding.class), finding.because) };
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
    }
    reasons
}
