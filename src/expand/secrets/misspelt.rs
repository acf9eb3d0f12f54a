//! Secrets that `external` says are there by a name that nothing asks for, and that is nearly one that something does.

use super::ExternalSecrets;
use crate::component::interface::Secret;
use crate::diagnostic::{Code, Diagnostic, misspelt};
use crate::expand::plan::Entry;
use crate::source::{NodePath, Span};

/// One that was meant for the wanted one.
#[derive(Debug, Clone, Copy)]
pub struct Misspelt<'a> {
    /// As `external` has it: `name` or `namespace/name`.
    pub said: &'a str,
    pub place: Span,
}

impl ExternalSecrets<'_> {
    pub(super) fn misspelt(&self, namespace: &str, wanted: &str) -> Option<Misspelt<'_>> {
        let is_meant = |said: &&String| {
            let (place, name) = said.split_once('/').unwrap_or((namespace, said));
            place == namespace && !self.is_asked_for(name) && misspelt(name, [wanted]).is_some()
        };
        let said = self.platform.input.external.secrets.keys().find(is_meant)?;
        let place = self.platform.merged.nearest(&NodePath::dotted("external.secrets").key(said));
        Some(Misspelt { said, place })
    }

    fn is_asked_for(&self, name: &str) -> bool {
        self.instances.iter().flat_map(|instance| instance.secrets.values()).any(|secret| secret.is.name == name)
    }

    /// The store writes what the user seems to make by hand.
    pub(super) fn written_over(&self, namespace: &str, secret: &Entry<Secret>) -> Option<Diagnostic> {
        let Misspelt { said, place } = self.misspelt(namespace, &secret.is.name)?;
        let message = format!("`external` has the Secret `{said}`, which no component asks for");
        let fault = Diagnostic::new(Code::MisspeltSecret, message).at(place, "");
        let fault =
            secret.origin.place().into_iter().fold(fault, |fault, span| fault.at(span, "this one is nearly called so"));
        let name = &secret.is.name;
        Some(
            fault
                .note(format!("`{name}` is written from the store, over one that is made by hand"))
                .help(format!("did you mean `{name}`?")),
        )
    }
}
