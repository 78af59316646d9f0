//! Why something lies in quarantine, as the JSON text that the outbox keeps.

use lienthong_mapping::Rejection;
use serde::{Deserialize, Serialize};

use crate::uplinks::RefusedRecord;

/// One reason, in the form in which the quarantine keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredReason {
    /// The error code.
    pub code: String,
    /// The national field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The path in the source item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_path: Option<String>,
    /// Why, in English.
    pub message: String,
    /// Why, in Vietnamese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message_vi: String,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// The reasons of a mapping or of the standard.
pub(crate) fn of_rejection(rejection: &Rejection) -> String {
    let reasons = rejection.reasons.iter().map(|reason| StoredReason {
        code: reason.code.to_owned(),
        field: reason.field.clone(),
        source_path: reason.source_path.clone(),
        message: reason.message.clone(),
        message_vi: reason.message_vi.clone(),
        hint: reason.hint.clone(),
    });
    write(&reasons.collect::<Vec<_>>())
}

/// One reason in words.
pub(crate) fn of_words(code: &str, message: &str, hint: &str) -> String {
    write(&[StoredReason {
        code: code.to_owned(),
        message: message.to_owned(),
        hint: (!hint.is_empty()).then(|| hint.to_owned()),
        ..StoredReason::default()
    }])
}

/// The reason of an endpoint for one record.
pub(crate) fn of_refusal(refused: &RefusedRecord) -> String {
    write(&[StoredReason {
        code: refused.code.clone(),
        field: refused.field.clone(),
        message: refused.words.clone(),
        message_vi: refused.words_vi.clone(),
        ..StoredReason::default()
    }])
}

fn write(reasons: &[StoredReason]) -> String {
    serde_json::to_string(reasons).unwrap_or_default()
}
