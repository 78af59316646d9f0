//! Verdicts over shapes.
