//! What a component claims of its chart, held against what the chart renders.
//!
//! Takes a component's interface, as each platform that uses it evaluates it ([`uses`]), and what `helm template` gives for
//! its values ([`helm`], [`extract`]) or gave when it was recorded ([`record`]); gives the [`Difference`]s, both ways: a
//! claim that no object bears out, and an object that is neither claimed nor marked as of no interest (`ignores`). Faults
//! E0801 to E0804, N0805. `platformc verify-chart` and the test over `tests/charts/` are this same code. It keeps facts
//! only, no text of a chart.

mod claims;
mod compare;
pub mod extract;
pub mod facts;
pub mod helm;
pub mod record;
pub mod shape;
mod told;
pub mod uses;
pub mod verify;

pub use claims::Claims;
pub use compare::{Difference, Ignoring, Side, differences};
pub use told::{Found, told};
