//! Code lists: from the codes of one source to national codes.

use hashbrown::HashMap;
use lienthong_text::clean::{fold_tone_placement, strip_invisible};
use unicode_normalization::UnicodeNormalization as _;

/// The translation of one code list; no source code occurs twice.
#[derive(Clone, Debug)]
pub(crate) struct Codes {
    /// How the list is called where records wait for a code: `codes/status`.
    pub(crate) name: Box<str>,
    /// Whether capitals, blanks and the spelling of marks make no difference.
    pub(crate) fold: bool,
    by_source: HashMap<Box<str>, usize>,
    pairs: Vec<Pair>,
}

/// One line of a code list.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) source: Box<str>,
    pub(crate) national: Box<str>,
}

impl Codes {
    pub(crate) fn new(name: &str, fold: bool) -> Self {
        Self { name: name.into(), fold, by_source: HashMap::new(), pairs: Vec::new() }
    }

    /// Adds a line; gives back the earlier line when the source code is there already.
    pub(crate) fn add(&mut self, source: &str, national: &str) -> Option<&Pair> {
        let mut key = String::new();
        if self.fold {
            fold(source, &mut key);
        } else {
            key.push_str(source);
        }
        let next = self.pairs.len();
        let at = *self.by_source.entry(key.into()).or_insert(next);
        if at == next {
            self.pairs.push(Pair { source: source.into(), national: national.into() });
            return None;
        }
        self.pairs.get(at)
    }

    /// The national code of a source code. `spare` is written over where the list folds.
    pub(crate) fn national(&self, source: &str, spare: &mut String) -> Option<&str> {
        let at = if self.fold {
            spare.clear();
            fold(source, spare);
            self.by_source.get(spare.as_str())
        } else {
            self.by_source.get(source)
        };
        self.pairs.get(*at?).map(|pair| &*pair.national)
    }

    /// The lines, in the order of the file.
    pub(crate) fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// Up to three source codes that are nearest to an unknown one, best first.
    pub(crate) fn nearest(&self, unknown: &str) -> Vec<&Pair> {
        let mut left: Vec<&Pair> = self.pairs.iter().collect();
        let mut found = Vec::new();
        while found.len() < 3 {
            let names = left.iter().map(|pair| &*pair.source);
            let Some(name) = lienthong_diagnostics::nearest(unknown, names) else { break };
            let Some(at) = left.iter().position(|pair| &*pair.source == name) else { break };
            found.push(left.remove(at));
        }
        found
    }
}

/// Writes a text as folding lists compare it: composed, small letters, one habit of tone placement,
/// nothing invisible, single spaces, no ends.
fn fold(text: &str, out: &mut String) {
    let start = out.len();
    for word in strip_invisible(text).split_whitespace() {
        if out.len() > start {
            out.push(' ');
        }
        if word.is_ascii() {
            out.extend(word.chars().map(|letter| letter.to_ascii_lowercase()));
        } else {
            let word: String = word.nfc().flat_map(char::to_lowercase).collect();
            out.push_str(&fold_tone_placement(&word));
        }
    }
}

#[cfg(test)]
mod tests;
