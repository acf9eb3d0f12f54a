//! Functions of lists: Kubernetes' own, and `sets`.

use std::cmp::Ordering;

use super::super::operators::{binary, equal, holds, order};
use super::super::value::Value;
use super::super::{Result, Stop};
use super::Tools;
use super::text::integer;

pub const NAMES: &[&str] = &[
    "distinct",
    "indexOf",
    "isSorted",
    "lastIndexOf",
    "max",
    "min",
    "reverse",
    "sets.contains",
    "sets.equivalent",
    "sets.intersects",
    "slice",
    "sort",
    "sum",
];

pub fn call<'a>(name: &str, arguments: &[Value<'a>], tools: Tools) -> Option<Result<Value<'a>>> {
    let (list, rest) = arguments.split_first()?;
    let items = match list.items()? {
        Ok(items) => items,
        Err(stop) => return Some(Err(stop)),
    };
    if let Err(stop) = tools.budget.charge(items.len()) {
        return Some(Err(stop));
    }
    match (name, rest) {
        (_, []) => whole(name, items, tools),
        ("indexOf", [wanted]) => Some(position(items.iter().enumerate(), wanted, tools)),
        ("lastIndexOf", [wanted]) => Some(position(items.iter().enumerate().rev(), wanted, tools)),
        ("slice", [Value::Int(from), Value::Int(to)]) => Some(slice(&items, *from, *to)),
        (_, [other]) => {
            let others = match other.items()? {
                Ok(others) => others,
                Err(stop) => return Some(Err(stop)),
            };
            sets(name, &items, &others, tools).map(|result| result.map(Value::Bool))
        }
        _ => None,
    }
}

fn whole<'a>(name: &str, mut items: Vec<Value<'a>>, tools: Tools) -> Option<Result<Value<'a>>> {
    Some(match name {
        "isSorted" => sorted(&items).map(Value::Bool),
        "min" => extreme(items, Ordering::Less),
        "max" => extreme(items, Ordering::Greater),
        "sum" => return sum(&items, tools),
        "distinct" => distinct(items, tools),
        "reverse" => {
            items.reverse();
            Ok(Value::list(items))
        }
        "sort" => sorted(&items).map(|_| {
            items.sort_by(|one, other| order(one, other).unwrap_or(Ordering::Equal));
            Value::list(items)
        }),
        _ => return None,
    })
}

fn position<'i, 'a: 'i>(
    items: impl Iterator<Item = (usize, &'i Value<'a>)>,
    wanted: &Value<'a>,
    tools: Tools,
) -> Result<Value<'a>> {
    for (at, item) in items {
        if equal(item, wanted, tools.budget)? {
            return integer(at);
        }
    }
    Ok(Value::Int(-1))
}

fn slice<'a>(items: &[Value<'a>], from: i64, to: i64) -> Result<Value<'a>> {
    let range = usize::try_from(from).ok().zip(usize::try_from(to).ok());
    let found = range.and_then(|(from, to)| items.get(from..to));
    found.map(|found| Value::list(found.to_vec())).ok_or_else(|| Stop::fails("slice out of range"))
}

fn sets(name: &str, ones: &[Value], others: &[Value], tools: Tools) -> Option<Result<bool>> {
    let within = |list: &[Value], of: &[Value]| -> Result<bool> {
        for wanted in of {
            if !holds(list, wanted, tools.budget)? {
                return Ok(false);
            }
        }
        Ok(true)
    };
    let common = || -> Result<bool> {
        for one in ones {
            if holds(others, one, tools.budget)? {
                return Ok(true);
            }
        }
        Ok(false)
    };
    Some(match name {
        "sets.contains" => within(ones, others),
        "sets.equivalent" => within(ones, others).and_then(|is_in| Ok(is_in && within(others, ones)?)),
        "sets.intersects" => common(),
        _ => return None,
    })
}

fn sorted(items: &[Value]) -> Result<bool> {
    let mut is_sorted = true;
    for pair in items.windows(2) {
        let [one, next] = pair else { continue };
        let order = order(one, next).ok_or_else(|| Stop::Types("items without an order".into()))?;
        is_sorted &= order != Ordering::Greater;
    }
    Ok(is_sorted)
}

fn extreme<'a>(items: Vec<Value<'a>>, wanted: Ordering) -> Result<Value<'a>> {
    let mut items = items.into_iter();
    let first = items.next().ok_or_else(|| Stop::fails("min or max called on empty list"))?;
    items.try_fold(first, |best, item| {
        let order = order(&item, &best).ok_or_else(|| Stop::Types("items without an order".into()))?;
        Ok(if order == wanted { item } else { best })
    })
}

/// The type of an empty sum is not known here: its items would say it.
fn sum<'a>(items: &[Value<'a>], tools: Tools) -> Option<Result<Value<'a>>> {
    let Some((first, rest)) = items.split_first() else { return Some(Ok(Value::Int(0))) };
    rest.iter().try_fold(Ok(first.clone()), |sum: Result<Value<'a>>, item| match sum {
        Ok(sum) => binary(cel::common::ast::operators::ADD, &sum, item, tools.budget),
        failed => Some(failed),
    })
}

fn distinct<'a>(items: Vec<Value<'a>>, tools: Tools) -> Result<Value<'a>> {
    let mut kept: Vec<Value> = vec![];
    for item in items {
        if !holds(&kept, &item, tools.budget)? {
            kept.push(item);
        }
    }
    Ok(Value::list(kept))
}
