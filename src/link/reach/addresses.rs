//! Address ranges, and which ports are open at which of them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::intervals::{Intervals, Point};
use super::ports::PortSet;

/// A set of IPv4 and IPv6 addresses.
pub type AddressSet = Intervals<IpAddr>;

/// Which ports are open at which addresses: pieces in order, of which no two overlap, none without ports, and no two that
/// touch have the same.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Opened {
    pieces: Vec<(IpAddr, IpAddr, PortSet)>,
}

impl AddressSet {
    /// Every address.
    pub fn any() -> Self {
        Self::all([
            (Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::BROADCAST.into()),
            (Ipv6Addr::UNSPECIFIED.into(), Ipv6Addr::from_bits(u128::MAX).into()),
        ])
    }

    /// The addresses of `10.0.0.0/8` or `fd00::/8`; bits behind the prefix do not count. None where it is no CIDR.
    pub fn cidr(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        let length: u32 = length.parse().ok()?;
        let (first, last) = match address.parse().ok()? {
            IpAddr::V4(address) => {
                let host = u32::MAX.checked_shr(length).unwrap_or(0);
                let first = address.to_bits() & !host;
                (IpAddr::from(Ipv4Addr::from_bits(first)), IpAddr::from(Ipv4Addr::from_bits(first | host)))
            }
            IpAddr::V6(address) => {
                let host = u128::MAX.checked_shr(length).unwrap_or(0);
                let first = address.to_bits() & !host;
                (Ipv6Addr::from_bits(first).into(), Ipv6Addr::from_bits(first | host).into())
            }
        };
        let bits = if first.is_ipv4() { 32 } else { 128 };
        (length <= bits).then(|| Self::of(first, last))
    }

    /// The addresses of all these; what is no CIDR is none.
    pub fn cidrs<'c>(texts: impl IntoIterator<Item = &'c str>) -> Self {
        let sets: Vec<Self> = texts.into_iter().filter_map(Self::cidr).collect();
        Self::all(sets.iter().flat_map(Self::iter))
    }

    /// As few CIDRs as hold exactly these addresses.
    pub fn to_cidrs(&self) -> Vec<String> {
        let mut cidrs = vec![];
        for (first, last) in self.iter() {
            let mut left = Some(first);
            while let Some(start) = left.filter(|start| *start <= last) {
                let (length, end) = widest(start, last);
                cidrs.push(format!("{start}/{length}"));
                left = end.next();
            }
        }
        cidrs
    }
}

/// The widest CIDR that begins at `first` and ends at `last` or before it: its prefix length and last address.
fn widest(first: IpAddr, last: IpAddr) -> (u32, IpAddr) {
    match (first, last) {
        (IpAddr::V4(first), IpAddr::V4(last)) => {
            let (first, last) = (first.to_bits(), last.to_bits());
            let free = host_bits(first.trailing_zeros(), u128::from(last - first), 32);
            let host = u32::MAX.checked_shr(32 - free).unwrap_or(0);
            (32 - free, Ipv4Addr::from_bits(first | host).into())
        }
        (IpAddr::V6(first), IpAddr::V6(last)) => {
            let (first, last) = (first.to_bits(), last.to_bits());
            let free = host_bits(first.trailing_zeros(), last - first, 128);
            let host = u128::MAX.checked_shr(128 - free).unwrap_or(0);
            (128 - free, Ipv6Addr::from_bits(first | host).into())
        }
        _ => (if first.is_ipv4() { 32 } else { 128 }, first),
    }
}

/// How many bits may vary, where the address ends in `zeros` zero bits and `further` addresses follow it.
fn host_bits(zeros: u32, further: u128, bits: u32) -> u32 {
    let many = further.checked_add(1).map_or(128, u128::ilog2);
    zeros.min(many).min(bits)
}

impl std::fmt::Display for AddressSet {
    /// `10.0.0.0/8`, `every address`, `0.0.0.0/0 but 169.254.0.0/16`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if *self == Self::any() {
            return f.write_str("every address");
        }
        let families = ["0.0.0.0/0", "::/0"].into_iter().filter_map(|whole| {
            let all = Self::cidr(whole)?;
            let own = self.intersection(&all);
            (!own.is_empty()).then(|| of_family(whole, &own, &all.minus(&own)))
        });
        f.write_str(&families.collect::<Vec<_>>().join(", "))
    }
}

/// Whichever is shorter: what is in it, or what is left out of the whole family.
fn of_family(whole: &str, own: &AddressSet, left_out: &AddressSet) -> String {
    let (own, left_out) = (own.to_cidrs(), left_out.to_cidrs());
    match (own.len(), left_out.len()) {
        (_, 0) => whole.to_owned(),
        (own_len, left_out_len) if left_out_len < own_len => format!("{whole} but {}", first_few(4, &left_out)),
        _ => first_few(4, &own),
    }
}

/// `a, b, c, d and 12 more`; one more is told too.
pub fn first_few(many: usize, texts: &[String]) -> String {
    match texts.get(..many) {
        Some(few) if texts.len() > many + 1 => format!("{} and {} more", few.join(", "), texts.len() - few.len()),
        _ => texts.join(", "),
    }
}

impl Opened {
    /// From ports that are open at sets of addresses.
    pub fn of<'p>(parts: impl IntoIterator<Item = (&'p AddressSet, &'p PortSet)>) -> Self {
        let parts: Vec<_> = parts.into_iter().filter(|(_, ports)| !ports.is_empty()).collect();
        let cuts = cuts(parts.iter().flat_map(|(addresses, _)| addresses.iter()));
        Self::pieces(&cuts, |address| {
            let open = parts.iter().filter(|(addresses, _)| addresses.contains(address));
            PortSet::all(open.flat_map(|(_, ports)| ports.iter()))
        })
    }

    /// What is open here and not in `other`.
    pub fn minus(&self, other: &Self) -> Self {
        let ranges = self.pieces.iter().chain(&other.pieces).map(|(first, last, _)| (*first, *last));
        Self::pieces(&cuts(ranges), |address| match (self.at(address), other.at(address)) {
            (Some(own), Some(others)) => own.minus(others),
            (Some(own), None) => own.clone(),
            (None, _) => PortSet::default(),
        })
    }

    /// What is open at these addresses.
    pub fn within(&self, addresses: &AddressSet) -> Self {
        let pieces = self.pieces.iter().flat_map(|(first, last, ports)| {
            let shared = AddressSet::of(*first, *last).intersection(addresses);
            shared.iter().map(|(first, last)| (first, last, ports.clone())).collect::<Vec<_>>()
        });
        Self { pieces: pieces.collect() }
    }

    /// The ports that are open at an address.
    pub fn at(&self, address: IpAddr) -> Option<&PortSet> {
        let after = self.pieces.partition_point(|(first, _, _)| *first <= address);
        let (_, last, ports) = self.pieces.get(after.checked_sub(1)?)?;
        (address <= *last).then_some(ports)
    }

    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (IpAddr, IpAddr, &PortSet)> {
        self.pieces.iter().map(|(first, last, ports)| (*first, *last, ports))
    }

    /// The addresses of each set of ports.
    pub fn by_ports(&self) -> Vec<(AddressSet, PortSet)> {
        let mut found: Vec<(PortSet, Vec<(IpAddr, IpAddr)>)> = vec![];
        for (first, last, ports) in &self.pieces {
            match found.iter_mut().find(|(known, _)| known == ports) {
                Some((_, ranges)) => ranges.push((*first, *last)),
                None => found.push((ports.clone(), vec![(*first, *last)])),
            }
        }
        found.into_iter().map(|(ports, ranges)| (AddressSet::all(ranges), ports)).collect()
    }

    /// Pieces between cuts, joined where neighbours have the same ports.
    fn pieces(cuts: &[(IpAddr, IpAddr)], ports: impl Fn(IpAddr) -> PortSet) -> Self {
        let mut pieces: Vec<(IpAddr, IpAddr, PortSet)> = vec![];
        for (first, last) in cuts {
            let ports = ports(*first);
            match pieces.last_mut() {
                _ if ports.is_empty() => {}
                Some((_, end, known)) if *known == ports && end.next() == Some(*first) => *end = *last,
                _ => pieces.push((*first, *last, ports)),
            }
        }
        Self { pieces }
    }
}

/// Pieces that no range cuts further, in order: all that the ranges cover.
fn cuts(ranges: impl Iterator<Item = (IpAddr, IpAddr)> + Clone) -> Vec<(IpAddr, IpAddr)> {
    let mut starts: Vec<IpAddr> =
        ranges.clone().flat_map(|(first, last)| [Some(first), last.next()]).flatten().collect();
    starts.sort_unstable();
    starts.dedup();
    let covered = AddressSet::all(ranges);
    let mut pieces = vec![];
    for (first, last) in covered.iter() {
        let inside = starts.iter().skip(starts.partition_point(|start| *start <= first));
        let mut from = first;
        for start in inside.take_while(|start| **start <= last) {
            pieces.extend(start.previous().map(|end| (from, end)));
            from = *start;
        }
        pieces.push((from, last));
    }
    pieces
}

#[cfg(test)]
mod tests;
