//! The short formats: names, shares, addresses of people and things, identifiers, days.

use super::network::host;

/// A DNS label of RFC 1123, as most Kubernetes names are.
pub fn name(text: &str) -> Result<(), String> {
    label(text)
}

/// One label of a host name.
pub(super) fn label(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("a label is empty".into());
    }
    if text.len() > 63 {
        return Err("a label is longer than 63 characters".into());
    }
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(format!("`{text}` must be in lower case"));
    }
    if !text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
        return Err(format!("`{text}` may hold only lower-case letters, digits and `-`"));
    }
    if text.starts_with('-') || text.ends_with('-') {
        return Err(format!("`{text}` must not start or end with `-`"));
    }
    Ok(())
}

/// A share: `70%`. It may be above a hundred, since pods may use more than they ask for.
pub fn percent(text: &str) -> Result<(), String> {
    let Some(digits) = text.strip_suffix('%') else {
        let number = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty();
        return Err(if number { format!("write `{text}%`") } else { "it must end in `%`".into() });
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("`{digits}` is no whole number"));
    }
    match digits.parse::<u32>() {
        Ok(number) if (1..=1000).contains(&number) && !digits.starts_with('0') => Ok(()),
        _ => Err("it is not between 1% and 1000%".into()),
    }
}

/// An absolute URI.
pub fn uri(text: &str) -> Result<(), String> {
    if text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\' | '`')) {
        return Err("it holds a character that must be escaped".into());
    }
    let Some((scheme, rest)) = text.split_once(':') else { return Err("it has no scheme, such as `https://`".into()) };
    let first = scheme.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    if !first || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')) {
        return Err(format!("`{scheme}` is no scheme"));
    }
    if matches!(scheme, "http" | "https") {
        return web_address(scheme, rest);
    }
    if rest.is_empty() { Err(format!("nothing stands behind `{scheme}:`")) } else { Ok(()) }
}

fn web_address(scheme: &str, rest: &str) -> Result<(), String> {
    let Some(rest) = rest.strip_prefix("//") else { return Err(format!("`{scheme}:` is followed by `//`")) };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let behind_user = authority.rsplit('@').next().unwrap_or_default();
    if behind_user.starts_with('[') {
        return Ok(());
    }
    let (name, port) = behind_user.split_once(':').unwrap_or((behind_user, "80"));
    if port.parse::<u16>().is_err() {
        return Err(format!("the port `{port}` is no number up to 65535"));
    }
    host(&name.to_ascii_lowercase()).map_err(|reason| format!("its host is wrong: {reason}"))
}

/// An e-mail address that a certificate authority would write to.
pub fn email(text: &str) -> Result<(), String> {
    let Some((person, domain)) = text.rsplit_once('@') else { return Err("it has no `@`".into()) };
    let plain = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_{|}~-".contains(c);
    if person.is_empty() || !person.chars().all(plain) || person.starts_with('.') || person.ends_with('.') {
        return Err(format!("`{person}` cannot stand before `@`"));
    }
    if !domain.contains('.') {
        return Err(format!("`{domain}` is no domain"));
    }
    host(&domain.to_ascii_lowercase()).map_err(|reason| format!("its domain is wrong: {reason}"))
}

pub fn uuid(text: &str) -> Result<(), String> {
    let lengths = text.split('-').map(str::len);
    let hexadecimal = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if hexadecimal && lengths.eq([8, 4, 4, 4, 12]) {
        return Ok(());
    }
    Err("it is not 8-4-4-4-12 hexadecimal digits".into())
}

/// A day of the calendar, as `2026-12-31`.
pub fn date(text: &str) -> Result<(), String> {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let (4, 2, 2, true) = (part(&parts, 0).len(), part(&parts, 1).len(), part(&parts, 2).len(), digits) else {
        return Err("it is not written as `2026-12-31`".into());
    };
    let number = |at| part(&parts, at).parse::<u32>().unwrap_or_default();
    let (year, month, day) = (number(0), number(1), number(2));
    if parts.len() == 3 && (1..=days(year, month)).contains(&day) {
        return Ok(());
    }
    Err("the calendar has no such day".into())
}

fn part<'a>(parts: &[&'a str], at: usize) -> &'a str {
    parts.get(at).copied().unwrap_or_default()
}

fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Format;

    #[test]
    fn what_is_in_use_is_taken() {
        for (format, text) in [
            ("name", "kpis-api"),
            ("name", "3scale"),
            ("percent", "70%"),
            ("percent", "150%"),
            ("uri", "https://acme-v02.api.letsencrypt.org/directory"),
            ("uri", "http://user@[::1]:8080/"),
            ("uri", "s3:bucket"),
            ("email", "platform@example.com"),
            ("email", "first.last+tag@Example.com"),
            ("uuid", "123e4567-e89b-12d3-a456-426614174000"),
            ("date", "2028-02-29"),
        ] {
            let format = Format::named(format).expect(format);
            assert_eq!(format.check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn each_fault_says_why() {
        for (format, text, reason) in [
            ("name", "", "is empty"),
            ("name", "Kpis", "lower case"),
            ("name", "kpis_api", "only lower-case letters, digits"),
            ("name", "kpis-", "start or end"),
            ("percent", "70", "write `70%`"),
            ("percent", "%", "no whole number"),
            ("percent", "0%", "between 1%"),
            ("percent", "7.5%", "no whole number"),
            ("percent", "+5%", "no whole number"),
            ("uri", "example.com", "no scheme"),
            ("uri", "https:example.com", "followed by `//`"),
            ("uri", "https://", "its host is wrong: it is empty"),
            ("uri", "https://example.com:x/", "the port `x`"),
            ("uri", "https://a b", "must be escaped"),
            ("uri", "1a:b", "is no scheme"),
            ("uri", "s3:", "nothing stands behind"),
            ("email", "platform", "no `@`"),
            ("email", "@example.com", "cannot stand before"),
            ("email", "a b@example.com", "cannot stand before"),
            ("email", "a@localhost", "is no domain"),
            ("email", "a@exa_mple.com", "its domain is wrong"),
            ("uuid", "123e4567-e89b-12d3-a456-42661417400", "8-4-4-4-12"),
            ("uuid", "123e4567-e89b-12d3-a456-42661417400g", "8-4-4-4-12"),
            ("date", "31.12.2026", "2026-12-31"),
            ("date", "2026-2-3", "2026-12-31"),
            ("date", "2026-02-29", "no such day"),
            ("date", "2026-13-01", "no such day"),
            ("date", "2026-01-01-01", "no such day"),
        ] {
            let found = Format::named(format).expect(format).check(text).expect_err(text);
            assert!(found.contains(reason), "{text}: {found}");
        }
    }
}
