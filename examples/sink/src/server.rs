//! The server: one path that takes batches, one that tells the journal, one that sets the faults.

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use tokio::net::TcpListener;

use crate::faults::Fate;
use crate::{Faults, Journal, Mishap, Totals};

/// The largest body that is taken.
const BODY_BYTES_MAX: usize = 64 << 20;

/// How the endpoint behaves.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where applied records are appended to.
    pub store: Option<PathBuf>,
    /// What it does wrong.
    pub faults: Faults,
}

/// The state of a running endpoint.
#[derive(Clone)]
pub struct Sink {
    journal: Arc<Mutex<Journal>>,
    fate: Arc<Mutex<Fate>>,
    late: Arc<Mutex<Duration>>,
}

impl Sink {
    /// Makes an endpoint.
    ///
    /// # Errors
    /// When the store can't be opened.
    pub fn new(options: &Options) -> io::Result<Self> {
        let open = |path| std::fs::OpenOptions::new().create(true).append(true).open(path);
        let store = options.store.as_ref().map(open).transpose()?;
        Ok(Self {
            journal: Arc::new(Mutex::new(Journal::new(store))),
            fate: Arc::new(Mutex::new(Fate::new(options.faults.clone()))),
            late: Arc::new(Mutex::new(Duration::from_millis(options.faults.late_millis))),
        })
    }

    /// The sums so far.
    pub fn totals(&self) -> Totals {
        lock(&self.journal).totals().clone()
    }

    /// Changes what it does wrong.
    pub fn misbehave(&self, faults: Faults) {
        *lock(&self.late) = Duration::from_millis(faults.late_millis);
        *lock(&self.fate) = Fate::new(faults);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves until `until` is done.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    sink: Sink,
    until: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let router = Router::new()
        .route("/batches", post(take).put(take))
        .route("/journal", get(journal))
        .route("/faults", post(set_faults))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(sink);
    axum::serve(listener, router).with_graceful_shutdown(until).await
}

async fn journal(State(sink): State<Sink>) -> Json<Totals> {
    Json(sink.totals())
}

async fn set_faults(State(sink): State<Sink>, Json(faults): Json<Faults>) -> StatusCode {
    sink.misbehave(faults);
    StatusCode::NO_CONTENT
}

async fn take(State(sink): State<Sink>, headers: HeaderMap, body: Bytes) -> Response {
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok());
    let mishap = lock(&sink.fate).draw(&body);
    let applied = {
        let mut journal = lock(&sink.journal);
        journal.note(key, &body);
        match mishap {
            Mishap::Refuse => {
                journal.note_refused();
                Ok(())
            }
            Mishap::Busy | Mishap::CutBefore => Ok(()),
            Mishap::None | Mishap::CutAfter | Mishap::Garbage | Mishap::Late => {
                journal.apply(key, &body)
            }
        }
    };
    if let Err(error) = applied {
        return (StatusCode::INSUFFICIENT_STORAGE, error.to_string()).into_response();
    }
    answer(mishap, &sink).await
}

async fn answer(mishap: Mishap, sink: &Sink) -> Response {
    match mishap {
        Mishap::None => StatusCode::NO_CONTENT.into_response(),
        Mishap::Refuse => (StatusCode::BAD_REQUEST, "gói tin không hợp lệ").into_response(),
        Mishap::Busy => {
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "0")], "busy").into_response()
        }
        Mishap::CutBefore | Mishap::CutAfter => cut(),
        Mishap::Garbage => {
            // A status that no success rule takes, with a body that means nothing.
            (StatusCode::IM_USED, Body::from(&b"\x00\xff<html>{"[..])).into_response()
        }
        Mishap::Late => {
            let late = *lock(&sink.late);
            tokio::time::sleep(late).await;
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

/// An answer that promises more than it gives, so that the client sees the connection break.
fn cut() -> Response {
    let response = Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_LENGTH, "1000")
        .body(Body::new(Broken));
    response.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// A body that breaks off at its first byte.
struct Broken;

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())))
    }
}
