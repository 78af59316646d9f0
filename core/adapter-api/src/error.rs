//! What can go wrong in building an adapter and in pulling from a system.

use std::time::Duration;

use lienthong_diagnostics::Problem;

/// Why an adapter can't be built from its settings: every problem at once.
#[derive(Debug, thiserror::Error)]
#[error("{} problems in the settings of source `{origin}`", problems.len())]
pub struct BuildError {
    /// The source that was being built.
    pub origin: String,
    /// At least one problem.
    pub problems: Vec<Problem>,
}

/// Why a feed could not be read any further.
#[derive(Debug, thiserror::Error)]
#[error("{failure}, at {place}")]
pub struct PullError {
    /// What happened.
    pub failure: PullFailure,
    /// The file, request or sheet; no secret, no personal data.
    pub place: String,
    /// What lies behind it.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What happened, by what the operator can do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PullFailure {
    /// Nobody answered, or the connection broke (LT-2001).
    #[error("the system could not be reached")]
    Unreachable,
    /// The system refused our credentials (LT-2002).
    #[error("the system refused our credentials")]
    Unauthorised,
    /// The system asks to come later (LT-2003).
    #[error("the system is busy")]
    Busy {
        /// When it wants to be asked again, from its own answer.
        retry_after: Option<Duration>,
    },
    /// The system answered that the request is wrong (LT-2004).
    #[error("the system refused the request: {0}")]
    Refused(String),
    /// The answer is not what the feed's description says (LT-2005).
    #[error("the answer is not what the feed describes: {0}")]
    Unexpected(String),
    /// The answer is larger than allowed (LT-2006).
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The bound.
        limit: u64,
    },
    /// The stored cursor does not fit this adapter (LT-2007).
    #[error("the stored cursor can't be used: {0}")]
    BadCursor(String),
    /// A file or folder can't be read (LT-2008).
    #[error("the file can't be read: {0}")]
    Unreadable(String),
    /// The feed is not one of this adapter's (LT-2009).
    #[error("there is no feed `{0}`")]
    NoSuchFeed(String),
}

/// What the runtime does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// Try again, after this time where the other side named one.
    Retry(Option<Duration>),
    /// Stop the feed until a person has done something.
    Halt,
}

impl PullError {
    /// Makes an error without a deeper cause.
    pub fn new(failure: PullFailure, place: impl Into<String>) -> Self {
        Self { failure, place: place.into(), source: None }
    }

    /// Adds what lies behind it.
    #[must_use]
    pub fn caused_by(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The error code, a page of `docs/errors/`.
    pub fn code(&self) -> &'static str {
        match self.failure {
            PullFailure::Unreachable => "LT-2001",
            PullFailure::Unauthorised => "LT-2002",
            PullFailure::Busy { .. } => "LT-2003",
            PullFailure::Refused(_) => "LT-2004",
            PullFailure::Unexpected(_) => "LT-2005",
            PullFailure::TooLarge { .. } => "LT-2006",
            PullFailure::BadCursor(_) => "LT-2007",
            PullFailure::Unreadable(_) => "LT-2008",
            PullFailure::NoSuchFeed(_) => "LT-2009",
        }
    }

    /// Whether to try again or to stop the feed.
    ///
    /// Refused credentials are tried again like an outage: ministries rotate them, and a feed that
    /// stops for good over one bad answer would have to be babysat.
    pub fn disposition(&self) -> Disposition {
        match self.failure {
            PullFailure::Busy { retry_after } => Disposition::Retry(retry_after),
            PullFailure::BadCursor(_) | PullFailure::NoSuchFeed(_) => Disposition::Halt,
            _ => Disposition::Retry(None),
        }
    }
}
