//! The files of a standard as people write them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use crate::{History, IdentifierKind, Personal, Severity, Title};

/// Entries by name; their order in the text is told by the places of the names.
pub(super) type Named<T> = BTreeMap<Spanned<String>, T>;

/// `records/<name>.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    #[serde(rename = "record_type")]
    pub(super) name: Spanned<String>,
    pub(super) title: Title,
    pub(super) source: Option<Arc<str>>,
    pub(super) key: Spanned<Vec<Spanned<String>>>,
    pub(super) history: History,
    pub(super) own_date: Option<Spanned<String>>,
    pub(super) revision: Option<Spanned<String>>,
    pub(super) fields: Named<Field>,
    #[serde(default)]
    pub(super) groups: Named<Group>,
    #[serde(default)]
    pub(super) rules: Vec<Rule>,
    pub(super) states: Option<States>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Field {
    pub(super) title: Title,
    #[serde(rename = "type")]
    pub(super) kind: Spanned<Kind>,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) nullable: bool,
    pub(super) max_chars: Option<Spanned<u32>>,
    pub(super) pattern: Option<Spanned<String>>,
    pub(super) min: Option<Spanned<Number>>,
    pub(super) max: Option<Spanned<Number>>,
    pub(super) code_list: Option<Spanned<String>>,
    /// Fields beside it whose codes its own must lie in.
    #[serde(default)]
    pub(super) lies_in: Vec<Spanned<String>>,
    /// The list of bodies that an agency identifier is looked up in.
    pub(super) register: Option<Spanned<String>>,
    pub(super) identifier: Option<Spanned<IdentifierKind>>,
    pub(super) personal: Option<Personal>,
    pub(super) note: Option<Arc<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Text,
    Integer,
    Decimal,
    Boolean,
    Date,
    Timestamp,
    Code,
    Identifier,
}

/// A bound: a whole number, or text in the canonical form of the field's type. Never a float.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "a whole number, or text such as \"0.5\" or \"2025-07-01\"")]
pub(super) enum Number {
    Integer(i64),
    Text(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub(super) title: Title,
    #[serde(default)]
    pub(super) single: bool,
    #[serde(default)]
    pub(super) required: bool,
    pub(super) rows_max: Option<u32>,
    pub(super) fields: Named<Field>,
    #[serde(default)]
    pub(super) groups: Named<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub(super) code: Spanned<String>,
    pub(super) group: Option<Spanned<String>>,
    /// Where a fault is shown, if not at the first field of `holds`.
    pub(super) field: Option<Spanned<String>>,
    pub(super) when: Option<Spanned<String>>,
    pub(super) holds: Spanned<String>,
    pub(super) severity: Severity,
    pub(super) source: Option<Arc<str>>,
    pub(super) message: Title,
}

/// `[states]` of a record type.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct States {
    pub(super) table: Spanned<String>,
    pub(super) field: Spanned<String>,
    pub(super) back: HistoryRule,
    pub(super) steps: Option<Steps>,
}

/// `[states.steps]`: each record is a step in the history of another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Steps {
    pub(super) of: Spanned<String>,
    pub(super) at: Spanned<String>,
    pub(super) late: HistoryRule,
    pub(super) twice: HistoryRule,
    pub(super) beside: HistoryRule,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HistoryRule {
    pub(super) code: Arc<str>,
    pub(super) severity: Severity,
    pub(super) message: Title,
    pub(super) source: Option<Arc<str>>,
}

/// One entry of `states.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StateTable {
    pub(super) title: Title,
    pub(super) source: Arc<str>,
    pub(super) code_list: Spanned<String>,
    /// Every state with those that may come right after it.
    pub(super) next: Named<Vec<Spanned<String>>>,
}

/// One entry of `sentinels.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sentinels {
    pub(super) title: Title,
    pub(super) source: Arc<str>,
    #[serde(default)]
    pub(super) texts: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) dates: Vec<Spanned<String>>,
}

/// One entry of `patterns.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pattern {
    pub(super) title: Title,
    pub(super) regex: Option<Spanned<String>>,
    /// A pattern that the program matches by hand.
    pub(super) shape: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) matches: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) refuses: Vec<Spanned<String>>,
}

/// One entry of `codes/lists.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    pub(super) title: Title,
    pub(super) source: Option<Arc<str>>,
    /// Other lists that parents of its codes stand in.
    #[serde(default)]
    pub(super) parents: Vec<Spanned<String>>,
    /// Read only when a mapping or a record first needs it.
    #[serde(default)]
    pub(super) large: bool,
}

/// The entries of a table in the order of the text.
pub(super) fn in_order<T>(named: Named<T>) -> Vec<(Spanned<String>, T)> {
    let mut entries: Vec<_> = named.into_iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}
