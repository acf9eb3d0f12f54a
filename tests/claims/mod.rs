//! What the test of the charts does to claims and values, to see that it is noticed.

pub mod breaks;
pub mod turned;
