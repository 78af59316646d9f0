//! `gplx`: a window of receipt dates, a key in a header and in the query, errors with HTTP 200.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;

use crate::credentials::{GPLX_KEY, GPLX_UNIT};
use crate::samples::{self, SampleError, unusable};

struct Gplx {
    dossiers: Vec<(Date, Box<RawValue>)>,
}

pub(crate) fn router(file: &impl Fn(&str) -> Option<Vec<u8>>) -> Result<Router, SampleError> {
    let path = "gplx/samples/dossiers.json";
    let text = samples::text(file, path)?;
    let mut dossiers = Vec::new();
    for (received, dossier) in samples::json_records(&text, path, "data", "NgayTiepNhan")? {
        let day = received.split(' ').next().unwrap_or_default();
        let day = Date::strptime("%d/%m/%Y", day)
            .map_err(|error| unusable(path, format!("NgayTiepNhan: {error}")))?;
        dossiers.push((day, dossier));
    }
    Ok(Router::new()
        .route("/apiGTVT/danhsachhoso", get(list))
        .with_state(Arc::new(Gplx { dossiers })))
}

async fn list(
    State(gplx): State<Arc<Gplx>>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let of_query = |name: &str| query.get(name).map(String::as_str);
    let of_header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if of_query("APIKey") != Some(GPLX_KEY) || of_header("ApiKey") != Some(GPLX_KEY) {
        return failure(-301, "APIKey không hợp lệ");
    }
    if of_query("GovAgencyCode") != Some(GPLX_UNIT) || of_header("MaDonVi") != Some(GPLX_UNIT) {
        return failure(-302, "Mã đơn vị không tồn tại");
    }
    let day = |name: &str| Date::strptime("%d/%m/%Y", of_query(name)?).ok();
    let (Some(from), Some(until)) = (day("ReceiveFromDate"), day("ReceiveToDate")) else {
        return failure(-303, "Ngày tiếp nhận không đúng định dạng dd/MM/yyyy");
    };
    let found = gplx.dossiers.iter().filter(|(day, _)| from <= *day && *day <= until);
    let data: Vec<_> = found.map(|(_, dossier)| &**dossier).collect();
    Json(List { total: data.len(), data }).into_response()
}

/// A list. The records go out as they are: a generic value would write them anew.
#[derive(Serialize)]
struct List<'a> {
    total: usize,
    data: Vec<&'a RawValue>,
}

fn failure(code: i32, message: &str) -> Response {
    Json(json!({ "code": code, "message": message })).into_response()
}
