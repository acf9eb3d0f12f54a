//! Loops: what `all`, `exists`, `exists_one`, `map` and `filter` are made of.

use std::rc::Rc;

use cel::common::ast::{ComprehensionExpr, Expr, IdedExpr, operators as name};

use super::super::value::Value;
use super::super::{Result, Stop};
use super::Run;

impl<'p, 'a> Run<'p, '_, 'a> {
    pub fn comprehension(&mut self, loops: &'p ComprehensionExpr) -> Result<Value<'a>> {
        let range = self.value(&loops.iter_range)?;
        let length = match range {
            Value::List(_) | Value::Map(_) | Value::Items(..) | Value::Entries(..) => range.len().unwrap_or(0),
            other => return Err(Stop::Types(format!("a loop goes over a list or a map, not over {}", other.kind()))),
        };
        let first = self.value(&loops.accu_init);
        let frame = self.bound.len();
        self.bound.push((&loops.accu_var, first));
        let result = self.rounds(loops, &range, length, frame).and_then(|()| self.value(&loops.result));
        self.bound.truncate(frame);
        result
    }

    fn rounds(&mut self, loops: &'p ComprehensionExpr, range: &Value<'a>, length: usize, frame: usize) -> Result<()> {
        for at in 0..length {
            if !self.truth(&loops.loop_cond)? {
                break;
            }
            let item = range.nth(at).unwrap_or_else(|| Err(Stop::unknown("a list became shorter")));
            self.bound.push((&loops.iter_var, item));
            let step = self.step(loops, &loops.loop_step, frame);
            self.bound.truncate(frame + 1);
            match step {
                Some(Err(Stop::Spent)) => return Err(Stop::Spent),
                Some(value) => self.accumulate(frame, |slot| *slot = value),
                None => {}
            }
        }
        Ok(())
    }

    fn accumulate(&mut self, frame: usize, change: impl FnOnce(&mut Result<Value<'a>>)) {
        if let Some((_, slot)) = self.bound.get_mut(frame) {
            change(slot);
        }
    }

    /// The next value of the accumulator; none where it stays, or grew in place, as `map` and `filter` let it.
    fn step(&mut self, loops: &'p ComprehensionExpr, step: &'p IdedExpr, frame: usize) -> Option<Result<Value<'a>>> {
        let is_accumulator = |part: &IdedExpr| matches!(&part.expr, Expr::Ident(name) if *name == loops.accu_var);
        if is_accumulator(step) {
            return None;
        }
        let Expr::Call(call) = &step.expr else { return Some(self.value(step)) };
        match (call.func_name.as_str(), call.args.as_slice()) {
            (name::CONDITIONAL, [condition, then, otherwise]) => match self.truth(condition) {
                Ok(true) => self.step(loops, then, frame),
                Ok(false) => self.step(loops, otherwise, frame),
                Err(stop) => Some(Err(stop)),
            },
            (name::ADD, [before, IdedExpr { expr: Expr::List(more), .. }]) if is_accumulator(before) => {
                match self.list(&more.elements, &more.optional_indices) {
                    Ok(Value::List(more)) => {
                        self.accumulate(frame, |slot| grow(slot, &more));
                        None
                    }
                    other => Some(other),
                }
            }
            _ => Some(self.value(step)),
        }
    }
}

fn grow<'a>(slot: &mut Result<Value<'a>>, more: &[Value<'a>]) {
    if let Ok(Value::List(list)) = slot {
        Rc::make_mut(list).extend(more.iter().cloned());
    }
}
