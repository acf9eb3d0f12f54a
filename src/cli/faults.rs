//! What every command that judges takes: how faults are shown, and how grave they are.

use clap::ValueEnum;

use crate::diagnostic::{Format, Sink};
use crate::world::{Date, World};

#[derive(Debug, Clone, clap::Args)]
pub struct Faults {
    /// Show faults in this format.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,

    /// Treat warnings as errors.
    #[arg(long, value_name = "WHAT", value_enum)]
    pub deny: Option<Deny>,

    /// Take this day for today, as for waivers that end [default: that of SOURCE_DATE_EPOCH, else of the clock].
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    Warnings,
}

impl Faults {
    /// Warnings are errors where they are denied.
    pub fn weigh(&self, sink: &mut Sink) {
        if self.deny == Some(Deny::Warnings) {
            sink.deny_warnings();
        }
    }

    pub fn today(&self, world: &dyn World) -> Date {
        self.today.unwrap_or_else(|| world.today())
    }
}
