//! Finding out which encoding a file is in, for feeds that ask for it.

use std::io::{self, Read as _};

use lienthong_adapter_kit::split::FlawKind;
use lienthong_text::{Detection, Detector, Encoding};

use crate::source::Way;

/// How much of a text is looked at. Less is enough as soon as there are words with Vietnamese
/// letters.
const LOOKED_AT_MAX: u64 = 16 << 20;

/// What a text was found to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) encoding: Encoding,
    /// `None` for a text that is the same in all of them.
    detection: Option<Detection>,
}

/// Looks at the beginning of a text: always the same, so that the answer is too.
///
/// # Errors
/// Of the disk; with a [`FlawKind`] within when it is not clear.
pub(crate) fn detect(way: &Way<'_>) -> io::Result<Found> {
    let mut source = way.open_raw()?.take(LOOKED_AT_MAX);
    let mut detector = Detector::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        // A mark at the beginning is seen only if it comes in one piece.
        let filled = fill(&mut source, &mut buffer)?;
        let is_enough = detector.feed(buffer.get(..filled).unwrap_or_default());
        if is_enough || filled < buffer.len() {
            break;
        }
    }
    let detection = detector.finish();
    match detection.decided() {
        Some(encoding) => Ok(Found { encoding, detection: Some(detection) }),
        None if detection.words == 0 => Ok(Found { encoding: Encoding::Utf8, detection: None }),
        None => {
            let words = detection.words;
            let text = format!("{detection} (of {words} different words with marks)");
            Err(io::Error::other(FlawKind::Undetected(text)))
        }
    }
}

fn fill(source: &mut impl io::Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match source.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

impl Found {
    /// How it stands behind the name of the file, in every item's place.
    pub(crate) fn shown(&self) -> Option<String> {
        let best = self.detection?.best?;
        Some(format!("detected {best}"))
    }

    /// What the operator should know.
    pub(crate) fn note(&self, origin: &str) -> Option<String> {
        let detection = self.detection?;
        let best = detection.best?;
        let next = detection.next.map(|next| format!("; the next is {next}")).unwrap_or_default();
        let by = if detection.words == 0 { "byte order mark" } else { "words" };
        Some(format!(
            "`{origin}` is read as {best}, found out by its {by}{next}; set the feed's `encoding` \
             to be sure"
        ))
    }
}
