//! Problem details for HTTP (RFC 9457), with an error code of ours.

use serde::{Deserialize, Serialize};

/// A refusal as the hub writes it and the connector reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemDetails {
    /// `https://lienthong.example/errors/LT-7001`, or `about:blank`.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// What is wrong, always the same words for one code.
    #[serde(default)]
    pub title: String,
    /// The HTTP status.
    #[serde(default)]
    pub status: u16,
    /// What is wrong with this request.
    #[serde(default)]
    pub detail: String,
    /// The same in Vietnamese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail_vi: String,
    /// The error code.
    #[serde(default)]
    pub code: String,
}

#[cfg(test)]
mod tests;
