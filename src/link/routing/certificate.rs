//! Certificates: who writes the Secret that TLS takes one from, and whether it covers the host.

use std::collections::BTreeMap;

use super::hosts::covers;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::link::fields::{called, items, listed, path, text};
use crate::link::symbols::{Data, DataKind, Extent, Made, Symbols};
use crate::source::Node;
use crate::validate::Object;

pub const CERTIFICATE: &str = "Certificate.cert-manager.io";

/// Every Certificate, by namespace.
pub struct Certificates<'a>(BTreeMap<&'a str, Vec<&'a Object<'a>>>);

impl<'a> Certificates<'a> {
    pub fn of(symbols: &Symbols<'a>) -> Self {
        let mut certificates: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
        for certificate in symbols.of_kind(CERTIFICATE) {
            certificates.entry(certificate.namespace_name()).or_default().push(certificate);
        }
        Self(certificates)
    }

    /// One that covers some of the hosts.
    fn covering(&self, namespace: &str, hosts: &[&Node]) -> Option<&'a Object<'a>> {
        let mut found = self.0.get(namespace).into_iter().flatten();
        let covers_any = |certificate: &Object| hosts.iter().any(|host| is_covered(host, &names(certificate)));
        found.find(|certificate| covers_any(certificate)).copied()
    }
}

/// A Secret that TLS takes a certificate from.
pub struct Wanted<'r> {
    pub by: &'r Object<'r>,
    pub namespace: &'r str,
    pub secret: &'r Node,
    /// The hosts that the certificate is for.
    pub hosts: Vec<&'r Node>,
    /// Whether an annotation of `by` asks for the certificate: then it is made for these very hosts.
    pub is_annotated: bool,
}

impl Wanted<'_> {
    pub fn check(&self, symbols: &Symbols, certificates: &Certificates, sink: &mut Sink) {
        let Some(name) = self.secret.as_str().filter(|_| !self.is_annotated) else { return };
        let mut found = symbols.data(DataKind::Secret, self.namespace, name);
        if found.is_empty() && symbols.extent == Extent::Part {
            found = symbols.data(DataKind::Secret, "", name);
        }
        if found.is_empty() {
            sink_unwritten(self, symbols, certificates, name, sink);
        } else if let Some(data) = found.iter().find(|_| found.iter().all(|data| holds_none(data))) {
            sink.push(self.no_keys(symbols, data));
        } else if let Some(written) = found.iter().map(|data| certificate(data.made)).collect::<Option<Vec<_>>>() {
            self.uncovered(symbols, &written, sink);
        }
    }

    /// An Ingress controller and a Gateway read these two (API docs, "IngressTLS", `secretName`).
    fn no_keys(&self, symbols: &Symbols, data: &Data) -> Diagnostic {
        let message = format!(
            "{} takes its certificate from {}, which does not hold `tls.crt` and `tls.key`",
            called(self.by),
            data.title()
        );
        let fault = symbols.fault(Code::NoCertificate, message, self.by, self.secret.span);
        let fault = data.made.beside(fault, "the Secret");
        let keys = data.keys.as_deref().unwrap_or_default();
        fault.note(format!("it holds {}", listed(keys)))
    }

    fn uncovered(&self, symbols: &Symbols, written: &[&Object], sink: &mut Sink) {
        let known: Vec<&str> = written.iter().flat_map(|certificate| names(certificate)).collect();
        let Some(certificate) = written.first() else { return };
        for host in self.hosts.iter().filter(|host| !is_covered(host, &known)) {
            let name = host.as_str().unwrap_or_default();
            let message = format!(
                "{} takes its certificate for `{name}` from {}, which does not cover it",
                called(self.by),
                called(certificate)
            );
            let fault = symbols.fault(Code::HostNotCovered, message, self.by, host.span);
            let fault = Made::Object(certificate).beside(fault, "the Certificate");
            sink.push(fault.note(format!("it covers {}", listed(&known))).suggest(name, known.iter().copied()));
        }
    }
}

/// Among some manifests the Secret is ordinarily elsewhere, unless a Certificate there was made for the host.
fn sink_unwritten(wanted: &Wanted, symbols: &Symbols, certificates: &Certificates, name: &str, sink: &mut Sink) {
    let nearest = certificates.covering(wanted.namespace, &wanted.hosts);
    if symbols.extent == Extent::Part && nearest.is_none() {
        return;
    }
    let secret = path(wanted.namespace, name);
    let message = format!("{} takes its certificate from Secret {secret}, which nothing writes", called(wanted.by));
    let fault = symbols.absent(Code::NoCertificate, message, wanted.by, wanted.secret.span);
    let fault = fault.suggest(name, symbols.data_in(DataKind::Secret, wanted.namespace));
    let fault = match nearest {
        Some(nearest) => {
            let secret = text(nearest.node, &["spec", "secretName"]).unwrap_or_default();
            let fault = Made::Object(nearest).beside(fault, "a Certificate for that host");
            fault.note(format!("{} writes Secret `{secret}`", called(nearest)))
        }
        None => fault,
    };
    let outside = format!("external: {{secrets: {{{secret}: [tls.crt, tls.key]}}}}");
    sink.push(match symbols.extent {
        Extent::Whole => fault.help(format!("if it is made elsewhere, say so: `{outside}`")),
        Extent::Part => fault,
    });
}

/// Whether a Secret is known to lack a certificate. One without any key is filled in later, or elsewhere.
fn holds_none(data: &Data) -> bool {
    let is_filled = data.keys.as_ref().is_some_and(|keys| !keys.is_empty());
    is_filled && !(data.may_hold("tls.crt") && data.may_hold("tls.key"))
}

fn certificate<'a>(made: Made<'a>) -> Option<&'a Object<'a>> {
    made.object().filter(|object| object.is(CERTIFICATE))
}

/// The names that a Certificate is for.
fn names<'a>(certificate: &Object<'a>) -> Vec<&'a str> {
    let names = items(certificate.node, &["spec", "dnsNames"]).iter().filter_map(Node::as_str);
    names.chain(text(certificate.node, &["spec", "commonName"])).collect()
}

fn is_covered(host: &Node, names: &[&str]) -> bool {
    host.as_str().is_none_or(|host| names.iter().any(|name| covers(name, host)))
}
