//! Quantities: `100m`, `1.5Gi`.

use std::cmp::Ordering;

use super::super::value::Value;
use super::super::{Result, Stop};
use super::Tools;

pub const NAMES: &[&str] = &[
    "add",
    "asApproximateFloat",
    "asInteger",
    "compareTo",
    "isGreaterThan",
    "isInteger",
    "isLessThan",
    "isQuantity",
    "quantity",
    "sign",
    "sub",
];

/// In billionths, the smallest that Kubernetes knows: it rounds up to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(i128);

const ONE: i128 = 1_000_000_000;

impl Quantity {
    /// None where it is no quantity, or larger than any real one.
    pub fn read(text: &str) -> Option<Self> {
        let (is_negative, number, suffix) = parts(text)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits: i128 = format!("0{whole}{fraction}").parse().ok()?;
        let (up, down) = scale(suffix)?;
        let divisor = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?.checked_mul(down)?;
        let scaled = digits.checked_mul(up)?.checked_mul(ONE)?;
        let rounded = scaled / divisor + i128::from(scaled % divisor != 0);
        Some(Self(if is_negative { -rounded } else { rounded }))
    }

    fn integer(self) -> Option<i64> {
        (self.0 % ONE == 0).then(|| i64::try_from(self.0 / ONE).ok())?
    }
}

/// Whether it is negative, the number and the suffix; none where it is not written as a quantity is.
fn parts(text: &str) -> Option<(bool, &str, &str)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let rest = unsigned.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    let (number, suffix) = unsigned.split_at_checked(unsigned.len() - rest.len())?;
    let is_number = number.contains(|letter: char| letter.is_ascii_digit()) && number.matches('.').count() < 2;
    let exponent = suffix.strip_prefix(['e', 'E']).is_some_and(|digits| digits.parse::<i32>().is_ok());
    (is_number && (exponent || scale(suffix).is_some())).then_some((text.starts_with('-'), number, suffix))
}

/// By what a suffix multiplies and divides.
fn scale(suffix: &str) -> Option<(i128, i128)> {
    if let Some(exponent) = suffix.strip_prefix(['e', 'E']).filter(|rest| !rest.is_empty() && *rest != "i") {
        let exponent: i32 = exponent.parse().ok()?;
        let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
        return Some(if exponent < 0 { (1, power) } else { (power, 1) });
    }
    let decimal = ["", "k", "M", "G", "T", "P", "E"].iter().position(|known| *known == suffix);
    let binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].iter().position(|known| *known == suffix);
    let small = ["m", "u", "n"].iter().position(|known| *known == suffix);
    let power = |base: i128, at: usize| base.checked_pow(u32::try_from(at).ok()?);
    match (decimal, binary, small) {
        (Some(at), _, _) => Some((power(1000, at)?, 1)),
        (_, Some(at), _) => Some((power(1024, at + 1)?, 1)),
        (_, _, Some(at)) => Some((1, power(1000, at + 1)?)),
        _ => None,
    }
}

pub fn call<'a>(name: &str, arguments: &[Value<'a>], _: Tools) -> Option<Result<Value<'a>>> {
    match (name, arguments) {
        ("isQuantity", [Value::Text(text)]) => Some(Ok(Value::Bool(parts(text).is_some()))),
        ("quantity", [Value::Text(text)]) => {
            let is_one = parts(text).is_some();
            let too_large = if is_one { Stop::unknown("it counts with very large numbers") } else { wrong(text) };
            Some(Quantity::read(text).map(Value::Quantity).ok_or(too_large))
        }
        (_, [Value::Quantity(quantity)]) => alone(name, *quantity),
        (_, [Value::Quantity(one), Value::Quantity(other)]) => two(name, *one, other.0),
        ("add" | "sub", [Value::Quantity(one), Value::Int(other)]) => two(name, *one, i128::from(*other) * ONE),
        _ => None,
    }
}

fn wrong(text: &str) -> Stop {
    Stop::fails(format!("`{text}` is no quantity"))
}

fn alone<'a>(name: &str, quantity: Quantity) -> Option<Result<Value<'a>>> {
    Some(Ok(match name {
        "sign" => Value::Int(i64::try_from(quantity.0.signum()).unwrap_or(0)),
        "isInteger" => Value::Bool(quantity.integer().is_some()),
        "asInteger" => match quantity.integer() {
            Some(integer) => Value::Int(integer),
            None => return Some(Err(Stop::fails("cannot convert value to integer"))),
        },
        "asApproximateFloat" => Value::Double(quantity.0 as f64 / ONE as f64),
        _ => return None,
    }))
}

fn two<'a>(name: &str, one: Quantity, other: i128) -> Option<Result<Value<'a>>> {
    let too_large = || Stop::unknown("it counts with very large numbers");
    Some(match name {
        "isLessThan" => Ok(Value::Bool(one.0 < other)),
        "isGreaterThan" => Ok(Value::Bool(one.0 > other)),
        "compareTo" => Ok(Value::Int(match one.0.cmp(&other) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        })),
        "add" => one.0.checked_add(other).map(|sum| Value::Quantity(Quantity(sum))).ok_or_else(too_large),
        "sub" => one.0.checked_sub(other).map(|rest| Value::Quantity(Quantity(rest))).ok_or_else(too_large),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_compared_by_what_they_are() {
        let of = |text| Quantity::read(text).unwrap();
        assert_eq!(of("1000m"), of("1"));
        assert_eq!(of("1Ki"), of("1024"));
        assert_eq!(of("1.5Gi"), of("1536Mi"));
        assert_eq!(of("2e3"), of("2k"));
        assert_eq!(of("2E"), of("2000P"));
        assert!(of("-1") < of("1n") && of("999Mi") < of("1Gi"));
        assert_eq!(Quantity::read("1x"), None);
    }
}
