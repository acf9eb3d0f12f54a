use super::*;
use crate::component::interface::Protocol;

fn set(cidrs: &[&str]) -> AddressSet {
    AddressSet::cidrs(cidrs.iter().copied())
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn a_cidr_holds_what_its_prefix_says() {
    let ten = set(&["10.1.2.3/8"]);
    assert_eq!(ten, AddressSet::of(address("10.0.0.0"), address("10.255.255.255")));
    assert_eq!(set(&["10.1.2.3/32"]), AddressSet::of(address("10.1.2.3"), address("10.1.2.3")));
    assert_eq!(
        set(&["fd00::/8"]),
        AddressSet::of(address("fd00::"), address("fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"))
    );
    assert_eq!(set(&["0.0.0.0/0", "::/0"]), AddressSet::any());
}

#[test]
fn what_is_no_cidr_is_none() {
    for text in ["10.0.0.0", "10.0.0.0/33", "::/129", "ten/8", "10.0.0.0/x", "/8", ""] {
        assert_eq!(AddressSet::cidr(text), None, "{text}");
    }
}

#[test]
fn sets_are_told_as_cidrs() {
    for (own, told) in [
        (set(&["10.0.0.0/9", "10.128.0.0/9"]), "10.0.0.0/8"),
        (set(&["10.0.0.0/8", "fd00::/8"]), "10.0.0.0/8, fd00::/8"),
        (AddressSet::any(), "every address"),
        (AddressSet::any().minus(&set(&["169.254.0.0/16"])), "0.0.0.0/0 but 169.254.0.0/16, ::/0"),
        (AddressSet::of(address("10.0.0.1"), address("10.0.0.4")), "10.0.0.1/32, 10.0.0.2/31, 10.0.0.4/32"),
        (AddressSet::of(address("::"), address("::1")), "::/127"),
    ] {
        assert_eq!(own.to_string(), told);
        assert_eq!(
            own.to_cidrs().len(),
            set(&own.to_cidrs().iter().map(String::as_str).collect::<Vec<_>>()).to_cidrs().len()
        );
    }
}

#[test]
fn cidrs_hold_exactly_the_addresses_that_they_were_made_of() {
    let odd = AddressSet::of(address("9.255.255.255"), address("77.1.2.3"));
    let cidrs = odd.to_cidrs();
    assert_eq!(AddressSet::cidrs(cidrs.iter().map(String::as_str)), odd);
}

#[test]
fn ports_at_overlapping_ranges_are_joined() {
    let (http, https) = (PortSet::one(Protocol::Tcp, 80), PortSet::one(Protocol::Tcp, 443));
    let (wide, narrow) = (set(&["10.0.0.0/8"]), set(&["10.1.0.0/16"]));
    let opened = Opened::of([(&wide, &http), (&narrow, &https)]);
    assert_eq!(opened.at(address("10.0.0.1")), Some(&http));
    assert_eq!(opened.at(address("10.1.0.1")), Some(&http.union(&https)));
    assert_eq!(opened.at(address("11.0.0.1")), None);
    assert_eq!(opened, Opened::of([(&narrow, &http.union(&https)), (&wide.minus(&narrow), &http)]));
}

#[test]
fn what_is_open_in_one_and_not_in_the_other_is_exact() {
    let (http, https) = (PortSet::one(Protocol::Tcp, 80), PortSet::one(Protocol::Tcp, 443));
    let both = http.union(&https);
    let (wide, narrow) = (set(&["10.0.0.0/8"]), set(&["10.1.0.0/16"]));
    let rest = Opened::of([(&wide, &both)]).minus(&Opened::of([(&narrow, &both), (&wide, &http)]));
    assert_eq!(rest.by_ports(), [(wide.minus(&narrow), https)]);
    assert!(Opened::of([(&narrow, &http)]).minus(&Opened::of([(&wide, &both)])).is_empty());
}

#[test]
fn long_lists_are_cut_short() {
    let texts: Vec<String> = (0..9).map(|number| number.to_string()).collect();
    assert_eq!(first_few(4, &texts), "0, 1, 2, 3 and 5 more");
    assert_eq!(first_few(4, &texts[..5]), "0, 1, 2, 3, 4");
}
