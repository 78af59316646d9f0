//! What speaks for each encoding.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::Hash;

use unicode_normalization::UnicodeNormalization as _;

use super::letters::rarity;
use super::{CANDIDATES, Detection, Guess};
use crate::Encoding;
use crate::syllable::{Case, syllable};

/// More different words would hardly change the answer.
const WORDS_MAX: usize = 400;

/// The logarithm of how likely a word is that the encoding can't read.
const MALFORMED: f64 = -12.0;
/// Of a word that is no syllable: names of other languages, abbreviations, slips.
const NO_SYLLABLE: f64 = -4.0;
/// Of any word where the text is no Vietnamese, and of that case before anything is seen.
const NO_VIETNAMESE: f64 = -1.5;
const NO_VIETNAMESE_AT_FIRST: f64 = -3.0;
/// Words are never proof.
pub(super) const SUREST: f64 = 0.999;

/// A letter beyond ASCII of which nothing is known.
const ANY_LETTER: f64 = -4.9;

/// The words seen, and the logarithm of how likely they are in each encoding.
#[derive(Debug)]
pub(super) struct Evidence<W> {
    seen: HashSet<W>,
    scores: [f64; CANDIDATES.len()],
    no_vietnamese: f64,
}

impl<W> Default for Evidence<W> {
    fn default() -> Self {
        let scores = [0.0; CANDIDATES.len()];
        Self { seen: HashSet::new(), scores, no_vietnamese: NO_VIETNAMESE_AT_FIRST }
    }
}

impl<W: Clone + Eq + Hash> Evidence<W> {
    /// Adds a word, once, by what it is in each encoding.
    pub(super) fn add(
        &mut self,
        word: W,
        read: impl for<'w> Fn(&'w W, Encoding) -> Option<Cow<'w, str>>,
    ) {
        if self.is_enough() || self.seen.contains(&word) {
            return;
        }
        let mut shortest = usize::MAX;
        for (encoding, score) in CANDIDATES.into_iter().zip(&mut self.scores) {
            let Some(text) = read(&word, encoding) else {
                *score += MALFORMED + ANY_LETTER;
                continue;
            };
            let text: String = text.nfc().collect();
            shortest = shortest.min(beyond_ascii(&text));
            *score += likelihood(&text);
        }
        let letters = if shortest == usize::MAX { 1 } else { shortest.max(1) };
        self.no_vietnamese += NO_VIETNAMESE + ANY_LETTER * as_f64(letters);
        self.seen.insert(word);
    }

    /// Whether more words would hardly change the answer.
    pub(super) fn is_enough(&self) -> bool {
        self.seen.len() >= WORDS_MAX
    }

    /// The encodings with their probabilities, the likeliest first.
    pub(super) fn guesses(&self) -> Vec<Guess> {
        let all = self.scores.iter().copied().chain([self.no_vietnamese]);
        let highest = all.clone().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = all.map(|score| (score - highest).exp()).sum();
        let guess = |(encoding, score): (Encoding, &f64)| Guess {
            encoding,
            confidence: ((score - highest).exp() / sum).min(SUREST),
        };
        let mut guesses: Vec<Guess> = CANDIDATES.into_iter().zip(&self.scores).map(guess).collect();
        guesses.sort_by(|one, other| other.confidence.total_cmp(&one.confidence));
        guesses
    }

    /// The answer among the encodings that are possible at all.
    pub(super) fn detection(&self, is_possible: impl Fn(Encoding) -> bool) -> Detection {
        let words = self.seen.len();
        if words == 0 {
            return Detection::PLAIN;
        }
        let mut guesses = self.guesses().into_iter().filter(|guess| is_possible(guess.encoding));
        Detection { best: guesses.next(), next: guesses.next(), words }
    }
}

/// How likely a word is in Vietnamese, as a logarithm. A word may be several where a blank or a
/// sign between them is no ASCII.
fn likelihood(text: &str) -> f64 {
    let is_between = |letter: char| {
        letter.is_whitespace() || matches!(letter, '\u{AB}' | '\u{BB}' | '\u{2013}'..='\u{2026}')
    };
    let mut sum = 0.0;
    for part in text.split(is_between) {
        let letters = beyond_ascii(part);
        if letters == 0 {
            continue;
        }
        sum += match syllable(part) {
            Some(case) => of_case(case) + part.chars().map(rarity).sum::<f64>(),
            None => NO_SYLLABLE + ANY_LETTER * as_f64(letters),
        };
    }
    let signs = text.chars().filter(|letter| !letter.is_ascii() && is_between(*letter)).count();
    sum + ANY_LETTER * as_f64(signs)
}

/// How often words are written so.
fn of_case(case: Case) -> f64 {
    match case {
        Case::Small => -0.5,
        Case::Title => -1.2,
        Case::Capitals => -2.5,
    }
}

fn beyond_ascii(text: &str) -> usize {
    text.chars().filter(|letter| !letter.is_ascii()).count()
}

fn as_f64(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
