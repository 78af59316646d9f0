//! UTF-8: checked, never changed.

use super::at;
use crate::{DecodeError, Encoding};

const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Checks a whole text and leaves out its byte order mark.
pub(crate) fn decode(bytes: &[u8]) -> Result<&str, DecodeError> {
    let (text, skipped) = match bytes.strip_prefix(MARK) {
        Some(rest) => (rest, MARK.len()),
        None => (bytes, 0),
    };
    std::str::from_utf8(text).map_err(|error| {
        let offset = at(error.valid_up_to() + skipped);
        match error.error_len() {
            Some(_) => DecodeError::Malformed { encoding: Encoding::Utf8, offset },
            None => DecodeError::Truncated { encoding: Encoding::Utf8, offset },
        }
    })
}

/// Appends what can be read. Returns how many bytes were taken, and whether the sequence behind
/// them is malformed and how long it is (`None`: it is only incomplete, or there is nothing).
pub(crate) fn feed(bytes: &[u8], out: &mut String) -> (usize, Option<usize>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            out.push_str(text);
            (bytes.len(), None)
        }
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            out.push_str(std::str::from_utf8(good).unwrap_or_default());
            (good.len(), error.error_len())
        }
    }
}
