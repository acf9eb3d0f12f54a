//! Rules of CRDs in CEL (`x-kubernetes-validations`), evaluated as the API server does when an object is created.
//!
//! Takes a CRD's schema or [rules of our own](built_in), and objects; gives the rules that an object breaks, and those that
//! could not be evaluated. A rule counts where the schema held: what stands below it has no other fault. Where a rule has no
//! value because the object lacks a key or a number is too large, the API server refuses the object, and so do we; where
//! *we* cannot say what it would do, the rule is told of, once. Rules about a change (`oldSelf`) say nothing of a new object.

pub mod built_in;
mod shape;
mod tell;
#[cfg(test)]
mod tests;

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use self::shape::completed;
pub use self::shape::{Spans, spans};
pub use self::tell::Unchecked;
use super::cel::{self, Budget, Patterns, Program, Stop, Value, Variables};
use crate::source::{NodePath, Span};

/// As many steps as the API server gives one run of a rule, and all rules of an object.
const STEPS: usize = 1_000_000;
const STEPS_OF_OBJECT: usize = 10_000_000;

/// The rules of one version of a CRD.
#[derive(Debug)]
pub struct Rules {
    /// `baskets.acme.example.com v1`
    crd: String,
    /// What types values have, and their defaults.
    schema: Json,
    top: Place,
    patterns: Patterns,
}

/// The rules at a place of the schema, and below it.
#[derive(Debug, Default)]
struct Place {
    rules: Vec<Rule>,
    fields: IndexMap<String, Place>,
    /// Of each item of a list.
    items: Option<Box<Place>>,
    /// Of each value of a map.
    values: Option<Box<Place>>,
}

/// A rule, compiled when the first object of its kind comes up.
#[derive(Debug)]
pub struct Rule {
    text: String,
    program: Result<Program, String>,
    message: Option<String>,
    message_expression: Option<Program>,
    /// Where in its value the fault is.
    field: NodePath,
    has_optional_old: bool,
    /// The place in the schema: `spec.listeners[].tls`.
    place: String,
    /// Where it stands in a file of the user's.
    span: Option<Span>,
}

/// What a rule came to.
#[derive(Debug)]
pub enum Finding<'r> {
    Broken {
        rule: &'r Rule,
        path: NodePath,
        message: String,
    },
    /// The API server has no value for it either.
    Failed {
        rule: &'r Rule,
        path: NodePath,
        why: String,
    },
    Unchecked {
        rule: &'r Rule,
        why: String,
    },
}

/// How a rule is written in a CRD.
struct Written<'w> {
    entry: &'w Json,
    place: String,
    span: Option<Span>,
}

impl Rule {
    fn of(written: Written) -> Self {
        let text = |key: &str| written.entry.get(key).and_then(Json::as_str);
        let rule = text("rule").unwrap_or_default().trim();
        Self {
            text: rule.to_owned(),
            program: Program::compile(rule),
            message: text("message").map(|message| message.trim().to_owned()).filter(|message| !message.is_empty()),
            message_expression: text("messageExpression").and_then(|text| Program::compile(text).ok()),
            field: text("fieldPath").map(shape::field_path).unwrap_or_default(),
            has_optional_old: written.entry.get("optionalOldSelf") == Some(&Json::Bool(true)),
            place: written.place,
            span: written.span,
        }
    }

    /// Whether it speaks only of changes.
    fn is_idle(&self) -> bool {
        matches!(&self.program, Ok(program) if program.is_transition && !self.has_optional_old)
    }
}

impl Place {
    fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.fields.is_empty() && self.items.is_none() && self.values.is_none()
    }
}

impl Rules {
    /// None where there is no rule.
    fn new(crd: String, schema: Json, top: Place) -> Option<Self> {
        (!top.is_empty()).then(|| Self { crd, schema, top, patterns: Patterns::default() })
    }

    /// Those of a CRD's version; `spans` says where each stands.
    pub fn of_crd(crd: String, raw: &Json, spans: &Spans) -> Option<Self> {
        let top = shape::places(raw, spans);
        if top.is_empty() { None } else { Self::new(crd, shape::typed(raw), top) }
    }

    /// What the rules say of an object; `faulty` are the places that the schema refused.
    pub fn findings(&self, object: &Json, faulty: &[NodePath]) -> Vec<Finding<'_>> {
        let object = completed(object, &self.schema);
        let budget = Budget::new(STEPS_OF_OBJECT);
        let mut check = Check { rules: self, faulty, budget, findings: vec![] };
        check.below(&self.top, &object, &self.schema, &NodePath::root());
        check.findings
    }
}

struct Check<'r, 'f> {
    rules: &'r Rules,
    faulty: &'f [NodePath],
    budget: Budget,
    findings: Vec<Finding<'r>>,
}

impl<'r> Check<'r, '_> {
    fn below(&mut self, place: &'r Place, value: &Json, schema: &Json, path: &NodePath) {
        if value.is_null() {
            return;
        }
        let is_sound = place.rules.is_empty() || !self.faulty.iter().any(|fault| fault.starts_with(path));
        for rule in place.rules.iter().filter(|rule| is_sound && !rule.is_idle()) {
            let finding = self.judge(rule, value, schema, path);
            self.findings.extend(finding);
        }
        match value {
            Json::Object(map) => self.fields(place, map, schema, path),
            Json::Array(list) => {
                let (Some(items), Some(schema)) = (&place.items, schema.get("items")) else { return };
                list.iter().enumerate().for_each(|(at, item)| self.below(items, item, schema, &path.index(at)));
            }
            _ => {}
        }
    }

    fn fields(&mut self, place: &'r Place, map: &Map<String, Json>, schema: &Json, path: &NodePath) {
        for (name, place) in &place.fields {
            if let (Some(value), Some(schema)) = (map.get(name), schema.pointer(&cel::pointer(name))) {
                self.below(place, value, schema, &path.key(name));
            }
        }
        if let (Some(place), Some(schema)) = (&place.values, schema.get("additionalProperties")) {
            map.iter().for_each(|(name, value)| self.below(place, value, schema, &path.key(name)));
        }
    }

    fn judge(&self, rule: &'r Rule, value: &Json, schema: &Json, path: &NodePath) -> Option<Finding<'r>> {
        let program = match &rule.program {
            Ok(program) => program,
            Err(why) => return Some(Finding::Unchecked { rule, why: why.clone() }),
        };
        let path = || path.join(&rule.field);
        let variables = match Value::of(value, schema) {
            Ok(own) => Variables { own, old: None },
            Err(stop) => return Some(unvalued(rule, stop, schema, path())),
        };
        match self.run(program, &variables) {
            Ok(Value::Bool(true)) => None,
            Ok(Value::Bool(false)) => {
                Some(Finding::Broken { rule, path: path(), message: self.says(rule, &variables) })
            }
            Ok(other) => Some(Finding::Unchecked { rule, why: format!("its value is no bool, but {}", other.kind()) }),
            Err(stop) => Some(unvalued(rule, stop, schema, path())),
        }
    }

    fn run<'a>(&self, program: &Program, variables: &Variables<'a>) -> cel::Result<Value<'a>> {
        let steps = STEPS.min(self.budget.left());
        let budget = Budget::new(steps);
        let result = cel::evaluate(program, variables, &self.rules.patterns, &budget);
        self.budget.charge(steps - budget.left())?;
        if budget.left() == 0 { Err(Stop::Spent) } else { result }
    }

    /// The rule's own words; an expression for them counts if it gives one line.
    fn says(&self, rule: &Rule, variables: &Variables) -> String {
        let made = rule.message_expression.as_ref().and_then(|program| match self.run(program, variables) {
            Ok(Value::Text(text)) if !text.trim().is_empty() && !text.contains('\n') => Some(text.trim().to_owned()),
            _ => None,
        });
        made.or_else(|| rule.message.clone()).unwrap_or_else(|| format!("the rule `{}` does not hold", rule.shown()))
    }
}

/// Types can only be wrong in an accepted CRD where the schema leaves one open.
fn unvalued<'r>(rule: &'r Rule, stop: Stop, schema: &Json, path: NodePath) -> Finding<'r> {
    match stop {
        Stop::Fails(why) => Finding::Failed { rule, path, why },
        Stop::Types(why) if shape::leaves_a_type_open(schema) => Finding::Failed { rule, path, why },
        Stop::Types(why) | Stop::Unknown(why) => Finding::Unchecked { rule, why },
        Stop::Spent => Finding::Unchecked { rule, why: format!("it takes more than {STEPS} steps") },
    }
}
