//! The contract between lienthong and its adapters: all that an integrator must know.
//!
//! An adapter reads one system. It never writes to it, never maps, and never sees the outbox, the
//! hub or a clock. The runtime builds it from data ([`Blueprint`]), asks whether the system can be
//! read ([`Adapter::check`]) and then pulls page after page ([`Adapter::pull`]). There is no
//! acknowledgement: the [`Cursor`] of a page is the adapter's whole memory, and the runtime stores
//! it in the same transaction as what was read up to it.

mod adapter;
mod blueprint;
mod cursor;
mod error;
mod page;
mod place;
mod secret;
mod section;

pub use adapter::{Adapter, Census, CensusWindow, Checkup, PullRequest};
pub use blueprint::{Blueprint, Build, Kind, Schemas};
pub use cursor::{Cursor, CursorError};
pub use error::{BuildError, Disposition, PullError, PullFailure};
pub use lienthong_diagnostics::Problem;
pub use page::{Fault, ItemRef, OriginId, Page, PageBuilder, SourceItem};
pub use place::{Place, Position};
pub use secret::{Secret, SecretError, SecretReader, SecretRef};
pub use section::Section;
