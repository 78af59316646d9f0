//! The contract of the National Public Service Portal (QCVN 120:2019), as its clients see it.
//!
//! What is published of the portal is its clients' behaviour; where that leaves a choice, this one
//! is fixed here so that a client can be tried against it:
//!
//! - `POST login` with `{username, password}` gives `{session, error_code, message}`.
//! - `POST integration`, `share`, `service` or the service's own name takes the envelope
//!   `{session, madonvi, service, …}`; the services are `DongBoHoSoMC` (with `isUpdating` "True" or
//!   "False"), `CapNhatTienDoHoSoMC` and `TraCuuHoSo`. The destination goes in the header `dstcode`
//!   or in the query.
//! - `error_code` is a number in the answers of login and `TraCuuHoSo`, and a string in those of the
//!   two writing services, since both occur in the wild. The codes are in [`Code`].
//! - A request is carried out whole or not at all. `result` lists a code for each record, in order;
//!   the answer's own code is 0 when all are, or else that of the first record to blame.
//! - Faults in a request are answered with HTTP 200 and a code, as the portal does; only the bounds
//!   (size, rate, time, load) show in the HTTP status too.

mod answer;
mod check;
mod services;
mod sessions;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::post;
use serde::Deserialize;

use crate::access::{Party, TokenDigest};
use crate::app::App;
use crate::refused::Refused;
use crate::settings::{DvcqgAccount, DvcqgSettings, Limits};
use crate::{body, depth, store};
use answer::{Answer, Code, Spelling};
use sessions::Sessions;

/// The portal: accounts, sessions and bounds.
#[derive(Debug)]
pub(crate) struct Portal {
    accounts: Vec<DvcqgAccount>,
    sessions: Sessions,
    limits: Limits,
}

impl Portal {
    /// Checks the accounts.
    pub(crate) fn new(settings: DvcqgSettings, limits: Limits) -> Result<Self, String> {
        let accounts = settings.accounts;
        for (index, account) in accounts.iter().enumerate() {
            if account.username.is_empty() || account.password == TokenDigest::of("") {
                return Err("an account of the portal without user or password".to_owned());
            }
            if accounts.iter().take(index).any(|other| other.username == account.username) {
                return Err(format!("two accounts of the portal named `{}`", account.username));
            }
        }
        Ok(Self { accounts, sessions: Sessions::new(settings.session_secs), limits })
    }
}

/// The routes under `/dvcqg`.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/login", post(login)).route("/{service}", post(service))
}

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
}

#[derive(Deserialize)]
struct Destination {
    dstcode: Option<String>,
}

async fn login(
    State(app): State<App>,
    Query(destination): Query<Destination>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let spelling = Spelling::Number;
    let login: Login = match request(&app, &headers, &destination, body).await {
        Ok(login) => login,
        Err(refusal) => return refusal.answer(spelling),
    };
    let portal = &app.shared.portal;
    let now = app.clock.now();
    let account = portal.accounts.iter().find(|account| account.username == login.username);
    // Unknown users share one bucket, so that guessing names is slow and takes no memory.
    let bucket = account.map_or("(portal)", |account| account.username.as_str());
    if let Err(refused) = app.shared.rates.take(&format!("portal/{bucket}"), now) {
        return bounded(refused, spelling);
    }
    let is_right = |account: &&DvcqgAccount| account.password == TokenDigest::of(&login.password);
    let Some(account) = account.filter(is_right) else {
        return Answer::new(Code::BadRequest, "Sai tên đăng nhập hoặc mật khẩu").json(spelling);
    };
    match portal.sessions.begin(&account.username, now) {
        Some(session) => {
            Answer::new(Code::Ok, "Đăng nhập thành công").session(session).json(spelling)
        }
        None => bounded(Refused::Busy, spelling),
    }
}

async fn service(
    State(app): State<App>,
    Path(path): Path<String>,
    Query(destination): Query<Destination>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let envelope: services::Envelope = match request(&app, &headers, &destination, body).await {
        Ok(envelope) => envelope,
        Err(refusal) => return refusal.answer(Spelling::of_service(&path)),
    };
    let is_general = matches!(path.as_str(), "integration" | "share" | "service");
    let named = envelope.service.clone().unwrap_or_default();
    let service = if is_general || !named.is_empty() { named } else { path };
    let spelling = Spelling::of_service(&service);
    let now = app.clock.now();
    let portal = &app.shared.portal;
    let Some(username) = portal.sessions.user(&envelope.session, now) else {
        let message = "Phiên làm việc không hợp lệ hoặc đã hết hạn, đề nghị đăng nhập lại";
        return Answer::new(Code::Session, message).json(spelling);
    };
    let Some(account) = portal.accounts.iter().find(|account| account.username == username) else {
        return Answer::new(Code::Session, "Tài khoản không còn hiệu lực").json(spelling);
    };
    if let Err(refused) = app.shared.rates.take(&format!("portal/{username}"), now) {
        return bounded(refused, spelling);
    }
    if envelope.madonvi != account.unit {
        return Answer::new(Code::Foreign, "Mã đơn vị không thuộc tài khoản").json(spelling);
    }
    match services::call(&app, account, &service, envelope, now).await {
        Ok(answer) => answer.json(spelling),
        Err(refused) => bounded(refused, spelling),
    }
}

/// Why a request of the contract is not even looked into.
enum Unread {
    Bound(Refused),
    Malformed(String),
}

impl Unread {
    fn answer(self, spelling: Spelling) -> Response {
        match self {
            Self::Bound(refused) => bounded(refused, spelling),
            Self::Malformed(message) => Answer::new(Code::BadRequest, message).json(spelling),
        }
    }
}

/// Reads a request's JSON within the bounds.
async fn request<T: serde::de::DeserializeOwned>(
    app: &App,
    headers: &HeaderMap,
    destination: &Destination,
    body: Body,
) -> Result<T, Unread> {
    let limits = &app.shared.portal.limits;
    let _room = app.shared.room_for(body::length(&body)).await.map_err(Unread::Bound)?;
    let bytes = body::read(body, limits.body_bytes_max).await.map_err(Unread::Bound)?;
    let in_header = headers.get("dstcode").and_then(|value| value.to_str().ok());
    let destination = in_header.or(destination.dstcode.as_deref()).unwrap_or_default();
    if destination.is_empty() {
        return Err(Unread::Malformed("Thiếu mã đích dstcode".to_owned()));
    }
    if depth::exceeds(&bytes, limits.depth_max) {
        return Err(Unread::Bound(Refused::TooDeep { depth_max: limits.depth_max }));
    }
    // The parser's words may quote the body, which may hold personal data: only the place is told.
    serde_json::from_slice(&bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Unread::Malformed(format!("Gói tin không đúng định dạng (dòng {line}, cột {column})"))
    })
}

/// A bound that was reached: its HTTP status, and the words in the contract's form.
fn bounded(refused: Refused, spelling: Spelling) -> Response {
    let message = refused.problem().detail_vi;
    let (mut parts, _) = refused.into_response().into_parts();
    parts.headers.remove(axum::http::header::CONTENT_TYPE);
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    let (body_parts, body) = Answer::new(Code::Busy, message).json(spelling).into_parts();
    parts.headers.extend(body_parts.headers);
    Response::from_parts(parts, body)
}

/// Answers `GET /v1/dvcqg/stats` for tools: what came through the contract.
pub(crate) async fn stats(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refused> {
    match app.shared.access.party(&headers)? {
        Party::Reader | Party::Operator => {}
        Party::Agency(_) => return Err(Refused::NotForParty),
    }
    let stats = app.shared.query(store::dvcqg_stats).await?;
    Ok((StatusCode::OK, Json(stats)).into_response())
}
