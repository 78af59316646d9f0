//! What people write for this kind.

use std::collections::BTreeMap;
use std::path::PathBuf;

use lienthong_adapter_api::SecretRef;
use lienthong_adapter_kit::http::{Auth, KeyPlace, Success, Transport};
use lienthong_adapter_kit::paging::{AtEnd, Paging, Window};
use schemars::JsonSchema;
use serde::Deserialize;

/// The operator's part: where the system is and who we are.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The system's address, without the path that `adapter.toml` adds.
    pub base_url: String,
    /// The credentials of the HTTP connection.
    #[serde(default)]
    pub auth: Auth,
    /// The credentials in the envelope, where the system's request has a place for them.
    pub security: Option<Security>,
    /// Limits and ways of the connection.
    #[serde(default)]
    pub http: Transport,
    /// Values for the system's `{param:NAME}` placeholders, such as the code of a unit.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// Where time windows begin, as RFC 3339, instead of the moment that `adapter.toml` names.
    pub since: Option<String>,
}

/// Credentials within the envelope.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Security {
    /// A `UsernameToken` (OASIS WS-Security Username Token Profile 1.0).
    UsernameToken {
        /// The user's name.
        username: String,
        /// The password, by reference.
        password: SecretRef,
        /// How the password is shown.
        #[serde(default)]
        password_type: PasswordType,
    },
}

/// How a `UsernameToken` shows the password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PasswordType {
    /// As it is: for systems behind TLS only.
    #[default]
    Text,
    /// As a digest over a nonce, the time and the password.
    Digest,
}

/// The version of SOAP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum SoapVersion {
    /// `text/xml` and a `SOAPAction` header.
    #[default]
    #[serde(rename = "1.1")]
    Soap11,
    /// `application/soap+xml` with the action as a parameter.
    #[serde(rename = "1.2")]
    Soap12,
}

/// The integrator's part that all feeds share.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// The path of the service below the base address.
    pub path: String,
    /// The version of SOAP.
    #[serde(default)]
    pub soap: SoapVersion,
    /// Where the secret of `auth.type = "key"` goes.
    #[serde(default)]
    pub key: KeyPlace,
    /// The path of the OAuth 2.0 token endpoint below the base address.
    pub token_path: Option<String>,
    /// Local names of fault codes that mean refused credentials, besides those of WS-Security.
    #[serde(default)]
    pub unauthorised: Vec<String>,
    /// Local names of fault codes that ask to come later.
    #[serde(default)]
    pub busy: Vec<String>,
    /// How a body tells success beside faults; a feed can have a rule of its own.
    pub success: Option<Success>,
}

/// The integrator's part for one feed. Paths are local names joined by dots, below the `Body`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// The file of the request's envelope, in the system's folder, with placeholders.
    pub request: PathBuf,
    /// The `SOAPAction`.
    #[serde(default)]
    pub action: String,
    /// The path of a record's element.
    pub records: String,
    /// Where each record, below its element, has what tells it from all others; several places
    /// together make one key.
    pub key: Vec<String>,
    /// Where the answer tells how many records there are over all pages.
    pub total: Option<String>,
    /// Where the answer says that this page is the last.
    pub last: Option<String>,
    /// Where the answer says that there are further pages.
    pub more: Option<String>,
    /// How a body tells success, instead of the rule in `[connection]`.
    pub success: Option<Success>,
    /// How the list is divided into pages; `next-link` means nothing here.
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

fn remember() -> usize {
    5_000
}
