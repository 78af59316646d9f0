//! Refusals of a request, as problem details (RFC 9457) in both languages.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lienthong_protocol::{PROBLEM_MEDIA_TYPE, ProblemDetails};

/// Where the pages of the error codes are named from; an identifier, not an address to open.
const KIND_PREFIX: &str = "https://lienthong.example/errors/";

/// Why a request is refused whole; nothing of it has been stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// No token, or one that nobody has.
    NoCredential,
    /// The health page was asked for without the operator's token.
    NoOperator,
    /// The agency in the request is not the one whose token it bears.
    OtherAgency,
    /// The token is good, but not for this.
    NotForParty,
    /// The content type or coding is not the one that belongs here.
    MediaType,
    /// The `Content-Digest` header is missing, or not that of the body.
    ContentDigest {
        /// Whether there was one.
        is_missing: bool,
    },
    /// The `Idempotency-Key` header is missing, or not the digest of the body.
    IdempotencyKey {
        /// Whether there was one.
        is_missing: bool,
    },
    /// The body is not a batch.
    NotABatch {
        /// Why, in English.
        why: String,
    },
    /// The batch has a form that this hub does not know.
    UnknownForm(u8),
    /// The batch is of another standard than the hub's.
    UnknownStandard {
        /// The one that the hub knows.
        known: String,
    },
    /// The standard has no such record type.
    UnknownRecordType,
    /// The feed has records of another type already.
    OtherRecordType {
        /// The type it has.
        known: String,
    },
    /// The body, or what it decompresses to, is too long.
    TooLarge {
        /// The bound in bytes.
        bytes_max: usize,
    },
    /// JSON is nested too deep.
    TooDeep {
        /// The bound.
        depth_max: usize,
    },
    /// The party asks too often.
    TooMany {
        /// When to come again.
        retry_secs: u32,
    },
    /// The hub has too much to do.
    Busy,
    /// The disk, or the store's bound, is full.
    DiskFull,
    /// The store failed.
    StoreFailed,
    /// The request took too long.
    Timeout,
    /// The body was cut off.
    CutOff,
    /// The heartbeat can't be read.
    BadHeartbeat {
        /// Why, in English.
        why: String,
    },
    /// The query can't be read.
    BadQuery {
        /// Why, in English.
        why: String,
    },
    /// There is no such record.
    NoRecord,
    /// There is no such path.
    NoPath,
    /// The path has no such method.
    NoMethod,
    /// A part of the hub failed in a way that is a fault of the program.
    Panicked,
}

/// Code, status and title of one kind of refusal.
type Facts = (&'static str, StatusCode, &'static str);

impl Refused {
    /// The statuses tell a connector what to do: 400, 413 and 422 are judgements on the batch, which
    /// it cuts in two to find the bad record; with any other the batch waits and is sent again.
    fn facts(&self) -> Facts {
        use StatusCode as S;
        match self {
            Self::NoCredential => ("LT-7010", S::UNAUTHORIZED, "No valid credential"),
            Self::NoOperator => ("LT-7011", S::UNAUTHORIZED, "The operator's token is needed"),
            Self::OtherAgency => ("LT-7012", S::FORBIDDEN, "Another agency's data"),
            Self::NotForParty => ("LT-7013", S::FORBIDDEN, "The credential is not for this"),
            Self::MediaType => ("LT-7014", S::UNSUPPORTED_MEDIA_TYPE, "Wrong content type"),
            Self::ContentDigest { is_missing: true } => {
                ("LT-7015", S::BAD_REQUEST, "No content digest")
            }
            Self::ContentDigest { is_missing: false } => {
                ("LT-7036", S::CONFLICT, "Content digest mismatch")
            }
            Self::IdempotencyKey { .. } => ("LT-7016", S::BAD_REQUEST, "Wrong idempotency key"),
            Self::NotABatch { .. } => ("LT-7017", S::UNPROCESSABLE_ENTITY, "Not a batch"),
            Self::UnknownForm(_) => ("LT-7018", S::CONFLICT, "Unknown batch form"),
            Self::UnknownStandard { .. } => ("LT-7019", S::CONFLICT, "Another standard"),
            Self::UnknownRecordType => ("LT-7020", S::CONFLICT, "Unknown record type"),
            Self::OtherRecordType { .. } => {
                ("LT-7021", S::CONFLICT, "The feed has another record type")
            }
            Self::TooLarge { .. } => ("LT-7022", S::PAYLOAD_TOO_LARGE, "Too large"),
            Self::TooDeep { .. } => ("LT-7023", S::UNPROCESSABLE_ENTITY, "Nested too deep"),
            Self::TooMany { .. } => ("LT-7024", S::TOO_MANY_REQUESTS, "Too many requests"),
            Self::Busy => ("LT-7025", S::SERVICE_UNAVAILABLE, "The hub is busy"),
            Self::DiskFull => ("LT-7026", S::INSUFFICIENT_STORAGE, "The hub's disk is full"),
            Self::StoreFailed => ("LT-7027", S::SERVICE_UNAVAILABLE, "The hub's store failed"),
            Self::Timeout => ("LT-7028", S::REQUEST_TIMEOUT, "The request took too long"),
            Self::CutOff => ("LT-7029", S::BAD_REQUEST, "The body was cut off"),
            Self::BadHeartbeat { .. } => {
                ("LT-7030", S::UNPROCESSABLE_ENTITY, "The heartbeat can't be read")
            }
            Self::BadQuery { .. } => ("LT-7031", S::BAD_REQUEST, "The query can't be read"),
            Self::NoRecord => ("LT-7032", S::NOT_FOUND, "No such record"),
            Self::NoPath => ("LT-7033", S::NOT_FOUND, "No such path"),
            Self::NoMethod => ("LT-7034", S::METHOD_NOT_ALLOWED, "No such method"),
            Self::Panicked => ("LT-7035", S::INTERNAL_SERVER_ERROR, "The hub failed"),
        }
    }

    /// What is wrong with this request, in English and Vietnamese.
    fn detail(&self) -> (String, String) {
        if let Some((en, vi)) = self.plain_detail() {
            return (en.to_owned(), vi.to_owned());
        }
        match self {
            Self::NotABatch { why } => (
                format!("the body is not a batch: {why}"),
                format!("nội dung không phải là một lô dữ liệu: {why}"),
            ),
            Self::UnknownForm(form) => (
                format!("the batch has form {form}, this hub knows form 1"),
                format!("lô có dạng {form}, trung tâm này chỉ biết dạng 1"),
            ),
            Self::UnknownStandard { known } => (
                format!("this hub takes records of standard `{known}`"),
                format!("trung tâm này nhận bản ghi theo chuẩn `{known}`"),
            ),
            Self::OtherRecordType { known } => (
                format!("the feed holds records of type `{known}`"),
                format!("luồng dữ liệu này chứa bản ghi loại `{known}`"),
            ),
            Self::TooLarge { bytes_max } => (
                format!("more than the {bytes_max} bytes allowed"),
                format!("vượt quá {bytes_max} byte cho phép"),
            ),
            Self::TooDeep { depth_max } => (
                format!("JSON nested deeper than {depth_max} levels"),
                format!("JSON lồng nhau sâu hơn {depth_max} cấp"),
            ),
            Self::TooMany { retry_secs } => (
                format!("too many requests; come again in {retry_secs} s"),
                format!("quá nhiều yêu cầu; hãy gửi lại sau {retry_secs} giây"),
            ),
            Self::BadHeartbeat { why } => (
                format!("the heartbeat can't be read: {why}"),
                format!("không đọc được tín hiệu định kỳ: {why}"),
            ),
            Self::BadQuery { why } => (
                format!("the query can't be read: {why}"),
                format!("không đọc được tham số truy vấn: {why}"),
            ),
            _ => (String::new(), String::new()),
        }
    }

    /// The details that are always the same.
    fn plain_detail(&self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::NoCredential => (
                "the request bears no token, or one that this hub does not know",
                "yêu cầu không có mã truy cập, hoặc trung tâm không biết mã này",
            ),
            Self::NoOperator => (
                "this page is for the hub's operator: give the token as the password",
                "trang này dành cho người vận hành trung tâm: nhập mã truy cập vào ô mật khẩu",
            ),
            Self::OtherAgency => (
                "the token belongs to another agency than the one in the request",
                "mã truy cập thuộc về cơ quan khác với cơ quan ghi trong yêu cầu",
            ),
            Self::NotForParty => (
                "the token is known, but does not allow this",
                "mã truy cập hợp lệ nhưng không được phép làm việc này",
            ),
            Self::MediaType => {
                (MEDIA_TYPE_EN, "kiểu nội dung không đúng với loại dữ liệu gửi đến địa chỉ này")
            }
            Self::ContentDigest { is_missing: true } => (
                "the header Content-Digest with sha-256 is missing",
                "thiếu tiêu đề Content-Digest với sha-256",
            ),
            Self::ContentDigest { is_missing: false } => (
                "the body that arrived is not the one that Content-Digest was computed of",
                "nội dung nhận được không khớp với Content-Digest",
            ),
            Self::IdempotencyKey { is_missing: true } => {
                ("the header Idempotency-Key is missing", "thiếu tiêu đề Idempotency-Key")
            }
            Self::IdempotencyKey { is_missing: false } => (
                "Idempotency-Key is not the quoted SHA-256 of the body",
                "Idempotency-Key không phải là SHA-256 (trong dấu ngoặc kép) của nội dung",
            ),
            Self::UnknownRecordType => (
                "the hub's standard has no such record type",
                "chuẩn dữ liệu của trung tâm không có loại bản ghi này",
            ),
            Self::Busy => (
                "the hub has too many requests under way",
                "trung tâm đang xử lý quá nhiều yêu cầu",
            ),
            Self::DiskFull => (
                "the hub has no room left; nothing of the request was stored",
                "trung tâm hết chỗ lưu trữ; chưa lưu gì từ yêu cầu này",
            ),
            Self::StoreFailed => (
                "the hub could not store or read; nothing of the request was stored",
                "trung tâm không ghi hoặc đọc được kho dữ liệu; chưa lưu gì từ yêu cầu này",
            ),
            Self::Timeout => (
                "the request was not complete, or not answered, in time",
                "yêu cầu không hoàn tất hoặc không được trả lời kịp thời hạn",
            ),
            Self::CutOff => (
                "the connection ended before the body did",
                "kết nối đứt trước khi nhận đủ nội dung",
            ),
            Self::NoRecord => ("the hub holds no such record", "trung tâm không có bản ghi này"),
            Self::NoPath => ("the hub has nothing here", "trung tâm không có địa chỉ này"),
            Self::NoMethod => {
                ("this path does not take this method", "địa chỉ này không nhận phương thức này")
            }
            Self::Panicked => (
                "the hub failed while it worked on the request; its log says more",
                "trung tâm gặp lỗi khi xử lý yêu cầu; xem nhật ký của trung tâm",
            ),
            _ => return None,
        })
    }

    fn retry_secs(&self) -> Option<u32> {
        match self {
            Self::TooMany { retry_secs } => Some(*retry_secs),
            Self::Busy => Some(1),
            Self::StoreFailed => Some(30),
            Self::DiskFull => Some(300),
            _ => None,
        }
    }

    /// The refusal as problem details.
    pub(crate) fn problem(&self) -> ProblemDetails {
        let (code, status, title) = self.facts();
        let (detail, detail_vi) = self.detail();
        ProblemDetails {
            kind: format!("{KIND_PREFIX}{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail,
            detail_vi,
            code: code.to_owned(),
        }
    }
}

const MEDIA_TYPE_EN: &str = "the content type is not the one that belongs here \
    (application/vnd.lienthong.batch+jsonl for batches, application/json elsewhere), \
    or there is a content coding";

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (code, status, _) = self.facts();
        let body = serde_json::to_vec(&self.problem()).unwrap_or_default();
        let media_type = HeaderValue::from_static(PROBLEM_MEDIA_TYPE);
        let mut response = (status, [(header::CONTENT_TYPE, media_type)], body).into_response();
        if let Some(secs) = self.retry_secs() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
        }
        let challenge = match self {
            Self::NoCredential => Some("Bearer realm=\"lienthong\""),
            Self::NoOperator => Some("Basic realm=\"lienthong\", charset=\"UTF-8\""),
            _ => None,
        };
        if let Some(challenge) = challenge {
            let value = HeaderValue::from_static(challenge);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
        response.extensions_mut().insert(RefusalCode(code));
        response
    }
}

/// Rides on a refused response, so that refusals can be counted in one place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RefusalCode(pub(crate) &'static str);
