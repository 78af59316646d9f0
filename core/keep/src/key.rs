//! The operator's key: AES-256-GCM, one random nonce a frame.

use std::fmt;
use std::fmt::Write as _;
use std::sync::Arc;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::Error;

/// A key of 256 bits that seals frames; never printed.
///
/// Nonces are random. NIST SP 800-38D allows 2^32 of them a key; a keep that writes a frame every
/// second reaches that in 136 years.
#[derive(Clone)]
pub struct Key {
    id: Arc<str>,
    aead: Arc<LessSafeKey>,
}

impl Key {
    /// Reads a key written as 64 hexadecimal digits, as `openssl rand -hex 32` writes it.
    ///
    /// # Errors
    /// [`Error::NoKey`] for any other text.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let bytes = from_hex(text.trim()).filter(|bytes| bytes.len() == 32).ok_or(Error::NoKey)?;
        let unbound = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| Error::NoKey)?;
        // A digest of the key tells keys apart and tells nothing of a key.
        let named = digest(&SHA256, &[b"lienthong keep key id".as_slice(), &bytes].concat());
        let id = to_hex(named.as_ref().get(..8).unwrap_or_default());
        Ok(Self { id: Arc::from(id), aead: Arc::new(LessSafeKey::new(unbound)) })
    }

    /// The key's id, which stands in every frame that it has sealed.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Seals text; `beside` is not sealed, and can't be altered unseen either.
    pub(crate) fn seal(
        &self,
        beside: &[u8],
        mut text: Vec<u8>,
    ) -> Result<Vec<u8>, ring::error::Unspecified> {
        let mut nonce = [0_u8; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce)?;
        let aad = Aad::from(beside);
        self.aead.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut text)?;
        text.extend_from_slice(&nonce);
        Ok(text)
    }

    /// Opens what [`Key::seal`] made; nothing when it is not that.
    pub(crate) fn open(&self, beside: &[u8], mut sealed: Vec<u8>) -> Option<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] =
            sealed.split_off(sealed.len().checked_sub(NONCE_LEN)?).try_into().ok()?;
        let nonce = Nonce::assume_unique_for_key(nonce);
        let length = self.aead.open_in_place(nonce, Aad::from(beside), &mut sealed).ok()?.len();
        sealed.truncate(length);
        Some(sealed)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Key").field("id", &self.id).finish_non_exhaustive()
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
    let (pairs, rest) = digits.as_ref()?.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string can't fail.
        write!(hex, "{byte:02x}").unwrap_or_default();
        hex
    })
}
