//! The adapter trait and what goes in and out of it.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{Cursor, Page, PullError};

/// Reads one system.
///
/// Made by [`crate::Kind::build`], which does no input or output; the first call that touches the
/// system is [`Adapter::check`] or [`Adapter::pull`].
#[async_trait]
pub trait Adapter: Send + Sync {
    /// Asks the system whether every feed can be reached and read. Changes nothing anywhere.
    ///
    /// # Errors
    /// What keeps the system from being read, as a pull would report it.
    async fn check(&self) -> Result<Checkup, PullError>;

    /// Reads the next page of a feed.
    ///
    /// A pull is repeatable: the same request gives the same items as long as the system has not
    /// changed. What can't be read as an item is a [`crate::Fault`] of the page, not an error: it
    /// goes to quarantine and the feed goes on behind it.
    ///
    /// # Errors
    /// Only what stops the feed as a whole. The cursor then stays where it was.
    async fn pull(&self, request: PullRequest<'_>) -> Result<Page, PullError>;

    /// Counts what the system holds in a window, for reconciliation; `None` where the kind can't
    /// count (its [`crate::Kind::can_census`] then says so).
    ///
    /// # Errors
    /// As for [`Adapter::pull`].
    async fn census(&self, window: CensusWindow<'_>) -> Result<Option<Census>, PullError> {
        let _ = window;
        Ok(None)
    }
}

/// One request for a page.
#[derive(Clone, Copy, Debug)]
pub struct PullRequest<'a> {
    /// The feed's name, one of those in the [`crate::Blueprint`].
    pub feed: &'a str,
    /// Where the last stored page ended; `None` before the first.
    pub after: Option<&'a Cursor>,
    /// The most items a page may hold, at least 1.
    pub items_max: usize,
    /// The most bytes a page's buffer may hold; one larger item becomes a fault.
    pub bytes_max: usize,
    /// The present moment by the runtime's clock: an adapter has no clock of its own.
    pub now: Timestamp,
}

/// What [`Adapter::check`] found, for a person to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkup {
    /// One line a feed or endpoint: what was asked and what was answered. No personal data.
    pub findings: Vec<String>,
}

/// A window of the source's own dates to count.
#[derive(Clone, Copy, Debug)]
pub struct CensusWindow<'a> {
    /// The feed's name.
    pub feed: &'a str,
    /// First moment of the window.
    pub from: Timestamp,
    /// First moment after the window.
    pub until: Timestamp,
}

/// How many items a system holds in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Census {
    /// The count that the system itself reports.
    pub items: u64,
}
