//! A folder that one run at a time may change.

use std::fmt;

/// Lets others in when it is dropped, and when the process ends in whatever way.
#[derive(Default)]
pub struct Lock(Option<Box<dyn Send>>);

impl Lock {
    /// Held for as long as this is.
    pub fn held_by(guard: impl Send + 'static) -> Self {
        Self(Some(Box::new(guard)))
    }
}

impl fmt::Debug for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "a lock" } else { "no lock" })
    }
}
