//! How values are written: as YAML scalars, as JSON, as Python literals or as plain text, told by the template's name.

use minijinja::value::ValueKind;
use minijinja::{Error, Output, State, Value};
use serde_json::Number;

use super::fault::{Cause, refused};
use super::filters::{Block, Code};
use super::python;
use crate::source::scalar::scalar;
use crate::source::write::number;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// `*.yaml.j2`: a scalar is one YAML scalar, quoted where it needs to be; maps and lists go through `yaml`.
    Yaml,
    /// `*.json.j2`: any value is JSON, on one line.
    Json,
    /// `*.py.j2`: any value is one Python literal.
    Python,
    /// `*.md.j2`, `*.txt.j2`: a scalar as it is.
    Text,
}

impl Manner {
    /// None for a name of another kind: how a value would be written there is not known.
    pub fn of(name: &str) -> Option<Manner> {
        const ENDS: [(&str, Manner); 6] = [
            (".yaml.j2", Manner::Yaml),
            (".yml.j2", Manner::Yaml),
            (".json.j2", Manner::Json),
            (".py.j2", Manner::Python),
            (".md.j2", Manner::Text),
            (".txt.j2", Manner::Text),
        ];
        ENDS.iter().find(|(end, _)| name.ends_with(end)).map(|(_, manner)| *manner)
    }
}

/// Writes the value of `{{ … }}`.
pub fn format(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_safe() {
        return Err(refused(Cause::Captured));
    }
    match (Manner::of(state.name()), value.downcast_object_ref::<Block>()) {
        (Some(Manner::Yaml), Some(block)) => out.write_str(&block.0)?,
        (_, Some(_)) => return Err(refused(Cause::NotYaml)),
        (manner, None) if let Some(name) = value.downcast_object_ref::<Code>() => match manner {
            Some(Manner::Python) => out.write_str(&name.0)?,
            _ => return Err(refused(Cause::NotPython)),
        },
        (Some(Manner::Yaml), None) => write_yaml(out, value)?,
        (Some(Manner::Json), None) => write_json(out, value)?,
        (Some(Manner::Python), None) => out.write_str(&python::literal(value).map_err(refused)?)?,
        (_, None) => write_text(out, value)?,
    }
    Ok(())
}

fn write_yaml(out: &mut Output, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) => out.write_str(&scalar(text))?,
        None => out.write_str(&text_of(value, Cause::NeedsYaml).map_err(refused)?)?,
    }
    Ok(())
}

fn write_json(out: &mut Output, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(refused(Cause::Nothing));
    }
    if value.kind() == ValueKind::Number && !value.is_integer() {
        finite(value).map_err(refused)?;
    }
    let json = serde_json::to_string(value).map_err(|_| refused(Cause::NotScalar))?;
    Ok(out.write_str(&json)?)
}

fn write_text(out: &mut Output, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) => out.write_str(text)?,
        None => out.write_str(&text_of(value, Cause::NotScalar).map_err(refused)?)?,
    }
    Ok(())
}

/// A scalar as it is written in YAML: `true`, `1`, `1.5`. Else why it has no text, `collection` being that of a map or list.
pub fn text_of(value: &Value, collection: Cause) -> Result<String, Cause> {
    match value.kind() {
        ValueKind::String => Ok(value.as_str().unwrap_or_default().to_owned()),
        ValueKind::Bool => Ok(if value.is_true() { "true" } else { "false" }.to_owned()),
        ValueKind::Number if value.is_integer() => Ok(value.to_string()),
        ValueKind::Number => finite(value).map(|value| number(&value)),
        ValueKind::None | ValueKind::Undefined => Err(Cause::Nothing),
        _ => Err(collection),
    }
}

/// A float that is neither infinite nor no number at all.
pub fn finite(value: &Value) -> Result<Number, Cause> {
    f64::try_from(value.clone()).ok().and_then(Number::from_f64).ok_or(Cause::Infinite)
}
