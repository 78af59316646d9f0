//! What an operator writes about one place that records go to.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use lienthong_adapter_api::SecretRef;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::DeliverySettings;
use crate::endpoint::{Compression, HttpBody, HttpMethod};

/// One place that records go to, by its `type`. Only for the schema: each is read by itself.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "names the types for the schema")]
pub(crate) enum EndpointSettings {
    Hub(HubEndpointSettings),
    Http(HttpEndpointSettings),
    Dvcqg(DvcqgEndpointSettings),
    DvcBo(DvcBoEndpointSettings),
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum HubType {
    Hub,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum HttpType {
    Http,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DvcqgType {
    Dvcqg,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DvcBoType {
    DvcBo,
}

/// A hub of ours.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "endpoint-hub")]
pub(crate) struct HubEndpointSettings {
    /// Its name in this connector: lower-case letters, digits and hyphens. Renaming it sends
    /// everything anew.
    pub(crate) name: String,
    /// Always `hub`.
    #[serde(rename = "type")]
    #[expect(dead_code, reason = "decided which type is read")]
    kind: HubType,
    /// The feeds that go there, as `source/feed` or `source/*`; all if left out.
    #[serde(default)]
    pub(crate) feeds: Option<Vec<String>>,
    /// Its address: `https://hub.example.gov.vn`.
    #[expect(dead_code, reason = "read by itself, before the rest")]
    url: String,
    /// The agency's token.
    pub(crate) token: SecretRef,
    /// A file of certificates (PEM) to trust instead of the public ones.
    #[serde(default)]
    pub(crate) tls_root: Option<PathBuf>,
    /// How patiently it is tried.
    #[serde(default)]
    pub(crate) delivery: DeliverySettings,
}

/// Any HTTP endpoint that takes JSON.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "endpoint-http")]
pub(crate) struct HttpEndpointSettings {
    /// Its name in this connector: lower-case letters, digits and hyphens. Renaming it sends
    /// everything anew.
    pub(crate) name: String,
    /// Always `http`.
    #[serde(rename = "type")]
    #[expect(dead_code, reason = "decided which type is read")]
    kind: HttpType,
    /// The feeds that go there, as `source/feed` or `source/*`; all if left out.
    #[serde(default)]
    pub(crate) feeds: Option<Vec<String>>,
    /// The full address.
    #[expect(dead_code, reason = "read by itself, before the rest")]
    url: String,
    /// The request's method.
    #[serde(default = "method")]
    pub(crate) method: HttpMethod,
    /// How a batch is written.
    #[serde(default = "body")]
    pub(crate) body: HttpBody,
    /// How the body is compressed.
    #[serde(default = "compression")]
    pub(crate) compression: Compression,
    /// Headers of every request: text, or a secret by reference.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, TextOrSecret>,
    /// How to be let in: `type = "basic"` with `username` and `password`, or `type = "bearer"`
    /// with `token`.
    #[serde(default)]
    #[schemars(with = "Option<AuthSettings>")]
    #[expect(dead_code, reason = "read by itself, by its type")]
    auth: Option<de::IgnoredAny>,
    /// When the endpoint has taken a batch.
    #[serde(default)]
    pub(crate) success: SuccessSettings,
    /// The statuses by which it refuses the batch itself, as numbers or ranges (`"400-499"`): the
    /// batch is cut in half until the bad records are alone. Any other failure is tried again.
    #[serde(default = "refuse_statuses")]
    pub(crate) refuse_statuses: Vec<StatusRange>,
    /// The most records of one request, 1 to 500.
    #[serde(default = "records_max")]
    pub(crate) records_max: usize,
    /// A file of certificates (PEM) to trust instead of the public ones.
    #[serde(default)]
    pub(crate) tls_root: Option<PathBuf>,
    /// How patiently it is tried.
    #[serde(default)]
    pub(crate) delivery: DeliverySettings,
}

/// How to be let in. Only for the schema: each is read by itself.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "names the types for the schema")]
pub(crate) enum AuthSettings {
    Basic(BasicAuthSettings),
    Bearer(BearerAuthSettings),
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum BasicType {
    Basic,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum BearerType {
    Bearer,
}

/// User and password (RFC 7617).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "auth-basic")]
pub(crate) struct BasicAuthSettings {
    /// Always `basic`.
    #[serde(rename = "type")]
    #[expect(dead_code, reason = "decided which type is read")]
    kind: BasicType,
    /// The user.
    pub(crate) username: String,
    /// The password.
    pub(crate) password: SecretRef,
}

/// A token (RFC 6750).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "auth-bearer")]
pub(crate) struct BearerAuthSettings {
    /// Always `bearer`.
    #[serde(rename = "type")]
    #[expect(dead_code, reason = "decided which type is read")]
    kind: BearerType,
    /// The token.
    pub(crate) token: SecretRef,
}

/// When an HTTP endpoint has taken a batch.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "success")]
pub(crate) struct SuccessSettings {
    /// The statuses that say so, as numbers or ranges.
    pub(crate) statuses: Vec<StatusRange>,
    /// The way to a value of the JSON answer that must say so too: `["result", "code"]`.
    pub(crate) path: Vec<String>,
    /// What that value must be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) equals: Option<String>,
}

impl Default for SuccessSettings {
    fn default() -> Self {
        Self { statuses: vec![StatusRange(200..=299)], path: Vec::new(), equals: None }
    }
}

/// The National Public Service Portal (Cổng DVCQG), or a security server in front of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "endpoint-dvcqg")]
pub(crate) struct DvcqgEndpointSettings {
    /// Its name in this connector: lower-case letters, digits and hyphens. Renaming it sends
    /// everything anew.
    pub(crate) name: String,
    /// Always `dvcqg`.
    #[serde(rename = "type")]
    #[expect(dead_code, reason = "decided which type is read")]
    kind: DvcqgType,
    /// The feeds that go there, as `source/feed` or `source/*`; if left out, all whose records
    /// the contract knows.
    #[serde(default)]
    pub(crate) feeds: Option<Vec<String>>,
    /// The address without a path: `https://adapter.example.gov.vn:8081`.
    #[expect(dead_code, reason = "read by itself, before the rest")]
    url: String,
    /// The path of the login.
    #[serde(default = "login_path")]
    pub(crate) login_path: String,
    /// The path of the services.
    #[serde(default = "service_path")]
    pub(crate) service_path: String,
    /// The user.
    pub(crate) username: String,
    /// The password.
    pub(crate) password: SecretRef,
    /// The destination's code on the axis, sent in the header `dstcode`:
    /// `VN:GOV:000.00.00.G22:vpcpdvcprovider`.
    #[serde(default)]
    pub(crate) destination: Option<String>,
    /// The sending unit's code, sent as `madonvi`.
    pub(crate) unit: String,
    /// How long a session is used before the next login, 10 to 21600. The portal does not publish
    /// its own limit; one that ends earlier is renewed.
    #[serde(default = "session_secs")]
    pub(crate) session_secs: u32,
    /// The endpoint contract: a file of `mappings/standard/<standard>/contracts/`.
    #[serde(default = "contract")]
    pub(crate) contract: String,
    /// A file of certificates (PEM) to trust instead of the public ones.
    #[serde(default)]
    pub(crate) tls_root: Option<PathBuf>,
    /// How patiently it is tried.
    #[serde(default)]
    pub(crate) delivery: DeliverySettings,
}

/// A ministry's public service portal (DVC Bộ), or the LGSP in front of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "endpoint-dvc-bo")]
pub(crate) struct DvcBoEndpointSettings {
    /// Its name in this connector: lower-case letters, digits and hyphens. Renaming it sends
    /// everything anew.
    pub(crate) name: String,
    /// Always `dvc-bo`.
    #[serde(rename = "type")]
    #[expect(dead_code, reason = "decided which type is read")]
    kind: DvcBoType,
    /// The feeds that go there, as `source/feed` or `source/*`; if left out, all whose records
    /// the contract knows.
    #[serde(default)]
    pub(crate) feeds: Option<Vec<String>>,
    /// The address that the services lie below: `https://lgsp.example.gov.vn/dvcbo/1.0`.
    #[expect(dead_code, reason = "read by itself, before the rest")]
    url: String,
    /// The full address of the token service: `https://lgsp.example.gov.vn/token`.
    #[expect(dead_code, reason = "read by itself, before the rest")]
    token_url: String,
    /// The client's id (OAuth 2.0 client credentials, RFC 6749).
    pub(crate) client_id: String,
    /// The client's secret.
    pub(crate) client_secret: SecretRef,
    /// What the token is asked for, where the service wants to be told.
    #[serde(default)]
    pub(crate) scope: Option<String>,
    /// The receiving unit's code, sent with every dossier: `G09.20`.
    pub(crate) unit: String,
    /// The endpoint contract: a file of `mappings/standard/<standard>/contracts/`.
    #[serde(default = "contract_of_ministries")]
    pub(crate) contract: String,
    /// A file of certificates (PEM) to trust instead of the public ones.
    #[serde(default)]
    pub(crate) tls_root: Option<PathBuf>,
    /// How patiently it is tried.
    #[serde(default)]
    pub(crate) delivery: DeliverySettings,
}

/// Text, or a secret by reference.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum TextOrSecret {
    /// Open text.
    Text(String),
    /// A secret.
    Secret(SecretRef),
}

impl<'de> Deserialize<'de> for TextOrSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = TextOrSecret;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("text, or a secret by reference: { file = \"…\" }, { env = \"…\" }")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<TextOrSecret, E> {
                Ok(TextOrSecret::Text(text.to_owned()))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<TextOrSecret, A::Error> {
                let reference = de::value::MapAccessDeserializer::new(map);
                SecretRef::deserialize(reference).map(TextOrSecret::Secret)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// A status (`409`) or a range of them (`"200-299"`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StatusRange(pub(crate) RangeInclusive<u16>);

impl<'de> Deserialize<'de> for StatusRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = StatusRange;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an HTTP status (409) or a range of them (\"200-299\")")
            }

            fn visit_i64<E: de::Error>(self, status: i64) -> Result<StatusRange, E> {
                let status = u16::try_from(status).ok().filter(|s| (100..=599).contains(s));
                let wrong = || E::invalid_value(de::Unexpected::Other("another number"), &self);
                status.map(|status| StatusRange(status..=status)).ok_or_else(wrong)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<StatusRange, E> {
                let ends = text.split_once('-').and_then(|(first, last)| {
                    Some((first.trim().parse::<u16>().ok()?, last.trim().parse::<u16>().ok()?))
                });
                match ends {
                    Some((first, last)) if 100 <= first && first <= last && last <= 599 => {
                        Ok(StatusRange(first..=last))
                    }
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl Serialize for StatusRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (first, last) = (*self.0.start(), *self.0.end());
        if first == last {
            return serializer.serialize_u16(first);
        }
        serializer.collect_str(&format_args!("{first}-{last}"))
    }
}

impl JsonSchema for StatusRange {
    fn schema_name() -> Cow<'static, str> {
        "StatusRange".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An HTTP status (409) or a range of them (\"200-299\").",
            "anyOf": [
                { "type": "integer", "minimum": 100, "maximum": 599 },
                { "type": "string", "pattern": "^[1-5][0-9]{2}-[1-5][0-9]{2}$" },
            ],
        })
    }
}

fn method() -> HttpMethod {
    HttpMethod::Post
}

fn body() -> HttpBody {
    HttpBody::JsonLines
}

fn compression() -> Compression {
    Compression::None
}

fn refuse_statuses() -> Vec<StatusRange> {
    [400, 413, 422].map(|status| StatusRange(status..=status)).to_vec()
}

fn records_max() -> usize {
    500
}

fn login_path() -> String {
    "/mapi/login".to_owned()
}

fn service_path() -> String {
    "/mapi/g".to_owned()
}

fn session_secs() -> u32 {
    540
}

fn contract() -> String {
    "dvcqg-2019".to_owned()
}

fn contract_of_ministries() -> String {
    "dvc-bo-2026".to_owned()
}
