//! The national standard as compiled types: text in, checked records out.
//!
//! A standard is data (`mappings/standard/v1/`): record types, code lists, patterns and endpoint
//! contracts. [`Standard::compile`] reads it whole or answers with all problems at once.
//! [`RecordType::accept`] is the one way from a [`Candidate`] to a [`Submission`], and a submission
//! is the only thing that writes the canonical form. Nothing here does I/O or has a clock.

mod accept;
mod breach;
mod codes;
mod compile;
pub mod contract;
mod date;
mod decimal;
mod encode;
mod fault;
mod files;
mod identifiers;
mod lists;
mod order;
mod pattern;
mod record_type;
mod rules;
mod scan;
mod schema;
mod sentinel;
mod shape;
mod short_texts;
mod standard;
mod states;
mod submission;
mod text;
mod timestamp;
mod value;
mod verify;

pub use breach::Breach;
pub use codes::{Code, CodeList, CodeListId, Lookup};
pub use date::Date;
pub use fault::FieldFault;
pub use files::Files;
pub use identifiers::{AgencyCode, DossierCode, Generation, ProcedureCode};
pub use pattern::Pattern;
pub use record_type::{
    Bound, Field, FieldType, Group, History, IdentifierKind, Personal, RecordType, RuleWords,
    Title, Within,
};
pub use rules::{
    CodeName, Comparison, Condition, Outlook, Place, Prospect, Prospects, Rule, RuleOutlook,
    Severity, Term,
};
pub use scan::string_stops;
pub use sentinel::{Days, SentinelValues, Sentinels, Texts};
pub use short_texts::ShortTexts;
pub use standard::Standard;
pub use states::{HistoryRule, StateCode, StateTable, States, Steps};
pub use submission::Submission;
pub use timestamp::{Civil, Timestamp};
pub use value::{Candidate, Rows, Value};
pub use verify::{Verified, VerifyScratch};
