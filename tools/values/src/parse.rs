//! Tokens of an action → pipelines.

use crate::lexer::Token;

/// Commands one behind the other: `.Values.a | default 1 | quote`.
pub type Pipeline = Vec<Command>;

/// A function and its arguments, or one value alone.
pub type Command = Vec<Term>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    Word(String),
    Text(String),
    Dot(Vec<String>),
    Variable(String, Vec<String>),
    /// `(…).a.b`
    Group(Pipeline, Vec<String>),
}

/// What stands behind the keyword of an action, if it has one.
pub fn pipeline(tokens: &[Token]) -> Pipeline {
    Parser { tokens, at: 0 }.pipeline().0
}

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
}

impl Parser<'_> {
    /// Up to the closing bracket, with the fields behind it.
    fn pipeline(&mut self) -> (Pipeline, Vec<String>) {
        let mut commands = vec![vec![]];
        while let Some(token) = self.tokens.get(self.at) {
            self.at += 1;
            let term = match token {
                Token::Close(fields) => return (commands, fields.clone()),
                Token::Pipe => {
                    commands.push(vec![]);
                    continue;
                }
                Token::Open => {
                    let (inner, fields) = self.pipeline();
                    Term::Group(inner, fields)
                }
                Token::Word(word) => Term::Word(word.clone()),
                Token::Text(text) => Term::Text(text.clone()),
                Token::Dot(fields) => Term::Dot(fields.clone()),
                Token::Variable(name, fields) => Term::Variable(name.clone(), fields.clone()),
                Token::Assign | Token::Comma => continue,
            };
            commands.last_mut().expect("never empty").push(term);
        }
        (commands, vec![])
    }
}
