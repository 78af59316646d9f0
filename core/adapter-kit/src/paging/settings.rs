//! What integrators write about paging.

use schemars::JsonSchema;
use serde::Deserialize;

/// How a list is divided into pages.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Paging {
    /// One answer holds everything.
    None,
    /// Numbered pages: `{page}`, `{size}`.
    Page {
        /// The number of the first page.
        #[serde(default)]
        first: u64,
        /// Items a page.
        size: u32,
    },
    /// Items counted from the beginning: `{offset}`, `{size}`.
    Offset {
        /// The number of the first item.
        #[serde(default)]
        first: u64,
        /// Items a page.
        size: u32,
        /// How many items of a page the next one reads again, to notice that the list has shifted.
        #[serde(default)]
        reread: u32,
    },
    /// A token from each answer leads to the next page: `{cursor}`, empty for the first.
    Cursor {
        /// Where the token is in the answer.
        next: String,
        /// Items a page, for `{size}`.
        size: Option<u32>,
    },
    /// An address from each answer leads to the next page.
    NextLink {
        /// Where the address is in the answer; without it, the `Link` header with `rel="next"`.
        next: Option<String>,
        /// Items a page, for `{size}`.
        size: Option<u32>,
    },
}

/// Time windows: `{from}` and `{until}` in a request.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Where the first window begins, as RFC 3339 ("2025-01-01T00:00:00+07:00"). An operator can
    /// say otherwise with `since`.
    pub start: String,
    /// The longest window, in seconds.
    #[serde(default = "a_day")]
    pub step_secs: u64,
    /// How many seconds before its beginning a window reads again. It must be longer than records
    /// of the system take to become visible, and longer than clocks differ.
    #[serde(default = "an_hour")]
    pub overlap_secs: u64,
    /// How many seconds before the present moment a window ends.
    #[serde(default)]
    pub lag_secs: u64,
    /// How `{from}` and `{until}` are written: "rfc3339", "epoch-s", "epoch-ms", or a pattern such
    /// as "%d/%m/%Y".
    #[serde(default = "rfc3339")]
    pub format: String,
    /// The time zone they are written in.
    #[serde(default = "vietnam")]
    pub timezone: String,
    /// Whether the system takes `{until}` into the window.
    #[serde(default)]
    pub until: Bound,
}

/// Whether a window includes the moment that ends it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// It ends before that moment.
    #[default]
    Exclusive,
    /// It includes that second, or that day where only days are written.
    Inclusive,
}

/// What follows the last page of a list that is read without windows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AtEnd {
    /// The next pull starts again at the first page: records change in their place.
    #[default]
    Restart,
    /// The next pull reads the last page again: records are only added, at the end. Not for
    /// numbered pages.
    Stay,
}

fn a_day() -> u64 {
    86_400
}

fn an_hour() -> u64 {
    3_600
}

fn rfc3339() -> String {
    "rfc3339".to_owned()
}

fn vietnam() -> String {
    "Asia/Ho_Chi_Minh".to_owned()
}
