//! Paging through a list that goes on changing, shared by the adapter kinds that ask for pages.
//!
//! A feed is read in *readings*: from the first page to the last, of the whole list or of one time
//! window of it. The cursor holds where the reading stands and, as digests, what the last reading
//! saw, so that what is read again unchanged is not given out again and what has changed is.
//!
//! A list may shift while it is paged. Nothing is lost by that, because:
//!
//! - time windows overlap, so every stretch is read again after it has settled;
//! - where the system tells a total, a window whose total shrank while it was read is read again
//!   until it settles: its ends do not move, so records can only leave it, for a later window;
//! - a window that gives fewer items than its total tells is read again twice, and then a fault
//!   says how many are missing;
//! - a page that is left half-way or waited on is known by its last item (the anchor): where
//!   another item stands there now, the reading starts again;
//! - with `reread` an offset steps back by some items, and the anchor must be among them;
//! - the end of a list is told by the system (a total, a flag, no next token, an empty page), never
//!   taken from a short page: a system may give fewer items than were asked for.
//!
//! Reading twice is always allowed; forgetting is not. So an item is suppressed only if the last
//! version of it that was given out has the same bytes.

mod adapter;
mod anchor;
mod answer;
mod memory;
mod plan;
mod position;
mod settings;
mod take;
mod template;
mod walk;
mod window;

#[cfg(test)]
mod tests;

pub use adapter::{PagedAdapter, PagedFeed, Protocol};
pub use anchor::{Digest, digest};
pub use answer::{Answer, Ask, Asker, Record};
pub use plan::{Plan, PlanParts};
pub use settings::{AtEnd, Bound, Paging, Window};
pub use template::{Escape, Hole, Template, TemplateError, Values, xml_escaped};
pub use walk::Walker;
