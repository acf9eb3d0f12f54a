//! Host names and address ranges.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::text::label;

/// A host name of RFC 1123, in lower case, one label or more; an IPv4 address is one too.
pub fn host(text: &str) -> Result<(), String> {
    not_more_than_a_host(text)?;
    if text.len() > 253 {
        return Err("it is longer than 253 characters".into());
    }
    if text.ends_with('.') {
        return Err("it must not end in a dot".into());
    }
    text.split('.').try_for_each(label)?;
    let numeric = text.split('.').all(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
    if numeric && text.parse::<Ipv4Addr>().is_err() {
        return Err("it is all numbers, and no IPv4 address".into());
    }
    Ok(())
}

/// What people paste: whole addresses.
fn not_more_than_a_host(text: &str) -> Result<(), String> {
    match text {
        "" => Err("it is empty".into()),
        _ if text.contains("://") => Err("it must not have a scheme, only the host".into()),
        _ if text.contains('/') => Err("it must not have a path, only the host".into()),
        _ if text.parse::<Ipv6Addr>().is_ok() => Err("an IPv6 address is no host name".into()),
        _ if text.contains(':') => Err("it must not have a port, only the host".into()),
        _ if text.starts_with("*.") => Err("a wildcard names no one host".into()),
        _ => Ok(()),
    }
}

/// An address range, v4 or v6, without bits behind its prefix.
pub fn cidr(text: &str) -> Result<(), String> {
    let Some((address, prefix)) = text.split_once('/') else { return Err(without_prefix(text)) };
    let Ok(address) = address.parse::<IpAddr>() else { return Err(format!("`{address}` is no IP address")) };
    let most = if address.is_ipv4() { 32 } else { 128 };
    let digits = prefix.bytes().all(|byte| byte.is_ascii_digit()) && (prefix == "0" || !prefix.starts_with('0'));
    match prefix.parse::<u32>() {
        Ok(length) if digits && length <= most => no_host_bits(address, length),
        _ => Err(format!("the prefix `{prefix}` is no number from 0 to {most}")),
    }
}

fn without_prefix(text: &str) -> String {
    match text.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => format!("it has no prefix length; one address alone is `{text}/32`"),
        Ok(IpAddr::V6(_)) => format!("it has no prefix length; one address alone is `{text}/128`"),
        Err(_) => "it is not an IP address, `/` and a prefix length".into(),
    }
}

fn no_host_bits(address: IpAddr, length: u32) -> Result<(), String> {
    let network = match address {
        IpAddr::V4(address) => {
            IpAddr::V4(Ipv4Addr::from_bits(high_bits(u128::from(address.to_bits()), length, 32) as u32))
        }
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(high_bits(address.to_bits(), length, 128))),
    };
    if network == address {
        return Ok(());
    }
    Err(format!("it has bits behind the prefix; the network is `{network}/{length}`"))
}

/// The first `length` of `width` bits.
fn high_bits(bits: u128, length: u32, width: u32) -> u128 {
    let behind = width - length;
    if behind == 128 { 0 } else { bits >> behind << behind }
}

#[cfg(test)]
mod tests {
    use super::{cidr, host};

    #[test]
    fn hosts_and_ranges_in_use_are_taken() {
        for text in ["api", "postgres.example.com", "a-1.b2.example", "10.0.0.5", "3com.example.com"] {
            assert_eq!(host(text), Ok(()), "{text}");
        }
        for text in ["10.20.0.0/16", "0.0.0.0/0", "::/0", "fd00:1::/32", "192.0.2.1/32", "2001:db8::1/128"] {
            assert_eq!(cidr(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn each_fault_of_a_host_says_why() {
        for (text, reason) in [
            ("", "it is empty"),
            ("https://example.com", "a scheme"),
            ("example.com/x", "a path"),
            ("example.com:80", "a port"),
            ("::1", "IPv6"),
            ("Example.com", "`Example` must be in lower case"),
            ("a_b.example.com", "`a_b` may hold"),
            ("-a.example.com", "`-a` must not start"),
            ("a..b", "a label is empty"),
            ("a.", "end in a dot"),
            ("*.example.com", "a wildcard"),
            ("10.0.0.256", "no IPv4 address"),
        ] {
            let found = host(text).expect_err(text);
            assert!(found.contains(reason), "{text}: {found}");
        }
        assert!(host(&"a".repeat(64)).expect_err("long").contains("63"));
        assert!(host(&"a.".repeat(130)).expect_err("long").contains("253"));
    }

    #[test]
    fn each_fault_of_a_range_says_why() {
        for (text, reason) in [
            ("10.0.0.1", "`10.0.0.1/32`"),
            ("::1", "`::1/128`"),
            ("example.com", "not an IP address"),
            ("10.0.0/8", "`10.0.0` is no IP address"),
            ("10.0.0.0/33", "from 0 to 32"),
            ("10.0.0.0/08", "the prefix `08`"),
            ("10.0.0.0/", "the prefix ``"),
            ("10.20.1.0/16", "the network is `10.20.0.0/16`"),
            ("10.0.0.1/0", "the network is `0.0.0.0/0`"),
            ("fd00::1/64", "the network is `fd00::/64`"),
        ] {
            let found = cidr(text).expect_err(text);
            assert!(found.contains(reason), "{text}: {found}");
        }
    }
}
