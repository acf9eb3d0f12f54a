//! Expressions in CEL that objects carry: whether they can be read. What they mean is not looked at.

use super::place::Place;
use crate::json_schema::Fault;
use crate::validate::cel;

/// The rules of a CRD, at any depth of its schemas.
pub fn of_definition(object: &Place, faults: &mut Vec<Fault>) {
    let Some(spec) = object.field("spec") else { return };
    for schema in spec.items("versions").filter_map(|version| version.down(&["schema", "openAPIV3Schema"])) {
        below(&schema, faults);
    }
}

fn below(schema: &Place, faults: &mut Vec<Fault>) {
    for rule in schema.items("x-kubernetes-validations") {
        check(&rule, &["rule", "messageExpression"], faults);
    }
    schema.entries("properties").for_each(|(_, field)| below(&field, faults));
    let others = ["items", "additionalProperties"].into_iter().filter_map(|key| schema.field(key));
    others.for_each(|other| below(&other, faults));
    let branches = ["allOf", "anyOf", "oneOf"].into_iter().flat_map(|key| schema.items(key));
    branches.for_each(|branch| below(&branch, faults));
}

/// The conditions of webhooks; what policies match, name and demand.
pub fn of_admission(object: &Place, faults: &mut Vec<Fault>) {
    for holder in object.items("webhooks").chain(object.field("spec")) {
        for list in ["matchConditions", "variables", "validations", "auditAnnotations"] {
            for item in holder.items(list) {
                check(&item, &["expression", "messageExpression", "valueExpression"], faults);
            }
        }
    }
}

fn check(place: &Place, fields: &[&'static str], faults: &mut Vec<Fault>) {
    for expression in fields.iter().filter_map(|field| place.field(field)) {
        let text = expression.value.as_str().unwrap_or_default();
        if let Some(why) = cel::misspelt(text) {
            faults.push(expression.fault(format!("the expression cannot be read: {why}")));
        }
    }
}
