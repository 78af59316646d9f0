//! The headers of a batch: whose it is, and which bytes it claims to be.

use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use lienthong_protocol::{BATCH_MEDIA_TYPE, CONTENT_DIGEST, Digest, IDEMPOTENCY_KEY};

use crate::app::App;
use crate::refused::Refused;

/// What the headers say of the body.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    /// The digest in `Content-Digest`.
    pub(super) digest: Digest,
    /// The value of `Idempotency-Key`.
    pub(super) key: String,
}

/// Checks all that can be checked before the body is read. Gives the agency's code.
pub(super) fn check(
    app: &App,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<(String, Claim), Refused> {
    let agency = app.shared.access.agency(headers)?;
    app.shared.rates.take(agency, now)?;
    check_media_type(headers)?;
    let claim = Claim { digest: content_digest(headers)?, key: idempotency_key(headers)? };
    Ok((agency.to_owned(), claim))
}

/// The zstd frames may be named as content coding; the bytes are the same.
fn check_media_type(headers: &HeaderMap) -> Result<(), Refused> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let media_type = text(header::CONTENT_TYPE).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let coding = text(header::CONTENT_ENCODING).unwrap_or("zstd");
    if essence.eq_ignore_ascii_case(BATCH_MEDIA_TYPE) && coding.eq_ignore_ascii_case("zstd") {
        Ok(())
    } else {
        Err(Refused::MediaType)
    }
}

fn content_digest(headers: &HeaderMap) -> Result<Digest, Refused> {
    let value = headers.get(CONTENT_DIGEST).and_then(|value| value.to_str().ok());
    let digest = value.and_then(Digest::from_content_digest);
    digest.ok_or(Refused::ContentDigest { is_missing: true })
}

fn idempotency_key(headers: &HeaderMap) -> Result<String, Refused> {
    let value = headers.get(IDEMPOTENCY_KEY).and_then(|value| value.to_str().ok());
    value.map(str::to_owned).ok_or(Refused::IdempotencyKey { is_missing: true })
}
