//! Text that is only readable with its font: TCVN3 as the `.Vn…` fonts show it.
//!
//! TCVN3 has one byte a letter and no capitals but Ă Â Ê Ô Ơ Ư Đ: a capital is the small letter in
//! a font whose name ends in H. A workbook stores such a byte as the code unit of the same number.

use lienthong_text::tcvn3_char;
use schemars::JsonSchema;
use serde::Deserialize;

/// How a workbook's text is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FontText {
    /// TCVN3 where the font's name says so (`.VnTime`, `.VnArialH`), Unicode everywhere else.
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

impl FontText {
    /// Reads code units, which begin in the font `base` and change fonts where `runs` say.
    pub(crate) fn decode(self, units: &[u16], base: &str, runs: &[Run<'_>]) -> String {
        let mut text = String::with_capacity(units.len());
        let mut start = 0;
        let mut font = base;
        let end = Run { start: units.len(), font: "" };
        for run in runs.iter().chain([&end]) {
            let stop = run.start.clamp(start, units.len());
            self.push(units.get(start..stop).unwrap_or_default(), font, &mut text);
            start = stop;
            font = run.font;
        }
        text
    }

    fn push(self, units: &[u16], font: &str, text: &mut String) {
        let case = match self {
            Self::AutoByFont => letter_case(font),
            Self::Unicode => None,
        };
        match case {
            Some(case) if is_tcvn3(units) => {
                for letter in char::decode_utf16(units.iter().copied()) {
                    push_letter(letter.unwrap_or(char::REPLACEMENT_CHARACTER), case, text);
                }
            }
            _ => text.push_str(&String::from_utf16_lossy(units)),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    AsWritten,
    Capitals,
}

/// What a font makes of TCVN3 bytes; `None` for a font that does not show TCVN3.
fn letter_case(font: &str) -> Option<Case> {
    let font = font.trim().to_ascii_lowercase();
    if !font.starts_with(".vn") {
        return None;
    }
    Some(if font.ends_with('h') { Case::Capitals } else { Case::AsWritten })
}

/// Whether a run in a `.Vn…` font is TCVN3. Somebody may have typed Unicode in such a font: then it
/// holds Vietnamese letters beyond Latin-1, and of Latin-1 only those that Vietnamese has. A run
/// that also holds others is TCVN3 with a few letters of Unicode between, which are left alone.
fn is_tcvn3(units: &[u16]) -> bool {
    let has_unicode = units
        .iter()
        .any(|unit| matches!(unit, 0x0100..=0x01B0 | 0x0300..=0x0323 | 0x1E00..=0x1EFF));
    let is_foreign = |unit: &u16| {
        u8::try_from(*unit).is_ok_and(|byte| {
            tcvn3_char(byte).is_some_and(|letter| !letter.is_ascii())
                && !VIETNAMESE_LATIN1.contains(char::from(byte))
        })
    };
    !has_unicode || units.iter().any(is_foreign)
}

/// The letters of Latin-1 that Vietnamese in Unicode uses, and the no-break space.
const VIETNAMESE_LATIN1: &str = "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý\u{A0}";

fn push_letter(letter: char, case: Case, text: &mut String) {
    let letter = match u8::try_from(u32::from(letter)) {
        Ok(byte) if byte >= 0x80 => tcvn3_char(byte).unwrap_or(letter),
        _ => letter,
    };
    match case {
        Case::AsWritten => text.push(letter),
        Case::Capitals => text.extend(letter.to_uppercase()),
    }
}

#[cfg(test)]
mod tests;
