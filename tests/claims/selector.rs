//! What a Kubernetes LabelSelector selects.

use serde_json::Value as Json;

use super::recorded::Labels;

pub fn selects(selector: &Json, labels: &Labels) -> bool {
    let pairs = selector.get("matchLabels").and_then(Json::as_object).into_iter().flatten();
    let expressions = selector.get("matchExpressions").and_then(Json::as_array).into_iter().flatten();
    pairs.into_iter().all(|(key, value)| labels.get(key).map(String::as_str) == value.as_str())
        && expressions.into_iter().all(|expression| holds(expression, labels))
}

fn holds(expression: &Json, labels: &Labels) -> bool {
    let text = |field: &str| expression.get(field).and_then(Json::as_str).unwrap_or_default();
    let label = labels.get(text("key"));
    let values = expression.get("values").and_then(Json::as_array);
    let among = |label: &String| values.is_some_and(|values| values.iter().any(|value| value.as_str() == Some(label)));
    match text("operator") {
        "Exists" => label.is_some(),
        "DoesNotExist" => label.is_none(),
        "In" => label.is_some_and(among),
        "NotIn" => !label.is_some_and(among),
        _ => false,
    }
}
