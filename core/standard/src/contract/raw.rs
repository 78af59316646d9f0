//! A contract file as people write it.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{Answer, Envelope, Missing, Session, Transport, Updating};
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
    pub(super) session: Session,
    pub(super) envelope: Envelope,
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
    pub(super) fields: Spanned<Vec<Member>>,
    #[serde(default)]
    pub(super) left_out: Vec<Spanned<String>>,
}

/// One member, in the order in which it is sent; with `fields` it is a list of rows.
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
    pub(super) booleans: Option<[String; 2]>,
    pub(super) fields: Option<Spanned<Vec<Member>>>,
    #[serde(default)]
    pub(super) left_out: Vec<Spanned<String>>,
}
