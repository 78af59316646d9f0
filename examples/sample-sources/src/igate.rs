//! `igate`: OAuth 2.0 client credentials, pages as Spring writes them, a window of change dates.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;

use crate::credentials::{IGATE_AGENCY, IGATE_CLIENT_ID, IGATE_CLIENT_SECRET};
use crate::samples::{self, SampleError};

/// The most records this system gives a page, whatever it is asked for.
const SIZE_MAX: usize = 5;

struct Igate {
    dossiers: Vec<(String, Box<RawValue>)>,
    tokens: AtomicU64,
}

pub(crate) fn router(file: &impl Fn(&str) -> Option<Vec<u8>>) -> Result<Router, SampleError> {
    let path = "igate/samples/dossiers.json";
    let text = samples::text(file, path)?;
    let mut dossiers = samples::json_records(&text, path, "content", "updatedDate")?;
    // The dates have one form and one zone, so their order is that of their letters.
    dossiers.sort_by(|a, b| a.0.cmp(&b.0));
    let igate = Igate { dossiers, tokens: AtomicU64::new(0) };
    Ok(Router::new()
        .route("/auth/realms/digo/protocol/openid-connect/token", post(token))
        .route("/pa/dossier/search", get(search))
        .with_state(Arc::new(igate)))
}

async fn token(State(igate): State<Arc<Igate>>, headers: HeaderMap, form: String) -> Response {
    // A form and a query are written alike.
    let as_query = format!("/?{form}").parse().unwrap_or_default();
    let form = Query::<HashMap<String, String>>::try_from_uri(&as_query);
    let form = form.map(|Query(form)| form).unwrap_or_default();
    let of_form = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let expected = format!("{IGATE_CLIENT_ID}:{IGATE_CLIENT_SECRET}");
    let in_form = format!("{}:{}", of_form("client_id"), of_form("client_secret"));
    let in_header = format!("Basic {}", STANDARD.encode(&expected));
    if in_form != expected && authorization(&headers) != Some(&*in_header) {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "error": "invalid_client" })))
            .into_response();
    }
    if of_form("grant_type") != "client_credentials" {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "unsupported_grant_type" })))
            .into_response();
    }
    let number = igate.tokens.fetch_add(1, Ordering::Relaxed) + 1;
    Json(json!({
        "access_token": format!("igate-token-{number}"),
        "expires_in": 300,
        "token_type": "Bearer",
        "scope": "dossier",
    }))
    .into_response()
}

async fn search(
    State(igate): State<Arc<Igate>>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let newest = igate.tokens.load(Ordering::Relaxed);
    let is_known = authorization(&headers)
        .and_then(|value| value.strip_prefix("Bearer igate-token-"))
        .and_then(|number| number.parse::<u64>().ok())
        .is_some_and(|number| (1..=newest).contains(&number));
    if !is_known {
        let body = json!({ "status": 401, "error": "Unauthorized", "path": "/pa/dossier/search" });
        return (StatusCode::UNAUTHORIZED, Json(body)).into_response();
    }
    let of_query = |name: &str| query.get(name).map(String::as_str);
    let (Some(from), Some(until)) = (of_query("updated-from"), of_query("updated-to")) else {
        let body = json!({ "status": 400, "error": "Bad Request", "message": "updated-from" });
        return (StatusCode::BAD_REQUEST, Json(body)).into_response();
    };
    let number = of_query("page").and_then(|page| page.parse().ok()).unwrap_or(0_usize);
    let size = of_query("size").and_then(|size| size.parse().ok()).unwrap_or(SIZE_MAX);
    let size = size.clamp(1, SIZE_MAX);
    let is_ours = of_query("agency-id") == Some(IGATE_AGENCY);
    let found: Vec<_> = igate
        .dossiers
        .iter()
        .filter(|(date, _)| is_ours && from <= date.as_str() && date.as_str() < until)
        .map(|(_, dossier)| &**dossier)
        .collect();
    let page: Vec<_> = found.iter().skip(number.saturating_mul(size)).take(size).copied().collect();
    let pages = found.len().div_ceil(size);
    Json(Page {
        pageable: Pageable { page_number: number, page_size: size },
        total_elements: found.len(),
        total_pages: pages,
        last: number + 1 >= pages,
        first: number == 0,
        size,
        number,
        number_of_elements: page.len(),
        empty: page.is_empty(),
        content: page,
    })
    .into_response()
}

/// A page as Spring writes it. The records go out as they are: a type of their own, because a
/// generic value would write them anew.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    content: Vec<&'a RawValue>,
    pageable: Pageable,
    total_elements: usize,
    total_pages: usize,
    last: bool,
    first: bool,
    size: usize,
    number: usize,
    number_of_elements: usize,
    empty: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pageable {
    page_number: usize,
    page_size: usize,
}

fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()
}
