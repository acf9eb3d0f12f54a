//! Templates, walked but not run.
//!
//! Names that stand for a path of the values are followed: `with`, `$x := …`, the arguments of `include`. Everything else that takes
//! a value is taken to hand it on whole, so that anything may stand in it: where this errs, a map is free that could be closed.

use std::collections::{BTreeMap, BTreeSet};

use crate::Path;
use crate::lexer::Token;
use crate::parse::{Command, Pipeline, Term, pipeline};
use crate::uses::Uses;

const VALUES: &str = "Values";

/// The actions of one template.
pub type Actions = Vec<Vec<Token>>;

/// The templates that others include, by name.
pub type Defines = BTreeMap<String, Actions>;

/// Functions that look at a value without handing on what stands in it.
const LOOK: [&str; 18] = [
    "not", "eq", "ne", "lt", "le", "gt", "ge", "empty", "len", "fail", "required", "hasKey", "int", "int64", "quote", "squote", "toString",
    "ternary",
];

/// Functions before which templates ask what type a value has, or run it as a template: the default's type says little.
const OF_ANY_TYPE: [&str; 8] = ["tpl", "kindIs", "kindOf", "typeIs", "typeOf", "typeIsLike", "fromYaml", "fromJson"];

/// Functions that write a value as it is: of a scalar the default's type says little.
const WRITE: [&str; 5] = ["toYaml", "toYamlPretty", "toJson", "toRawJson", "toPrettyJson"];

/// What a name stands for, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// What Helm gives a template: `.Values`, `.Release`, …
    Root,
    Path(Path),
    List(Vec<Value>),
    Dict(BTreeMap<String, Value>),
    Unknown,
}

#[derive(Debug, Clone)]
enum Block {
    /// The dot stays what it is around it.
    Same,
    Dot(Value),
}

/// All templates of a chart.
pub struct Walker<'d> {
    pub uses: Uses,
    defines: &'d Defines,
    seen: BTreeSet<(String, Value)>,
}

/// One template with what it was given.
struct Body<'w, 'd> {
    walker: &'w mut Walker<'d>,
    given: Value,
    blocks: Vec<Block>,
    variables: BTreeMap<String, Value>,
}

impl<'d> Walker<'d> {
    pub fn new(defines: &'d Defines) -> Self {
        Self { uses: Uses::default(), defines, seen: BTreeSet::new() }
    }

    pub fn walk(&mut self, actions: &Actions, given: Value) {
        let mut body = Body { walker: self, given, blocks: vec![], variables: BTreeMap::new() };
        actions.iter().for_each(|tokens| body.action(tokens));
    }

    /// Those of `own` that nothing includes by name: by whom they are is not known.
    pub fn walk_the_rest(&mut self, own: &Defines) {
        for (name, actions) in own {
            if !self.seen.iter().any(|(seen, _)| seen == name) {
                self.walk(actions, Value::Unknown);
            }
        }
    }

    /// Gives false where there is no such template.
    fn include(&mut self, name: &str, given: Value) -> bool {
        let Some(actions) = self.defines.get(name) else { return false };
        if self.seen.insert((name.to_owned(), given.clone())) {
            self.walk(actions, given);
        }
        true
    }

    fn read(&mut self, value: &Value) {
        if let Value::Path(path) = value
            && !path.is_empty()
        {
            self.uses.read(path);
        }
    }

    fn write(&mut self, value: Value) {
        if let Value::Path(path) = &value {
            self.uses.written.insert(path.clone());
        }
        self.hand_on(value);
    }

    fn of_any_type(&mut self, value: &Value) {
        if let Value::Path(path) = value {
            self.uses.any.insert(path.clone());
        }
    }

    fn hand_on(&mut self, value: Value) {
        match value {
            Value::Path(path) if path.is_empty() => self.uses.everything = true,
            Value::Path(path) => self.uses.hand_on(&path),
            Value::List(values) => values.into_iter().for_each(|value| self.hand_on(value)),
            Value::Dict(values) => values.into_values().for_each(|value| self.hand_on(value)),
            Value::Root | Value::Unknown => {}
        }
    }
}

impl Body<'_, '_> {
    fn action(&mut self, tokens: &[Token]) {
        let Some((first, rest)) = tokens.split_first() else { return };
        let Token::Word(word) = first else { return self.output(tokens) };
        match word.as_str() {
            "end" => drop(self.blocks.pop()),
            "else" => self.otherwise(rest),
            "if" => {
                self.condition(rest);
                self.blocks.push(Block::Same);
            }
            "with" => {
                let value = self.value(rest);
                self.walker.read(&value);
                self.blocks.push(Block::Dot(value));
            }
            "range" => self.range(rest),
            "break" | "continue" => {}
            _ => self.output(tokens),
        }
    }

    fn range(&mut self, rest: &[Token]) {
        let (names, rest) = behind_assignment(rest);
        let value = self.value(rest);
        self.walker.hand_on(value);
        names.into_iter().for_each(|name| drop(self.variables.insert(name, Value::Unknown)));
        self.blocks.push(Block::Dot(Value::Unknown));
    }

    fn otherwise(&mut self, rest: &[Token]) {
        match rest.first() {
            Some(Token::Word(word)) if word == "if" => self.condition(&rest[1..]),
            Some(Token::Word(word)) if word == "with" => {
                let value = self.value(&rest[1..]);
                self.walker.read(&value);
                self.blocks.pop();
                self.blocks.push(Block::Dot(value));
            }
            // The dot of `else` is that around the block.
            _ => {
                self.blocks.pop();
                self.blocks.push(Block::Same);
            }
        }
    }

    fn condition(&mut self, tokens: &[Token]) {
        let (names, rest) = behind_assignment(tokens);
        let value = self.pipeline(&pipeline(rest), true);
        self.walker.read(&value);
        names.into_iter().for_each(|name| drop(self.variables.insert(name, value.clone())));
    }

    /// A printed value, or an assignment.
    fn output(&mut self, tokens: &[Token]) {
        let value = self.value(tokens);
        if behind_assignment(tokens).0.is_empty() {
            self.walker.read(&value);
        }
    }

    /// The value of a pipeline; what is assigned to a name is known by it.
    fn value(&mut self, tokens: &[Token]) -> Value {
        let (names, tokens) = behind_assignment(tokens);
        let value = self.pipeline(&pipeline(tokens), false);
        if let [one] = names.as_slice()
            && let Some(before) = self.variables.insert(one.clone(), value.clone())
            && before != value
        {
            // Of two meanings of a name either may count.
            for value in [before, value.clone()] {
                self.walker.of_any_type(&value);
                self.walker.hand_on(value);
            }
        }
        value
    }

    fn pipeline(&mut self, commands: &Pipeline, is_condition: bool) -> Value {
        let mut value = Value::Unknown;
        for (at, command) in commands.iter().enumerate() {
            let piped = (at > 0).then(|| std::mem::replace(&mut value, Value::Unknown));
            value = self.command(command, piped, is_condition);
        }
        value
    }

    fn command(&mut self, command: &Command, piped: Option<Value>, is_condition: bool) -> Value {
        let Some((Term::Word(function), arguments)) = command.split_first() else {
            return command.first().map_or(Value::Unknown, |term| self.term(term, is_condition));
        };
        let mut values: Vec<Value> = arguments.iter().map(|term| self.term(term, is_condition)).collect();
        values.extend(piped);
        match function.as_str() {
            "index" | "get" => self.index(arguments, values),
            "hasKey" => {
                let key = self.index(arguments, values);
                self.walker.read(&key);
                Value::Unknown
            }
            "dig" => self.dig(arguments, values),
            "default" => {
                let last = values.pop().unwrap_or(Value::Unknown);
                values.into_iter().for_each(|value| self.walker.hand_on(value));
                last
            }
            "required" => values.pop().unwrap_or(Value::Unknown),
            "list" | "tuple" => Value::List(values),
            "dict" => dict(arguments, values),
            "include" | "template" => self.include(arguments, values),
            "and" | "or" if is_condition => self.look(&values),
            _ if LOOK.contains(&function.as_str()) => self.look(&values),
            _ if WRITE.contains(&function.as_str()) => {
                values.into_iter().for_each(|value| self.walker.write(value));
                Value::Unknown
            }
            _ if OF_ANY_TYPE.contains(&function.as_str()) => {
                values.iter().for_each(|value| self.walker.of_any_type(value));
                self.look(&values)
            }
            _ => {
                values.into_iter().for_each(|value| self.walker.hand_on(value));
                Value::Unknown
            }
        }
    }

    fn look(&mut self, values: &[Value]) -> Value {
        values.iter().for_each(|value| self.walker.read(value));
        Value::Unknown
    }

    fn include(&mut self, arguments: &[Term], mut values: Vec<Value>) -> Value {
        let given = if values.len() > 1 { values.pop().unwrap_or(Value::Unknown) } else { Value::Unknown };
        let known = arguments.first().and_then(text_of).is_some_and(|name| self.walker.include(&name, given.clone()));
        if !known {
            self.walker.hand_on(given);
        }
        Value::Unknown
    }

    /// `index .Values "a" "b"`; a key that is no text may be any.
    fn index(&mut self, arguments: &[Term], values: Vec<Value>) -> Value {
        let Some(first) = values.into_iter().next() else { return Value::Unknown };
        let mut value = first;
        for key in arguments.iter().skip(1) {
            value = match (value, key) {
                (Value::List(values), Term::Word(number)) => {
                    number.parse().ok().and_then(|at: usize| values.get(at).cloned()).unwrap_or(Value::Unknown)
                }
                (value, Term::Text(key)) => self.below(value, std::slice::from_ref(key)),
                (value, _) => {
                    self.walker.hand_on(value);
                    Value::Unknown
                }
            };
        }
        value
    }

    /// `dig "a" "b" default map`: everything below may be read, the default may be a text.
    fn dig(&mut self, arguments: &[Term], mut values: Vec<Value>) -> Value {
        let is_piped = values.len() > arguments.len();
        let Some(value) = values.pop() else { return Value::Unknown };
        let keys = arguments.len().saturating_sub(if is_piped { 1 } else { 2 });
        let keys: Path = arguments.iter().take(keys).map_while(text_of).collect();
        let found = self.below(value, &keys);
        self.walker.hand_on(found.clone());
        found
    }

    fn term(&mut self, term: &Term, is_condition: bool) -> Value {
        match term {
            // `list`, `dict` alone
            Term::Word(_) | Term::Text(_) => Value::Unknown,
            Term::Dot(fields) => self.below(self.dot(), fields),
            Term::Variable(name, fields) if name.is_empty() => self.below(self.given.clone(), fields),
            Term::Variable(name, fields) => {
                let value = self.variables.get(name).cloned().unwrap_or(Value::Unknown);
                self.below(value, fields)
            }
            Term::Group(inner, fields) => {
                let value = self.pipeline(inner, is_condition);
                self.below(value, fields)
            }
        }
    }

    /// The fields of a value; of one that is not known, `.Values` leads to the values all the same.
    fn below(&self, value: Value, fields: &[String]) -> Value {
        let Some((first, rest)) = fields.split_first() else { return value };
        match value {
            Value::Path(path) => Value::Path([path, fields.to_vec()].concat()),
            Value::Dict(values) => match values.get(first) {
                Some(value) => self.below(value.clone(), rest),
                None => Value::Unknown,
            },
            _ => match fields.iter().position(|field| field == VALUES) {
                Some(at) => Value::Path(fields[at + 1..].to_vec()),
                None => Value::Unknown,
            },
        }
    }

    fn dot(&self) -> Value {
        let own = self.blocks.iter().rev().find_map(|block| match block {
            Block::Same => None,
            Block::Dot(value) => Some(value.clone()),
        });
        own.unwrap_or_else(|| self.given.clone())
    }
}

/// Takes the templates that others include out of a file: what is left are those that make objects.
pub fn split(actions: Actions, defines: &mut Defines) -> Actions {
    let mut left = vec![];
    let mut open: Option<(String, usize)> = None;
    for tokens in actions {
        let word = match tokens.first() {
            Some(Token::Word(word)) => word.as_str(),
            _ => "",
        };
        match (&mut open, word, tokens.get(1)) {
            (None, "define" | "block", Some(Token::Text(name))) => {
                defines.insert(name.clone(), vec![]);
                open = Some((name.clone(), 0));
            }
            (Some((_, 0)), "end", _) => open = None,
            (Some((name, depth)), ..) => {
                match word {
                    "if" | "with" | "range" | "block" => *depth += 1,
                    "end" => *depth -= 1,
                    _ => {}
                }
                defines.get_mut(name).expect("put there when it was opened").push(tokens);
            }
            (None, ..) => left.push(tokens),
        }
    }
    left
}

fn dict(arguments: &[Term], values: Vec<Value>) -> Value {
    let keys = arguments.iter().step_by(2).map(text_of);
    let values = values.into_iter().skip(1).step_by(2);
    Value::Dict(keys.zip(values).filter_map(|(key, value)| Some((key?, value))).collect())
}

/// `$a, $b := …`: the names, and what stands behind.
fn behind_assignment(tokens: &[Token]) -> (Vec<String>, &[Token]) {
    let Some(at) = tokens.iter().position(|token| *token == Token::Assign) else { return (vec![], tokens) };
    let names = tokens[..at].iter().filter_map(|token| match token {
        Token::Variable(name, _) => Some(name.clone()),
        _ => None,
    });
    (names.collect(), &tokens[at + 1..])
}

fn text_of(term: &Term) -> Option<String> {
    match term {
        Term::Text(text) => Some(text.clone()),
        _ => None,
    }
}
