//! What a code means, and which codes there are.

use crate::cli::Answer;
use crate::diagnostic::Code;

pub fn all() -> Answer {
    Answer::output(Code::ALL.iter().map(|code| line(*code)).collect())
}

fn line(code: Code) -> String {
    format!("{code}  {}\n", code.title())
}

/// Whether a text is meant as a code: at most one letter, then digits.
pub fn is_meant(text: &str) -> bool {
    let rest = text.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(text);
    rest.chars().all(|c| c.is_ascii_digit())
}

pub fn unknown(text: &str) -> String {
    let nearest: String = nearest(text).into_iter().map(|code| format!("  {}", line(code))).collect();
    format!("error: there is no code `{}`; the nearest are:\n{nearest}", text.escape_debug())
}

/// Those with the same number, else the three that differ the least, those of the same phase first.
fn nearest(text: &str) -> Vec<Code> {
    let number = digits(text);
    let distance = |code: &Code| {
        let known = digits(code.as_str());
        (strsim::damerau_levenshtein(&number, &known), known.get(..2) != number.get(..2))
    };
    let mut codes = Code::ALL.to_vec();
    codes.sort_by_key(distance);
    let same = codes.first().is_some_and(|code| distance(code).0 == 0);
    codes.into_iter().take(if same { 1 } else { 3 }).collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
