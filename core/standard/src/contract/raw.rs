//! A contract file as people write it.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{
    Answer, Envelope, GivesId, Missing, NamesId, OnlyWhen, Session, TokenLogin, Transport,
    Updating, WriteAs,
};
use crate::{Severity, Title};

/// `contracts/<name>.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Contract {
    #[serde(rename = "contract")]
    pub(super) name: Spanned<String>,
    pub(super) title: Title,
    #[expect(dead_code, reason = "for readers of the file; the program has no use for it")]
    pub(super) source: Option<String>,
    pub(super) transport: Transport,
    pub(super) session: Option<Session>,
    pub(super) envelope: Option<Envelope>,
    pub(super) token: Option<TokenLogin>,
    pub(super) answer: Answer,
    pub(super) write: Write,
    pub(super) records: BTreeMap<Spanned<String>, Record>,
}

/// How values are written, where a field does not say otherwise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Write {
    pub(super) timestamp: Spanned<String>,
    pub(super) date: Spanned<String>,
    /// For false and true.
    pub(super) booleans: [String; 2],
    pub(super) missing: Missing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) service: String,
    pub(super) records_max: Spanned<u32>,
    pub(super) updating: Option<Updating>,
    pub(super) unit: Option<String>,
    pub(super) gives_id: Option<GivesId>,
    pub(super) names_id: Option<NamesId>,
    pub(super) fields: Spanned<Vec<Member>>,
    #[serde(default)]
    pub(super) left_out: Vec<Spanned<String>>,
    pub(super) then: Option<Then>,
}

/// What follows a creation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Then {
    pub(super) service: String,
    pub(super) fields: Spanned<Vec<Member>>,
}

/// One member, in the order in which it is sent; with `fields` it is a list of rows, with `object`
/// an object around members of the same row.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Member {
    pub(super) name: Spanned<String>,
    /// The name in the standard, where it is another.
    pub(super) from: Option<Spanned<String>>,
    pub(super) max_chars: Option<u32>,
    /// What follows when a text is longer: `warn` cuts it, `refuse` refuses the record.
    pub(super) longer: Option<Severity>,
    #[serde(default)]
    pub(super) codes: BTreeMap<Spanned<String>, String>,
    /// What follows a code that is not among `codes`: `refuse`, or it is sent as it is.
    pub(super) other_codes: Option<OtherCodes>,
    pub(super) booleans: Option<[String; 2]>,
    #[serde(default, rename = "as")]
    pub(super) write_as: WriteAs,
    /// The format of a date or an instant, where it is another than the contract's.
    pub(super) format: Option<Spanned<String>>,
    pub(super) only_when: Option<OnlyWhen>,
    pub(super) object: Option<Spanned<Vec<Member>>>,
    pub(super) fields: Option<Spanned<Vec<Member>>>,
    #[serde(default)]
    pub(super) left_out: Vec<Spanned<String>>,
}

/// What follows a code that is not among those that are translated.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum OtherCodes {
    /// The record is refused.
    Refuse,
}
