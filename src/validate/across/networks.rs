//! NetworkPolicies: ranges of ports and of addresses.

use std::net::IpAddr;

use super::place::Place;
use crate::json_schema::Fault;

pub fn check(policy: &Place, faults: &mut Vec<Fault>) {
    let Some(spec) = policy.field("spec") else { return };
    for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
        for rule in spec.items(direction) {
            rule.items("ports").for_each(|port| ports(&port, faults));
            rule.items(peers).for_each(|peer| addresses(&peer, faults));
        }
    }
}

fn ports(port: &Place, faults: &mut Vec<Fault>) {
    let (Some(first), Some(last)) = (port.number("port"), port.field("endPort")) else { return };
    if last.value.as_i64().is_some_and(|last| last < first) {
        faults.push(last.fault(format!("the range ends before it starts, at {first}")));
    }
}

/// What is left out of a block lies in it, and is less than the whole.
fn addresses(peer: &Place, faults: &mut Vec<Fault>) {
    let Some(block) = peer.field("ipBlock") else { return };
    let Some(range) = block.text("cidr").and_then(range) else { return };
    for except in block.items("except") {
        if except.value.as_str().and_then(self::range).is_some_and(|except| !lies_in(except, range)) {
            faults.push(except.fault("it must lie in `cidr`, and be smaller"));
        }
    }
}

fn range(text: &str) -> Option<(IpAddr, u32)> {
    let (address, prefix) = text.trim().split_once('/')?;
    Some((address.parse().ok()?, prefix.parse().ok()?))
}

fn lies_in(inner: (IpAddr, u32), outer: (IpAddr, u32)) -> bool {
    let behind = |bits: u32| bits.saturating_sub(outer.1);
    let is_there = match (inner.0, outer.0) {
        (IpAddr::V4(inner), IpAddr::V4(outer)) => {
            (inner.to_bits() ^ outer.to_bits()).checked_shr(behind(32)).unwrap_or(0) == 0
        }
        (IpAddr::V6(inner), IpAddr::V6(outer)) => {
            (inner.to_bits() ^ outer.to_bits()).checked_shr(behind(128)).unwrap_or(0) == 0
        }
        _ => false,
    };
    is_there && inner.1 > outer.1
}
