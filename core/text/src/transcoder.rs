//! Streaming decoding: bytes in as they come, text out, across any cut.

use crate::encodings::{tcvn3, utf8, utf16, vni, windows1258};
use crate::{DecodeError, Encoding, decode};

/// Decodes a stream piece by piece.
///
/// A character, or a letter with its tone marks, that is cut by the end of a piece waits for the
/// next one. A byte order mark at the beginning of the stream is left out.
#[derive(Clone, Debug)]
pub struct Transcoder {
    encoding: Encoding,
    /// Known from the beginning or, for UTF-16 by its mark, after the first two bytes.
    order: Option<utf16::Order>,
    /// Bytes of an unfinished character: at most [`Transcoder::WAITING_MAX`].
    waiting: Vec<u8>,
    /// Offset in the stream of the first byte that is neither decoded nor refused.
    position: u64,
    is_begun: bool,
}

/// What became of a stretch of bytes: how many were taken and whether the next ones, so many, are
/// not of the encoding.
struct Taken {
    bytes: usize,
    malformed: Option<usize>,
}

impl Transcoder {
    /// The most bytes kept from one piece to the next. Vietnamese has at most two marks a letter; a
    /// longer run of marks is decoded in parts.
    const WAITING_MAX: usize = 64;

    /// Starts a stream.
    pub fn new(encoding: Encoding) -> Self {
        let order = utf16::Order::of_encoding(encoding);
        Self { encoding, order, waiting: Vec::new(), position: 0, is_begun: false }
    }

    /// Offset in the stream behind everything that was decoded or refused so far.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Takes the next piece of the stream and appends its text to `out`.
    ///
    /// # Errors
    /// [`DecodeError`] with the offset in the whole stream. The text before it is in `out`, the
    /// rest of the piece behind the malformed sequence is kept, and the caller may go on with the
    /// next piece (or an empty one) as if the sequence were not there.
    pub fn feed(&mut self, piece: &[u8], out: &mut String) -> Result<(), DecodeError> {
        self.waiting.extend_from_slice(piece);
        if !self.begin(false) {
            return Ok(());
        }
        self.run(false, out)
    }

    /// Ends the stream: what still waits is decoded or refused.
    ///
    /// # Errors
    /// As for [`Transcoder::feed`]; [`DecodeError::Truncated`] when the stream ends inside a
    /// character. May be called again after an error, until it succeeds.
    pub fn finish(&mut self, out: &mut String) -> Result<(), DecodeError> {
        self.begin(true);
        self.run(true, out)?;
        if self.waiting.is_empty() {
            return Ok(());
        }
        let error = DecodeError::Truncated { encoding: self.encoding, offset: self.position };
        self.consume(self.waiting.len());
        Err(error)
    }

    /// Deals with the byte order mark; false while too few bytes are there to see one.
    fn begin(&mut self, is_last: bool) -> bool {
        if self.is_begun {
            return true;
        }
        let needed = match self.encoding {
            Encoding::Utf8 => 3,
            Encoding::Utf16Le | Encoding::Utf16Be | Encoding::Utf16 => 2,
            Encoding::Windows1258
            | Encoding::Tcvn3
            | Encoding::Vni
            | Encoding::Viscii
            | Encoding::Vps => 0,
        };
        if self.waiting.len() < needed && !is_last {
            return false;
        }
        self.is_begun = true;
        let marked = utf16::Order::of_mark(&self.waiting);
        match self.encoding {
            Encoding::Utf8 if self.waiting.starts_with(b"\xEF\xBB\xBF") => self.consume(3),
            Encoding::Utf16 => {
                self.order = marked;
                self.consume(if marked.is_some() { 2 } else { 0 });
            }
            Encoding::Utf16Le | Encoding::Utf16Be if marked == self.order => self.consume(2),
            _ => {}
        }
        true
    }

    fn run(&mut self, is_last: bool, out: &mut String) -> Result<(), DecodeError> {
        let taken = match self.encoding {
            Encoding::Utf8 => {
                let (bytes, malformed) = utf8::feed(&self.waiting, out);
                Taken { bytes, malformed }
            }
            Encoding::Utf16Le | Encoding::Utf16Be | Encoding::Utf16 => match self.order {
                Some(order) => {
                    let (bytes, is_lone) = utf16::feed(&self.waiting, order, out);
                    Taken { bytes, malformed: is_lone.then_some(2) }
                }
                None if self.waiting.is_empty() => Taken { bytes: 0, malformed: None },
                None => {
                    self.consume(self.waiting.len());
                    return Err(DecodeError::NoByteOrderMark);
                }
            },
            Encoding::Windows1258 => self.run_single(is_last, windows1258::is_mark, out),
            Encoding::Tcvn3 => self.run_single(is_last, tcvn3::is_mark, out),
            Encoding::Vni => self.run_single(is_last, vni::is_mark, out),
            Encoding::Viscii | Encoding::Vps => self.run_single(is_last, |_| false, out),
        };
        self.consume(taken.bytes);
        let Some(length) = taken.malformed else { return Ok(()) };
        let error = DecodeError::Malformed { encoding: self.encoding, offset: self.position };
        self.consume(length);
        Err(error)
    }

    /// Decodes a legacy encoding up to the last letter, which may still get a mark.
    fn run_single(&self, is_last: bool, is_mark: fn(u8) -> bool, out: &mut String) -> Taken {
        let all = self.waiting.as_slice();
        let letter = all.iter().rposition(|byte| !is_mark(*byte)).unwrap_or(0);
        let keep = all.len() - letter;
        let ready = if is_last || keep > Self::WAITING_MAX { all.len() } else { letter };
        let ready = all.get(..ready).unwrap_or_default();
        match decode(ready, self.encoding) {
            Ok(text) => {
                out.push_str(&text);
                Taken { bytes: ready.len(), malformed: None }
            }
            Err(error) => {
                let good = usize::try_from(error.offset()).unwrap_or(usize::MAX);
                let text = decode(ready.get(..good).unwrap_or_default(), self.encoding);
                out.push_str(&text.unwrap_or_default());
                Taken { bytes: good, malformed: Some(1) }
            }
        }
    }

    fn consume(&mut self, bytes: usize) {
        let bytes = bytes.min(self.waiting.len());
        self.waiting.drain(..bytes);
        self.position += u64::try_from(bytes).unwrap_or(u64::MAX);
    }
}

#[cfg(test)]
mod tests;
