//! One thing that is missing is one fault, however many objects of ours name it: they are all written from one option.
//! What was written by hand has a line of its own to mend, and is told each time.

use indexmap::IndexMap;

use crate::diagnostic::{Diagnostic, Sink};
use crate::link::fields::called;
use crate::validate::Object;

/// How many others are named.
const SHOWN: usize = 3;

/// Faults by what is missing.
#[derive(Default)]
pub struct Causes(IndexMap<String, Cause>);

struct Cause {
    fault: Diagnostic,
    others: Vec<String>,
}

impl Causes {
    /// Another object that names what is missing.
    pub fn add(&mut self, missing: &str, object: &Object, fault: impl FnOnce() -> Diagnostic) {
        let of = object.file.source.map(|_| format!(" of {} {:?}", object.file.path, object.node.span));
        let key = missing.to_owned() + &of.unwrap_or_default();
        match self.0.get_mut(&key) {
            Some(cause) => cause.others.push(called(object)),
            None => {
                self.0.insert(key, Cause { fault: fault(), others: vec![] });
            }
        }
    }

    pub fn tell(self, sink: &mut Sink) {
        for Cause { fault, others } in self.0.into_values() {
            let shown = others.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
            sink.push(match others.len() {
                0 => fault,
                count @ 1..=SHOWN => fault.note(if count == 1 {
                    format!("{shown} names it too")
                } else {
                    format!("{shown} name it too")
                }),
                count => fault.note(format!("{shown} and {} more name it too", count - SHOWN)),
            });
        }
    }
}
