//! Waivers: warnings, and errors that are rules of ours rather than facts of Kubernetes, which are meant to be.
//!
//! Takes what was found in one environment; gives it without what is waived, and with what is wrong about the waivers: one
//! that nothing needs is an error, one whose day is over a warning where files are written (a render must not break because a
//! night has passed) and an error where manifests are judged. Either way it still waives.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Severity, Sink, listed};
use crate::resolve::input::Waiver;
use crate::source::{Node, NodePath, Span};
use crate::world::Date;

/// The waivers of every environment, and which of them were needed.
#[derive(Debug)]
pub struct Waivers {
    today: Date,
    /// How grave it is that a waiver's day is over.
    expired: Severity,
    /// By the place where it stands: several environments may share one.
    needed: BTreeMap<Span, (Waiver, bool)>,
    /// The objects of what was found, by code.
    objects: BTreeSet<(Code, String)>,
}

impl Waivers {
    pub fn new(today: Date, expired: Severity) -> Self {
        Self { today, expired, needed: BTreeMap::new(), objects: BTreeSet::new() }
    }

    /// Puts what was found into `sink`, but for what `waivers` waive; `root` is the map that they stand in.
    pub fn apply(&mut self, waivers: &[Waiver], root: &Node, found: &Sink, sink: &mut Sink) {
        let places = (0..waivers.len()).map(|index| root.nearest(&NodePath::dotted("waivers").index(index)));
        let waivers: Vec<(&Waiver, Span)> = waivers.iter().zip(places).collect();
        for (waiver, place) in &waivers {
            self.needed.entry(*place).or_insert_with(|| ((*waiver).clone(), false));
            sink_expired(self.expired(waiver, *place, root), sink);
        }
        for fault in found.iter() {
            self.objects.extend(fault.object.iter().map(|object| (fault.code, object.to_string())));
            match waivers.iter().find(|(waiver, _)| waives(waiver, fault)) {
                Some((_, place)) => drop(self.needed.entry(*place).and_modify(|(_, needed)| *needed = true)),
                None => sink.push(fault.clone()),
            }
        }
    }

    /// Those that nothing needed, once everything has been looked at.
    pub fn unused(&self, sink: &mut Sink) {
        for (place, (waiver, _)) in self.needed.iter().filter(|(_, (_, needed))| !needed) {
            let about = waiver.object.as_ref().map_or(String::new(), |object| format!(" about `{object}`"));
            let message = format!("there is no {}{about} to waive", waiver.code);
            let fault = Diagnostic::new(Code::UnusedWaiver, message).at(*place, "");
            let known = self.objects.iter().filter(|(code, _)| code.as_str() == waiver.code);
            let known: Vec<&str> = known.map(|(_, object)| object.as_str()).collect();
            let fault = match known.as_slice() {
                [] => fault,
                known => fault.note(format!("there are some about {}", listed(known))),
            };
            sink.push(fault.help("take the waiver away, or mend its `object`: `namespace/Kind/name`"));
        }
    }

    fn expired(&self, waiver: &Waiver, place: Span, root: &Node) -> Option<Diagnostic> {
        let until: Date = waiver.until.as_ref()?.parse().ok()?;
        if self.today <= until {
            return None;
        }
        let list = root.get("waivers").and_then(Node::as_list).unwrap_or_default();
        let entry = list.iter().find(|entry| entry.span == place);
        let day = entry.and_then(|entry| entry.get("until")).map_or(place, |day| day.span);
        let message = format!("the waiver of {} held until {until}", waiver.code);
        let mut fault = Diagnostic::new(Code::ExpiredWaiver, message).at(day, "");
        fault.severity = self.expired;
        Some(fault.note(format!("its reason was: {}", waiver.reason)))
    }
}

fn sink_expired(fault: Option<Diagnostic>, sink: &mut Sink) {
    fault.into_iter().for_each(|fault| sink.push(fault));
}

fn waives(waiver: &Waiver, fault: &Diagnostic) -> bool {
    let is_about = |object: &String| fault.object.as_deref() == Some(object.as_str());
    fault.code.is_waivable() && waiver.code == fault.code.as_str() && waiver.object.iter().all(is_about)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, read};

    const OBJECT: &str = "shop/Service/web";

    fn waived(waiver: &str, today: &str) -> Vec<String> {
        let root = read::read(FileId(0), &format!("waivers:\n  - {waiver}\n"), &mut Sink::default()).remove(0);
        let list = crate::source::typed::typed::<Vec<Waiver>>(root.get("waivers").unwrap()).unwrap();
        let mut found = Sink::default();
        found.push(Diagnostic::new(Code::SelectsSeveral, "several").about(OBJECT.into()));
        found.push(Diagnostic::new(Code::DuplicateObject, "twice").about(OBJECT.into()));
        let (mut waivers, mut sink) = (Waivers::new(today.parse().unwrap(), Severity::Warning), Sink::default());
        waivers.apply(&list, &root, &found, &mut sink);
        waivers.unused(&mut sink);
        sink.iter().map(|fault| fault.code.to_string()).collect()
    }

    #[test]
    fn what_is_waived_is_not_told() {
        assert_eq!(waived("{code: E0613, reason: canary}", "2026-01-01"), ["E0601"]);
        assert_eq!(waived("{code: E0613, object: shop/Service/web, reason: canary}", "2026-01-01"), ["E0601"]);
    }

    #[test]
    fn a_waiver_of_another_object_is_unused() {
        let told = waived("{code: E0613, object: shop/Service/api, reason: canary}", "2026-01-01");
        assert_eq!(told, ["E0613", "E0601", "E0648"]);
    }

    #[test]
    fn what_cannot_be_is_not_waived() {
        assert_eq!(waived("{code: E0601, reason: please}", "2026-01-01"), ["E0613", "E0601", "E0648"]);
    }

    #[test]
    fn a_waiver_holds_until_the_end_of_its_day() {
        let waiver = "{code: E0613, reason: canary, until: 2026-06-30}";
        assert_eq!(waived(waiver, "2026-06-30"), ["E0601"]);
        assert_eq!(waived(waiver, "2026-07-01"), ["W0649", "E0601"]);
    }
}
