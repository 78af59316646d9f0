//! Patterns: regular expressions over comparable text, with names for what reports write.

use std::borrow::Cow;

use lienthong_text::clean::{fold_tone_placement, nfc};
use regex::{Captures, Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};

use crate::period::{month_number, quarter_number};

/// The largest compiled pattern, in bytes.
const SIZE_MAX: usize = 1 << 20;

const MONTH: &str =
    "1[0-2]|0?[1-9]|giêng|chạp|mười hai|mười một|mười|một|hai|ba|tư|bốn|năm|sáu|bảy|bẩy|tám|chín";
const YEAR: &str = "(?:19|20)[0-9]{2}";
const QUARTER: &str = "iv|iii|ii|i|[1-4]";

/// The names that stand for a part of a date, and what they match.
const NAMES: [(&str, &str); 6] = [
    ("month", MONTH),
    ("to_month", MONTH),
    ("quarter", QUARTER),
    ("year", YEAR),
    ("vs_month", MONTH),
    ("vs_year", YEAR),
];

/// A regular expression over comparable text: NFC, small letters, single spaces, one habit of tone
/// placement.
///
/// `{month}`, `{year}` and `{quarter}` stand for those parts of a date, in digits or words;
/// `{to_month}` for the month that a sum or average runs to; `{vs_month}` and `{vs_year}` for what
/// a figure is compared with. Named groups of other names go into the item as they are.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(transparent)]
pub struct Pattern(#[schemars(with = "String")] Regex);

/// Texts by what they must and must not say.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// At least one of these must be found in the text.
    pub any_of: Vec<Pattern>,
    /// None of these may be found in it.
    #[serde(default)]
    pub none_of: Vec<Pattern>,
}

/// The date parts that a pattern found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dates {
    /// The month, or the last month of what is meant.
    pub(crate) month: Option<u8>,
    pub(crate) quarter: Option<u8>,
    pub(crate) year: Option<u16>,
    pub(crate) vs_month: Option<u8>,
    pub(crate) vs_year: Option<u16>,
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::new(&text).map_err(|error| {
            de::Error::custom(format_args!("`{text}` is not a pattern: {}", one_line(&error)))
        })
    }
}

impl Pattern {
    /// Compiles a pattern.
    pub(crate) fn new(text: &str) -> Result<Self, regex::Error> {
        let text = nfc(text);
        let mut source = fold_tone_placement(&text).into_owned();
        for (name, alternatives) in NAMES {
            source = source.replace(&format!("{{{name}}}"), &format!("(?<{name}>{alternatives})"));
        }
        RegexBuilder::new(&source).case_insensitive(true).size_limit(SIZE_MAX).build().map(Self)
    }

    /// Whether it is found in a text.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// The expression, for what the crate's parts do with it.
    pub(crate) fn regex(&self) -> &Regex {
        &self.0
    }

    /// The names of its groups that are not parts of a date.
    pub(crate) fn own_names(&self) -> impl Iterator<Item = &str> {
        self.0
            .capture_names()
            .flatten()
            .filter(|name| NAMES.iter().all(|(reserved, _)| reserved != name))
    }
}

impl Texts {
    /// Whether a text says one of the wanted and none of the unwanted.
    pub(crate) fn fit(&self, text: &str) -> bool {
        is_in_any(&self.any_of, text) && !is_in_any(&self.none_of, text)
    }
}

/// Whether one of the patterns is found in a text.
pub(crate) fn is_in_any(patterns: &[Pattern], text: &str) -> bool {
    patterns.iter().any(|pattern| pattern.is_in(text))
}

/// The groups of the first pattern that is found in a text.
pub(crate) fn first_found<'p, 't>(
    patterns: impl IntoIterator<Item = &'p Pattern>,
    text: &'t str,
) -> Option<(&'p Pattern, Captures<'t>)> {
    patterns.into_iter().find_map(|pattern| Some((pattern, pattern.0.captures(text)?)))
}

/// Reads the date parts out of what a pattern found.
pub(crate) fn dates(found: &Captures<'_>) -> Dates {
    let text = |name: &str| found.name(name).map(|part| part.as_str());
    let month = |name: &str| text(name).and_then(month_number);
    let year = |name: &str| text(name).and_then(|year| year.parse().ok());
    let quarter = text("quarter").and_then(quarter_number);
    Dates {
        month: month("month")
            .or_else(|| month("to_month"))
            .or_else(|| quarter.map(|quarter| quarter * 3)),
        quarter,
        year: year("year"),
        vs_month: month("vs_month"),
        vs_year: year("vs_year"),
    }
}

/// The last line of an error of several lines, which says what is wrong.
fn one_line(error: &regex::Error) -> String {
    let text = error.to_string();
    text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests;
