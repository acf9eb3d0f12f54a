//! Routes from outside to a Service: Ingresses, Gateways and the routes on them, and what their TLS stands on.
//!
//! A backend is a Service with that port; a class, a Gateway, a listener, an issuer is there; somebody writes the Secret of
//! each certificate, and the certificate covers the host; a Gateway, listener or namespace admits what refers to it; no two
//! routes claim one host and path. The other objects that name a Service (webhooks, APIServices, StatefulSets) are here
//! too. Backends and parents of other kinds are left alone: only their controllers know them.

mod admission;
mod backend;
mod callers;
mod cause;
mod certificate;
mod clash;
mod class;
mod gateway;
mod grant;
mod hosts;
mod ingress;
mod issuer;
mod parent;
mod route;
#[cfg(test)]
mod tests;

pub use backend::{Reference, ports};

use super::symbols::Symbols;
use crate::diagnostic::Sink;
use certificate::Certificates;
use class::Classes;
use gateway::Gateways;
use grant::Grants;

pub fn check(symbols: &Symbols, sink: &mut Sink) {
    let (certificates, ingress_classes) = (Certificates::of(symbols), Classes::ingress(symbols));
    let (gateways, grants) = (Gateways::of(symbols), Grants::of(symbols));
    ingress::check(symbols, &ingress_classes, &certificates, sink);
    gateways.check(symbols, &Classes::gateway(symbols), &certificates, &grants, sink);
    route::check(symbols, &gateways, &grants, sink);
    issuer::check(symbols, &ingress_classes, &gateways, sink);
    callers::check(symbols, sink);
    clash::check(symbols, &gateways, sink);
}
