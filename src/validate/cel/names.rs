//! How names are written: of functions in a namespace, of types, and of fields that no identifier can spell.

use std::borrow::Cow;

use cel::common::ast::{CallExpr, Expr, IdedExpr};

const NAMESPACES: [&str; 4] = ["format", "ip", "optional", "sets"];

const TYPES: [&str; 12] =
    ["bool", "bytes", "double", "duration", "int", "list", "map", "null_type", "string", "timestamp", "type", "uint"];

/// Words that CEL keeps for itself.
const KEYWORDS: [&str; 20] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
];

pub fn is_type(name: &str) -> bool {
    TYPES.contains(&name)
}

pub fn type_named(name: &str) -> Option<&'static str> {
    TYPES.into_iter().find(|known| *known == name)
}

/// `sets.contains` of `sets.contains(a, b)`, `size` of `a.size()`.
pub fn full(call: &CallExpr) -> Cow<'_, str> {
    match call.target.as_deref().map(|target| &target.expr) {
        Some(Expr::Ident(space)) if NAMESPACES.contains(&space.as_str()) => {
            Cow::Owned(format!("{space}.{}", call.func_name))
        }
        _ => Cow::Borrowed(&call.func_name),
    }
}

/// The variable and the body of `x.optMap(v, …)` and `x.optFlatMap(v, …)`, which the parser leaves as they are.
pub fn binding_macro(call: &CallExpr) -> Option<(&str, &IdedExpr)> {
    let is_one = call.target.is_some() && ["optMap", "optFlatMap"].contains(&call.func_name.as_str());
    match call.args.as_slice() {
        [IdedExpr { expr: Expr::Ident(variable), .. }, body] if is_one => Some((variable, body)),
        _ => None,
    }
}

/// The field that an expression means: `__namespace__` is `namespace`, `a__dash__b` is `a-b`.
///
/// Kubernetes docs, "Extend the Kubernetes API with CustomResourceDefinitions", "Validation rules", "Escaping".
pub fn unescaped(name: &str) -> Cow<'_, str> {
    if !name.contains("__") {
        return Cow::Borrowed(name);
    }
    if let Some(word) = name.strip_prefix("__").and_then(|rest| rest.strip_suffix("__"))
        && KEYWORDS.contains(&word)
    {
        return Cow::Borrowed(word);
    }
    let (mut plain, mut rest) = (String::new(), name);
    while let Some((before, after)) = rest.split_once("__") {
        plain.push_str(before);
        let escape = ESCAPES.iter().find_map(|(escape, means)| Some((means, after.strip_prefix(escape)?)));
        match escape {
            Some((means, after)) => {
                plain.push_str(means);
                rest = after;
            }
            None => {
                plain.push_str("__");
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

const ESCAPES: [(&str, &str); 4] = [("underscores__", "__"), ("dot__", "."), ("dash__", "-"), ("slash__", "/")];
