//! What statuses and broken connections mean for a feed.

use std::error::Error as _;

use jiff::Timestamp;
use lienthong_adapter_api::{PullError, PullFailure};

use super::retry_after;

/// The failure that a status stands for; `None` for a success.
pub(super) fn of_status(
    status: u16,
    wait: Option<&str>,
    now: Option<Timestamp>,
) -> Option<PullFailure> {
    let failure = match status {
        200..=299 => return None,
        401 | 403 | 407 => PullFailure::Unauthorised,
        408 | 425 | 429 | 503 => {
            PullFailure::Busy { retry_after: wait.and_then(|value| retry_after(value, now)) }
        }
        // A gateway that finds nobody behind it.
        502 | 504 => PullFailure::Unreachable,
        400..=499 => PullFailure::Refused(format!("HTTP {status}")),
        _ => PullFailure::Unexpected(format!("HTTP {status}")),
    };
    Some(failure)
}

/// Maps what the HTTP library reports. Its own message would show the whole URL, so only the
/// causes behind it are kept.
pub(super) fn of_transport(error: reqwest::Error, place: &str) -> PullError {
    let is_timeout = error.is_timeout();
    let error = error.without_url();
    let failure = PullError::new(PullFailure::Unreachable, place);
    if is_timeout {
        return failure.caused_by("no answer in time");
    }
    let mut causes = Vec::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        causes.push(inner.to_string());
        cause = inner.source();
    }
    causes.dedup();
    if causes.is_empty() {
        causes.push(error.to_string());
    }
    failure.caused_by(causes.join(": "))
}
