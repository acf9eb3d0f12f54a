//! An expression's text as tokens.
//!
//! Takes a text and where it stands; gives tokens with their places. Faults: a character that means nothing here (with
//! what to write instead), an unclosed string, a number too large. Inside `{{ … }}` the tokens end at `}}`.

use std::ops::Range;

use super::place::Place;
use crate::diagnostic::Diagnostic;

/// Longer expressions belong into a template; the limit also bounds every recursion over an expression.
const MOST_TOKENS: usize = 400;

const SIGNS: &[&str] = &["==", "!=", "<=", ">=", "<", ">", "~", "|", "(", ")", "[", "]", ",", ".", "-"];

/// What people write out of habit, and what to write here.
const HABITS: &[(&str, &str)] = &[
    ("===", "write `==`"),
    ("!==", "write `!=`"),
    ("&&", "write `and`"),
    ("||", "write `or`"),
    ("<>", "write `!=`"),
    ("=~", "there are no regular expressions here"),
    ("??", "write `x | default(y)`"),
    ("?", "write `x if condition else y`"),
    ("{{", "`{{` stands once, round the whole expression"),
    ("}}", "`}}` closes nothing here"),
    ("{", "maps cannot be written in an expression"),
    ("=", "write `==`"),
    ("!", "write `not`"),
    ("&", "write `and`"),
    ("+", "write `~` to join texts; there is no arithmetic"),
    ("$", "names are written without `$`"),
    ("`", "texts stand in single or double quotes"),
    ("‘", "texts stand in straight quotes: `'`"),
    ("’", "texts stand in straight quotes: `'`"),
    ("“", "texts stand in straight quotes: `\"`"),
    ("”", "texts stand in straight quotes: `\"`"),
];

/// One word of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token<'t> {
    pub sort: Sort<'t>,
    pub part: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sort<'t> {
    Name(&'t str),
    Text(String),
    Integer(i64),
    Number(f64),
    Sign(&'static str),
    /// Of the text, or `}}`.
    End,
}

/// The tokens from byte `from` on; the last is the end.
pub(super) fn tokens<'t>(
    text: &'t str,
    from: usize,
    braced: bool,
    place: &Place,
) -> Result<Vec<Token<'t>>, Box<Diagnostic>> {
    let mut lexer = Lexer { text, at: from, braced, place };
    let mut tokens = vec![];
    loop {
        let token = lexer.next()?;
        if tokens.len() >= MOST_TOKENS {
            return Err(place.fault(from..text.len(), "an expression is too long", "more than 400 words"));
        }
        let last = token.sort == Sort::End;
        tokens.push(token);
        if last {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t, 'p> {
    text: &'t str,
    at: usize,
    braced: bool,
    place: &'p Place,
}

type Lexed<'t> = Result<Token<'t>, Box<Diagnostic>>;

impl<'t> Lexer<'t, '_> {
    fn next(&mut self) -> Lexed<'t> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        let rest = self.rest();
        match rest.chars().next() {
            None if self.braced => Err(self.unclosed()),
            None => Ok(self.take(0, Sort::End)),
            Some(_) if self.braced && rest.starts_with("}}") => Ok(self.take(2, Sort::End)),
            Some(quote @ ('\'' | '"')) => self.quoted(quote),
            Some('0'..='9') => self.number(),
            Some('a'..='z' | 'A'..='Z' | '_') => Ok(self.name()),
            Some(other) => self.sign(other),
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn take(&mut self, length: usize, sort: Sort<'t>) -> Token<'t> {
        let part = self.at..self.at + length;
        self.at = part.end;
        Token { sort, part }
    }

    fn unclosed(&self) -> Box<Diagnostic> {
        self.place.fault(self.at..self.at, "`{{` is never closed", "`}}` is missing")
    }

    fn name(&mut self) -> Token<'t> {
        let name = word(self.rest());
        self.take(name.len(), Sort::Name(name))
    }

    fn number(&mut self) -> Lexed<'t> {
        let digits = leading_digits(self.rest());
        let fraction = self.rest().get(digits.len()..).and_then(|rest| rest.strip_prefix('.')).map(leading_digits);
        let length = digits.len() + fraction.filter(|f| !f.is_empty()).map_or(0, |f| f.len() + 1);
        let written = self.rest().get(..length).unwrap_or(digits);
        let behind = self.rest().get(length..).map_or("", word);
        let part = self.at..self.at + length + behind.len();
        let sort = match (behind, written.parse(), written.parse()) {
            ("", Ok(integer), _) => Sort::Integer(integer),
            ("", Err(_), Ok(number)) if length > digits.len() => Sort::Number(number),
            _ => {
                let message = format!("`{written}{behind}` is not a number");
                return Err(self.place.fault(part, message, "expected an integer or a decimal number"));
            }
        };
        Ok(self.take(length, sort))
    }

    fn quoted(&mut self, quote: char) -> Lexed<'t> {
        let mut text = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((at, next)) = characters.next() {
            match next {
                '\\' => match characters.next() {
                    Some((_, escaped)) => text.push(self.escape(at, escaped)?),
                    None => break,
                },
                _ if next == quote => return Ok(self.take(at + 1, Sort::Text(text))),
                _ => text.push(next),
            }
        }
        let end = self.at + self.rest().trim_end().len();
        Err(self.place.fault(self.at..end, "a text is never closed", &format!("expected `{quote}` at its end")))
    }

    fn escape(&self, at: usize, escaped: char) -> Result<char, Box<Diagnostic>> {
        match escaped {
            'n' => Ok('\n'),
            't' => Ok('\t'),
            '\\' | '\'' | '"' => Ok(escaped),
            _ => {
                let part = self.at + at..self.at + at + 1 + escaped.len_utf8();
                let fault = self.place.fault(part, format!("`\\{escaped}` means nothing in a text"), "");
                Err(Box::new(fault.help("a backslash is written `\\\\`")))
            }
        }
    }

    /// The longest match counts: `==` is a sign, `=` and `===` are habits.
    fn sign(&mut self, other: char) -> Lexed<'t> {
        let rest = self.rest();
        let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
        let habit = HABITS.iter().find(|(written, _)| rest.starts_with(written));
        match (sign, habit) {
            (sign, Some((written, instead))) if sign.is_none_or(|sign| sign.len() < written.len()) => {
                Err(Box::new(self.meaningless(written).help(*instead)))
            }
            (Some(sign), _) => Ok(self.take(sign.len(), Sort::Sign(sign))),
            (None, _) => Err(self.meaningless(rest.get(..other.len_utf8()).unwrap_or(rest))),
        }
    }

    fn meaningless(&self, written: &str) -> Box<Diagnostic> {
        let message = format!("`{}` means nothing in an expression", written.escape_debug());
        self.place.fault(self.at..self.at + written.len(), message, "")
    }
}

fn leading_digits(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}
