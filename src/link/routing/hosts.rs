//! Which names a name with a wildcard stands for.

/// Whether a certificate for `name` is good for `host`: a wildcard stands for exactly one label (RFC 6125, 6.4.3).
pub fn covers(name: &str, host: &str) -> bool {
    let (name, host) = (name.to_ascii_lowercase(), host.to_ascii_lowercase());
    let below = name.strip_prefix("*.").zip(host.split_once('.')).is_some_and(|(name, (_, host))| name == host);
    name == host || below
}

/// Whether a listener for one host and a route for another have requests in common: a wildcard stands for any number of
/// labels, never for none (Gateway API, "Listener", `hostname`).
pub fn meet(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
    let below = |name: &str, wildcard: &str| {
        let suffix = wildcard.strip_prefix('*').filter(|suffix| suffix.starts_with('.'));
        suffix.is_some_and(|suffix| name.ends_with(suffix))
    };
    one == other || below(&one, &other) || below(&other, &one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_covers_one_label() {
        for (name, host, is_covered) in [
            ("a.example.com", "A.example.com", true),
            ("*.example.com", "a.example.com", true),
            ("*.example.com", "*.example.com", true),
            ("*.example.com", "a.b.example.com", false),
            ("*.example.com", "example.com", false),
            ("*.example.com", "*.b.example.com", false),
            ("a.example.com", "*.example.com", false),
        ] {
            assert_eq!(covers(name, host), is_covered, "{name} {host}");
        }
    }

    #[test]
    fn a_listener_meets_any_number_of_labels() {
        for (listener, route, meets) in [
            ("a.example.com", "a.example.com", true),
            ("*.example.com", "a.example.com", true),
            ("*.example.com", "a.b.example.com", true),
            ("*.example.com", "example.com", false),
            ("*.example.com", "*.b.example.com", true),
            ("a.b.example.com", "*.example.com", true),
            ("a.example.com", "b.example.com", false),
            ("*.example.com", "badexample.com", false),
        ] {
            assert_eq!(meet(listener, route), meets, "{listener} {route}");
            assert_eq!(meet(route, listener), meets, "{route} {listener}");
        }
    }
}
