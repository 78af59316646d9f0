//! Tests of the kind as a whole, over real files.

mod change;
mod copies;
mod faults;
mod formats;
mod legacy;
mod model;
mod sample;
mod settings;
mod systems;
