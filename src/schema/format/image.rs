//! Image references: `ghcr.io/acme/healthz:1.4.0`, `postgres:17@sha256:…`.

/// A reference of the distribution grammar that names one image: with a tag or a digest, and never `latest`.
pub fn image(text: &str) -> Result<(), String> {
    if text.chars().any(|c| c.is_whitespace() || !c.is_ascii()) || text.is_empty() {
        return Err("it must be letters, digits and `. _ - / : @` only".into());
    }
    if text.contains("://") {
        return Err("it must not have a scheme".into());
    }
    let (named, digest) = split(text, '@');
    let (path, tag) = split_tag(named);
    repository(path)?;
    tag.map_or(Ok(()), check_tag)?;
    digest.map_or(Ok(()), check_digest)?;
    if tag.is_none() && digest.is_none() {
        return Err(format!("it has neither tag nor digest, and would mean `{path}:latest`, which changes over time"));
    }
    Ok(())
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, behind)) => (before, Some(behind)),
        None => (text, None),
    }
}

/// The tag stands behind the last colon, unless a `/` follows: then the colon belongs to a registry's port.
fn split_tag(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        _ => (text, None),
    }
}

fn repository(text: &str) -> Result<(), String> {
    if text.len() > 255 {
        return Err("its name is longer than 255 characters".into());
    }
    let path = match text.split_once('/') {
        Some((first, path)) if first.contains(['.', ':']) || first == "localhost" => {
            registry(first)?;
            path
        }
        _ => text,
    };
    path.split('/').try_for_each(component)
}

fn registry(text: &str) -> Result<(), String> {
    let (host, port) = split(text, ':');
    let good = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if !host.split('.').all(good) {
        return Err(format!("the registry `{host}` is no host name"));
    }
    match port.map(str::parse::<u16>) {
        Some(Err(_)) => Err(format!("the port of the registry `{text}` is no number up to 65535")),
        _ => Ok(()),
    }
}

fn component(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("a part of its path is empty".into());
    }
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(format!("`{text}` must be in lower case"));
    }
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if !text.bytes().all(|byte| alphanumeric(byte) || matches!(byte, b'.' | b'_' | b'-')) {
        return Err(format!("`{text}` holds more than letters, digits, `.`, `_` and `-`"));
    }
    let outer = [text.bytes().next(), text.bytes().last()];
    if !outer.into_iter().flatten().all(alphanumeric) || !separators_stand_alone(text) {
        return Err(format!("in `{text}` the separators do not stand between letters or digits"));
    }
    Ok(())
}

/// `.`, `_`, `__` and any number of `-` may separate.
fn separators_stand_alone(text: &str) -> bool {
    text.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        .all(|separator| matches!(separator, "" | "." | "_" | "__") || separator.bytes().all(|byte| byte == b'-'))
}

fn check_tag(tag: &str) -> Result<(), String> {
    if tag == "latest" {
        return Err("the tag `latest` changes over time; name a version".into());
    }
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let first = tag.bytes().next().is_some_and(word);
    if !first || tag.len() > 128 || !tag.bytes().all(|byte| word(byte) || matches!(byte, b'.' | b'-')) {
        return Err(format!("the tag `{tag}` is not letters, digits, `_`, `.` and `-`, 128 at most"));
    }
    Ok(())
}

fn check_digest(digest: &str) -> Result<(), String> {
    let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let length = match digest.split_once(':') {
        Some(("sha256", hex)) if hex.bytes().all(hexadecimal) => (hex.len(), 64),
        Some(("sha512", hex)) if hex.bytes().all(hexadecimal) => (hex.len(), 128),
        _ => return Err(format!("the digest `{digest}` is not `sha256:` and 64 hexadecimal digits")),
    };
    if length.0 != length.1 {
        return Err(format!("the digest has {} hexadecimal digits, and needs {}", length.0, length.1));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::image;

    #[test]
    fn references_in_use_are_taken() {
        let digest = "a".repeat(64);
        for text in [
            "ghcr.io/acme/healthz:1.4.0",
            "postgres:17",
            "localhost:5000/a/b:v1",
            "registry.example.com:443/a__b/c--d:1",
            "minio/minio:RELEASE.2023-11-20T22-40-07Z",
            &format!("acme/api@sha256:{digest}"),
            &format!("acme/api:1@sha256:{digest}"),
        ] {
            assert_eq!(image(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn each_fault_names_its_part() {
        for (text, reason) in [
            ("", "letters, digits"),
            ("acme/api", "neither tag nor digest"),
            ("acme/api:latest", "`latest` changes"),
            ("acme/api:", "the tag ``"),
            ("https://acme/api:1", "a scheme"),
            ("acme/Api:1", "`Api` must be in lower case"),
            ("acme//api:1", "is empty"),
            ("-acme/api:1", "the separators"),
            ("a..b:1", "the separators"),
            ("acme/api:1 2", "letters, digits"),
            ("acme/api@sha256:abc", "has 3 hexadecimal digits"),
            ("acme/api@md5:abc", "is not `sha256:`"),
            ("reg.example.com:99999/a:1", "no number up to 65535"),
            ("-.example.com/a:1", "is no host name"),
        ] {
            let found = image(text).expect_err(text);
            assert!(found.contains(reason), "{text}: {found}");
        }
    }
}
