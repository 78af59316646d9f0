//! The other side of the contract, strict about types and forms, over real HTTP.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// The one client that is let in.
pub(crate) const CLIENT: &str = "ministry-client";

/// What the portal has seen.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) dossiers: BTreeMap<String, Dossier>,
    /// Creations of a dossier that was there already.
    pub(crate) creations_repeated: usize,
    /// Tokens given.
    pub(crate) tokens: usize,
    /// Requests to the services.
    pub(crate) requests: usize,
    /// What broke the contract.
    pub(crate) faults: Vec<String>,
    uses: usize,
    is_answer_lost: bool,
}

/// One dossier.
pub(crate) struct Dossier {
    pub(crate) body: Value,
    pub(crate) creations: usize,
    pub(crate) states: Vec<i64>,
    pub(crate) steps: usize,
    id: String,
}

/// A running portal.
#[derive(Clone)]
pub(crate) struct Portal {
    seen: Arc<Mutex<Seen>>,
    credentials: Arc<str>,
    uses_max: usize,
    lose_answer_of: Arc<str>,
}

impl Portal {
    /// A portal that lets a client in with a secret, for so many requests a token, and loses the
    /// answer to the creation of one dossier.
    pub(crate) fn new(secret: &str, uses_max: usize, lose_answer_of: &str) -> Self {
        Self {
            seen: Arc::default(),
            credentials: format!("{CLIENT}:{secret}").into(),
            uses_max,
            lose_answer_of: lose_answer_of.into(),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }

    /// Whether the request bears the token that is good now.
    fn lets_in(&self, headers: &HeaderMap) -> bool {
        let mut seen = self.state();
        let token = format!("Bearer token-{}", seen.tokens);
        let bears = headers.get("authorization").is_some_and(|value| value == token.as_str());
        seen.uses += 1;
        bears && seen.uses <= self.uses_max
    }
}

/// Serves the portal on a free port; answers its address.
pub(crate) fn serve(runtime: &Runtime, portal: &Portal) -> String {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/token", post(token))
        .route("/dvcbo/NopHoSo", post(create))
        .route("/dvcbo/CapNhatTrangThai", post(update))
        .route("/dvcbo/CapNhatTienTrinh", post(steps))
        .with_state(portal.clone());
    runtime.spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

async fn token(State(portal): State<Portal>, headers: HeaderMap, body: String) -> Response {
    use base64::Engine as _;
    let expected = base64::engine::general_purpose::STANDARD.encode(&*portal.credentials);
    let expected = format!("Basic {expected}");
    let is_right = headers.get("authorization").is_some_and(|value| value == expected.as_str());
    if !is_right || body != "grant_type=client_credentials" {
        return (StatusCode::UNAUTHORIZED, "no").into_response();
    }
    let mut seen = portal.state();
    seen.tokens += 1;
    seen.uses = 0;
    let token = format!("token-{}", seen.tokens);
    let scope = "am_application_scope default";
    Json(json!({ "access_token": token, "expires_in": 3600, "token_type": "Bearer", "scope": scope }))
        .into_response()
}

async fn create(
    State(portal): State<Portal>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    if !portal.lets_in(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut seen = portal.state();
    seen.requests += 1;
    let code = body["MaHoSo"].as_str().unwrap_or_default().to_owned();
    for name in ["NgayNop", "NgayTiepNhan"] {
        if !is_like(body[name].as_str(), "0000-00-00 00:00:00") {
            seen.faults.push(format!("{code}: {name}"));
        }
    }
    let kinds = [&body["LoaiDoiTuong"], &body["ThongTinNguoiNop"]["LoaiDoiTuong"]];
    if !kinds.iter().all(|kind| kind.as_i64().is_some_and(|kind| (0..=2).contains(&kind))) {
        seen.faults.push(format!("{code}: LoaiDoiTuong"));
    }
    if body["MaDonViTiepNhan"] != "G09.20" {
        seen.faults.push(format!("{code}: MaDonViTiepNhan"));
    }
    if seen.dossiers.contains_key(&code) {
        seen.creations_repeated += 1;
        return refused("Hồ sơ đã tồn tại trên hệ thống");
    }
    let id = format!("id-{}", seen.dossiers.len());
    let dossier = Dossier { body, creations: 1, states: Vec::new(), steps: 0, id: id.clone() };
    seen.dossiers.insert(code.clone(), dossier);
    if *code == *portal.lose_answer_of && !seen.is_answer_lost {
        seen.is_answer_lost = true;
        return StatusCode::BAD_GATEWAY.into_response();
    }
    accepted(&json!({ "IdHoSo": id }))
}

async fn update(
    State(portal): State<Portal>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    if !portal.lets_in(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut seen = portal.state();
    seen.requests += 1;
    let code = body["MaHoSo"].as_str().unwrap_or_default().to_owned();
    let Some(dossier) = seen.dossiers.get_mut(&code) else {
        return refused("Không tìm thấy hồ sơ");
    };
    // A dossier whose number the client never learned is found by its code alone.
    let is_named = body["IdHoSo"] == dossier.id.as_str()
        || (*code == *portal.lose_answer_of && body.get("IdHoSo").is_none());
    match body["TrangThai"].as_i64().filter(|_| is_named) {
        Some(state) => dossier.states.push(state),
        None => seen.faults.push(format!("{code}: {body}")),
    }
    accepted(&Value::Null)
}

async fn steps(
    State(portal): State<Portal>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    if !portal.lets_in(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut seen = portal.state();
    seen.requests += 1;
    let steps = body.as_array().cloned().unwrap_or_default();
    let code = |step: &Value| step["MaHoSo"].as_str().unwrap_or_default().to_owned();
    if steps.is_empty() || !steps.iter().all(|step| seen.dossiers.contains_key(&code(step))) {
        return refused("Không tìm thấy hồ sơ");
    }
    for step in &steps {
        let code = code(step);
        let is_iso = is_like(step["ThoiDiemXuLy"].as_str(), "0000-00-00T00:00:00+00:00");
        let Some(dossier) = seen.dossiers.get_mut(&code) else { continue };
        dossier.steps += 1;
        let is_named = step["IDHoSo"] == dossier.id.as_str() || *code == *portal.lose_answer_of;
        if !is_iso || !is_named || !step["TrangThai"].is_i64() {
            seen.faults.push(format!("{code}: {step}"));
        }
    }
    accepted(&Value::Null)
}

fn accepted(data: &Value) -> Response {
    Json(json!({ "code": 200, "message": "Thành công", "data": data })).into_response()
}

fn refused(words: &str) -> Response {
    let body = Json(json!({ "code": "400", "message": words, "data": null }));
    (StatusCode::BAD_REQUEST, body).into_response()
}

/// Whether a text has digits where the example has them, and the same other characters.
fn is_like(text: Option<&str>, example: &str) -> bool {
    text.is_some_and(|text| {
        text.len() == example.len()
            && text.chars().zip(example.chars()).all(|(one, other)| match other {
                '0' => one.is_ascii_digit(),
                other => one == other,
            })
    })
}
