//! What people write for this kind.

use std::collections::BTreeMap;

use lienthong_adapter_kit::http::{Auth, KeyPlace, Method, Success, Transport};
use lienthong_adapter_kit::paging::{AtEnd, Paging, Window};
use schemars::JsonSchema;
use serde::Deserialize;

/// The operator's part: where the system is and who we are.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The system's address, without the paths that `adapter.toml` adds.
    pub base_url: String,
    /// The credentials.
    #[serde(default)]
    pub auth: Auth,
    /// Limits and ways of the connection.
    #[serde(default)]
    pub http: Transport,
    /// Values for the system's `{param:NAME}` placeholders, such as the code of a unit.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// Where time windows begin, as RFC 3339, instead of the moment that `adapter.toml` names.
    pub since: Option<String>,
}

/// The integrator's part that all feeds share.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// Where the secret of `auth.type = "key"` goes.
    #[serde(default)]
    pub key: KeyPlace,
    /// The path of the OAuth 2.0 token endpoint below the base address.
    pub token_path: Option<String>,
    /// Headers of every request, with placeholders.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// How a body tells success; a feed can have a rule of its own.
    pub success: Option<Success>,
}

/// The integrator's part for one feed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// The method.
    #[serde(default)]
    pub method: Method,
    /// The path below the base address, with placeholders.
    pub path: String,
    /// The query's parameters, with placeholders. One whose placeholder has no value yet, such as
    /// `{cursor}` on the first page, is left out.
    #[serde(default)]
    pub query: BTreeMap<String, String>,
    /// The body of a `POST`, with placeholders, escaped as its content type needs it.
    pub body: Option<String>,
    /// The body's content type.
    #[serde(default = "json")]
    pub content_type: String,
    /// Where the list is in the answer: keys joined by dots; empty when the answer is the list.
    #[serde(default)]
    pub items: String,
    /// Where each item has what tells it from all others; several places together make one key.
    pub key: Vec<String>,
    /// Where the answer tells how many items there are over all pages.
    pub total: Option<String>,
    /// Where the answer says that this page is the last.
    pub last: Option<String>,
    /// Where the answer says that there are further pages.
    pub more: Option<String>,
    /// How a body tells success, instead of the rule in `[connection]`.
    pub success: Option<Success>,
    /// How the list is divided into pages.
    pub paging: Paging,
    /// Time windows.
    pub window: Option<Window>,
    /// What follows the last page of a list that is read without windows.
    #[serde(default)]
    pub at_end: AtEnd,
    /// How many records of a reading are remembered, so that they are not given out again when
    /// they are read again unchanged; at most 20,000.
    #[serde(default = "remember")]
    pub remember: usize,
}

fn json() -> String {
    "application/json".to_owned()
}

fn remember() -> usize {
    5_000
}
