//! From a [`Program`] to a value.

mod loops;

use std::cell::Cell;
use std::rc::Rc;

use cel::common::ast::{CallExpr, EntryExpr, Expr, IdedExpr, LiteralValue, operators as name};
use serde_json::Value as Json;

use super::functions::{self, Patterns};
use super::operators::{self, equal};
use super::value::{Value, pointer};
use super::{Program, Result, Stop, Variables, names};

/// How many steps may still be taken.
#[derive(Debug)]
pub struct Budget {
    left: Cell<usize>,
}

impl Budget {
    pub fn new(steps: usize) -> Self {
        Self { left: Cell::new(steps) }
    }

    pub fn charge(&self, steps: usize) -> Result<()> {
        let left = self.left.get().checked_sub(steps);
        self.left.set(left.unwrap_or(0));
        left.map(drop).ok_or(Stop::Spent)
    }

    pub fn left(&self) -> usize {
        self.left.get()
    }
}

/// The value of an expression.
pub fn evaluate<'a>(
    program: &Program,
    variables: &Variables<'a>,
    patterns: &Patterns,
    budget: &Budget,
) -> Result<Value<'a>> {
    let mut run = Run { variables, patterns, budget, bound: vec![] };
    run.value(&program.root)
}

/// Variables of loops hold what failed too: `all` of a list is false if one item says so, whatever fails at others.
struct Run<'p, 'v, 'a> {
    variables: &'v Variables<'a>,
    patterns: &'v Patterns,
    budget: &'v Budget,
    bound: Vec<(&'p str, Result<Value<'a>>)>,
}

impl<'p, 'a> Run<'p, '_, 'a> {
    fn value(&mut self, expression: &'p IdedExpr) -> Result<Value<'a>> {
        self.budget.charge(1)?;
        match &expression.expr {
            Expr::Literal(literal) => Ok(constant(literal)),
            Expr::Ident(name) => self.variable(name),
            Expr::Select(select) if select.test => self.has(&select.operand, &select.field),
            Expr::Select(select) => self.select(&select.operand, &select.field),
            Expr::Call(call) => self.call(call),
            Expr::List(list) => self.list(&list.elements, &list.optional_indices),
            Expr::Map(map) => self.map(map),
            Expr::Comprehension(loops) => self.comprehension(loops),
            Expr::Struct(_) | Expr::Unspecified => Err(Stop::unknown("it holds what no rule holds")),
        }
    }

    fn variable(&self, name: &str) -> Result<Value<'a>> {
        if let Some((_, value)) = self.bound.iter().rev().find(|(bound, _)| *bound == name) {
            return value.clone();
        }
        match name {
            "self" => Ok(self.variables.own.clone()),
            "oldSelf" => Ok(self.variables.old.clone().unwrap_or(Value::Optional(None))),
            name => {
                names::type_named(name).map(Value::Type).ok_or_else(|| Stop::unknown(format!("no variable `{name}`")))
            }
        }
    }

    fn has(&mut self, operand: &'p IdedExpr, name: &str) -> Result<Value<'a>> {
        let operand = self.value(operand)?;
        Ok(Value::Bool(match field(&operand, name)? {
            Some(Value::Optional(found)) => found.is_some(),
            found => found.is_some(),
        }))
    }

    fn select(&mut self, operand: &'p IdedExpr, name: &str) -> Result<Value<'a>> {
        let operand = self.value(operand)?;
        field(&operand, name)?.ok_or_else(|| Stop::fails(format!("no such key: {name}")))
    }

    fn call(&mut self, call: &'p CallExpr) -> Result<Value<'a>> {
        match (call.func_name.as_str(), call.target.as_deref(), call.args.as_slice()) {
            (name::LOGICAL_AND, None, terms) => self.logic(terms, false),
            (name::LOGICAL_OR, None, terms) => self.logic(terms, true),
            (name::CONDITIONAL, None, [condition, then, otherwise]) => {
                if self.truth(condition)? {
                    self.value(then)
                } else {
                    self.value(otherwise)
                }
            }
            (name::NOT_STRICTLY_FALSE, None, [term]) => match self.value(term) {
                Ok(Value::Bool(false)) => Ok(Value::Bool(false)),
                Err(Stop::Spent) => Err(Stop::Spent),
                _ => Ok(Value::Bool(true)),
            },
            (name::OPT_SELECT, None, [operand, IdedExpr { expr: Expr::Literal(LiteralValue::String(name)), .. }]) => {
                self.optional_field(operand, name.inner())
            }
            ("optMap" | "optFlatMap", Some(target), _) => self.optional_map(call, target),
            ("orValue" | "or", Some(target), [otherwise]) => self.otherwise(&call.func_name, target, otherwise),
            _ => self.strict(call),
        }
    }

    /// `&&` and `||` forgive a failure where the other side decides.
    fn logic(&mut self, terms: &'p [IdedExpr], decides: bool) -> Result<Value<'a>> {
        let mut failed = None;
        for term in terms {
            match self.truth(term) {
                Ok(value) if value == decides => return Ok(Value::Bool(decides)),
                Ok(_) => {}
                Err(Stop::Spent) => return Err(Stop::Spent),
                Err(stop) => failed = failed.or(Some(stop)),
            }
        }
        failed.map_or(Ok(Value::Bool(!decides)), Err)
    }

    fn truth(&mut self, expression: &'p IdedExpr) -> Result<bool> {
        match self.value(expression)? {
            Value::Bool(value) => Ok(value),
            other => Err(Stop::Types(format!("a bool is needed, not {}", other.kind()))),
        }
    }

    fn optional_field(&mut self, operand: &'p IdedExpr, name: &str) -> Result<Value<'a>> {
        let operand = match self.value(operand)? {
            Value::Optional(None) => return Ok(Value::Optional(None)),
            Value::Optional(Some(inner)) => (*inner).clone(),
            other => other,
        };
        Ok(Value::optional(field(&operand, name)?))
    }

    fn optional_map(&mut self, call: &'p CallExpr, target: &'p IdedExpr) -> Result<Value<'a>> {
        let (Some((variable, body)), Value::Optional(found)) = (names::binding_macro(call), self.value(target)?) else {
            return Err(Stop::Types(format!("`{}` is for optional values", call.func_name)));
        };
        let Some(found) = found else { return Ok(Value::Optional(None)) };
        self.bound.push((variable, Ok((*found).clone())));
        let made = self.value(body);
        self.bound.pop();
        made.map(|made| if call.func_name == "optMap" { Value::optional(Some(made)) } else { made })
    }

    fn otherwise(&mut self, function: &str, target: &'p IdedExpr, otherwise: &'p IdedExpr) -> Result<Value<'a>> {
        match (self.value(target)?, function) {
            (Value::Optional(Some(found)), "or") => Ok(Value::Optional(Some(found))),
            (Value::Optional(Some(found)), _) => Ok((*found).clone()),
            (Value::Optional(None), _) => self.value(otherwise),
            (other, _) => Err(Stop::Types(format!("`{function}` is for optional values, not for {}", other.kind()))),
        }
    }

    /// Everything that needs all its arguments.
    fn strict(&mut self, call: &'p CallExpr) -> Result<Value<'a>> {
        let full = names::full(call);
        let target = call.target.as_deref().filter(|_| !full.contains('.'));
        let arguments = target.into_iter().chain(&call.args);
        let arguments = arguments.map(|argument| self.value(argument)).collect::<Result<Vec<_>>>()?;
        let found = match arguments.as_slice() {
            [Value::Bool(value)] if full == name::LOGICAL_NOT => Some(Ok(Value::Bool(!value))),
            [value] if full == name::NEGATE => functions::negate(value),
            [place, key] if full == name::INDEX => Some(self.index(place, key)),
            [place, key] if full == name::OPT_INDEX => Some(self.optional_index(place, key)),
            [left, right] if is_operator(&full) => operators::binary(&full, left, right, self.budget),
            arguments => functions::call(&full, arguments, self.patterns, self.budget),
        };
        found.unwrap_or_else(|| Err(no_overload(&full, &arguments)))
    }

    fn optional_index(&self, place: &Value<'a>, key: &Value<'a>) -> Result<Value<'a>> {
        let place = match place {
            Value::Optional(None) => return Ok(Value::Optional(None)),
            Value::Optional(Some(inner)) => inner,
            other => other,
        };
        match self.index(place, key) {
            Ok(found) => Ok(Value::optional(Some(found))),
            Err(Stop::Fails(_)) => Ok(Value::Optional(None)),
            Err(other) => Err(other),
        }
    }

    fn index(&self, place: &Value<'a>, key: &Value<'a>) -> Result<Value<'a>> {
        match (place, key) {
            (Value::Optional(_), _) => self.optional_index(place, key),
            (Value::Entries(map, schema), Value::Text(key)) => match map.get(&**key) {
                Some(found) => Value::of(found, schema),
                None => Err(Stop::fails(format!("no such key: {key}"))),
            },
            (Value::Map(map), key) => {
                for (known, found) in map.iter() {
                    if equal(known, key, self.budget)? {
                        return Ok(found.clone());
                    }
                }
                Err(Stop::fails("no such key"))
            }
            (Value::List(_) | Value::Items(..), Value::Int(at)) => {
                let found = usize::try_from(*at).ok().and_then(|at| place.nth(at));
                found.unwrap_or_else(|| Err(Stop::fails(format!("index out of bounds: {at}"))))
            }
            _ => Err(no_overload(name::INDEX, &[place.clone(), key.clone()])),
        }
    }

    fn list(&mut self, elements: &'p [IdedExpr], optional: &[usize]) -> Result<Value<'a>> {
        let mut list = Vec::with_capacity(elements.len());
        for (at, element) in elements.iter().enumerate() {
            match self.value(element)? {
                Value::Optional(found) if optional.contains(&at) => list.extend(found.map(|found| (*found).clone())),
                value => list.push(value),
            }
        }
        Ok(Value::list(list))
    }

    fn map(&mut self, map: &'p cel::common::ast::MapExpr) -> Result<Value<'a>> {
        let mut entries = vec![];
        for entry in &map.entries {
            let EntryExpr::MapEntry(entry) = &entry.expr else { return Err(Stop::unknown("a field in a map")) };
            let (key, value) = (self.value(&entry.key)?, self.value(&entry.value)?);
            match value {
                Value::Optional(found) if entry.optional => {
                    entries.extend(found.map(|found| (key, (*found).clone())));
                }
                value => entries.push((key, value)),
            }
        }
        Ok(Value::Map(Rc::new(entries)))
    }
}

fn is_operator(name: &str) -> bool {
    name.starts_with('_') || name == name::IN
}

fn no_overload(function: &str, arguments: &[Value]) -> Stop {
    let kinds: Vec<&str> = arguments.iter().map(Value::kind).collect();
    Stop::Types(format!("no such overload: `{function}` of {}", kinds.join(", ")))
}

fn constant<'a>(literal: &LiteralValue) -> Value<'a> {
    match literal {
        LiteralValue::Boolean(value) => Value::Bool(*value.inner()),
        LiteralValue::Bytes(value) => Value::Bytes(value.inner().into()),
        LiteralValue::Double(value) => Value::Double(*value.inner()),
        LiteralValue::Int(value) => Value::Int(*value.inner()),
        LiteralValue::Null => Value::Null,
        LiteralValue::String(value) => Value::owned_text(value.inner()),
        LiteralValue::UInt(value) => Value::Uint(*value.inner()),
    }
}

/// A field of a map or an object; none where it is not there.
fn field<'a>(operand: &Value<'a>, name: &str) -> Result<Option<Value<'a>>> {
    match operand {
        Value::Fields(map, schema) => {
            let plain = names::unescaped(name);
            let Some(of) = schema.pointer(&pointer(&plain)) else {
                return Err(Stop::unknown(format!("its schema has no field `{name}`")));
            };
            map.get(&*plain).map(|found| typed(found, of, name)).transpose()
        }
        Value::Entries(map, schema) => map.get(name).map(|found| Value::of(found, schema)).transpose(),
        Value::Map(map) => {
            let is_it = |key: &Value| matches!(key, Value::Text(key) if key == name);
            Ok(map.iter().find(|(key, _)| is_it(key)).map(|(_, value)| value.clone()))
        }
        Value::Optional(None) => Ok(Some(Value::Optional(None))),
        Value::Optional(Some(inner)) => Ok(Some(Value::optional(field(inner, name)?))),
        other => Err(Stop::Types(format!("{} has no field `{name}`", other.kind()))),
    }
}

/// A field whose schema gives no type is hidden from rules.
fn typed<'a>(found: &'a Json, schema: &'a Json, name: &str) -> Result<Value<'a>> {
    let is_typed = schema.get("type").is_some() || schema.get("x-kubernetes-int-or-string").is_some();
    if is_typed { Value::of(found, schema) } else { Err(Stop::unknown(format!("the schema of `{name}` has no type"))) }
}
