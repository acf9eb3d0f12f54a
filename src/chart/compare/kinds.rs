//! Kinds: those that the chart brings, and those whose writing calls a webhook of it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Found, Ignoring, entry, listed, nearest};
use crate::chart::facts::Webhook;
use crate::component::interface;
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
                let message = format!("the chart brings {kind}; it is not claimed");
                self.rendered(NodePath::dotted("brings"), message, Some(Ignoring::Object(found.is.to_string())));
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
        let unclaimed: Vec<_> = found.iter().filter(|(service, _)| !answers(service)).collect();
        for (service, kinds) in unclaimed {
            let kinds = listed(kinds.iter().copied());
            let message = format!("Service `{service}` is called when one of {kinds} is written; no claim is about it");
            let is_its = |found: &&Webhook| found.guards.contains_key(*service);
            let ignored = self.facts.webhooks.iter().find(is_its).map(|found| Ignoring::Object(found.is.to_string()));
            self.rendered(NodePath::dotted("webhooks"), message, ignored);
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

    fn answering(&self, claim: &interface::Webhook) -> &'c str {
        self.claims.services.get(&claim.service).map_or("", |service| service.name.as_str())
    }

    fn guards(&mut self, path: &NodePath, claim: &interface::Webhook, kinds: &BTreeSet<&str>) {
        for (at, kind) in claim.kinds.iter().enumerate().filter(|(_, kind)| !kinds.contains(kind.as_str())) {
            let message = format!("{kind} is claimed; {}", nearest(kind, kinds.iter().copied()));
            self.claimed(path.key("for").index(at), message);
        }
        for kind in kinds.iter().filter(|kind| !claim.kinds.iter().any(|claimed| claimed == *kind)) {
            self.claimed(path.key("for"), format!("writing a {kind} calls it, too; it is not claimed"));
        }
    }
}
