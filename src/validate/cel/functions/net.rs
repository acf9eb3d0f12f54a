//! Kubernetes' functions of addresses, networks and URLs.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

use super::super::value::Value;
use super::super::{Result, Stop};
use super::Tools;

pub const NAMES: &[&str] = &[
    "cidr",
    "containsCIDR",
    "containsIP",
    "family",
    "getEscapedPath",
    "getHost",
    "getHostname",
    "getPort",
    "getScheme",
    "ip",
    "ip.isCanonical",
    "isCIDR",
    "isGlobalUnicast",
    "isIP",
    "isLinkLocalMulticast",
    "isLinkLocalUnicast",
    "isLoopback",
    "isURL",
    "isUnspecified",
    "masked",
    "prefixLength",
    "url",
];

/// An address and how many bits of it name the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    length: u8,
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

/// An absolute URL, or an absolute path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    scheme: String,
    /// With the port.
    host: String,
    path: String,
}

pub fn call<'a>(name: &str, arguments: &[Value<'a>], tools: Tools) -> Option<Result<Value<'a>>> {
    match arguments {
        [Value::Text(text)] => read(name, text),
        [Value::Address(address)] => of_address(name, *address),
        [Value::Network(network)] => of_network(name, *network),
        [Value::Network(network), other] => holds(name, *network, other),
        [Value::Url(url)] => of_url(name, url, tools),
        _ => None,
    }
}

fn read<'a>(name: &str, text: &str) -> Option<Result<Value<'a>>> {
    let wrong = |what: &str| Stop::fails(format!("`{text}` is no {what}"));
    Some(match name {
        "isIP" => Ok(Value::Bool(address(text).is_some())),
        "isCIDR" => Ok(Value::Bool(network(text).is_some())),
        "isURL" => url(text).map(|url| Value::Bool(url.is_some())),
        "ip" => address(text).map(Value::Address).ok_or_else(|| wrong("IP address")),
        "cidr" => network(text).map(Value::Network).ok_or_else(|| wrong("CIDR")),
        "url" => url(text).and_then(|url| url.map(|url| Value::Url(Rc::new(url))).ok_or_else(|| wrong("URL"))),
        "ip.isCanonical" => {
            address(text).map(|address| Value::Bool(address.to_string() == text)).ok_or_else(|| wrong("IP address"))
        }
        _ => return None,
    })
}

/// No zones, and no IPv4 address in IPv6.
fn address(text: &str) -> Option<IpAddr> {
    let address: IpAddr = text.parse().ok()?;
    match address {
        IpAddr::V6(six) if six.to_ipv4_mapped().is_some() => None,
        address => Some(address),
    }
}

fn network(text: &str) -> Option<Network> {
    let (address_text, length) = text.split_once('/')?;
    let address = address(address_text)?;
    let is_plain = length.bytes().all(|byte| byte.is_ascii_digit()) && (length == "0" || !length.starts_with('0'));
    let length = length.parse().ok().filter(|length| is_plain && *length <= bits(address))?;
    Some(Network { address, length })
}

fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn masked(network: Network) -> Network {
    let address = match network.address {
        IpAddr::V4(four) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(network.length)).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(four.to_bits() & mask))
        }
        IpAddr::V6(six) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(network.length)).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & mask))
        }
    };
    Network { address, ..network }
}

fn of_address<'a>(name: &str, address: IpAddr) -> Option<Result<Value<'a>>> {
    let link_local_multicast = match address {
        IpAddr::V4(four) => matches!(four.octets(), [224, 0, 0, _]),
        IpAddr::V6(six) => matches!(six.segments(), [first, ..] if first & 0xff0f == 0xff02),
    };
    let link_local = match address {
        IpAddr::V4(four) => four.is_link_local(),
        IpAddr::V6(six) => six.is_unicast_link_local(),
    };
    let is_broadcast = address == IpAddr::V4(Ipv4Addr::BROADCAST);
    let is_global =
        !(is_broadcast || link_local || address.is_unspecified() || address.is_loopback() || address.is_multicast());
    Some(Ok(match name {
        "family" => Value::Int(if address.is_ipv4() { 4 } else { 6 }),
        "isUnspecified" => Value::Bool(address.is_unspecified()),
        "isLoopback" => Value::Bool(address.is_loopback()),
        "isLinkLocalMulticast" => Value::Bool(link_local_multicast),
        "isLinkLocalUnicast" => Value::Bool(link_local),
        "isGlobalUnicast" => Value::Bool(is_global),
        _ => return None,
    }))
}

fn of_network<'a>(name: &str, network: Network) -> Option<Result<Value<'a>>> {
    Some(Ok(match name {
        "ip" => Value::Address(network.address),
        "masked" => Value::Network(masked(network)),
        "prefixLength" => Value::Int(i64::from(network.length)),
        _ => return None,
    }))
}

fn holds<'a>(name: &str, outer: Network, other: &Value<'a>) -> Option<Result<Value<'a>>> {
    let inner = match (name, other) {
        ("containsIP", Value::Address(address)) => Some(Network { address: *address, length: bits(*address) }),
        ("containsIP", Value::Text(text)) => address(text).map(|address| Network { address, length: bits(address) }),
        ("containsCIDR", Value::Network(network)) => Some(*network),
        ("containsCIDR", Value::Text(text)) => network(text),
        _ => return None,
    };
    let Some(inner) = inner else { return Some(Err(Stop::fails("no address or network"))) };
    let is_same_family = outer.address.is_ipv4() == inner.address.is_ipv4();
    let cut = masked(Network { address: inner.address, length: outer.length.min(bits(inner.address)) });
    let is_in = is_same_family && outer.length <= inner.length && cut.address == masked(outer).address;
    Some(Ok(Value::Bool(is_in)))
}

/// An absolute URL or an absolute path, as Go's `url.ParseRequestURI` reads it. Of what is odd we know nothing.
fn url(text: &str) -> Result<Option<Url>> {
    if !text.is_ascii() || text.bytes().any(|byte| byte <= b' ' || byte == 0x7f) || text.contains(['%', '@', '[', '#'])
    {
        return Err(Stop::unknown("it reads an uncommon URL"));
    }
    let text = text.split_once('?').map_or(text, |(before, _)| before);
    if text.starts_with('/') && !text.starts_with("//") {
        return Ok(Some(Url { scheme: String::new(), host: String::new(), path: text.into() }));
    }
    let Some((scheme, rest)) = text.split_once(':') else { return Ok(None) };
    let letters = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
    if !scheme.starts_with(|letter: char| letter.is_ascii_alphabetic()) || !scheme.chars().all(letters) {
        return Ok(None);
    }
    let Some(rest) = rest.strip_prefix("//") else { return Err(Stop::unknown("it reads an uncommon URL")) };
    let at = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(at).unwrap_or((rest, ""));
    let port = host.split_once(':').map_or("", |(_, port)| port);
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit());
    Ok(is_port.then(|| Url { scheme: scheme.to_ascii_lowercase(), host: host.into(), path: path.into() }))
}

fn of_url<'a>(name: &str, url: &Url, _: Tools) -> Option<Result<Value<'a>>> {
    let (hostname, port) = url.host.split_once(':').unwrap_or((&url.host, ""));
    let part = match name {
        "getScheme" => &url.scheme,
        "getHost" => &url.host,
        "getHostname" => hostname,
        "getPort" => port,
        "getEscapedPath" => &url.path,
        _ => return None,
    };
    Some(Ok(Value::owned_text(part)))
}
