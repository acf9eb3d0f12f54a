//! What a component would like and nothing provides.

use super::plan::Origin;
use crate::component::Catalog;
use crate::diagnostic::{Code, Diagnostic};

/// A fault if the user asked for it, else a note: a component's own wish falls away.
pub fn unserved(catalog: &Catalog, origin: &Origin, what: &str, capability: &str) -> Diagnostic {
    if origin.by_user {
        let fault = origin.fault(Code::UnservedWish, &format!("nothing provides `{capability}`, which {what} needs"));
        return fault.help(format!("{}, or take this away", offer(catalog, capability)));
    }
    let note =
        Diagnostic::new(Code::UnservedNote, format!("{what} is left out, since nothing provides `{capability}`"));
    origin.place().into_iter().fold(note, |note, span| note.at(span, "")).help(offer(catalog, capability))
}

/// What to write so that a capability is provided.
pub fn offer(catalog: &Catalog, capability: &str) -> String {
    let providers = catalog.components.values().filter(|of| of.provides.capability.as_deref() == Some(capability));
    let lines: Vec<String> = providers.map(|of| format!("`{capability}: {}`", of.id)).collect();
    if lines.is_empty() { format!("add `{capability}`") } else { format!("add {}", lines.join(" or ")) }
}
