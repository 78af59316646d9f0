//! The answer of a service: its records, what it says about itself, and its faults.

use bytes::Bytes;
use lienthong_adapter_api::{PullError, PullFailure};
use lienthong_adapter_kit::http::{Reply, Success, shortened};
use lienthong_adapter_kit::paging::{Answer, Paging, Record, digest};

use crate::scan::{Found, FoundRecord, NotReadable, Path, Search};
use crate::{Connection, Feed};

/// Fault codes of WS-Security 1.0, section 12, that mean refused credentials.
const REFUSED_CREDENTIALS: [&str; 5] = [
    "FailedAuthentication",
    "InvalidSecurity",
    "InvalidSecurityToken",
    "FailedCheck",
    "SecurityTokenUnavailable",
];

/// Where faults of both versions of SOAP have their codes and words.
const FAULT: [&str; 5] = [
    "Envelope.Body.Fault.faultcode",
    "Envelope.Body.Fault.Code.Value",
    "Envelope.Body.Fault.Code.Subcode.Value",
    "Envelope.Body.Fault.faultstring",
    "Envelope.Body.Fault.Reason.Text",
];

/// Where the parts of a feed's answers are.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    search: Search,
    key_names: String,
    /// Where the total and the marks of the last and of further pages are, as they are written.
    told: [Option<String>; 3],
    success: Option<Success>,
    unauthorised: Vec<String>,
    busy: Vec<String>,
}

/// The values that follow those of [`FAULT`] in a search, where a feed has no use for one its path
/// leads nowhere.
const TOTAL: usize = FAULT.len();
const LAST: usize = TOTAL + 1;
const MORE: usize = TOTAL + 2;
const NEXT: usize = TOTAL + 3;
const CODE: usize = TOTAL + 4;
const WORDS: usize = TOTAL + 5;

impl Shape {
    pub(crate) fn new(feed: &Feed, connection: &Connection) -> Self {
        let success = feed.success.as_ref().or(connection.success.as_ref());
        let in_body = |path: Option<&str>| match path {
            Some(path) => Path::parse(&format!("Envelope.Body.{path}")),
            None => Path::parse(""),
        };
        let next = match &feed.paging {
            Paging::Cursor { next, .. } => Some(next.as_str()),
            _ => None,
        };
        let mut values: Vec<_> = FAULT.iter().map(|path| Path::parse(path)).collect();
        values.extend([
            in_body(feed.total.as_deref()),
            in_body(feed.last.as_deref()),
            in_body(feed.more.as_deref()),
            in_body(next),
            in_body(success.map(|rule| rule.path.as_str())),
            in_body(success.and_then(|rule| rule.message.as_deref())),
        ]);
        Self {
            search: Search {
                record: in_body(Some(&feed.records)),
                keys: feed.key.iter().map(|path| Path::parse(path)).collect(),
                values,
            },
            key_names: feed.key.join("`, `"),
            told: [feed.total.clone(), feed.last.clone(), feed.more.clone()],
            success: success.cloned(),
            unauthorised: connection.unauthorised.clone(),
            busy: connection.busy.clone(),
        }
    }

    /// Finds the records of an answer.
    ///
    /// # Errors
    /// When it is a fault, not an envelope, or tells of a failure.
    pub(crate) fn read(&self, reply: Reply) -> Result<Answer, PullError> {
        // A fault comes with HTTP 500 or 400; what those mean by themselves says less than it.
        if reply.failure().is_some() && !matches!(reply.status, 400 | 500) {
            return match reply.into_success() {
                Err(error) => Err(error),
                Ok(reply) => Err(unexpected("it is neither success nor failure", &reply)),
            };
        }
        let found = self.scan(&reply.body);
        if reply.failure().is_some() {
            let what = format!("HTTP {} without a SOAP fault", reply.status);
            let failure = found.ok().and_then(|found| self.fault(&found));
            let failure = failure.unwrap_or(PullFailure::Unexpected(what));
            return Err(PullError::new(failure, reply.place));
        }
        let found = found.map_err(|NotReadable(what)| unexpected(&what, &reply))?;
        let skipped = reply.body.len() - trimmed(&reply.body).len();
        if found.head.first().map(String::as_str) != Some("Envelope") {
            return Err(unexpected("it is not a SOAP envelope", &reply));
        }
        if let Some(failure) = self.fault(&found) {
            return Err(PullError::new(failure, reply.place));
        }
        let value = |at: usize| found.values.get(at).and_then(Option::as_deref);
        if let Some(rule) = &self.success
            && let Some(failure) = rule.failure(value(CODE), value(WORDS))
        {
            return Err(PullError::new(failure, reply.place));
        }
        let [total, last, more] = &self.told;
        let total = told(total.as_ref(), value(TOTAL), |text| text.parse().ok(), &reply)?;
        let is_last = told(last.as_ref(), value(LAST), flag, &reply)?;
        let is_more = told(more.as_ref(), value(MORE), flag, &reply)?;
        let is_last = is_last.or_else(|| is_more.map(|more| !more));
        Ok(Answer {
            total,
            is_last,
            next: value(NEXT).filter(|next| !next.is_empty()).map(str::to_owned),
            records: found.records.iter().map(|record| self.record(record, skipped)).collect(),
            date: reply.date,
            origin: reply.place,
            body: reply.body,
        })
    }

    fn scan(&self, body: &Bytes) -> Result<Found, NotReadable> {
        let xml = std::str::from_utf8(trimmed(body)).map_err(|error| {
            NotReadable(format!("it is not UTF-8 at byte {}", error.valid_up_to()))
        })?;
        self.search.run(xml)
    }

    /// The failure that a fault stands for; `None` when the answer is none.
    fn fault(&self, found: &Found) -> Option<PullFailure> {
        if found.head.get(2).map(String::as_str) != Some("Fault") {
            return None;
        }
        let value = |at: usize| found.values.get(at).and_then(Option::as_deref);
        let codes: Vec<_> = [value(0), value(1), value(2)].into_iter().flatten().collect();
        let locals: Vec<_> = codes.iter().map(|code| local(code)).collect();
        let is_in = |known: &[String]| locals.iter().any(|code| known.iter().any(|k| k == code));
        let is_refused = locals.iter().any(|code| REFUSED_CREDENTIALS.contains(code));
        if is_refused || is_in(&self.unauthorised) {
            return Some(PullFailure::Unauthorised);
        }
        if is_in(&self.busy) {
            return Some(PullFailure::Busy { retry_after: None });
        }
        let words = value(3).or_else(|| value(4)).unwrap_or("a fault without words");
        let code = locals.last().copied().unwrap_or("Fault");
        Some(PullFailure::Refused(shortened(&format!("{code}: {words}"))))
    }

    fn record(&self, found: &FoundRecord, skipped: usize) -> Record {
        let range = found.range.start + skipped..found.range.end + skipped;
        if let Some(name) = &found.unknown_entity {
            let reason = format!("the record refers to `&{name};`, which nothing declares");
            return Record { range, key: Err(("LT-2075", reason)) };
        }
        let is_there = |key: &Option<String>| key.as_deref().is_some_and(|key| !key.is_empty());
        if !found.keys.iter().any(is_there) {
            let reason = format!("the record has no `{}`", self.key_names);
            return Record { range, key: Err(("LT-2079", reason)) };
        }
        let parts = found.keys.iter().map(|key| key.as_deref().unwrap_or_default().as_bytes());
        Record { range, key: Ok(digest(parts)) }
    }
}

/// The body without a byte order mark.
fn trimmed(body: &Bytes) -> &[u8] {
    body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body)
}

fn local(code: &str) -> &str {
    code.rsplit_once(':').map_or(code, |(_, local)| local).trim()
}

/// What an answer tells at a place of the feed's description. That it is missing there is told as
/// well: the end of a list is not guessed.
fn told<T>(
    path: Option<&String>,
    text: Option<&str>,
    read: impl Fn(&str) -> Option<T>,
    reply: &Reply,
) -> Result<Option<T>, PullError> {
    let Some(path) = path else { return Ok(None) };
    match text.and_then(read) {
        Some(value) => Ok(Some(value)),
        None => Err(unexpected(&format!("there is no usable value at `{path}`"), reply)),
    }
}

fn flag(text: &str) -> Option<bool> {
    match text {
        "true" | "1" | "True" => Some(true),
        "false" | "0" | "False" => Some(false),
        _ => None,
    }
}

fn unexpected(what: &str, reply: &Reply) -> PullError {
    PullError::new(PullFailure::Unexpected(what.to_owned()), reply.place.clone())
}
