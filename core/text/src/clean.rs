//! Cleaning of text, one step a function.
//!
//! Every step returns its input untouched, without allocating, when it has nothing to change: most
//! values of most records are clean already. No step joins or splits what a person would read as
//! different words.

mod invisible;
mod normal_form;
mod spaces;
mod tone_placement;

pub use invisible::strip_invisible;
pub use normal_form::nfc;
pub use spaces::{collapse_spaces, trim};
pub use tone_placement::{TonePlacement, fold_tone_placement, place_tones};
