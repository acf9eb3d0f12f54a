//! `platformc explain CODE`: what a fault means, and how it is mended.

use crate::cli::Answer;
use crate::diagnostic::Code;

const EXAMPLES: &str = "\
Examples:
  platformc explain E0201   read what E0201 means
  platformc explain         list all codes";

/// Read what a fault means, with a faulty example and a mended one.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The code in the brackets of a fault, like E0201; without it, list all codes.
    pub code: Option<String>,
}

pub fn run(arguments: &Arguments) -> Answer {
    match arguments.code.as_deref() {
        None => Answer::output(Code::ALL.iter().map(|code| line(*code)).collect()),
        Some(text) => match text.parse::<Code>() {
            Ok(code) => Answer::output(code.page().to_owned()),
            Err(()) => Answer::failed(unknown(text)),
        },
    }
}

fn line(code: Code) -> String {
    format!("{code}  {}\n", code.title())
}

fn unknown(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Exit;

    fn explain(code: &str) -> Answer {
        run(&Arguments { code: Some(code.into()) })
    }

    #[test]
    fn a_code_gives_its_page() {
        assert_eq!(explain("e0201"), Answer::output(Code::UnknownKey.page().to_owned()));
    }

    #[test]
    fn no_code_lists_them_all() {
        let all = run(&Arguments { code: None }).output;
        assert_eq!(all.lines().count(), Code::ALL.len());
        assert!(all.contains("E0201  a key is not known here\n"), "{all}");
    }

    #[test]
    fn a_wrong_letter_is_no_obstacle_to_finding_the_code() {
        let answer = explain("W0201");
        let expected = "error: there is no code `W0201`; the nearest are:\n  E0201  a key is not known here\n";
        assert_eq!((answer.message.as_str(), answer.exit), (expected, Exit::Failed));
    }

    #[test]
    fn whatever_is_asked_for_something_is_near() {
        for text in ["", "E", "help", "\u{1b}[31m", "99999999999999999999"] {
            let answer = explain(text);
            assert_eq!((answer.message.lines().count(), answer.exit), (4, Exit::Failed), "{}", answer.message);
            assert!(!answer.message.contains('\u{1b}'));
        }
    }

    #[test]
    fn the_nearest_are_of_the_same_phase() {
        let message = explain("E0799").message;
        assert!(message.lines().skip(1).all(|line| line.starts_with("  E07")), "{message}");
    }
}
