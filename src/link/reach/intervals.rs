//! Sets of ports and addresses, kept as ranges: all arithmetic is exact.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A value that may have a neighbour on each side.
pub trait Point: Copy + Ord {
    fn next(self) -> Option<Self>;
    fn previous(self) -> Option<Self>;
}

/// A set of values: closed ranges in order, of which no two overlap or touch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Intervals<T> {
    ranges: Vec<(T, T)>,
}

impl<T> Default for Intervals<T> {
    fn default() -> Self {
        Self { ranges: vec![] }
    }
}

impl<T: Point> Intervals<T> {
    /// From `first` to `last`; nothing where `last` comes before.
    pub fn of(first: T, last: T) -> Self {
        Self::all([(first, last)])
    }

    /// Everything in any of these ranges.
    pub fn all(ranges: impl IntoIterator<Item = (T, T)>) -> Self {
        let mut ranges: Vec<(T, T)> = ranges.into_iter().filter(|(first, last)| first <= last).collect();
        ranges.sort_unstable();
        let mut joined: Vec<(T, T)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match joined.last_mut() {
                Some((_, end)) if first <= *end || end.next() == Some(first) => *end = last.max(*end),
                _ => joined.push((first, last)),
            }
        }
        Self { ranges: joined }
    }

    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (T, T)> + Clone {
        self.ranges.iter().copied()
    }

    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    pub fn contains(&self, value: T) -> bool {
        let after = self.ranges.partition_point(|(first, _)| *first <= value);
        let found = after.checked_sub(1).and_then(|at| self.ranges.get(at));
        found.is_some_and(|(_, last)| value <= *last)
    }

    pub fn union(&self, other: &Self) -> Self {
        Self::all(self.iter().chain(other.iter()))
    }

    pub fn intersection(&self, other: &Self) -> Self {
        let mut ranges = vec![];
        let (mut own, mut others) = (self.iter().peekable(), other.iter().peekable());
        while let (Some((first, last)), Some((start, end))) = (own.peek().copied(), others.peek().copied()) {
            if first.max(start) <= last.min(end) {
                ranges.push((first.max(start), last.min(end)));
            }
            if last <= end {
                own.next()
            } else {
                others.next()
            };
        }
        Self { ranges }
    }

    pub fn minus(&self, other: &Self) -> Self {
        let mut ranges = vec![];
        for (first, last) in self.iter() {
            let mut left = Some(first);
            for (start, end) in other.overlapping(first, last) {
                ranges.extend(left.zip(start.previous()).filter(|(from, to)| from <= to));
                left = end.next();
            }
            ranges.extend(left.map(|from| (from, last)).filter(|(from, to)| from <= to));
        }
        Self { ranges }
    }

    /// Whether everything in `other` is in here.
    pub fn covers(&self, other: &Self) -> bool {
        other.minus(self).is_empty()
    }

    fn overlapping(&self, first: T, last: T) -> impl Iterator<Item = (T, T)> {
        let start = self.ranges.partition_point(|(_, end)| *end < first);
        self.ranges.iter().skip(start).copied().take_while(move |(start, _)| *start <= last)
    }
}

/// Neighbours are of one family: no range reaches from IPv4 into IPv6.
impl Point for IpAddr {
    fn next(self) -> Option<Self> {
        match self {
            IpAddr::V4(address) => address.to_bits().checked_add(1).map(|bits| Ipv4Addr::from_bits(bits).into()),
            IpAddr::V6(address) => address.to_bits().checked_add(1).map(|bits| Ipv6Addr::from_bits(bits).into()),
        }
    }

    fn previous(self) -> Option<Self> {
        match self {
            IpAddr::V4(address) => address.to_bits().checked_sub(1).map(|bits| Ipv4Addr::from_bits(bits).into()),
            IpAddr::V6(address) => address.to_bits().checked_sub(1).map(|bits| Ipv6Addr::from_bits(bits).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    impl Point for u8 {
        fn next(self) -> Option<Self> {
            self.checked_add(1)
        }

        fn previous(self) -> Option<Self> {
            self.checked_sub(1)
        }
    }

    fn set() -> impl Strategy<Value = Vec<(u8, u8)>> {
        prop::collection::vec((any::<u8>(), any::<u8>()), 0..6)
    }

    fn is_in(ranges: &[(u8, u8)], value: u8) -> bool {
        ranges.iter().any(|(first, last)| (*first..=*last).contains(&value))
    }

    proptest! {
        #[test]
        fn operations_are_those_of_sets(one in set(), two in set()) {
            let (a, b) = (Intervals::all(one.clone()), Intervals::all(two.clone()));
            for value in 0..=u8::MAX {
                let (in_one, in_two) = (is_in(&one, value), is_in(&two, value));
                prop_assert_eq!(a.contains(value), in_one);
                prop_assert_eq!(a.union(&b).contains(value), in_one || in_two);
                prop_assert_eq!(a.intersection(&b).contains(value), in_one && in_two);
                prop_assert_eq!(a.minus(&b).contains(value), in_one && !in_two);
            }
            prop_assert_eq!(a.covers(&b), (0..=u8::MAX).all(|value| !is_in(&two, value) || is_in(&one, value)));
        }

        #[test]
        fn equal_sets_are_equal(one in set(), two in set()) {
            let (a, b) = (Intervals::all(one), Intervals::all(two));
            let whole = a.intersection(&b).union(&a.minus(&b));
            prop_assert_eq!(whole, a);
        }
    }

    #[test]
    fn no_range_reaches_from_one_family_into_the_other() {
        let last: IpAddr = Ipv4Addr::BROADCAST.into();
        let first: IpAddr = Ipv6Addr::UNSPECIFIED.into();
        assert_eq!(last.next(), None);
        assert_eq!(Intervals::all([(last, last), (first, first)]).len(), 2);
    }
}
