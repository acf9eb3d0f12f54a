//! Durations as Go writes them, and times (RFC 3339), in UTC.

use super::super::value::Value;
use super::super::{Result, Stop};
use super::Tools;
use crate::world::Date;

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
            Some(day(*seconds).map(|_| Value::Timestamp(i128::from(*seconds) * i128::from(SECOND))))
        }
        (_, [Value::Duration(nanoseconds)]) => of_duration(name, *nanoseconds).map(|part| Ok(Value::Int(part))),
        (_, [Value::Timestamp(nanoseconds)]) => of_timestamp(name, *nanoseconds).map(|part| part.map(Value::Int)),
        _ => None,
    }
}

/// A time has a year of four digits.
fn day(seconds: i64) -> Result<Date> {
    Date::at(seconds).ok_or_else(|| Stop::fails(format!("{seconds} seconds after 1970 the calendar has no day")))
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

fn of_timestamp(name: &str, nanoseconds: i128) -> Option<Result<i64>> {
    let in_day = i64::try_from(nanoseconds.rem_euclid(DAY)).ok()?;
    let of_day = |part: fn(Date) -> i64| {
        let seconds = i64::try_from(nanoseconds.div_euclid(i128::from(SECOND))).unwrap_or(i64::MAX);
        Some(day(seconds).map(part))
    };
    match name {
        "getFullYear" => of_day(|date| date.year().into()),
        "getMonth" => of_day(|date| i64::from(date.month()) - 1),
        "getDate" => of_day(|date| date.day().into()),
        "getDayOfMonth" => of_day(|date| i64::from(date.day()) - 1),
        "getHours" => Some(Ok(in_day / (3600 * SECOND))),
        "getMinutes" => Some(Ok(in_day / (60 * SECOND) % 60)),
        "getSeconds" => Some(Ok(in_day / SECOND % 60)),
        "getMilliseconds" => Some(Ok(in_day / 1_000_000 % 1000)),
        _ => None,
    }
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
    let day: Date = day.parse().ok().filter(|day: &Date| day.year() > 0)?;
    let (clock, offset) = clock_and_offset(time)?;
    let seconds = day.seconds() - offset;
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
    fn what_is_beyond_the_calendar_fails() {
        let year = |seconds| of_timestamp("getFullYear", i128::from(seconds) * i128::from(SECOND)).unwrap();
        assert_eq!(year(-1).ok(), Some(1969));
        assert!(year(i64::MAX).is_err() && year(i64::MIN).is_err() && day(i64::MAX).is_err());
    }
}
