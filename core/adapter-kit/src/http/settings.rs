//! What operators and integrators write about HTTP.

use std::path::PathBuf;

use lienthong_adapter_api::SecretRef;
use schemars::JsonSchema;
use serde::Deserialize;

/// How the connector shows the system who it is.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Auth {
    /// Nothing is sent.
    #[default]
    None,
    /// HTTP basic authentication.
    Basic {
        /// The user's name.
        username: String,
        /// The password, by reference.
        password: SecretRef,
    },
    /// A fixed bearer token.
    Bearer {
        /// The token, by reference.
        token: SecretRef,
    },
    /// A secret in a header that the operator names.
    Header {
        /// The header's name.
        name: String,
        /// The value, by reference.
        value: SecretRef,
    },
    /// A secret at the place that the system's `adapter.toml` names (`[connection.key]`).
    Key {
        /// The value, by reference.
        value: SecretRef,
    },
    /// OAuth 2.0 client credentials (RFC 6749, section 4.4). A token is used until shortly before
    /// it runs out, and renewed once when the system answers 401.
    Oauth2 {
        /// The client's identifier.
        client_id: String,
        /// The client's secret, by reference.
        client_secret: SecretRef,
        /// Where tokens come from; without it the path that `adapter.toml` names.
        token_url: Option<String>,
        /// The scope to ask for.
        scope: Option<String>,
        /// How the client shows itself to the token endpoint.
        #[serde(default)]
        client_auth: ClientAuth,
    },
}

/// How an OAuth 2.0 client shows itself to the token endpoint (RFC 6749, section 2.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClientAuth {
    /// In the `Authorization` header.
    #[default]
    Basic,
    /// In the form of the request.
    Body,
}

/// Where the secret of `type = "key"` goes: a header, a query parameter, or both.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyPlace {
    /// The header's name.
    pub header: Option<String>,
    /// The query parameter's name.
    pub query: Option<String>,
}

/// Limits and ways of the HTTP connection.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Transport {
    /// Seconds to wait for a connection, 1 to 600.
    pub connect_timeout_secs: u64,
    /// Seconds a whole request may take, 1 to 3600.
    pub timeout_secs: u64,
    /// The most bytes of one answer, counted after decompression, at most 1 GiB.
    pub body_bytes_max: u64,
    /// How many redirects of one request are followed, 0 to 10.
    pub redirects_max: u8,
    /// A PEM file of further certificate authorities, relative to the settings file.
    pub root_certificates: Option<PathBuf>,
    /// An HTTP proxy (`http://host:port`). The environment's proxies are not used.
    pub proxy: Option<String>,
    /// Milliseconds to wait before each request but the first, at most 60,000: for systems that
    /// can't bear a fast reader.
    pub pause_millis: u64,
}

impl Default for Transport {
    fn default() -> Self {
        Self {
            connect_timeout_secs: 10,
            timeout_secs: 60,
            body_bytes_max: 16 << 20,
            redirects_max: 3,
            root_certificates: None,
            proxy: None,
            pause_millis: 0,
        }
    }
}
