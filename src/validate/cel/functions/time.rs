//! Durations as Go writes them, and times (RFC 3339), in UTC.

use super::super::value::Value;
use super::super::{Result, Stop};
use super::Tools;

pub const NAMES: &[&str] = &[
    "duration",
    "getDate",
    "getDayOfMonth",
    "getFullYear",
    "getHours",
    "getMilliseconds",
    "getMinutes",
    "getMonth",
    "getSeconds",
    "timestamp",
];

const SECOND: i64 = 1_000_000_000;
const DAY: i128 = 86_400 * SECOND as i128;

pub fn call<'a>(name: &str, arguments: &[Value<'a>], _: Tools) -> Option<Result<Value<'a>>> {
    let read = |found: Option<Value<'a>>, text: &str| {
        Some(found.ok_or_else(|| Stop::fails(format!("type conversion error: `{text}` is no {name}"))))
    };
    match (name, arguments) {
        ("duration", [Value::Text(text)]) => read(duration(text).map(Value::Duration), text),
        ("timestamp", [Value::Text(text)]) => read(timestamp(text).map(Value::Timestamp), text),
        ("duration" | "timestamp", [value @ (Value::Duration(_) | Value::Timestamp(_))]) => Some(Ok(value.clone())),
        ("timestamp", [Value::Int(seconds)]) => {
            Some(Ok(Value::Timestamp(i128::from(*seconds).saturating_mul(i128::from(SECOND)))))
        }
        (_, [Value::Duration(nanoseconds)]) => of_duration(name, *nanoseconds).map(|part| Ok(Value::Int(part))),
        (_, [Value::Timestamp(nanoseconds)]) => of_timestamp(name, *nanoseconds).map(|part| Ok(Value::Int(part))),
        _ => None,
    }
}

/// Of a duration each is the whole of it.
fn of_duration(name: &str, nanoseconds: i64) -> Option<i64> {
    Some(match name {
        "getHours" => nanoseconds / (3600 * SECOND),
        "getMinutes" => nanoseconds / (60 * SECOND),
        "getSeconds" => nanoseconds / SECOND,
        "getMilliseconds" => nanoseconds / 1_000_000,
        _ => return None,
    })
}

fn of_timestamp(name: &str, nanoseconds: i128) -> Option<i64> {
    let in_day = i64::try_from(nanoseconds.rem_euclid(DAY)).ok()?;
    let (year, month, day) = date(i64::try_from(nanoseconds.div_euclid(DAY)).ok()?);
    Some(match name {
        "getFullYear" => year,
        "getMonth" => month - 1,
        "getDate" => day,
        "getDayOfMonth" => day - 1,
        "getHours" => in_day / (3600 * SECOND),
        "getMinutes" => in_day / (60 * SECOND) % 60,
        "getSeconds" => in_day / SECOND % 60,
        "getMilliseconds" => in_day / 1_000_000 % 1000,
        _ => return None,
    })
}

/// `1h30m`, `-1.5s`; in nanoseconds.
pub fn duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total = 0_i64;
    while !rest.is_empty() || total == 0 {
        let number =
            rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.').len();
        let (digits, after) = rest.split_at_checked(number)?;
        let unit =
            after.len() - after.trim_start_matches(|letter: char| !letter.is_ascii_digit() && letter != '.').len();
        let (unit, after) = after.split_at_checked(unit)?;
        total = total.checked_add(part(digits, unit)?)?;
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    total.checked_mul(sign)
}

fn part(digits: &str, unit: &str) -> Option<i64> {
    let unit = match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => SECOND,
        "m" => 60 * SECOND,
        "h" => 3600 * SECOND,
        _ => return None,
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let share = if fraction.is_empty() { 0.0 } else { format!("0.{fraction}").parse::<f64>().ok()? };
    whole.checked_mul(unit)?.checked_add((share * unit as f64) as i64)
}

/// As `string()` writes a duration.
pub fn seconds(nanoseconds: i64) -> String {
    let fraction = (nanoseconds % SECOND).unsigned_abs();
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let whole = (nanoseconds / SECOND).unsigned_abs();
    match fraction {
        0 => format!("{sign}{whole}s"),
        fraction => format!("{sign}{whole}.{}s", format!("{fraction:09}").trim_end_matches('0')),
    }
}

/// `2026-01-31T12:00:00Z`, or only the day; in nanoseconds since 1970.
pub fn timestamp(text: &str) -> Option<i128> {
    let (day, time) = text.split_once(['T', 't']).unwrap_or((text, "00:00:00Z"));
    let mut parts = day.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=month_length(year, month)).contains(&day) {
        return None;
    }
    let (clock, offset) = clock_and_offset(time)?;
    let seconds = days(year, month, day) * 86_400 - offset;
    Some(i128::from(seconds) * i128::from(SECOND) + i128::from(nanoseconds_of(clock)?))
}

fn clock_and_offset(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let at = time.rfind(['+', '-'])?;
    let (clock, offset) = time.split_at_checked(at)?;
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let (hours, minutes) = (hours.parse::<i64>().ok()?, minutes.parse::<i64>().ok()?);
    ((0..24).contains(&hours) && (0..60).contains(&minutes)).then_some((clock, sign * (hours * 3600 + minutes * 60)))
}

fn nanoseconds_of(clock: &str) -> Option<i64> {
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut parts = clock.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    if !(0..24).contains(&hours) || !(0..60).contains(&minutes) || !(0..60).contains(&seconds) {
        return None;
    }
    let fraction: i64 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    Some((hours * 3600 + minutes * 60 + seconds) * SECOND + fraction)
}

fn month_length(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970, counted in years that begin in March: then the leap day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day
        - 719_469
}

/// The day of the calendar.
fn date(since: i64) -> (i64, i64, i64) {
    let mut year = 1970 + since.div_euclid(366);
    while days(year + 1, 1, 1) <= since {
        year += 1;
    }
    let mut month = 1;
    while month < 12 && days(year, month + 1, 1) <= since {
        month += 1;
    }
    (year, month, since - days(year, month, 1) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_go() {
        assert_eq!(duration("1h30m"), Some(5400 * SECOND));
        assert_eq!(duration("-1.5s"), Some(-1_500_000_000));
        assert_eq!(duration("0"), Some(0));
        assert_eq!(duration("0s"), Some(0));
        for wrong in ["", "1", "h", "1d", "-", "1h30", ".s", "99999999999h"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn times_are_counted_from_1970() {
        assert_eq!(timestamp("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(timestamp("2000-03-01T01:00:00+01:00"), Some(951_868_800 * i128::from(SECOND)));
        assert_eq!(timestamp("1970-01-01T00:00:00.5Z"), Some(500_000_000));
        for wrong in ["", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00", "x-y-zTa"] {
            assert_eq!(timestamp(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_day_is_found_again() {
        for day in [-1000, -1, 0, 58, 59, 60, 365, 11_016, 11_017, 20_000, 40_000] {
            let (year, month, of_month) = date(day);
            assert_eq!(days(year, month, of_month), day);
            assert!((1..=12).contains(&month) && (1..=31).contains(&of_month), "{day}");
        }
    }
}
