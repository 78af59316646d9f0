//! Success and failure as a body tells them: many systems answer HTTP 200 to everything.

use lienthong_adapter_api::PullFailure;
use schemars::JsonSchema;
use serde::Deserialize;

/// The most characters of a system's own words that are repeated.
const WORDS_CHARS_MAX: usize = 300;

/// How a body says whether the request went well. Values are compared as text, so that `0` and
/// `"0"` are the same.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Success {
    /// Where the code stands in the body.
    pub path: String,
    /// The codes that mean success.
    pub equals: Vec<String>,
    /// Where the words for people stand.
    pub message: Option<String>,
    /// The codes that mean refused credentials.
    #[serde(default)]
    pub unauthorised: Vec<String>,
    /// The codes that ask to come later.
    #[serde(default)]
    pub busy: Vec<String>,
    /// What an answer without a code means.
    #[serde(default)]
    pub when_missing: WhenMissing,
}

/// What an answer without a code means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WhenMissing {
    /// It is not what the feed describes.
    #[default]
    Failure,
    /// It went well.
    Success,
}

impl Success {
    /// What the code means; `None` for success.
    pub fn failure(&self, code: Option<&str>, message: Option<&str>) -> Option<PullFailure> {
        let Some(code) = code.map(str::trim) else {
            let what = format!("it has no `{}`, which tells success", self.path);
            let is_failure = self.when_missing == WhenMissing::Failure;
            return is_failure.then_some(PullFailure::Unexpected(what));
        };
        let is_in = |codes: &[String]| codes.iter().any(|known| known == code);
        if is_in(&self.equals) {
            return None;
        }
        if is_in(&self.unauthorised) {
            return Some(PullFailure::Unauthorised);
        }
        if is_in(&self.busy) {
            return Some(PullFailure::Busy { retry_after: None });
        }
        Some(PullFailure::Refused(shortened(&match message {
            Some(words) => format!("{code}: {words}"),
            None => code.to_owned(),
        })))
    }
}

/// A system's words, on one line and not too long.
pub fn shortened(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(WORDS_CHARS_MAX) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words,
    }
}
