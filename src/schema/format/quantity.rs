//! Kubernetes quantities: `500m`, `1.5`, `10Gi`, `1e3`.

const SUFFIXES: [&str; 15] = ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi"];
const LARGEST: &str = "Ei";

/// What Kubernetes reads as an amount; negative ones are refused, for nothing here can be less than nothing.
pub fn quantity(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("it is empty".into());
    }
    if text.starts_with('-') {
        return Err("it must not be negative".into());
    }
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    if number.matches('.').count() > 1 || !number.bytes().any(|byte| byte.is_ascii_digit()) {
        return Err(format!("it must start with a number, and `{number}` is none"));
    }
    if SUFFIXES.contains(&suffix) || suffix == LARGEST || is_exponent(suffix) {
        return Ok(());
    }
    Err(unknown_suffix(number, suffix))
}

fn is_exponent(suffix: &str) -> bool {
    let Some(exponent) = suffix.strip_prefix(['e', 'E']) else { return false };
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    !digits.is_empty() && digits.len() <= 2 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn unknown_suffix(number: &str, suffix: &str) -> String {
    let lower = suffix.to_ascii_lowercase();
    let meant = match lower.trim_end_matches('b') {
        "k" | "ki" => "`k` (1,000) or `Ki` (1,024)",
        "m" | "mi" => "`M` (1,000,000) or `Mi` (1,048,576)",
        "g" | "gi" => "`G` or `Gi`",
        "t" | "ti" => "`T` or `Ti`",
        _ if suffix.starts_with(char::is_whitespace) => return format!("there is a blank behind `{number}`"),
        _ => "m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, or none",
    };
    format!("the suffix `{suffix}` is not known; write {meant}")
}

#[cfg(test)]
mod tests {
    use super::quantity;

    #[test]
    fn what_kubernetes_reads_is_taken() {
        for text in ["0", "1", "0.5", ".5", "5.", "250m", "10Gi", "1k", "1e3", "2E6", "1E", "1Ei", "+1", "1e-3"] {
            assert_eq!(quantity(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn each_fault_names_the_suffix_that_was_meant() {
        for (text, reason) in [
            ("", "it is empty"),
            ("Gi", "must start with a number"),
            ("1.2.3", "`1.2.3` is none"),
            ("-1", "negative"),
            ("10gb", "write `G` or `Gi`"),
            ("10gi", "write `G` or `Gi`"),
            ("512MB", "write `M` (1,000,000) or `Mi`"),
            ("1K", "`k` (1,000) or `Ki`"),
            ("10 Gi", "a blank behind `10`"),
            ("1e", "the suffix `e`"),
            ("1x", "the suffix `x` is not known"),
        ] {
            let found = quantity(text).expect_err(text);
            assert!(found.contains(reason), "{text}: {found}");
        }
    }
}
