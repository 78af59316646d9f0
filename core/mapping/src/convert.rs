//! The steps from text to a national value: codes, dates, numbers, booleans.
//!
//! Each reads exactly what its format says and refuses the rest; none guesses or rounds.

pub(crate) mod boolean;
pub(crate) mod codes;
pub(crate) mod format;
pub(crate) mod moment;
pub(crate) mod number;
