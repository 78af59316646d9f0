//! Receiving batches: checks of the request, opening and verifying, storing, the receipt.

mod headers;
mod prepare;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::app::App;
use crate::body;
use crate::refused::Refused;
use crate::store::{Done, StoreError, Work};
use prepare::Prepared;

/// Answers `POST /v1/batches`: a receipt, which for a batch seen before is the stored one.
pub(crate) async fn post(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let now = app.clock.now();
    let checked = headers::check(&app, &headers, now);
    let (agency, claim) = match checked {
        Ok(checked) => checked,
        Err(refused) => {
            body::drain(body).await;
            return Err(refused);
        }
    };
    let _room = app.shared.room_for(body::length(&body)).await?;
    let bytes = body::read(body, app.shared.limits.body_bytes_max).await?;
    let shared = app.shared.clone();
    let prepared = app
        .shared
        .open_on_a_thread(move || prepare::prepare(&shared, &agency, &claim, bytes, now))
        .await??;
    let receipt = match prepared {
        Prepared::Seen(receipt) => receipt,
        Prepared::New(work) => store(&app, *work).await?,
    };
    Ok(answer(receipt))
}

async fn store(app: &App, work: crate::store::BatchWork) -> Result<Bytes, Refused> {
    let (digest, feed) = (work.digest, work.feed.clone());
    let done = app.shared.store.writer().submit(Work::Batch(work)).await;
    match done.map_err(refused)? {
        Done::Receipt(receipt) => {
            let (agency, source, feed) = (&feed.agency, &feed.source, &feed.feed);
            tracing::debug!(%digest, agency, source, feed, "a batch is stored");
            Ok(receipt)
        }
        Done::Heartbeat | Done::Written(_) | Done::Settled => Err(Refused::StoreFailed),
    }
}

/// What a failure of the store means for a request.
pub(crate) fn refused(error: StoreError) -> Refused {
    match error {
        StoreError::Full => Refused::DiskFull,
        StoreError::Busy | StoreError::Closed => Refused::Busy,
        StoreError::OtherRecordType { known } => Refused::OtherRecordType { known },
        StoreError::Damaged(_) | StoreError::Thread(_) | StoreError::Sqlite(_) => {
            tracing::error!(error = lienthong_diagnostics::chain(&error), "the store failed");
            Refused::StoreFailed
        }
    }
}

fn answer(receipt: Bytes) -> Response {
    let media_type = HeaderValue::from_static("application/json");
    (StatusCode::OK, [(header::CONTENT_TYPE, media_type)], Body::from(receipt)).into_response()
}
