//! Kinds: those that the chart brings, and those whose writing calls a webhook of it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Found, entry, nearest};
use crate::component::interface::Webhook;
use crate::source::NodePath;

impl<'c> Found<'c> {
    pub(super) fn brings(&mut self) {
        let (claims, facts) = (self.claims, self.facts);
        let brought: BTreeSet<&str> =
            facts.definitions.iter().flat_map(|found| &found.serves).map(String::as_str).collect();
        for (at, kind) in claims.brings.iter().enumerate().filter(|(_, kind)| !brought.contains(kind.as_str())) {
            let message = format!("{kind} is claimed; {}", nearest(kind, brought.iter().copied()));
            self.claimed(NodePath::dotted("brings").index(at), message);
        }
        for found in facts.definitions.iter().filter(|found| !claims.ignores(&found.is)) {
            for kind in found.serves.iter().filter(|kind| !claims.brings.contains(kind)) {
                self.rendered("brings", format!("the chart brings {kind} ({}); it is not claimed", found.is));
            }
        }
    }

    pub(super) fn webhooks(&mut self) {
        let claims = self.claims;
        let found = self.guarded();
        for (id, claim) in &claims.webhooks {
            let service = self.answering(claim);
            match found.get(service) {
                Some(kinds) => self.guards(&entry("webhooks", id), claim, kinds),
                None => {
                    let nearest = nearest(service, found.keys().copied());
                    let message = format!("Service `{service}` is claimed to answer; {nearest}");
                    self.claimed(entry("webhooks", id), message);
                }
            }
        }
        let answers = |service: &str| claims.webhooks.values().any(|claim| self.answering(claim) == service);
        let unclaimed: Vec<&str> = found.keys().copied().filter(|service| !answers(service)).collect();
        for service in unclaimed {
            self.rendered("webhooks", format!("Service `{service}` answers webhooks; no claim is about it"));
        }
    }

    /// The kinds that each Service is asked about.
    fn guarded(&self) -> BTreeMap<&'c str, BTreeSet<&'c str>> {
        let mut guarded: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let (claims, facts) = (self.claims, self.facts);
        for found in facts.webhooks.iter().filter(|found| !claims.ignores(&found.is)) {
            for (service, kinds) in &found.guards {
                guarded.entry(service).or_default().extend(kinds.iter().map(String::as_str));
            }
        }
        guarded
    }

    fn answering(&self, claim: &Webhook) -> &'c str {
        self.claims.services.get(&claim.service).map_or("", |service| service.name.as_str())
    }

    fn guards(&mut self, path: &NodePath, claim: &Webhook, kinds: &BTreeSet<&str>) {
        for (at, kind) in claim.kinds.iter().enumerate().filter(|(_, kind)| !kinds.contains(kind.as_str())) {
            let message = format!("{kind} is claimed; {}", nearest(kind, kinds.iter().copied()));
            self.claimed(path.key("for").index(at), message);
        }
        for kind in kinds.iter().filter(|kind| !claim.kinds.iter().any(|claimed| claimed == *kind)) {
            self.claimed(path.key("for"), format!("writing a {kind} calls it, too; it is not claimed"));
        }
    }
}
