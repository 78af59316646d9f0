//! Which encoding a text is in, by its looks. Only for those who ask for it, and never without a
//! measure of how sure it is.
//!
//! Evidence are the words that are not plain ASCII, each once: what they are in every encoding, how
//! many of these are syllables, and how common their letters are. The confidence is the probability
//! of an encoding against all others and against a text that is no Vietnamese at all (Bayes, with
//! the words taken as independent).

mod evidence;
mod letters;

use std::borrow::Cow;
use std::fmt;

use crate::{Encoding, decode, reread};
use evidence::{Evidence, SUREST};

/// What a text may be in.
const CANDIDATES: [Encoding; 6] = [
    Encoding::Utf8,
    Encoding::Tcvn3,
    Encoding::Vni,
    Encoding::Windows1258,
    Encoding::Viscii,
    Encoding::Vps,
];

/// An encoding with the probability that it is the one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    /// The encoding.
    pub encoding: Encoding,
    /// From 0 to 1.
    pub confidence: f64,
}

/// What a text looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// The likeliest encoding; `None` where nothing speaks for any.
    pub best: Option<Guess>,
    /// The next one.
    pub next: Option<Guess>,
    /// How many different words were looked at that are not plain ASCII.
    pub words: usize,
}

impl Detection {
    /// The confidence from which on a text is read.
    pub const ENOUGH: f64 = 0.98;

    /// The encoding, if it is sure enough.
    pub fn decided(&self) -> Option<Encoding> {
        let best = self.best.filter(|best| best.confidence >= Self::ENOUGH)?;
        Some(best.encoding)
    }

    /// A text that is the same in every encoding.
    const PLAIN: Self = Self { best: None, next: None, words: 0 };

    fn certain(encoding: Encoding) -> Self {
        Self { best: Some(Guess { encoding, confidence: 1.0 }), ..Self::PLAIN }
    }
}

impl fmt::Display for Guess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never rounded up to certainty.
        let hundredths = (self.confidence * 100.0).floor() / 100.0;
        write!(f, "{} {hundredths:.2}", self.encoding.name())
    }
}

impl fmt::Display for Detection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.best, self.next) {
            (None, _) => write!(f, "no encoding"),
            (Some(best), None) => write!(f, "{best}"),
            (Some(best), Some(next)) => write!(f, "{best}, then {next}"),
        }
    }
}

/// Looks at bytes as they come, until enough is seen.
#[derive(Debug, Default)]
pub struct Detector {
    evidence: Evidence<Vec<u8>>,
    /// The unfinished word at the end of what came.
    word: Vec<u8>,
    marked: Option<Encoding>,
    is_begun: bool,
}

impl Detector {
    /// A word longer than this is none, and is cut.
    const WORD_MAX: usize = 64;

    /// Starts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes; true once more would hardly change the answer.
    pub fn feed(&mut self, bytes: &[u8]) -> bool {
        if !self.is_begun && !bytes.is_empty() {
            self.is_begun = true;
            self.marked = match bytes {
                [0xEF, 0xBB, 0xBF, ..] => Some(Encoding::Utf8),
                [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some(Encoding::Utf16),
                _ => None,
            };
        }
        if self.marked.is_some() {
            return true;
        }
        for byte in bytes {
            if is_in_word(char::from(*byte)) && self.word.len() < Self::WORD_MAX {
                self.word.push(*byte);
            } else {
                self.end_word();
            }
        }
        self.evidence.is_enough()
    }

    /// The answer. A text with a byte order mark is what the mark says; for one without a word
    /// that is not plain ASCII there is none.
    pub fn finish(mut self) -> Detection {
        if let Some(encoding) = self.marked {
            return Detection::certain(encoding);
        }
        self.end_word();
        self.evidence.detection(|_| true)
    }

    fn end_word(&mut self) {
        let word = std::mem::take(&mut self.word);
        if has_evidence(word.iter().copied().map(char::from)) {
            self.evidence.add(word, |word, encoding| decode(word, encoding).ok());
        }
    }
}

/// Reads a text of which some system took the bytes, in an encoding that is not known, for
/// characters: see [`reread`]. The text may be Unicode as well. Where several encodings would read
/// the same, it does not matter which it is.
///
/// # Errors
/// What the text looks like, where that is not sure enough.
pub fn reread_detected(text: &str) -> Result<(Cow<'_, str>, Detection), Detection> {
    if !has_evidence(text.chars()) {
        return Ok((Cow::Borrowed(text), Detection::PLAIN));
    }
    let mut evidence: Evidence<String> = Evidence::default();
    for word in text.split(|letter| !is_in_word(letter)) {
        if has_evidence(word.chars()) && !evidence.is_enough() {
            evidence.add(word.to_owned(), |word, encoding| reread(word, encoding).ok());
        }
    }
    let read = CANDIDATES.map(|encoding| reread(text, encoding).ok());
    let of = |encoding| {
        let index = CANDIDATES.iter().position(|known| *known == encoding)?;
        read.get(index)?.as_ref()
    };
    let mut detection = evidence.detection(|encoding| of(encoding).is_some());
    let Some(best) = detection.best else { return Err(detection) };
    let chosen = of(best.encoding).cloned();
    // Readings that are equal are one.
    let alike: f64 = evidence
        .guesses()
        .into_iter()
        .filter(|guess| of(guess.encoding) == chosen.as_ref())
        .map(|guess| guess.confidence)
        .sum();
    detection.best = Some(Guess { confidence: alike.min(SUREST), ..best });
    match chosen {
        Some(text) if alike >= Detection::ENOUGH => Ok((text, detection)),
        _ => Err(detection),
    }
}

/// Whether a character or byte may be part of a word in some encoding: ASCII letters, everything
/// beyond ASCII, and the control characters that are letters in VISCII or VPS.
fn is_in_word(letter: char) -> bool {
    letter.is_ascii_alphabetic() || !letter.is_ascii() || is_letter_below_space(letter)
}

fn is_letter_below_space(letter: char) -> bool {
    u8::try_from(letter).is_ok_and(|byte| {
        byte < b' ' && [Encoding::Viscii, Encoding::Vps].iter().any(|it| !it.is_plain(&[byte]))
    })
}

fn has_evidence(mut letters: impl Iterator<Item = char>) -> bool {
    letters.any(|letter| !letter.is_ascii() || is_letter_below_space(letter))
}

#[cfg(test)]
mod tests;
