//! The `Retry-After` header (RFC 9110, section 10.2.3).

use std::time::Duration;

use jiff::Timestamp;

/// The longest wait that is believed: a system that asks for more is asked again after a day.
const WAIT_MAX: Duration = Duration::from_hours(24);

/// Reads the header's value: a number of seconds, or a date, which only means something when the
/// present moment is known. A date that has passed is a wait of nothing.
pub fn retry_after(value: &str, now: Option<Timestamp>) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        let secs = value.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(secs).min(WAIT_MAX));
    }
    let at = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    let wait = at.duration_since(now?);
    Some(Duration::try_from(wait).unwrap_or(Duration::ZERO).min(WAIT_MAX))
}
