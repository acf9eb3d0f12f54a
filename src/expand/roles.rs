//! The capabilities that the compiler itself derives from. What provides them is data.

use super::plan::Instance;
use serde_json::Value as Json;

/// Lets requests in: exports `controller`, and how routes are written.
pub const INGRESS: &str = "ingress";
/// Issues certificates: exports `issuer` and `solver`.
pub const CERTIFICATES: &str = "certificates";
/// Turns entries of a store into Secrets: exports `store`, `prefix`, `refresh`.
pub const SECRETS: &str = "secrets";
/// Scrapes metrics: exports `scraper` and `labels`.
pub const MONITORING: &str = "monitoring";

/// The instance that provides a capability. Those that provide one come first, so collections are never searched.
pub fn provider<'i, 'a>(instances: &'i [Instance<'a>], capability: &str) -> Option<&'i Instance<'a>> {
    let mut providers = instances.iter().take_while(|instance| instance.component.provides.capability.is_some());
    providers.find(|instance| instance.used.slot == capability)
}

impl Instance<'_> {
    /// An exported value; null if it is not there.
    pub fn exported_value(&self, name: &str) -> &Json {
        self.exports.values.get(name).unwrap_or(&Json::Null)
    }
}
