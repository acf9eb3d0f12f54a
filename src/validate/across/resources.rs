//! Amounts against amounts: requests and limits, and the ranges of a LimitRange.

use serde_json::Value as Json;

use super::place::Place;
use crate::json_schema::Fault;
use crate::validate::quantity::{ONE, Quantity};

/// No container asks for more than it may have; of devices and huge pages it asks for just that.
pub fn of_container(container: &Place, faults: &mut Vec<Fault>) {
    let Some(resources) = container.field("resources") else { return };
    let limits = resources.get("limits");
    for (name, request) in resources.entries("requests") {
        let limit = limits.and_then(|limits| limits.get(name));
        let amounts = (amount(request.value), limit.and_then(amount));
        let message = match amounts {
            (Some(_), None) if limit.is_none() && !may_be_shared(name) => {
                format!("`{name}` cannot be shared: it needs a limit, the same as the request")
            }
            (Some(request), Some(limit)) if request != limit && !may_be_shared(name) => {
                format!("`{name}` cannot be shared: the request must be the same as the limit")
            }
            (Some(request), Some(limit)) if request > limit => "it is above the limit".to_owned(),
            _ => continue,
        };
        faults.push(request.measure(message));
    }
    if has(&resources, |name| name.starts_with("hugepages-"))
        && !has(&resources, |name| ["cpu", "memory"].contains(&name))
    {
        faults.push(resources.measure("huge pages need cpu or memory beside them"));
    }
}

fn has(resources: &Place, is_meant: impl Fn(&str) -> bool) -> bool {
    ["limits", "requests"].into_iter().flat_map(|field| resources.entries(field)).any(|(name, _)| is_meant(name))
}

/// Whether more can be promised than there is: not of huge pages, nor of devices, whose names have a domain.
fn may_be_shared(name: &str) -> bool {
    !name.starts_with("hugepages-") && (!name.contains('/') || name.contains("kubernetes.io/"))
}

/// Pairs of fields, the first of which must not be above the second.
const RISING: [(&str, &str); 6] = [
    ("min", "max"),
    ("min", "defaultRequest"),
    ("min", "default"),
    ("defaultRequest", "default"),
    ("defaultRequest", "max"),
    ("default", "max"),
];

pub fn of_limit_range(range: &Place, faults: &mut Vec<Fault>) {
    let Some(spec) = range.field("spec") else { return };
    for limit in spec.items("limits") {
        for (low, high) in RISING {
            let highs = limit.get(high);
            for (name, value) in limit.entries(low) {
                let (low, most) = (amount(value.value), highs.and_then(|highs| highs.get(name)).and_then(amount));
                if low.zip(most).is_some_and(|(low, most)| low > most) {
                    faults.push(value.measure(format!("it is above `{high}`")));
                }
            }
        }
        for (_, ratio) in limit.entries("maxLimitRequestRatio") {
            if amount(ratio.value).is_some_and(|ratio| ratio.0 < ONE) {
                faults.push(ratio.measure("a limit is never below its request: the ratio is 1 or more"));
            }
        }
    }
}

/// What can be compared: a negative one is refused as it is written.
fn amount(value: &Json) -> Option<Quantity> {
    let quantity = match value {
        Json::Number(number) => Quantity::read(&number.to_string()),
        Json::String(text) => Quantity::read(text),
        _ => None,
    };
    quantity.filter(|quantity| quantity.0 >= 0)
}
