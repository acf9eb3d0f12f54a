//! The actions of a Go template, `{{ … }}`, as tokens.

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// `if`, `toYaml`, `true`, `12`
    Word(String),
    /// `.a.b`, and `.` alone as no fields.
    Dot(Vec<String>),
    /// `$name.a.b`; `$` has an empty name.
    Variable(String, Vec<String>),
    Text(String),
    Open,
    /// `)` with the fields behind it: `).a.b`.
    Close(Vec<String>),
    Pipe,
    /// `:=` or `=`
    Assign,
    Comma,
}

/// The actions of a template in order, comments left out.
pub fn actions(template: &str) -> Vec<Vec<Token>> {
    let mut actions = vec![];
    let mut rest = template;
    while let Some((_, behind)) = rest.split_once("{{") {
        let behind = behind.strip_prefix('-').unwrap_or(behind);
        if let Some(comment) = behind.trim_start().strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, rest)| rest);
            rest = rest.split_once("}}").map_or("", |(_, rest)| rest);
            continue;
        }
        let (tokens, left) = action(behind);
        actions.push(tokens);
        rest = left;
    }
    actions
}

fn action(text: &str) -> (Vec<Token>, &str) {
    let mut tokens = vec![];
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else { return (tokens, "") };
        if let Some(left) = rest.strip_prefix("}}").or_else(|| rest.strip_prefix("-}}")) {
            return (tokens, left);
        }
        let (token, left) = token(first, rest);
        tokens.extend(token);
        rest = left;
    }
}

fn token(first: char, rest: &str) -> (Option<Token>, &str) {
    let after = &rest[first.len_utf8()..];
    match first {
        '"' | '`' | '\'' => {
            let (text, left) = quoted(first, after);
            (Some(Token::Text(text)), left)
        }
        '(' => (Some(Token::Open), after),
        ')' => {
            let (fields, left) = fields(after);
            (Some(Token::Close(fields)), left)
        }
        '|' => (Some(Token::Pipe), after),
        ',' => (Some(Token::Comma), after),
        ':' | '=' => (Some(Token::Assign), after.strip_prefix('=').unwrap_or(after)),
        '.' => {
            let (fields, left) = fields(rest);
            (Some(Token::Dot(fields)), if left.len() == rest.len() { after } else { left })
        }
        '$' => {
            let (name, left) = word(after);
            let (fields, left) = fields(left);
            (Some(Token::Variable(name.to_owned(), fields)), left)
        }
        _ => match word(rest) {
            ("", _) => (None, after),
            (word, left) => (Some(Token::Word(word.to_owned())), left),
        },
    }
}

/// `.a.b.c`
fn fields(mut text: &str) -> (Vec<String>, &str) {
    let mut fields = vec![];
    while let Some((field, left)) = text.strip_prefix('.').map(word).filter(|(field, _)| !field.is_empty()) {
        fields.push(field.to_owned());
        text = left;
    }
    (fields, text)
}

fn word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    text.split_at(end)
}

fn quoted(quote: char, text: &str) -> (String, &str) {
    let mut content = String::new();
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' if quote != '`' => content.extend(characters.next().map(|(_, c)| c)),
            c if c == quote => return (content, &text[at + c.len_utf8()..]),
            c => content.push(c),
        }
    }
    (content, "")
}
