//! Named formats: `format.dns1123Label().validate(name)` has a value where the name is wrong.

use super::super::value::Value;
use super::super::{Result, Stop};
use super::Tools;

pub const NAMES: &[&str] = &[
    "format.dns1035Label",
    "format.dns1035LabelPrefix",
    "format.dns1123Label",
    "format.dns1123LabelPrefix",
    "format.dns1123Subdomain",
    "format.dns1123SubdomainPrefix",
    "format.labelValue",
    "format.named",
    "format.qualifiedName",
    "format.uuid",
    "validate",
];

const LABEL: &str = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const QUALIFIED: &str = "[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?";

pub fn call<'a>(name: &str, arguments: &[Value<'a>], tools: Tools) -> Option<Result<Value<'a>>> {
    match (name, arguments) {
        ("format.named", [Value::Text(wanted)]) => Some(Ok(Value::optional(named(wanted).map(Value::Format)))),
        ("validate", [Value::Format(format), Value::Text(text)]) => Some(validate(format, text, tools)),
        (name, []) => named(name.strip_prefix("format.")?).map(|format| Ok(Value::Format(format))),
        _ => None,
    }
}

fn named(name: &str) -> Option<&'static str> {
    let formats = NAMES.iter().filter_map(|known| known.strip_prefix("format."));
    formats.into_iter().find(|known| *known == name && *known != "named")
}

fn validate<'a>(format: &str, text: &str, tools: Tools) -> Result<Value<'a>> {
    // A prefix is one where a part of a name may follow.
    let whole = match format.strip_suffix("Prefix") {
        Some(_) => text.strip_suffix('-').map_or_else(|| text.to_owned(), |before| format!("{before}a")),
        None => text.to_owned(),
    };
    let valid = is_valid(format.strip_suffix("Prefix").unwrap_or(format), &whole, tools)?;
    let fault = || Value::list(vec![Value::owned_text(format!("`{text}` is no {format}"))]);
    Ok(Value::optional((!valid).then(fault)))
}

fn is_valid(format: &str, text: &str, tools: Tools) -> Result<bool> {
    let matches = |text: &str, pattern: &str, most: usize| {
        Ok(text.len() <= most && tools.patterns.get(&format!("^(?:{pattern})$"))?.is_match(text))
    };
    match format {
        "dns1123Label" => matches(text, LABEL, 63),
        "dns1123Subdomain" => matches(text, &format!(r"{LABEL}(\.{LABEL})*"), 253),
        "dns1035Label" => matches(text, "[a-z]([-a-z0-9]*[a-z0-9])?", 63),
        "labelValue" => Ok(text.is_empty() || matches(text, QUALIFIED, 63)?),
        "qualifiedName" => match text.split_once('/') {
            Some((domain, name)) => Ok(is_valid("dns1123Subdomain", domain, tools)? && matches(name, QUALIFIED, 63)?),
            None => matches(text, QUALIFIED, 63),
        },
        "uuid" => matches(text, "(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", 36),
        other => Err(Stop::unknown(format!("the format `{other}` is not known to us"))),
    }
}
