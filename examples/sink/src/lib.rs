//! An HTTP endpoint that keeps a journal and can be told to misbehave, for tests and benchmarks.
//!
//! It honours `Idempotency-Key`: a key that was applied before is answered alike and not applied
//! again. `GET /journal` tells what came, so that a test can see what was sent twice, whether the
//! bytes were the same, and what was applied.

mod faults;
mod journal;
mod server;

pub use faults::{Faults, Mishap};
pub use journal::{Journal, Totals};
pub use server::{Options, Sink, serve};
