//! Who may do what: tokens, kept only as digests, and the parties behind them.

use std::collections::HashMap;
use std::fmt;

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::refused::Refused;
use crate::settings::HubSettings;

/// SHA-256 of a token or password: all that the hub keeps of it.
///
/// A token is looked up by this digest, so that comparing takes the same time for every wrong one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// Computes the digest of a token.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("TokenDigest(…)")
    }
}

/// Who sent a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Party {
    /// An agency's connector, by the agency's code.
    Agency(String),
    /// Somebody who may read every agency's records.
    Reader,
    /// The hub's operator.
    Operator,
}

/// The parties by their tokens' digests.
#[derive(Debug)]
pub(crate) struct Access {
    parties: HashMap<TokenDigest, Party>,
}

impl Access {
    /// Collects the parties of the settings; a token must stand for one party only.
    pub(crate) fn new(settings: &HubSettings) -> Result<Self, String> {
        let agencies = settings.agencies.iter();
        let listed = agencies
            .map(|credential| (credential.token, Party::Agency(credential.agency.clone())))
            .chain(settings.readers.iter().map(|token| (*token, Party::Reader)))
            .chain(settings.operator.iter().map(|token| (*token, Party::Operator)));
        let mut parties = HashMap::new();
        for (token, party) in listed {
            if token == TokenDigest::of("") {
                return Err(format!("an empty token for {party:?}"));
            }
            if let Some(other) = parties.insert(token, party.clone()) {
                return Err(format!("one token for both {other:?} and {party:?}"));
            }
        }
        Ok(Self { parties })
    }

    /// The party of a request.
    ///
    /// # Errors
    /// When it names no token, or one that nobody has.
    pub(crate) fn party(&self, headers: &HeaderMap) -> Result<&Party, Refused> {
        let token = bearer(headers).ok_or(Refused::NoCredential)?;
        self.parties.get(&TokenDigest::of(token)).ok_or(Refused::NoCredential)
    }

    /// The code of the agency that sent a request.
    ///
    /// # Errors
    /// When the party is none, or not an agency.
    pub(crate) fn agency(&self, headers: &HeaderMap) -> Result<&str, Refused> {
        match self.party(headers)? {
            Party::Agency(code) => Ok(code),
            Party::Reader | Party::Operator => Err(Refused::NotForParty),
        }
    }

    /// Whether a request comes from the operator: with the token as bearer, or as the password of
    /// basic authentication, which a browser can ask for.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) fn operator(&self, headers: &HeaderMap) -> Result<(), Refused> {
        let password = basic_password(headers);
        let token = bearer(headers).or(password.as_deref()).ok_or(Refused::NoOperator)?;
        match self.parties.get(&TokenDigest::of(token)) {
            Some(Party::Operator) => Ok(()),
            Some(_) => Err(Refused::NotForParty),
            None => Err(Refused::NoOperator),
        }
    }
}

impl Party {
    /// Refuses whoever may not read an agency's records.
    ///
    /// # Errors
    /// When the party is another agency.
    pub(crate) fn may_read(&self, agency: &str) -> Result<(), Refused> {
        match self {
            Self::Agency(code) if code != agency => Err(Refused::OtherAgency),
            Self::Agency(_) | Self::Reader | Self::Operator => Ok(()),
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn basic_password(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, pair) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(pair.trim()).ok()?).ok()?;
    pair.split_once(':').map(|(_, password)| password.to_owned())
}
