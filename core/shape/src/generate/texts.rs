//! Random texts that have the forms, the length and the characters that a place claims.

use rand::seq::IndexedRandom as _;
use rand::{Rng, RngExt as _};

use super::Maker;
use crate::Format;
use crate::learn::alphabet;
use crate::node::{Alphabet, TextSeen};

/// Candidates before a text is given up.
const CANDIDATES: usize = 64;
/// Characters of a text without a form: enough for what can go wrong with texts.
const CHARS_MAX: u32 = 300;

impl<R: Rng> Maker<'_, R> {
    /// Makes a text; none where no candidate has all that is claimed.
    pub(super) fn text(&mut self, seen: &TextSeen) -> Option<String> {
        let has_filled = seen.chars_max > 0;
        if seen.blank > 0 && (!has_filled || self.rng.random_ratio(1, 4)) {
            let is_spaced = seen.alphabet.outer_blank && self.rng.random();
            return Some(if is_spaced { " " } else { "" }.to_owned());
        }
        if let Some(values) = seen.values.as_ref().filter(|values| !values.is_empty()) {
            let values: Vec<&str> = values.keys().map(|value| &**value).collect();
            return values.choose(self.rng).map(|value| (*value).to_owned());
        }
        let forms: Vec<&str> = seen.claims().collect();
        for nth in 0..CANDIDATES {
            // Every form in its turn, and sometimes none of them.
            let form = forms.get(nth % (forms.len() + 1)).copied();
            let candidate = match form {
                Some(form) => (self.draw)(form).or_else(|| self.of_form(form)),
                None => Some(self.any(seen)),
            };
            if let Some(text) = candidate.filter(|text| self.is_claimed(seen, &forms, text)) {
                return Some(text);
            }
        }
        None
    }

    fn is_claimed(&self, seen: &TextSeen, forms: &[&str], text: &str) -> bool {
        let chars = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let mut known = seen.alphabet;
        crate::learn::add_alphabet(&mut known, alphabet(text));
        let asked = self.probes.iter().filter(|probe| forms.contains(&probe.name()));
        (seen.chars_min..=seen.chars_max).contains(&chars)
            && !text.trim().is_empty()
            && known == seen.alphabet
            && asked.into_iter().all(|probe| probe.holds(text))
    }

    /// A text of some length in the characters of a place.
    fn any(&mut self, seen: &TextSeen) -> String {
        let most = seen.chars_max.min(seen.chars_min.saturating_add(CHARS_MAX));
        let chars = self.rng.random_range(seen.chars_min.min(most)..=most);
        let letters = self.letters(seen.alphabet);
        (0..chars).filter_map(|_| letters.choose(self.rng).copied()).collect()
    }

    fn letters(&self, known: Alphabet) -> Vec<char> {
        let mut letters: Vec<char> = "abcXYZ0189-./:,\"\\<&'#+@".chars().collect();
        if known.odd_blank || known.outer_blank {
            letters.push(' ');
        }
        if known.beyond_ascii {
            letters.extend("ăâđêôơưạếộỳĐẦ€".chars());
            if known.not_composed {
                letters.extend(['\u{301}', '\u{323}']);
            }
            if known.invisible {
                letters.extend(['\u{200b}', '\u{ad}']);
            }
            if known.odd_blank {
                letters.push('\u{a0}');
            }
        }
        if known.control {
            letters.push('\n');
            if self.format != Format::Xml {
                letters.push('\u{1}');
            }
        }
        letters
    }

    /// A text of one of the forms that are known here.
    fn of_form(&mut self, form: &str) -> Option<String> {
        if form == "integer" {
            return Some(self.rng.random_range(0..10_000_000_u64).to_string());
        }
        if form.starts_with("phone") {
            return Some(format!("09{:08}", self.rng.random_range(0..100_000_000_u32)));
        }
        if form.starts_with("decimal") || form.starts_with("whole-decimal") {
            let (whole, part) = (self.rng.random_range(0..1000), self.rng.random_range(0..100));
            let texts = [format!("{whole}"), format!("{whole}.{part}"), format!("{whole},{part}")];
            return texts.choose(self.rng).cloned();
        }
        let format = form.strip_prefix("timestamp:").or_else(|| form.strip_prefix("date:"))?;
        Some(self.moment(match format {
            "rfc3339" => "%FT%T%:z",
            "iso-basic-offset" => "%FT%T.000%z",
            "iso-local" => "%FT%T",
            "epoch-s" => "%s",
            "epoch-ms" => "%s000",
            pieces => pieces,
        }))
    }

    /// A moment in a format's pieces.
    fn moment(&mut self, pieces: &str) -> String {
        let date = (
            self.rng.random_range(1990..2030_u32),
            self.rng.random_range(1..=12_u32),
            self.rng.random_range(1..=28_u32),
        );
        let time = [24, 60, 60].map(|most| self.rng.random_range(0..most));
        let mut out = String::new();
        let mut rest = pieces;
        while let Some(letter) = rest.chars().next() {
            let piece =
                PIECES.iter().find_map(|piece| rest.strip_prefix(piece).map(|r| (*piece, r)));
            if let Some((piece, behind)) = piece {
                out.push_str(&self.piece(piece, date, time));
                rest = behind;
            } else {
                out.push(letter);
                rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            }
        }
        out
    }

    fn piece(&mut self, piece: &str, date: (u32, u32, u32), time: [u32; 3]) -> String {
        let ((year, month, day), [hour, minute, second]) = (date, time);
        match piece {
            "%Y" => format!("{year:04}"),
            "%m" => format!("{month:02}"),
            "%d" => format!("{day:02}"),
            "%H" => format!("{hour:02}"),
            "%M" => format!("{minute:02}"),
            "%S" => format!("{second:02}"),
            "%-m" => month.to_string(),
            "%-d" => day.to_string(),
            "%-H" => hour.to_string(),
            "%F" => format!("{year:04}-{month:02}-{day:02}"),
            "%T" => format!("{hour:02}:{minute:02}:{second:02}"),
            "%z" => (*["+0700", "+0000"].choose(self.rng).unwrap_or(&"+0700")).to_owned(),
            "%:z" => (*["+07:00", "Z"].choose(self.rng).unwrap_or(&"Z")).to_owned(),
            "%s" => self.rng.random_range(700_000_000..1_900_000_000_u32).to_string(),
            "%.f" => (*["", ".5", ".123"].choose(self.rng).unwrap_or(&"")).to_owned(),
            _ => "%".to_owned(),
        }
    }
}

/// The pieces of formats, longer ones before those that they begin with.
const PIECES: [&str; 16] = [
    "%Y", "%m", "%d", "%H", "%M", "%S", "%-m", "%-d", "%-H", "%F", "%T", "%z", "%:z", "%s", "%.f",
    "%%",
];
