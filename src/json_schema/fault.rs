//! What a schema says is wrong, in our words.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value as Json;

use crate::diagnostic::nearest;
use crate::source::NodePath;

/// What is wrong, independent of the version that says so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    pub path: NodePath,
    pub message: String,
    pub help: Option<String>,
    /// Whether it is about a quantity, duration or schedule.
    pub measure: bool,
    /// Whether the API server takes it, with a warning.
    pub is_taken: bool,
    /// Whether the key at the end of the path is wrong, not its value.
    pub about_key: bool,
}

impl Fault {
    pub fn new(path: NodePath, message: impl Into<String>) -> Self {
        Self { path, message: message.into(), help: None, measure: false, is_taken: false, about_key: false }
    }
}

impl Fault {
    /// The faults of one error of the schema: of a union only those of the branch that was meant.
    pub fn of(error: &ValidationError, schema: &Json) -> Vec<Fault> {
        let path = path_of(error);
        match error.kind() {
            Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                let known = known_keys(error, schema);
                unexpected.iter().map(|key| unknown(&path, key, &known)).collect()
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => branch(context, schema).unwrap_or_else(|| {
                vec![Fault::new(
                    path,
                    says(error, schema).unwrap_or_else(|| "this combination of fields is not allowed".into()),
                )]
            }),
            Kind::PropertyNames { error: inner } => {
                let message = says(error, schema).unwrap_or_else(|| message(error.kind(), error.instance()));
                let path = path.key(inner.instance().as_str().unwrap_or_default());
                vec![Fault { about_key: true, ..Fault::new(path, message) }]
            }
            kind => {
                let message = says(error, schema).unwrap_or_else(|| message(kind, error.instance()));
                vec![Fault { measure: is_measure(error, schema), ..Fault::new(path, message) }]
            }
        }
    }
}

/// Where in what it judges a schema found something.
pub fn path_of(error: &ValidationError) -> NodePath {
    use jsonschema::paths::LocationSegment as Segment;
    error.instance_path().segments().fold(NodePath::root(), |path, segment| match segment {
        Segment::Property(key) => path.key(key.into_owned()),
        Segment::Index(index) => path.index(index),
    })
}

fn unknown(path: &NodePath, key: &str, known: &[&str]) -> Fault {
    let help = match nearest(key, known.iter().copied()) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None => Some(format!("known are {}", known.join(", "))).filter(|_| (1..=12).contains(&known.len())),
    };
    Fault { help, about_key: true, ..Fault::new(path.key(key), "the field is not known here") }
}

/// The fields that stand beside the keyword that refused.
fn known_keys<'s>(error: &ValidationError, schema: &'s Json) -> Vec<&'s str> {
    let properties = beside(error, schema).and_then(|schema| schema.get("properties")).and_then(Json::as_object);
    properties.map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
}

/// Whether the place holds a quantity, a duration or a schedule.
fn is_measure(error: &ValidationError, schema: &Json) -> bool {
    let text = |key: &str| beside(error, schema).and_then(|schema| schema.get(key)).and_then(Json::as_str);
    let is_schedule = text("x-says").is_some_and(|says| says.starts_with("five fields (minute"));
    is_schedule || matches!(text("format"), Some("quantity" | "duration" | "cron"))
}

/// What the schema itself says in words, where a pattern says little.
fn says(error: &ValidationError, schema: &Json) -> Option<String> {
    if let Kind::PropertyNames { error: inner } = error.kind() {
        let names = beside(error, schema)?.get("propertyNames")?;
        let wanted = names.get("x-says")?.as_str()?;
        return Some(format!("the key {} is not allowed: it must be {wanted}", inner.instance()));
    }
    if !matches!(
        error.kind(),
        Kind::Pattern { .. }
            | Kind::Not { .. }
            | Kind::Constant { .. }
            | Kind::FalseSchema
            | Kind::AnyOf { .. }
            | Kind::OneOfNotValid { .. }
            | Kind::MaxItems { limit: 0 }
            | Kind::MaxProperties { limit: 0 }
    ) {
        return None;
    }
    let wanted = beside(error, schema)?.get("x-says")?.as_str()?;
    Some(format!("{} is not allowed: it must be {wanted}", shown(error.instance())))
}

/// The schema that holds the keyword.
fn beside<'s>(error: &ValidationError, schema: &'s Json) -> Option<&'s Json> {
    let pointer = error.schema_path().as_str();
    schema.pointer(pointer.rsplit_once('/')?.0)
}

/// The faults of the branch of a union that is nearest to what stands there.
fn branch(context: &[Vec<ValidationError<'static>>], schema: &Json) -> Option<Vec<Fault>> {
    let right_type =
        context.iter().filter(|errors| !errors.iter().any(|error| matches!(error.kind(), Kind::Type { .. })));
    let nearest = right_type.min_by_key(|errors| errors.len())?;
    let faults: Vec<Fault> = nearest.iter().flat_map(|error| Fault::of(error, schema)).collect();
    (!faults.is_empty()).then_some(faults)
}

fn message(kind: &Kind, found: &Json) -> String {
    let found = shown(found);
    match kind {
        Kind::Required { property } => format!("the field {} is missing", shown(property)),
        Kind::Type { kind } => format!("expected {}, found {found}", types(kind)),
        Kind::Enum { options } => format!("{found} is not one of {}", options_text(options)),
        Kind::Constant { expected_value } => format!("expected {}, found {found}", shown(expected_value)),
        Kind::Minimum { limit } => format!("{found} is below {limit}"),
        Kind::Maximum { limit } => format!("{found} is above {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("{found} is not above {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("{found} is not below {limit}"),
        Kind::MinLength { limit } => format!("{found} is shorter than {limit} characters"),
        Kind::MaxLength { limit } => format!("{found} is longer than {limit} characters"),
        Kind::MinItems { limit } => format!("at least {limit} items are needed"),
        Kind::MaxItems { limit } => format!("at most {limit} items are allowed"),
        Kind::MinProperties { limit } => format!("at least {limit} fields are needed"),
        Kind::MaxProperties { limit } => format!("at most {limit} of these fields may stand together"),
        Kind::UniqueItems => "the same item stands twice".into(),
        Kind::Pattern { pattern } => format!("{found} does not match `{pattern}`"),
        Kind::Format { format } => format!("{found} is no {format}"),
        Kind::PropertyNames { error } => {
            format!("the key {} is not allowed: {}", shown(error.instance()), message(error.kind(), error.instance()))
        }
        Kind::OneOfMultipleValid { .. } => "only one of these fields may stand".into(),
        Kind::Not { .. } | Kind::FalseSchema => "this is not allowed here".into(),
        _ => "the value is not valid".into(),
    }
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => one.to_string(),
        TypeKind::Multiple(several) => several.iter().map(|one| one.to_string()).collect::<Vec<_>>().join(" or "),
    }
}

fn options_text(options: &Json) -> String {
    let texts = options.as_array().map(|list| list.iter().map(shown).collect::<Vec<_>>());
    texts.unwrap_or_default().join(", ")
}

fn shown(value: &Json) -> String {
    match value {
        Json::String(text) if text.chars().count() <= 80 => format!("`{text}`"),
        Json::String(_) => "the text".into(),
        Json::Array(_) => "a list".into(),
        Json::Object(_) => "a map".into(),
        other => format!("`{other}`"),
    }
}
