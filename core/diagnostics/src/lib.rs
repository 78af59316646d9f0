//! Problems in what people wrote, with code, place and hint, and their rendering.
//!
//! Every crate that reads settings, mappings or the standard answers with all [`Problem`]s at once;
//! this crate is the only one that turns them into text. Failures while running are ordinary
//! errors, whose causes [`chain`] prints once each.

mod candidates;
mod chain;
mod nearest;
mod problem;
mod render;

pub use candidates::{candidates, fold};
pub use chain::chain;
pub use nearest::nearest;
pub use problem::Problem;
pub use render::{Level, Paint, render, render_json};
