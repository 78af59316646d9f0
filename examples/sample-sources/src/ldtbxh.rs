//! `ldtbxh`: a range of time in a posted body, a bearer token, refusals with HTTP 200.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::RawValue;

use crate::credentials::{LDTBXH_KEY, LDTBXH_PROVINCE};
use crate::samples::{self, SampleError, unusable};

const FORMAT: &str = "%d/%m/%Y %H:%M:%S";

struct Ldtbxh {
    dossiers: Vec<(DateTime, Box<RawValue>)>,
}

/// What is asked for.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wanted {
    loai_du_lieu: String,
    ma_tinh: String,
    thoi_gian_bat_dau: String,
    thoi_gian_ket_thuc: String,
}

pub(crate) fn router(file: &impl Fn(&str) -> Option<Vec<u8>>) -> Result<Router, SampleError> {
    let path = "ldtbxh/samples/dossiers.json";
    let text = samples::text(file, path)?;
    let mut dossiers = Vec::new();
    for (received, dossier) in samples::json_records(&text, path, "result.data", "ngayTiepNhan")? {
        let received = DateTime::strptime(FORMAT, &received)
            .map_err(|error| unusable(path, format!("ngayTiepNhan: {error}")))?;
        dossiers.push((received, dossier));
    }
    Ok(Router::new()
        .route("/apiBTXH/DanhSachHoSo", post(list))
        .with_state(Arc::new(Ldtbxh { dossiers })))
}

async fn list(
    State(ldtbxh): State<Arc<Ldtbxh>>,
    headers: HeaderMap,
    Json(wanted): Json<Wanted>,
) -> Response {
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    if token.and_then(|token| token.strip_prefix("Bearer ")) != Some(LDTBXH_KEY) {
        return failure(401, "AcceptKey không hợp lệ");
    }
    if wanted.ma_tinh != LDTBXH_PROVINCE || wanted.loai_du_lieu != "1" {
        return failure(-1, "Không có dữ liệu của địa bàn này");
    }
    let moment = |text: &str| DateTime::strptime(FORMAT, text).ok();
    let range = moment(&wanted.thoi_gian_bat_dau).zip(moment(&wanted.thoi_gian_ket_thuc));
    let Some((from, until)) = range else {
        return failure(-2, "Thời gian không đúng định dạng dd/MM/yyyy HH:mm:ss");
    };
    let found = ldtbxh.dossiers.iter().filter(|(at, _)| from <= *at && *at <= until);
    let data: Vec<_> = found.map(|(_, dossier)| &**dossier).collect();
    Json(Answer { result: List { message: "Thành công", error_code: 0, data } }).into_response()
}

/// An answer. The records go out as they are: a generic value would write them anew.
#[derive(Serialize)]
struct Answer<'a> {
    result: List<'a>,
}

#[derive(Serialize)]
struct List<'a> {
    message: &'static str,
    error_code: i32,
    data: Vec<&'a RawValue>,
}

fn failure(code: i32, message: &str) -> Response {
    Json(json!({ "result": { "message": message, "error_code": code, "data": [] } }))
        .into_response()
}
