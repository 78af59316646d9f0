//! Record types: the fields, groups and key of one kind of national record.

use std::sync::Arc;

use serde::Deserialize;

use crate::codes::CodeListId;
use crate::encode::Key;
use crate::pattern::Pattern;
use crate::rules::Rule;
use crate::states::States;
use crate::{Date, Severity, Timestamp, Value};

/// A name for people, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, from = "Titles")]
pub struct Title {
    /// In Vietnamese.
    pub vi: Arc<str>,
    /// In English; the Vietnamese one where nobody has translated it.
    pub en: Arc<str>,
}

/// How a title is written in a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Titles {
    vi: Arc<str>,
    en: Option<Arc<str>>,
}

impl From<Titles> for Title {
    fn from(written: Titles) -> Self {
        let en = written.en.unwrap_or_else(|| Arc::clone(&written.vi));
        Self { vi: written.vi, en }
    }
}

/// What the states of one record mean to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum History {
    /// Each record is a full state: the newest may stand for the older ones.
    Latest,
    /// Each record is an event that counts, in order.
    Every,
}

/// What kind of personal data a field holds; purpose and masking follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Personal {
    /// A person's name.
    Name,
    /// A number of an identity paper or account of a person.
    Identity,
    /// A telephone or fax number.
    Phone,
    /// An e-mail address.
    Email,
    /// Where a person lives.
    Address,
    /// When a person was born.
    BirthDate,
    /// Free text that may tell of a person.
    Text,
}

/// What an identifier names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentifierKind {
    /// A state body: `000.00.18.G12` (generation 1) or `G12.18` (generation 2).
    Agency,
    /// An administrative procedure: `1.015045`, with an owner's suffix where one is used.
    Procedure,
    /// A dossier: agency, date and ordinal, `000.00.53.H48-220921-0099`.
    Dossier,
}

impl IdentifierKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Agency, Self::Procedure, Self::Dossier];

    /// The word for it in a standard's files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Procedure => "procedure",
            Self::Dossier => "dossier",
        }
    }
}

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// Text in NFC.
    Text,
    /// A whole number of 64 bits.
    Integer,
    /// An exact decimal number.
    Decimal,
    /// True or false.
    Boolean,
    /// A calendar date.
    Date,
    /// An instant.
    Timestamp,
    /// A code of a list, see [`Standard::list`](crate::Standard::list).
    Code(CodeListId),
    /// An identifier with a known form.
    Identifier(IdentifierKind),
}

impl FieldType {
    /// The word for it in a standard's files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
            Self::Code(_) => "code",
            Self::Identifier(_) => "identifier",
        }
    }
}

/// The least or greatest value that a field may have.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// Of an integer field.
    Integer(i64),
    /// Of a decimal field, in canonical form.
    Decimal(Box<str>),
    /// Of a date field.
    Date(Date),
    /// Of a timestamp field.
    Timestamp(Timestamp),
}

impl Bound {
    /// The bound as a value.
    pub const fn value(&self) -> Value<'_> {
        match self {
            Self::Integer(number) => Value::Integer(*number),
            Self::Decimal(number) => Value::Decimal(number),
            Self::Date(date) => Value::Date(*date),
            Self::Timestamp(instant) => Value::Timestamp(*instant),
        }
    }
}

/// One field of a record type or of a group.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name in the canonical form.
    pub name: Arc<str>,
    /// The name for people.
    pub title: Title,
    /// The type of its values.
    pub kind: FieldType,
    /// Whether a record must have it.
    pub required: bool,
    /// Whether it may be null.
    pub nullable: bool,
    /// The greatest number of characters of a text.
    pub max_chars: Option<u32>,
    /// The pattern that a text must match.
    pub pattern: Option<Arc<Pattern>>,
    /// The least value.
    pub min: Option<Bound>,
    /// The greatest value.
    pub max: Option<Bound>,
    /// What kind of personal data it holds.
    pub personal: Option<Personal>,
    /// The list of bodies that an agency identifier is looked up in. It warns only: a register is
    /// never complete.
    pub register: Option<CodeListId>,
    /// What a steward should know of it, for the reference page.
    pub note: Option<Arc<str>>,
    /// The name as the canonical form writes it: `"MaHoSo":`.
    pub(crate) json_key: Key,
}

/// A list of sub-records in a record, or in the rows of another group.
#[derive(Clone, Debug)]
pub struct Group {
    /// The name in the canonical form.
    pub name: Arc<str>,
    /// The name with those of the groups around it: `DanhSachHoSoBoSung.DanhSachLePhiBoSung`.
    pub path: Arc<str>,
    /// The name for people.
    pub title: Title,
    /// The fields of a row.
    pub fields: Vec<Field>,
    /// The group whose rows this one lies in, by its place in [`RecordType::groups`]; it comes
    /// before this one.
    pub parent: Option<usize>,
    /// Whether it is written as one object, with at most one row.
    pub single: bool,
    /// Whether at least one row must be there, in every row of the parent.
    pub required: bool,
    /// The greatest number of rows in one record.
    pub rows_max: u32,
    /// The name as the canonical form writes it.
    pub(crate) json_key: Key,
}

/// One kind of national record; made by [`Standard::compile`](crate::Standard::compile).
#[derive(Clone, Debug)]
pub struct RecordType {
    /// Its name: `dossier`.
    pub name: Arc<str>,
    /// The name for people.
    pub title: Title,
    /// The document that says so.
    pub source: Option<Arc<str>>,
    /// The fields, in the order of the canonical form.
    pub fields: Vec<Field>,
    /// The groups, each after its parent, in the order of the canonical form.
    pub groups: Vec<Group>,
    /// The fields that together tell one record from another.
    pub key: Vec<usize>,
    /// What the states of one record mean to each other.
    pub history: History,
    /// The field whose date decides which codes are in force: a date, a timestamp or a period.
    pub own_date: Option<usize>,
    /// The integer field that orders the states of one record before the order of sending does.
    pub revision: Option<usize>,
    /// Which codes must lie in which: a commune in its province.
    pub within: Vec<Within>,
    /// The rules across fields.
    pub rules: Vec<Rule>,
    /// How the states of its records are told and judged over time.
    pub states: Option<States>,
}

/// A rule as people are told of it.
#[derive(Clone, Copy, Debug)]
pub struct RuleWords<'a> {
    /// What is wrong when it does not hold.
    pub message: &'a Title,
    /// What follows then.
    pub severity: Severity,
    /// Where the hazard was seen, or what the rule is inferred from.
    pub source: Option<&'a str>,
}

/// One code must lie in another on the record's own date, by the parents of their lists; where
/// either is missing, or the record has no own date, nothing is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within {
    /// The group that both fields are in; the record itself when none.
    pub group: Option<usize>,
    /// The field whose code must lie in the other's: the commune.
    pub field: usize,
    /// The other field: the province.
    pub above: usize,
}

impl RecordType {
    /// The place of a field by its name.
    pub fn field_index(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| &*field.name == name)
    }

    /// The place of a group by its path (`A`, or `A.B` for a group inside another).
    pub fn group_index(&self, path: &str) -> Option<usize> {
        self.groups.iter().position(|group| &*group.path == path)
    }

    /// What a rule says, by its code: one across fields or one over the history.
    pub fn rule_words(&self, code: &str) -> Option<RuleWords<'_>> {
        let across = self.rules.iter().find(|rule| &*rule.code == code).map(|rule| RuleWords {
            message: &rule.message,
            severity: rule.severity,
            source: rule.source.as_deref(),
        });
        let mut over_time = self.states.iter().flat_map(States::rules);
        across.or_else(|| {
            over_time.find(|rule| &*rule.code == code).map(|rule| RuleWords {
                message: &rule.message,
                severity: rule.severity,
                source: rule.source.as_deref(),
            })
        })
    }

    /// The groups that lie directly in the record, or in the rows of a group.
    pub(crate) fn children(&self, parent: Option<usize>) -> impl Iterator<Item = (usize, &Group)> {
        self.groups.iter().enumerate().filter(move |(_, group)| group.parent == parent)
    }
}
