//! The 20-field job as processes: dossiers, settings, the programs and what they cost.
//!
//! Benchmarks and crash tests start the real programs, each in a process of its own, and look at
//! them from outside. Everything lies in one folder, on ports that the system gives.

mod crash;
mod dossiers;
mod process;
mod programs;
mod settings;

pub use crash::{CrashReport, Target, crash};
pub use dossiers::{Dossiers, write_dossiers};
pub use process::{Child, Cost, get_json, get_text};
pub use programs::{Programs, cargo};
pub use settings::{Endpoint, Format, Job};
