//! Broken syntax in words: the crate's kind of error, seen against the text, as a fault that says what to do.

use std::ops::Range;

use granit_parser::ErrorKind as Kind;

use super::seen::Seen;
use super::{not_yaml, tab_before};
use crate::diagnostic::{Code, Diagnostic};

/// The fault of an error of `kind` at byte `at`.
pub fn syntax(kind: &Kind, at: usize, seen: &Seen<'_>) -> Diagnostic {
    seen.tab(kind, at).or_else(|| seen.unsupported(kind, at)).unwrap_or_else(|| match kind {
        Kind::MappingValueNotAllowed | Kind::InvalidMappingValueWhitespace => seen.second_colon(at),
        Kind::SimpleKeyExpected | Kind::InvalidSimpleKey => seen.no_colon(at),
        Kind::ExpectedBlockMappingKey | Kind::ExpectedBlockSequenceEntry | Kind::InvalidIndentation => {
            seen.indentation(at)
        }
        Kind::InvalidQuotedScalarIndent | Kind::InvalidBlockScalarIndent | Kind::InvalidFlowScalarIndent => {
            seen.indentation(at)
        }
        Kind::BlockSequenceEntryNotAllowed | Kind::BlockEntryInFlowCollection => seen.misplaced_dash(at),
        Kind::UnclosedQuotedScalar | Kind::DocumentIndicatorInQuotedScalar => seen.unclosed(at, "quote"),
        Kind::UnclosedFlowCollection { .. } => seen.unclosed(at, "bracket"),
        Kind::MismatchedFlowCollectionEnd { open, close } => seen.mismatched(at, *open, *close),
        Kind::MisplacedFlowCollectionEnd => seen.closes_nothing(at),
        Kind::InvalidTrailingSingleQuotedScalar | Kind::InvalidTrailingDoubleQuotedScalar => seen.behind_quote(at),
        Kind::UnexpectedCharacter { .. } | Kind::MappingKeyNotAllowed | Kind::MissingAnchorOrAliasName => {
            seen.needs_quotes(at)
        }
        Kind::ZeroBlockScalarIndent | Kind::InvalidBlockScalarHeader => seen.block_header(at),
        Kind::CommentNotSeparated => seen.comment(at),
        _ if is_escape(kind) => seen.escape(at),
        _ => seen.otherwise(at),
    })
}

fn is_escape(kind: &Kind) -> bool {
    use Kind::{
        InvalidLowSurrogate, InvalidLowSurrogateHexEscape, InvalidQuotedScalarHexEscape, InvalidUnicodeEscape,
        MissingLowSurrogate, UnknownQuotedScalarEscape, UnpairedLowSurrogate,
    };
    matches!(kind, UnknownQuotedScalarEscape | InvalidQuotedScalarHexEscape | InvalidUnicodeEscape)
        || matches!(kind, InvalidLowSurrogate | InvalidLowSurrogateHexEscape)
        || matches!(kind, MissingLowSurrogate | UnpairedLowSurrogate)
}

impl Seen<'_> {
    /// YAML that is understood and not taken.
    fn unsupported(&self, kind: &Kind, at: usize) -> Option<Diagnostic> {
        match kind {
            Kind::DirectiveDisallowed => Some(self.directive(at)),
            Kind::RecursionLimitExceeded => Some(super::too_deep(self.span(self.word(at)))),
            _ if self.text.get(at..).is_some_and(|text| text.starts_with('!')) => {
                Some(super::tag(self.text.get(self.word(at))?, self.span(self.word(at))))
            }
            _ => None,
        }
    }

    fn directive(&self, at: usize) -> Diagnostic {
        Diagnostic::new(Code::UnsupportedYaml, "directives are not taken")
            .at(self.span(self.line(at)), "`%` at the start of a line begins a directive")
            .help("leave the line out")
    }

    /// A tab in the indentation of the line, or of a line that continues it.
    fn tab(&self, kind: &Kind, at: usize) -> Option<Diagnostic> {
        let is_about_tabs = matches!(
            kind,
            Kind::TabInPlainScalar | Kind::TabNotAllowed | Kind::TabInIndentation | Kind::TabInBlockIndentation
        );
        let lines = if is_about_tabs { usize::MAX } else { 1 };
        let starts = self.text.get(at..)?.match_indices('\n').map(|(line_break, _)| at + line_break + 1);
        let mut starts = std::iter::once(self.line(at).start).chain(starts).take(lines);
        starts.find_map(|start| tab_before(self.file, self.text, start + self.blanks(start)))
    }

    /// `a: b: c`, or a line that continues the text above it and then has a `:`.
    fn second_colon(&self, at: usize) -> Diagnostic {
        let continued =
            self.text.get(self.last.clone()).and_then(|text| text.rfind('\n')).filter(|_| self.last.end <= at);
        match continued {
            Some(_) if self.starts_line(self.last.start) => self.no_colon(self.last.start),
            Some(line_break) => self.continued(at, self.last.start + line_break + 1),
            None => self
                .fault(at..at + 1, "a value cannot hold `: ` without quotes", "a second `:`")
                .help("put quotes around the value, or start the inner map on the next line"),
        }
    }

    fn continued(&self, at: usize, line: usize) -> Diagnostic {
        self.missing_space(at).unwrap_or_else(|| {
            let key = self.word(line + self.blanks(line));
            self.fault(key, "this line is indented as a part of the value above it", "a key cannot stand here")
                .help("start it in the same column as the keys that it belongs to")
        })
    }

    fn no_colon(&self, at: usize) -> Diagnostic {
        self.missing_space(at).unwrap_or_else(|| {
            self.fault(self.line_from(at), "expected `key: value`", "there is no `:` behind this key")
                .help("write `key: value`, or `- value` for an entry of a list")
        })
    }

    /// `key:value` in the line of `at` or of the scalar before it.
    fn missing_space(&self, at: usize) -> Option<Diagnostic> {
        let lines = [self.line(self.last.start), self.line(at)];
        let colon = lines.into_iter().find_map(|line| self.tight_colon(line))?;
        let fault = self.fault(colon.clone(), "expected `key: value`", "there is no space behind this `:`");
        Some(fault.help("did you forget a space after `:`?"))
    }

    fn tight_colon(&self, line: Range<usize>) -> Option<Range<usize>> {
        let text = self.text.get(line.clone())?;
        let colon = text.find(':')?;
        let behind = text.get(colon + 1..)?;
        let key = text.get(..colon)?.trim_start_matches([' ', '-']);
        let is_key = !key.is_empty() && !key.contains([' ', '"', '\'', '{', '[', '#']);
        let tight = behind.starts_with(|c: char| !c.is_whitespace()) && !behind.starts_with("//");
        (is_key && tight).then_some(line.start + colon..line.start + colon + 1)
    }

    fn indentation(&self, at: usize) -> Diagnostic {
        if let Some(open) = self.flow() {
            return self.inside(at, open);
        }
        let line = self.line(at);
        let start = line.start + self.blanks(line.start);
        let dash = self.text.get(start..).is_some_and(|text| text.starts_with("- "));
        let message = match (dash, self.lines_up(start)) {
            (true, true) => "an entry of a list stands among the keys of a map",
            (false, true) => "a key stands among the entries of a list",
            _ => "this line does not line up with those above it",
        };
        let fault = self.fault(start..line.end.max(start), message, "unexpected indentation");
        let fault = match self.open.last() {
            Some(open) => fault.at(self.span(open.start..open.start + 1), "what it should line up with starts here"),
            None => fault,
        };
        fault.help("start it in the same column as its neighbours, or two columns further in to be inside one")
    }

    fn misplaced_dash(&self, at: usize) -> Diagnostic {
        self.fault(at..at + 1, "a list with `- ` cannot start here", "unexpected `-`")
            .help("put `- ` on a line of its own, or write the list as `[a, b]`")
    }

    fn unclosed(&self, at: usize, what: &str) -> Diagnostic {
        let sign = self.text.get(self.sign(at)).unwrap_or("");
        let close = match sign {
            "[" => "]",
            "{" => "}",
            quote => quote,
        };
        self.fault(self.sign(at), &format!("this {what} is never closed"), &format!("`{sign}` opens here"))
            .help(format!("put `{close}` where it ends"))
    }

    fn mismatched(&self, at: usize, open: char, close: char) -> Diagnostic {
        self.fault(self.sign(at), &format!("`{open}` is closed by `{close}`"), &format!("`{open}` opens here"))
    }

    fn closes_nothing(&self, at: usize) -> Diagnostic {
        let sign = self.text.get(self.sign(at)).unwrap_or("").to_owned();
        let fault = self.fault(self.sign(at), &format!("`{sign}` closes nothing"), "unexpected bracket");
        match self.flow() {
            Some(open) => fault.at(self.span(open), "this one is open"),
            None => fault.help("put quotes around a text with brackets"),
        }
    }

    fn behind_quote(&self, at: usize) -> Diagnostic {
        let fault = self.fault(self.word(at), "something stands behind the closing quote", "unexpected text");
        fault.help("a quote inside '…' is written twice, `''`; inside \"…\" it is written `\\\"`")
    }

    fn needs_quotes(&self, at: usize) -> Diagnostic {
        let sign = self.text.get(self.sign(at)).unwrap_or("").to_owned();
        self.fault(self.word(at), &format!("a text cannot start with `{sign}` without quotes"), "unexpected character")
            .help("put quotes around it")
    }

    fn block_header(&self, at: usize) -> Diagnostic {
        self.fault(self.word(at), "text stands behind `|` or `>`", "the text starts on the next line")
            .help("put quotes around a text that starts with `|` or `>`")
    }

    fn comment(&self, at: usize) -> Diagnostic {
        self.fault(self.sign(at), "`#` without a space before it", "this is no comment yet")
            .help("put a space before `#`, or quotes around the text")
    }

    fn escape(&self, at: usize) -> Diagnostic {
        self.fault(self.sign(at), "this text has an escape that YAML does not know", "in the text that starts here")
            .help("write a backslash as `\\\\`, or put the text in single quotes, where a backslash means itself")
    }

    fn otherwise(&self, at: usize) -> Diagnostic {
        match (self.flow(), self.text.get(self.sign(at)).unwrap_or("").trim()) {
            (Some(open), _) => self.inside(at, open),
            (None, "") => self.fault(self.word(at), "the text ends too early", "expected a value"),
            (None, sign) => {
                let message = format!("`{sign}` cannot stand here");
                self.fault(self.word(at), &message, "not YAML").help("put quotes around it if it is a text")
            }
        }
    }

    /// Something wrong between brackets.
    fn inside(&self, at: usize, open: Range<usize>) -> Diagnostic {
        let (message, end) = match self.text.get(open.clone()) {
            Some("[") => ("expected `,` or `]` in this list", "`[` opens here"),
            _ => ("expected `,` or `}` in this map", "`{` opens here"),
        };
        self.fault(self.word(at), message, "unexpected")
            .at(self.span(open), end)
            .help("put quotes around a text with brackets or `: `")
    }

    fn fault(&self, range: Range<usize>, message: &str, label: &str) -> Diagnostic {
        not_yaml(self.file, self.bounded(range), message, label)
    }
}
