//! The real disk: the only place that touches it.
