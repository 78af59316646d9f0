//! Endpoint contracts: what one national endpoint expects, as versioned data.
//!
//! A contract says how a canonical record is written for its endpoint (names, order, types, dates,
//! limits), how it travels (services, session, envelope) and how the endpoint tells success. It
//! does no I/O: the runtime's uplink does what the contract says.

mod answer;
mod compile;
mod raw;
mod render;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::{Severity, Title};

pub use answer::Outcome;
pub use render::{Note, NoteKind, Rendered};

/// A compiled contract; made by [`EndpointContract::compile`].
#[derive(Clone, Debug)]
pub struct EndpointContract {
    /// Its name: `dvcqg-2019`.
    pub name: Arc<str>,
    /// The name for people.
    pub title: Title,
    /// How requests are made.
    pub transport: Transport,
    /// How a caller is let in, and what goes around the records of a request.
    pub way: Way,
    /// How an answer tells success.
    pub answer: Answer,
    records: BTreeMap<Arc<str>, RecordContract>,
}

/// How a caller is let in, and what goes around the records of a request.
#[derive(Clone, Debug)]
pub enum Way {
    /// A login gives a session, and every request is an envelope that bears it.
    Session(Session, Envelope),
    /// A token by client credentials (RFC 6749, 4.4), and every request is the record itself.
    Token(TokenLogin),
}

impl EndpointContract {
    /// How records of a type go to the endpoint, if it takes them.
    pub fn record(&self, record_type: &str) -> Option<&RecordContract> {
        self.records.get(record_type)
    }

    /// The record types that the endpoint takes, sorted by name.
    pub fn record_types(&self) -> impl Iterator<Item = &str> {
        self.records.keys().map(|name| &**name)
    }
}

/// How requests are made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transport {
    /// Headers of every request.
    pub headers: BTreeMap<String, String>,
    /// The header that bears the destination code, where there is one.
    #[serde(default)]
    pub destination_header: Option<String>,
    /// How long to wait for an answer.
    pub timeout_secs: u32,
}

/// How a session is opened and kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// The member of the login request that bears the user's name.
    pub username: String,
    /// The member of the login request that bears the password.
    pub password: String,
    /// The member of the answer to a login that bears the session.
    pub token: String,
    /// How long a session is used before a new login.
    pub minutes: u32,
}

/// How a token is asked for and read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenLogin {
    /// The member of the answer that bears the token.
    pub token: String,
    /// The member of the answer that says for how many seconds it holds.
    pub expires_in: String,
}

/// The names of what goes around the records of a request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// The member for the session.
    pub session: String,
    /// The member for the sending agency.
    pub agency: String,
    /// The member for the service.
    pub service: String,
    /// The member for the records.
    pub data: String,
}

/// How an answer tells success.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The member that bears the error code, as number or text.
    pub code: String,
    /// The member that bears the message.
    pub message: String,
    /// The member that bears what was asked for.
    pub result: String,
    /// Codes that mean success.
    pub ok: Vec<String>,
    /// Words in a message that mean that the record is there already.
    pub exists: Vec<String>,
    /// Words in a message that mean that the session has ended.
    #[serde(default)]
    pub session_ended: Vec<String>,
}

/// How the records of one type go to the endpoint.
#[derive(Clone, Debug)]
pub struct RecordContract {
    /// The service that takes them.
    pub service: String,
    /// Most records in one request.
    pub records_max: u32,
    /// How the endpoint is told whether a record is new; none where it need not be told.
    pub updating: Option<Updating>,
    /// The member that bears the code of the sending unit, where each record has one.
    pub unit: Option<String>,
    /// The number that the endpoint gives a record when it is created.
    pub gives_id: Option<GivesId>,
    /// The number of another record that this one must name.
    pub names_id: Option<NamesId>,
    /// What follows a creation, and alone stands for every later state.
    pub then: Option<FollowUp>,
    /// How a missing value is written.
    pub missing: Missing,
    members: Vec<Member>,
    left_out: Vec<Arc<str>>,
}

/// The number that an endpoint gives a record when it is created.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivesId {
    /// The member of the answer's result that bears it.
    pub answer: String,
    /// The member of what follows that must bear it.
    pub member: String,
}

/// The number of another record, as the endpoint gave it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamesId {
    /// The other record's type.
    pub of: String,
    /// The field of this record that holds the other one's key.
    pub by: String,
    /// The member that must bear the number.
    pub member: String,
}

/// What follows a creation.
#[derive(Clone, Debug)]
pub struct FollowUp {
    /// The service that takes it.
    pub service: String,
    missing: Missing,
    members: Vec<Member>,
}

/// How the endpoint is told whether a record is new, and how to find out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Updating {
    /// The member of the envelope that says so.
    pub member: String,
    /// Its value for a new record.
    pub insert: String,
    /// Its value for a known record.
    pub update: String,
    /// The service that looks a record up; it is known if the result is not empty.
    pub lookup_service: String,
    /// The argument of that service that bears the record's key.
    pub lookup_argument: String,
}

/// How a missing value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// As empty text, and a missing list as an empty one.
    Empty,
    /// Not at all.
    Absent,
}

/// One member of a record or row as the endpoint names it.
#[derive(Clone, Debug)]
struct Member {
    name: Box<str>,
    from: Arc<str>,
    kind: MemberKind,
    only_when: Option<OnlyWhen>,
}

/// A field of the record and the values of it with which a member is sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OnlyWhen {
    field: String,
    is: Vec<String>,
}

#[derive(Clone, Debug)]
enum MemberKind {
    Field(FieldForm),
    /// An object around members of the same record or row.
    Object(Vec<Member>),
    Group {
        members: Vec<Member>,
        left_out: Vec<Arc<str>>,
        single: bool,
    },
}

/// How one field is written.
#[derive(Clone, Debug)]
struct FieldForm {
    written: Written,
    write_as: WriteAs,
    limit: Option<Limit>,
    codes: BTreeMap<Box<str>, Recoded>,
    /// Whether a code that is not among `codes` is refused rather than sent as it is.
    refuses_others: bool,
    booleans: [Box<str>; 2],
}

/// What a canonical value is, as far as it is written otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Written {
    AsIs,
    /// A date in this format.
    Date(Box<str>),
    /// An instant in this format, in the time of Viet Nam.
    Timestamp(Box<str>),
}

/// As what of JSON a value is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum WriteAs {
    /// As a string, whatever it is.
    #[default]
    Text,
    /// As a whole number; what is none is refused.
    Integer,
}

/// The greatest length of a text.
#[derive(Clone, Copy, Debug)]
struct Limit {
    chars: u32,
    /// Whether a longer text is cut and noted, or the record refused.
    severity: Severity,
}

/// The endpoint's code for one of ours.
#[derive(Clone, Debug)]
struct Recoded {
    code: Box<str>,
    /// Whether another of our codes becomes the same one, so that something is lost.
    is_lossy: bool,
}

#[cfg(test)]
mod tests;
