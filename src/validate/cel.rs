//! Expressions in CEL as the API server evaluates them for CRDs.
//!
//! Takes the text of an expression, and values of an object with their schema; gives a value, or why there is none. The
//! grammar is the `cel` crate's; what an expression means is said here, because a value's type comes from the schema, an
//! evaluation has a budget, and what we cannot evaluate has to be told apart from what the API server refuses. It knows the
//! standard functions and those of Kubernetes (docs, "Common Expression Language in Kubernetes"), without `format()` of texts,
//! semantic versions, and macros over two variables: an expression with one of these is not compiled. Types are not checked
//! before an expression runs.

mod evaluate;
mod functions;
mod names;
mod operators;
mod value;

#[cfg(test)]
mod tests;

use cel::common::ast::{EntryExpr, Expr, IdedExpr};
use cel::parser::PrattParser;

pub use self::evaluate::{Budget, evaluate};
pub use self::functions::Patterns;
pub use self::value::{Value, pointer};

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The API server has none either: it refuses the object.
    Fails(String),
    /// No operator or function takes these types. The API server finds that in the CRD, unless the schema leaves a type open.
    Types(String),
    /// We do not know what the API server does.
    Unknown(String),
    /// It takes too many steps.
    Spent,
}

impl Stop {
    pub fn fails(why: impl Into<String>) -> Self {
        Stop::Fails(why.into())
    }

    pub fn unknown(why: impl Into<String>) -> Self {
        Stop::Unknown(why.into())
    }
}

pub type Result<T> = std::result::Result<T, Stop>;

/// An expression that was read.
#[derive(Debug)]
pub struct Program {
    root: IdedExpr,
    /// Whether it compares with what the object was before.
    pub is_transition: bool,
}

/// What `self` and `oldSelf` are.
#[derive(Debug, Clone)]
pub struct Variables<'a> {
    pub own: Value<'a>,
    /// None at the creation of an object.
    pub old: Option<Value<'a>>,
}

/// In the schema of items: their order does not matter. Its value is a list of keys where the list is a map.
pub const UNORDERED: &str = "x-unordered";

/// Far above the longest rule of any CRD known to us.
const LONGEST: usize = 20_000;
/// Bounds the depth of the tree, which is walked and dropped by recursion.
const MOST_NODES: usize = 4_000;
const DEEPEST: usize = 90;

impl Program {
    /// Reads an expression; the error says why it cannot be evaluated.
    pub fn compile(text: &str) -> std::result::Result<Self, String> {
        let structure = text.bytes().filter(|byte| b".[({?+-*/%!<>=&|:,".contains(byte)).count();
        if text.len() > LONGEST || structure > MOST_NODES {
            return Err("it is longer than any real one".into());
        }
        let root = parse(text)?;
        let mut reader = Reader::default();
        reader.read(&root, 0)?;
        let is_transition = reader.names_old;
        Ok(Self { root, is_transition })
    }
}

/// The parser is not ours: should it ever panic, the expression is one that we cannot evaluate.
fn parse(text: &str) -> std::result::Result<IdedExpr, String> {
    let parser = PrattParser::new().enable_optional_syntax(true).enable_ident_escape_syntax(true);
    let parser = parser.max_expression_node_count(MOST_NODES);
    let parsed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| parser.parse(text)));
    let parsed = parsed.map_err(|_| "it cannot be read".to_owned())?;
    parsed.map_err(|faults| {
        let first = faults.errors.into_iter().next().map(|fault| fault.msg).unwrap_or_default();
        format!("it cannot be read: {first}")
    })
}

/// Looks for names that nobody declares, so that an expression is either known in all its parts or not run.
#[derive(Default)]
struct Reader<'e> {
    bound: Vec<&'e str>,
    names_old: bool,
}

impl<'e> Reader<'e> {
    fn read(&mut self, expression: &'e IdedExpr, depth: usize) -> std::result::Result<(), String> {
        if depth > DEEPEST {
            return Err("it is nested too deep".into());
        }
        let depth = depth + 1;
        match &expression.expr {
            Expr::Ident(name) => self.name(name),
            Expr::Select(select) => self.read(&select.operand, depth),
            Expr::List(list) => list.elements.iter().try_for_each(|item| self.read(item, depth)),
            Expr::Map(map) => map.entries.iter().try_for_each(|entry| match &entry.expr {
                EntryExpr::MapEntry(entry) => {
                    self.read(&entry.key, depth).and_then(|()| self.read(&entry.value, depth))
                }
                EntryExpr::StructField(field) => self.read(&field.value, depth),
            }),
            Expr::Struct(message) => Err(format!("there is no type `{}`", message.type_name)),
            Expr::Comprehension(loops) => {
                self.read(&loops.iter_range, depth)?;
                self.read(&loops.accu_init, depth)?;
                let inner = [&loops.loop_cond, &loops.loop_step, &loops.result];
                let variables = [Some(&loops.iter_var), loops.iter_var2.as_ref(), Some(&loops.accu_var)];
                self.within(variables.into_iter().flatten().map(String::as_str), &inner, depth)
            }
            Expr::Call(call) => self.call(call, depth),
            Expr::Literal(_) => Ok(()),
            Expr::Unspecified => Err("a part of it is empty".into()),
        }
    }

    fn within(
        &mut self,
        variables: impl IntoIterator<Item = &'e str>,
        inner: &[&'e IdedExpr],
        depth: usize,
    ) -> std::result::Result<(), String> {
        let before = self.bound.len();
        self.bound.extend(variables);
        let read = inner.iter().try_for_each(|part| self.read(part, depth));
        self.bound.truncate(before);
        read
    }

    fn name(&mut self, name: &str) -> std::result::Result<(), String> {
        self.names_old |= name == "oldSelf";
        let is_known = self.bound.contains(&name) || ["self", "oldSelf"].contains(&name) || names::is_type(name);
        if is_known { Ok(()) } else { Err(format!("there is no variable `{name}`")) }
    }

    fn call(&mut self, call: &'e cel::common::ast::CallExpr, depth: usize) -> std::result::Result<(), String> {
        if let Some((variable, body)) = names::binding_macro(call) {
            call.target.iter().try_for_each(|target| self.read(target, depth))?;
            return self.within([variable], &[body], depth);
        }
        let name = names::full(call);
        let target = call.target.iter().filter(|_| !name.contains('.')).map(|target| &**target);
        target.chain(&call.args).try_for_each(|part| self.read(part, depth))?;
        if functions::is_known(&name) { Ok(()) } else { Err(format!("the function `{name}` is not known to us")) }
    }
}
