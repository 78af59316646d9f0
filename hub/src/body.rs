//! Reading request bodies: bounded in bytes and time.

use std::error::Error;

use axum::body::{Body, HttpBody as _};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tower_http::timeout::TimeoutError;

use crate::refused::Refused;

/// The most bytes of a refused body that are read away.
const DRAINED_MAX: usize = 8 << 20;

/// Reads a whole body.
///
/// # Errors
/// When it is longer than allowed, too slow or cut off.
pub(crate) async fn read(body: Body, bytes_max: usize) -> Result<Bytes, Refused> {
    let too_large = Refused::TooLarge { bytes_max };
    if body.size_hint().lower() > bytes_max as u64 {
        drain(body).await;
        return Err(too_large);
    }
    match Limited::new(body, bytes_max).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large),
        Err(error) if is_timeout(&*error) => Err(Refused::Timeout),
        Err(_) => Err(Refused::CutOff),
    }
}

/// How many bytes a body has at most, where its sender said so.
pub(crate) fn length(body: &Body) -> Option<u64> {
    body.size_hint().upper()
}

/// Reads a body away without keeping it, so that its sender can read the refusal: a connection that
/// is closed while the other side writes loses the answer. Stops where the body is longer than a
/// sender in good faith would send.
pub(crate) async fn drain(mut body: Body) {
    let mut left = DRAINED_MAX;
    while let Some(Ok(frame)) = body.frame().await {
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        if bytes > left {
            break;
        }
        left -= bytes;
    }
}

fn is_timeout(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<TimeoutError>() {
            return true;
        }
        next = error.source();
    }
    false
}
