//! What a component would like and nothing provides.

use super::plan::Origin;
use crate::component::{Catalog, Component};
use crate::diagnostic::{Code, Diagnostic};

/// A fault if the user asked for it, else a note: a component's own wish falls away.
pub fn unserved(catalog: &Catalog, origin: &Origin, what: &str, capability: &str) -> Diagnostic {
    if origin.by_user {
        let fault = origin.fault(Code::UnservedWish, &format!("nothing provides `{capability}` for {what}"));
        return fault.help(format!("{}, or take this away", offer(catalog, capability)));
    }
    let message = format!("nothing provides `{capability}`, so platformc leaves out {what}");
    let note = Diagnostic::new(Code::UnservedNote, message);
    origin.place().into_iter().fold(note, |note, span| note.at(span, "")).help(offer(catalog, capability))
}

/// `ingress: ingress-nginx`, or the long form where there are options that must be said.
fn chosen(capability: &str, component: &Component) -> String {
    let options = &component.options;
    let must = |key: &&String| options.properties.get(*key).is_some_and(|option| option.default.is_none());
    let needed: String = options.required.iter().filter(must).map(|key| format!(", {key}: …")).collect();
    match needed.is_empty() {
        true => format!("{capability}: {}", component.id),
        false => format!("{capability}: {{provider: {}{needed}}}", component.id),
    }
}

/// What to write so that a capability is provided.
pub fn offer(catalog: &Catalog, capability: &str) -> String {
    let providers = catalog.components.values().filter(|of| of.provides.capability.as_deref() == Some(capability));
    let lines: Vec<String> = providers.map(|of| format!("`{}`", chosen(capability, of))).collect();
    if lines.is_empty() { format!("add `{capability}`") } else { format!("add {}", lines.join(" or ")) }
}
