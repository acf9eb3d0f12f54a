//! Phase 4, `render`: template × context → text, and who asked for it.
