//! Answers in the contract's form.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// The codes that this portal answers with. Only 0 and -3 are known of the real one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// It is done.
    Ok,
    /// The request can't be read, or user or password are wrong.
    BadRequest,
    /// The session is unknown or has expired: log in again.
    Session,
    /// An insert of a dossier that exists.
    Exists,
    /// An update, or progress, of a dossier that does not exist.
    Missing,
    /// A record has faults.
    Faulty,
    /// The unit or dossier belongs to another account.
    Foreign,
    /// The record is fine, but another one of its request is not.
    Withheld,
    /// A bound was reached; the HTTP status says which.
    Busy,
}

impl Code {
    fn number(self) -> i64 {
        match self {
            Self::Ok => 0,
            Self::BadRequest => -1,
            Self::Session => -2,
            Self::Exists => -3,
            Self::Missing => -4,
            Self::Faulty => -5,
            Self::Foreign => -6,
            Self::Withheld => -7,
            Self::Busy => -9,
        }
    }
}

/// How a service writes its codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As a number.
    Number,
    /// As a string.
    Text,
}

impl Spelling {
    /// The writing services spell codes as strings.
    pub(super) fn of_service(service: &str) -> Self {
        match service {
            "DongBoHoSoMC" | "CapNhatTienDoHoSoMC" | "integration" => Self::Text,
            _ => Self::Number,
        }
    }

    fn write(self, code: Code) -> Value {
        match self {
            Self::Number => Value::from(code.number()),
            Self::Text => Value::from(code.number().to_string()),
        }
    }
}

/// What became of one record.
#[derive(Clone, Debug)]
pub(super) struct RecordAnswer {
    /// Its dossier code, where it has one.
    pub(super) dossier: String,
    /// Its code.
    pub(super) code: Code,
    /// In words.
    pub(super) message: String,
}

/// An answer of the contract.
#[derive(Debug)]
pub(super) struct Answer {
    code: Code,
    message: String,
    session: Option<String>,
    result: Option<Results>,
}

#[derive(Debug)]
enum Results {
    Records(Vec<RecordAnswer>),
    Found(Vec<Box<RawValue>>),
}

impl Answer {
    /// An answer with a code and a message.
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), session: None, result: None }
    }

    /// The answer to a write: its code is the first that is not 0.
    pub(super) fn to_write(records: Vec<RecordAnswer>) -> Self {
        let failed =
            records.iter().find(|record| !matches!(record.code, Code::Ok | Code::Withheld));
        let (code, message) = match failed {
            Some(record) => (record.code, record.message.clone()),
            None => (Code::Ok, "Đồng bộ thành công".to_owned()),
        };
        Self { code, message, session: None, result: Some(Results::Records(records)) }
    }

    /// The answer to a look-up.
    pub(super) fn to_look_up(found: Vec<Box<RawValue>>) -> Self {
        let message = "Tra cứu thành công".to_owned();
        Self { code: Code::Ok, message, session: None, result: Some(Results::Found(found)) }
    }

    /// Adds the session.
    pub(super) fn session(mut self, session: String) -> Self {
        self.session = Some(session);
        self
    }

    /// Writes it.
    pub(super) fn json(self, spelling: Spelling) -> Response {
        let mut body = serde_json::Map::new();
        if let Some(session) = self.session {
            body.insert("session".to_owned(), Value::from(session));
        }
        body.insert("error_code".to_owned(), spelling.write(self.code));
        body.insert("message".to_owned(), Value::from(self.message));
        let result = match self.result {
            None => Vec::new(),
            Some(Results::Records(records)) => {
                records.into_iter().map(|record| record.json(spelling)).collect()
            }
            Some(Results::Found(found)) => {
                found.iter().filter_map(|record| serde_json::from_str(record.get()).ok()).collect()
            }
        };
        body.insert("result".to_owned(), Value::Array(result));
        let media_type = HeaderValue::from_static("application/json; charset=utf-8");
        ([(header::CONTENT_TYPE, media_type)], Value::Object(body).to_string()).into_response()
    }
}

impl RecordAnswer {
    fn json(self, spelling: Spelling) -> Value {
        json!({
            "MaHoSo": self.dossier,
            "error_code": spelling.write(self.code),
            "message": self.message,
        })
    }
}
