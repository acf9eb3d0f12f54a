//! Quantities that can be compared.

use serde_json::Value as Json;

/// A quantity in billionths: none where it is no quantity, or too large to tell.
pub fn amount(value: &Json) -> Option<i128> {
    match value {
        Json::Number(number) => of_text(&number.to_string()),
        Json::String(text) => of_text(text),
        _ => None,
    }
}

fn of_text(text: &str) -> Option<i128> {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let below = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    Some(digits.checked_mul(unit(suffix)?)? / below)
}

/// What a suffix stands for, in billionths.
fn unit(suffix: &str) -> Option<i128> {
    let decimal = |exponent: i32| 10_i128.checked_pow(u32::try_from(9 + exponent).ok()?);
    let binary = |power: u32| 1024_i128.checked_pow(power)?.checked_mul(1_000_000_000);
    match suffix {
        "n" => decimal(-9),
        "u" => decimal(-6),
        "m" => decimal(-3),
        "" => decimal(0),
        "k" => decimal(3),
        "M" => decimal(6),
        "G" => decimal(9),
        "T" => decimal(12),
        "P" => decimal(15),
        "E" => decimal(18),
        "Ki" => binary(1),
        "Mi" => binary(2),
        "Gi" => binary(3),
        "Ti" => binary(4),
        "Pi" => binary(5),
        "Ei" => binary(6),
        _ => decimal(suffix.strip_prefix(['e', 'E'])?.parse().ok()?),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::amount;

    #[test]
    fn amounts_are_compared_over_their_units() {
        let equal =
            [("1", "1000m"), ("1Gi", "1024Mi"), ("0.5", "500m"), ("1e3", "1k"), ("1.5Gi", "1536Mi"), ("2E1", "20")];
        for (one, other) in equal {
            assert_eq!(amount(&json!(one)), amount(&json!(other)), "{one}, {other}");
            assert!(amount(&json!(one)).is_some(), "{one}");
        }
        assert_eq!(amount(&json!(2)), amount(&json!("2")));
        assert!(amount(&json!("1G")) < amount(&json!("1Gi")));
    }

    #[test]
    fn what_is_no_quantity_is_not_compared() {
        for text in ["", "Gi", "1 Gi", "${MEMORY}", "1.2.3", "1GB", "99999999999999999999999999Ei"] {
            assert_eq!(amount(&json!(text)), None, "{text}");
        }
    }
}
