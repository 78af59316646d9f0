//! The routes, and what holds for all of them: bounds on time and number, headers, counting.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use lienthong_protocol::{BATCHES_PATH, HEARTBEATS_PATH};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::RequestBodyDeadlineLayer;

use crate::app::App;
use crate::refused::{RefusalCode, Refused};
use crate::{dvcqg, health, heartbeats, ingest, metrics_text, page, records};

/// All routes of the hub.
pub(crate) fn router(app: App) -> Router {
    let body_time = Duration::from_millis(app.shared.limits.body_timeout_ms.into());
    Router::new()
        .route("/", get(page::get))
        .route("/healthz", get(health::alive))
        .route("/metrics", get(metrics_text::get))
        .route(BATCHES_PATH, post(ingest::post))
        .route(HEARTBEATS_PATH, post(heartbeats::post))
        .route("/v1/health", get(health::get))
        .route("/v1/feeds", get(records::feeds))
        .route("/v1/records", get(records::get))
        .route("/v1/dvcqg/stats", get(dvcqg::stats))
        .nest("/dvcqg", dvcqg::routes())
        .fallback(async || Refused::NoPath)
        .method_not_allowed_fallback(async || Refused::NoMethod)
        .layer(RequestBodyDeadlineLayer::new(body_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(app.clone(), bound))
        .layer(middleware::from_fn_with_state(app.clone(), finish))
        .with_state(app)
}

/// Lets only so many requests in, each for only so long. Work that was handed to the store before
/// the time was up is stored, and its repetition answered.
async fn bound(State(app): State<App>, request: Request, next: Next) -> Response {
    let Ok(_permit) = app.shared.requests.try_acquire() else {
        return Refused::Busy.into_response();
    };
    let patience = Duration::from_millis(app.shared.limits.request_timeout_ms.into());
    match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refused::Timeout.into_response(),
    }
}

/// Counts refusals, and sets the headers that every answer bears.
async fn finish(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(RefusalCode(code)) = response.extensions().get() {
        app.shared.refusals.add(code);
    }
    let headers = response.headers_mut();
    let fixed = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Refused::Panicked.into_response()
}
