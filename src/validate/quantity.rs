//! Quantities that can be compared: `100m`, `1.5Gi`.

/// In billionths, the smallest that Kubernetes knows: it rounds up to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(pub i128);

/// The quantity 1.
pub const ONE: i128 = 1_000_000_000;

impl Quantity {
    /// Whether it is written as a quantity is.
    pub fn is_one(text: &str) -> bool {
        parts(text).is_some()
    }

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

    /// Without a rest.
    pub fn integer(self) -> Option<i64> {
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

#[cfg(test)]
mod tests {
    use super::Quantity;

    #[test]
    fn quantities_are_compared_by_what_they_are() {
        let equal = [
            ("1", "1000m"),
            ("1Gi", "1024Mi"),
            ("0.5", "500m"),
            ("1e3", "1k"),
            ("1.5Gi", "1536Mi"),
            ("2E1", "20"),
            ("2E", "2000P"),
        ];
        for (one, other) in equal {
            assert_eq!(Quantity::read(one), Quantity::read(other), "{one}, {other}");
            assert!(Quantity::read(one).is_some(), "{one}");
        }
        assert!(Quantity::read("1G") < Quantity::read("1Gi") && Quantity::read("-1") < Quantity::read("1n"));
    }

    #[test]
    fn what_is_no_quantity_is_not_compared() {
        for text in ["", "Gi", "1 Gi", "${MEMORY}", "1.2.3", "1GB", "1x", "99999999999999999999999999Ei"] {
            assert_eq!(Quantity::read(text), None, "{text}");
        }
    }
}
