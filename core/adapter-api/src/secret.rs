//! Secrets: written as references, read once, never printed.

use std::fmt;
use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, de};

/// Where a secret is kept: `{ file = "…" }` or `{ env = "…" }`. A literal is refused.
#[derive(Clone, Debug, PartialEq, Eq, schemars::JsonSchema)]
#[schemars(untagged)]
pub enum SecretRef {
    /// The first line of a file, relative to the settings file.
    File {
        /// The file's path.
        file: PathBuf,
    },
    /// An environment variable.
    Env {
        /// The variable's name.
        env: String,
    },
}

impl<'de> Deserialize<'de> for SecretRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = SecretRef;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a secret by reference: { file = \"…\" } or { env = \"…\" }")
            }

            fn visit_str<E: de::Error>(self, _literal: &str) -> Result<SecretRef, E> {
                Err(E::custom(SecretRef::LITERAL))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<SecretRef, A::Error> {
                let Some(key) = map.next_key::<String>()? else {
                    return Err(de::Error::custom("an empty table names no secret"));
                };
                let reference = match key.as_str() {
                    "file" => SecretRef::File { file: map.next_value()? },
                    "env" => SecretRef::Env { env: map.next_value()? },
                    other => return Err(de::Error::unknown_field(other, &["file", "env"])),
                };
                if map.next_key::<String>()?.is_some() {
                    return Err(de::Error::custom("a secret is kept in one place, not in two"));
                }
                Ok(reference)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl SecretRef {
    /// The message for a literal secret; settings readers give it a code of its own by it.
    pub const LITERAL: &'static str = "a secret must not stand in the settings";
}

/// A value that is never printed and is wiped when dropped.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes a value in.
    pub fn new(value: String) -> Self {
        Self(SecretString::from(value))
    }

    /// The value itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(…)")
    }
}

/// Reads secrets while an adapter is built. The config crate has the one real implementation.
pub trait SecretReader {
    /// Reads the secret that a reference names.
    ///
    /// # Errors
    /// When the file or variable is not there, is empty or can't be read.
    fn read(&self, reference: &SecretRef) -> Result<Secret, SecretError>;
}

/// A secret that could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The environment variable is not set, or empty.
    #[error("the environment variable `{0}` is not set")]
    NoVariable(String),
    /// The file can't be read.
    #[error("the secret file `{path}` can't be read")]
    NoFile {
        /// Its path.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file holds nothing.
    #[error("the secret file `{0}` is empty")]
    Empty(PathBuf),
}
