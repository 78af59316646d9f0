//! Text that is only readable with its font: TCVN3 as the `.Vn…` fonts show it, VNI as the `VNI-…`
//! fonts do.
//!
//! A workbook stores a byte of such text as the code unit of the same number, or as the character
//! that Western Windows has for it. TCVN3 has no capitals but Ă Â Ê Ô Ơ Ư Đ: a capital is the small
//! letter in a font whose name ends in H.
//!
//! The font's name alone is weak evidence: Unicode is typed into old fonts as well. So the words
//! decide, run by run: those that are Vietnamese syllables in the font's encoding against those
//! that are in Unicode as they stand. Where they speak for neither or for both alike, letters that
//! can only be Unicode decide, and where there are none, the font does.

use lienthong_text::{Encoding, is_syllable, reread};
use schemars::JsonSchema;
use serde::Deserialize;

/// How a workbook's text is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FontText {
    /// TCVN3 or VNI where the font's name says so (`.VnTime`, `.VnArialH`, `VNI-Times`) and the
    /// words do not speak against it, Unicode everywhere else.
    #[default]
    AutoByFont,
    /// Unicode whatever the font.
    Unicode,
}

/// A stretch of text in one font.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run<'a> {
    /// Its first code unit.
    pub(crate) start: usize,
    /// The font's name.
    pub(crate) font: &'a str,
}

/// Text as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) text: String,
    pub(crate) doubt: Option<Doubt>,
}

/// What is doubtful about a text; the later outweighs the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Doubt {
    /// It could be Unicode or the font's encoding, and was read by the font.
    ByFontAlone,
    /// It holds characters that the font's encoding does not have, which were left as they are.
    Unreadable,
}

/// How a font shows its bytes.
type Shown = (Encoding, Case);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    AsWritten,
    Capitals,
}

impl FontText {
    /// Reads code units, which begin in the font `base` and change fonts where `runs` say.
    pub(crate) fn decode(self, units: &[u16], base: &str, runs: &[Run<'_>]) -> Read {
        let mut read = Read::default();
        let mut stretch: (Option<Shown>, Vec<u16>) = (None, Vec::new());
        let mut start = 0;
        let mut font = base;
        let end = Run { start: units.len(), font: "" };
        for run in runs.iter().chain([&end]) {
            let stop = run.start.clamp(start, units.len());
            let shown = self.shown(font);
            // A letter and its mark may stand in two runs of one kind.
            if shown != stretch.0 {
                read.push(&stretch.1, stretch.0);
                stretch = (shown, Vec::new());
            }
            stretch.1.extend_from_slice(units.get(start..stop).unwrap_or_default());
            start = stop;
            font = run.font;
        }
        read.push(&stretch.1, stretch.0);
        read
    }

    /// What a font makes of bytes; `None` for a font that shows Unicode.
    fn shown(self, font: &str) -> Option<Shown> {
        if self == Self::Unicode {
            return None;
        }
        let font = font.trim().to_ascii_lowercase();
        if font.starts_with(".vn") {
            let case = if font.ends_with('h') { Case::Capitals } else { Case::AsWritten };
            return Some((Encoding::Tcvn3, case));
        }
        let is_vni = font.starts_with("vni-") || font.starts_with("vni ");
        is_vni.then_some((Encoding::Vni, Case::AsWritten))
    }
}

impl Read {
    fn push(&mut self, units: &[u16], shown: Option<Shown>) {
        let text = String::from_utf16_lossy(units);
        let Some((encoding, case)) = shown else {
            self.text.push_str(&text);
            return;
        };
        let words: Vec<Word<'_>> = words(&text, encoding).collect();
        let legacy = words.iter().filter(|word| word.is_legacy()).count();
        let unicode = words.iter().filter(|word| word.is_unicode()).count();
        let is_tie = unicode == legacy;
        let is_unicode =
            |word: &Word<'_>| matches!(word.read, Reading::Unicode) && is_syllable(word.written);
        let has_unicode = || words.iter().any(is_unicode);
        if unicode > legacy || (is_tie && has_unicode()) {
            self.text.push_str(&text);
            return;
        }
        if is_tie && unicode > 0 {
            self.doubted(Doubt::ByFontAlone);
        }
        for word in words {
            match (word.read, case) {
                (Reading::Unicode, _) => self.text.push_str(word.written),
                (Reading::Unreadable, _) => {
                    self.text.push_str(word.written);
                    self.doubted(Doubt::Unreadable);
                }
                (Reading::Legacy(text), Case::AsWritten) => self.text.push_str(&text),
                (Reading::Legacy(text), Case::Capitals) => {
                    self.text.extend(text.chars().flat_map(char::to_uppercase));
                }
            }
        }
    }

    fn doubted(&mut self, doubt: Doubt) {
        self.doubt = self.doubt.max(Some(doubt));
    }
}

/// A word, or what stands between two.
struct Word<'a> {
    written: &'a str,
    read: Reading,
}

/// What the font's encoding makes of a word.
enum Reading {
    Legacy(String),
    /// It has letters that no byte was ever taken for.
    Unicode,
    /// It has a byte that the encoding does not have.
    Unreadable,
}

impl Word<'_> {
    /// Whether it speaks for the font's encoding.
    fn is_legacy(&self) -> bool {
        let is_plain = self.written.is_ascii();
        !is_plain && matches!(&self.read, Reading::Legacy(text) if is_syllable(text))
    }

    /// Whether it speaks for Unicode, though it could be bytes.
    fn is_unicode(&self) -> bool {
        let could_be_bytes = !matches!(self.read, Reading::Unicode);
        could_be_bytes && !self.written.is_ascii() && is_syllable(self.written)
    }
}

/// The words of a text and what stands between them.
fn words(text: &str, encoding: Encoding) -> impl Iterator<Item = Word<'_>> {
    let is_in_word = |letter: char| letter.is_ascii_alphabetic() || !letter.is_ascii();
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let ends = |letter: char| is_in_word(letter) != is_in_word(first);
        let (written, behind) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        rest = behind;
        let read = match reread(written, encoding) {
            Ok(text) => Reading::Legacy(text.into_owned()),
            Err(lienthong_text::RereadError::Malformed { .. }) => Reading::Unreadable,
            Err(_) => Reading::Unicode,
        };
        Some(Word { written, read })
    })
}

#[cfg(test)]
mod tests;
