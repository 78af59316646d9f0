//! The WS-Security header: a `UsernameToken`.
//!
//! A digest token needs a nonce that is never used twice with one time. It is derived, not drawn:
//! SHA-256 over the source's name, the user's name, the present moment to the nanosecond and a
//! counter of the process. So a run can be replayed, and two requests of one moment still differ.
//! The profile asks for a nonce to be new, not to be secret. A check goes by the system's own
//! `Date`, which has whole seconds: two checks by two processes within one second share a nonce,
//! and a strict system refuses the second.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use lienthong_adapter_api::{Problem, Secret, SecretReader, Section};
use lienthong_adapter_kit::paging::xml_escaped;
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use crate::{PasswordType, Security};

const SECEXT: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
const UTILITY: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
const PROFILE: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0";
const BASE64_BINARY: &str = concat!(
    "http://docs.oasis-open.org/wss/2004/01/",
    "oasis-200401-wss-soap-message-security-1.0#Base64Binary"
);

/// Makes the security headers of one source.
pub(crate) struct Signer {
    source: String,
    username: String,
    password: Secret,
    password_type: PasswordType,
    counter: AtomicU64,
}

impl Signer {
    /// Reads the password. `section` is that of `security`, for messages.
    pub(crate) fn build(
        source: &str,
        security: &Security,
        section: &Section,
        secrets: &dyn SecretReader,
    ) -> Result<Self, Vec<Problem>> {
        let Security::UsernameToken { username, password, password_type } = security;
        let password = secrets.read(password).map_err(|error| {
            let span = section.span_of("password");
            let label = "the secret can't be read";
            vec![section.problem_at(span, "LT-1070", error.to_string(), label, None)]
        })?;
        Ok(Self {
            source: source.to_owned(),
            username: username.clone(),
            password,
            password_type: *password_type,
            counter: AtomicU64::new(0),
        })
    }

    /// The `Security` element for a request sent now. It declares its own prefixes, so that it can
    /// stand in any envelope.
    pub(crate) fn header(&self, now: Timestamp) -> String {
        let nonce = self.nonce(now);
        let created = jiff::fmt::strtime::format("%Y-%m-%dT%H:%M:%SZ", now).unwrap_or_default();
        let (kind, shown) = match self.password_type {
            PasswordType::Text => ("PasswordText", self.password.expose().to_owned()),
            PasswordType::Digest => {
                ("PasswordDigest", password_digest(&nonce, &created, self.password.expose()))
            }
        };
        let (user, shown) = (xml_escaped(&self.username), xml_escaped(&shown));
        let nonce = STANDARD.encode(nonce);
        format!(
            "<wsse:Security xmlns:wsse=\"{SECEXT}\" xmlns:wsu=\"{UTILITY}\"><wsse:UsernameToken>\
             <wsse:Username>{user}</wsse:Username>\
             <wsse:Password Type=\"{PROFILE}#{kind}\">{shown}</wsse:Password>\
             <wsse:Nonce EncodingType=\"{BASE64_BINARY}\">{nonce}</wsse:Nonce>\
             <wsu:Created>{created}</wsu:Created></wsse:UsernameToken></wsse:Security>"
        )
    }

    fn nonce(&self, now: Timestamp) -> [u8; 16] {
        let count = self.counter.fetch_add(1, Ordering::Relaxed);
        let mut hash = Sha256::new();
        for part in [self.source.as_bytes(), self.username.as_bytes()] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.update(now.as_nanosecond().to_le_bytes());
        hash.update(count.to_le_bytes());
        let whole = hash.finalize();
        let mut nonce = [0; 16];
        for (to, from) in nonce.iter_mut().zip(whole) {
            *to = from;
        }
        nonce
    }
}

/// Username Token Profile 1.0, section 3.1: Base64 (SHA-1 (nonce + created + password)).
pub(crate) fn password_digest(nonce: &[u8], created: &str, password: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(nonce);
    hash.update(created.as_bytes());
    hash.update(password.as_bytes());
    STANDARD.encode(hash.finalize())
}
