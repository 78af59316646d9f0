//! What an endpoint's answer means.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

use super::Answer;

/// What an endpoint's answer means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint has taken what was sent.
    Accepted,
    /// It has the record already: send it as an update.
    Exists,
    /// The session has ended: log in and send again.
    SessionEnded,
    /// It refuses, in these words.
    Refused {
        /// The error code as text.
        code: String,
        /// The message.
        message: String,
    },
    /// The answer is not one of this contract.
    Unreadable,
}

impl Answer {
    /// Reads an answer. Success is told by the code alone; the message only tells refusals apart,
    /// and is compared without regard to case, blanks and Unicode form.
    pub fn outcome(&self, answer: &Value) -> Outcome {
        let code = match answer.get(&self.code) {
            Some(Value::String(code)) => code.trim().to_owned(),
            Some(Value::Number(code)) => code.to_string(),
            _ => return Outcome::Unreadable,
        };
        if self.ok.contains(&code) {
            return Outcome::Accepted;
        }
        let message = answer.get(&self.message).and_then(Value::as_str).unwrap_or_default();
        let plain = plain(message);
        let says = |words: &[String]| words.iter().any(|word| plain.contains(&self::plain(word)));
        if says(&self.exists) {
            return Outcome::Exists;
        }
        if says(&self.session_ended) {
            return Outcome::SessionEnded;
        }
        Outcome::Refused { code, message: message.to_owned() }
    }

    /// Whether the answer to a look-up holds anything.
    pub fn is_found(&self, answer: &Value) -> bool {
        match answer.get(&self.result) {
            Some(Value::Array(rows)) => !rows.is_empty(),
            Some(Value::Object(row)) => !row.is_empty(),
            Some(Value::String(text)) => !text.is_empty(),
            _ => false,
        }
    }
}

fn plain(text: &str) -> String {
    let composed: String = text.nfc().collect::<String>().to_lowercase();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}
