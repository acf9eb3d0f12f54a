//! Durations: Go's (`1h30m`, `1.5s`), which Kubernetes and its operators read, and Prometheus' (`1d12h`).

const GO_UNITS: [&str; 8] = ["ns", "us", "µs", "μs", "ms", "s", "m", "h"];
/// From the largest to the smallest, the order in which they must stand.
const LONG_UNITS: [&str; 7] = ["y", "w", "d", "h", "m", "s", "ms"];

/// What Go or Prometheus reads as a duration.
pub fn duration(text: &str) -> Result<(), String> {
    match go_duration(text) {
        Err(_) if long_duration(text).is_ok() => Ok(()),
        answer => answer,
    }
}

/// What Go's `time.ParseDuration` reads; negative ones are refused.
pub fn go_duration(text: &str) -> Result<(), String> {
    each_part(text, |_, number, unit| {
        if !is_decimal(number) {
            return Err(format!("`{number}` is no number"));
        }
        known_unit(unit, &GO_UNITS)
    })
}

/// What Prometheus reads: whole numbers, units from large to small, each at most once.
pub fn long_duration(text: &str) -> Result<(), String> {
    let mut next = 0;
    each_part(text, |_, number, unit| {
        if number.contains('.') {
            return Err(format!("`{number}` is no whole number"));
        }
        known_unit(unit, &LONG_UNITS)?;
        let at = LONG_UNITS.iter().position(|known| *known == unit).unwrap_or_default();
        if at < next {
            return Err(format!("`{unit}` stands behind a unit that is not larger"));
        }
        next = at + 1;
        Ok(())
    })
}

/// How long a duration is, in seconds; none for what is no duration.
pub fn seconds(text: &str) -> Option<f64> {
    duration(text).ok()?;
    let mut total = 0.0;
    each_part(text, |_, number, unit| {
        let length = match unit {
            "ns" => 1e-9,
            "us" | "µs" | "μs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            "w" => 604_800.0,
            // A year of Prometheus has 365 days.
            _ => 31_536_000.0,
        };
        total += number.parse::<f64>().unwrap_or_default() * length;
        Ok(())
    })
    .ok()?;
    Some(total)
}

/// Calls `part` with each number and its unit.
fn each_part(text: &str, mut part: impl FnMut(usize, &str, &str) -> Result<(), String>) -> Result<(), String> {
    match text {
        "" => return Err("it is empty".into()),
        "0" => return Ok(()),
        _ if text.starts_with(['-', '+']) => return Err("it must not have a sign".into()),
        _ => {}
    }
    let (mut rest, mut at) = (text, 0);
    while !rest.is_empty() {
        let (number, behind) = split(rest, |c| c.is_ascii_digit() || c == '.');
        let (unit, next) = split(behind, |c| !c.is_ascii_digit() && c != '.');
        complete(number, unit)?;
        part(at, number, unit)?;
        (rest, at) = (next, at + 1);
    }
    Ok(())
}

fn complete(number: &str, unit: &str) -> Result<(), String> {
    if number.is_empty() {
        return Err(format!("there is no number before `{unit}`"));
    }
    if unit.is_empty() {
        return Err(format!("the number `{number}` has no unit; write for instance `{number}s`"));
    }
    Ok(())
}

fn known_unit(unit: &str, known: &[&str]) -> Result<(), String> {
    if known.contains(&unit) {
        return Ok(());
    }
    Err(format!("the unit `{unit}` is not known; units are ms, s, m, h (and d, w, y with whole numbers)"))
}

fn split(text: &str, inside: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !inside(c)).unwrap_or(text.len()))
}

fn is_decimal(number: &str) -> bool {
    number.matches('.').count() <= 1 && number.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{duration, go_duration, long_duration};

    #[test]
    fn both_dialects_are_taken() {
        for text in ["30s", "1h30m", "1.5h", "100ms", "5µs", "0", "1d", "2w", "1y2w3d", "30m1h"] {
            assert_eq!(duration(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn the_dialects_differ() {
        assert!(go_duration("1d").is_err());
        assert!(long_duration("1.5h").is_err());
        assert!(long_duration("30m1h").is_err());
        assert!(long_duration("1h1h").is_err());
    }

    #[test]
    fn each_fault_says_why() {
        for (text, reason) in [
            ("", "it is empty"),
            ("30", "has no unit; write for instance `30s`"),
            ("s", "no number before `s`"),
            ("30sec", "the unit `sec` is not known"),
            ("1 h", "the unit ` h` is not known"),
            ("-1h", "a sign"),
            ("1..5s", "`1..5` is no number"),
            ("1.5d", "the unit `d` is not known"),
        ] {
            let found = duration(text).expect_err(text);
            assert!(found.contains(reason), "{text}: {found}");
        }
    }
}
