//! `lgsp-one-stop`: SOAP 1.1 with a `UsernameToken`, records counted from an index, date windows.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::DateTime;
use sha1::{Digest as _, Sha1};

use crate::credentials::{LGSP_PASSWORD, LGSP_UNIT, LGSP_USERNAME};
use crate::samples::{self, SampleError, unusable, xml_attribute, xml_text};

/// How this system writes moments.
const MOMENT: &str = "%d/%m/%Y %H:%M:%S";

/// The most records this system gives an answer, whatever it is asked for.
const COUNT_MAX: usize = 3;

struct Lgsp {
    dossiers: Vec<(DateTime, String)>,
    traces: Vec<(DateTime, String)>,
    /// Nonces that were seen: none is taken twice.
    nonces: Mutex<HashSet<String>>,
}

pub(crate) fn router(file: &impl Fn(&str) -> Option<Vec<u8>>) -> Result<Router, SampleError> {
    let lgsp = Lgsp {
        dossiers: records(file, "dossiers", "MSyncDocument", "DateReceived")?,
        traces: records(file, "progress", "MDocumentTraces", "DateProcessed")?,
        nonces: Mutex::default(),
    };
    Ok(Router::new().route("/OneStopService", post(answer)).with_state(Arc::new(lgsp)))
}

fn records(
    file: &impl Fn(&str) -> Option<Vec<u8>>,
    feed: &str,
    element: &str,
    date: &str,
) -> Result<Vec<(DateTime, String)>, SampleError> {
    let path = format!("lgsp-one-stop/samples/{feed}.xml");
    let xml = samples::text(file, &path)?;
    let places = samples::xml_elements(&xml, element).map_err(|what| unusable(&path, what))?;
    let mut records = Vec::new();
    for place in places {
        let record = xml.get(place).unwrap_or_default();
        let written = xml_text(record, date).unwrap_or_default();
        let moment = DateTime::strptime(MOMENT, &written)
            .map_err(|error| unusable(&path, format!("{date}: {error}")))?;
        records.push((moment, record.to_owned()));
    }
    Ok(records)
}

async fn answer(State(lgsp): State<Arc<Lgsp>>, request: String) -> Response {
    if !lgsp.lets_in(&request) {
        return fault("wsse:FailedAuthentication", "Tên đăng nhập hoặc mật khẩu không đúng");
    }
    let (name, list, records) = if request.contains("GetSyncDocuments") {
        ("GetSyncDocuments", "Documents", &lgsp.dossiers)
    } else if request.contains("GetDocumentTraces") {
        ("GetDocumentTraces", "Traces", &lgsp.traces)
    } else {
        return fault("soap:Client", "Không có dịch vụ này");
    };
    if xml_text(&request, "OrganId").as_deref() != Some(LGSP_UNIT) {
        return fault("soap:Client", "Mã đơn vị không tồn tại");
    }
    let moment = |name: &str| DateTime::strptime(MOMENT, xml_text(&request, name)?).ok();
    let number = |name: &str| xml_text(&request, name)?.parse::<usize>().ok();
    let (Some(from), Some(until), Some(start), Some(count)) =
        (moment("FromDate"), moment("ToDate"), number("StartIndex"), number("Count"))
    else {
        return fault("soap:Client", "Tham số không đúng định dạng");
    };
    let found: Vec<_> =
        records.iter().filter(|(at, _)| from <= *at && *at < until).map(|(_, xml)| xml).collect();
    let taken = found.iter().skip(start).take(count.min(COUNT_MAX));
    let page = taken.map(|xml| xml.as_str()).collect::<Vec<_>>().join("\n");
    let total = found.len();
    envelope(
        StatusCode::OK,
        &format!(
            "<os:{name}Response xmlns:os=\"urn:lgsp:one-stop\"><os:{name}Result>\
             <os:Total>{total}</os:Total>\n<os:{list}>\n{page}\n</os:{list}>\n\
             </os:{name}Result></os:{name}Response>"
        ),
    )
}

impl Lgsp {
    fn lets_in(&self, request: &str) -> bool {
        let value = |name: &str| xml_text(request, name);
        let shown = value("Password").unwrap_or_default();
        let nonce = value("Nonce").unwrap_or_default();
        let is_digest = xml_attribute(request, "Password", "Type")
            .is_some_and(|kind| kind.ends_with("#PasswordDigest"));
        let expected = if is_digest {
            let mut hash = Sha1::new();
            hash.update(STANDARD.decode(&nonce).unwrap_or_default());
            hash.update(value("Created").unwrap_or_default());
            hash.update(LGSP_PASSWORD);
            STANDARD.encode(hash.finalize())
        } else {
            LGSP_PASSWORD.to_owned()
        };
        // A digest that is seen twice may be somebody else's copy of it.
        let is_new =
            !is_digest || self.nonces.lock().unwrap_or_else(PoisonError::into_inner).insert(nonce);
        value("Username").as_deref() == Some(LGSP_USERNAME) && shown == expected && is_new
    }
}

fn fault(code: &str, words: &str) -> Response {
    let body = format!(
        "<soap:Fault xmlns:wsse=\"http://docs.oasis-open.org/wss/2004/01/\
         oasis-200401-wss-wssecurity-secext-1.0.xsd\"><faultcode>{code}</faultcode>\
         <faultstring>{words}</faultstring></soap:Fault>"
    );
    envelope(StatusCode::INTERNAL_SERVER_ERROR, &body)
}

fn envelope(status: StatusCode, body: &str) -> Response {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>\
         {body}</soap:Body></soap:Envelope>"
    );
    (status, [(header::CONTENT_TYPE, "text/xml; charset=utf-8")], xml).into_response()
}
