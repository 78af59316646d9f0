//! Code lists: from the codes of one source to national codes.

use std::fmt;
use std::sync::Arc;

use hashbrown::HashMap;
use lienthong_diagnostics::candidates;
use lienthong_standard::ShortTexts;
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
    /// The source codes themselves, where they are few and short and nothing is folded.
    short: Option<ShortTexts>,
    pairs: Vec<Pair>,
}

/// One line of a code list.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) source: Box<str>,
    pub(crate) national: Box<str>,
    /// What the source's code means, as the third column says.
    pub(crate) note: Option<Box<str>>,
    /// What the national code means, as the standard says in Vietnamese.
    pub(crate) name: Option<Arc<str>>,
    /// Its line in the list's file, where it stands in one.
    pub(crate) line: Option<u64>,
}

/// Codes that are shown beside an unknown one.
const NEAREST_MAX: usize = 3;

impl Codes {
    pub(crate) fn new(name: &str, fold: bool) -> Self {
        let (by_source, short, pairs) = (HashMap::new(), None, Vec::new());
        Self { name: name.into(), fold, by_source, short, pairs }
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
            let (source, national) = (source.into(), national.into());
            self.pairs.push(Pair { source, national, note: None, name: None, line: None });
            let sources = self.pairs.iter().map(|pair| &*pair.source);
            self.short = ShortTexts::of(sources).filter(|_| !self.fold);
            return None;
        }
        self.pairs.get(at)
    }

    /// Says what the source's code of the line that was added last means.
    pub(crate) fn note(&mut self, note: &str) {
        if let Some(pair) = self.pairs.last_mut().filter(|_| !note.is_empty()) {
            pair.note = Some(note.into());
        }
    }

    /// Says in which line of the file the line that was added last stands.
    pub(crate) fn at_line(&mut self, line: u64) {
        if let Some(pair) = self.pairs.last_mut() {
            pair.line = Some(line);
        }
    }

    /// Says what the national codes mean.
    pub(crate) fn name_each(&mut self, name: impl Fn(&str) -> Option<Arc<str>>) {
        for pair in &mut self.pairs {
            pair.name = name(&pair.national);
        }
    }

    /// The national code of a source code. `spare` is written over where the list folds.
    pub(crate) fn national(&self, source: &str, spare: &mut String) -> Option<&str> {
        self.pair(source, spare).map(|pair| &*pair.national)
    }

    /// The line of a source code. `spare` is written over where the list folds.
    pub(crate) fn pair(&self, source: &str, spare: &mut String) -> Option<&Pair> {
        if let Some(short) = &self.short {
            return self.pairs.get(short.place(source)?);
        }
        let at = if self.fold {
            spare.clear();
            fold(source, spare);
            self.by_source.get(spare.as_str())
        } else {
            self.by_source.get(source)
        };
        self.pairs.get(*at?)
    }

    /// Whether it is a list of the standard itself.
    pub(crate) fn is_standard(&self) -> bool {
        self.name.starts_with("standard/")
    }

    /// The lines, in the order of the file.
    pub(crate) fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// Up to three lines that are nearest to an unknown code, best first: by the source's code and
    /// its note, and by the name of the national code.
    pub(crate) fn nearest(&self, unknown: &str) -> Vec<&Pair> {
        let spelt = self.pairs.iter().zip(0_usize..).flat_map(|(pair, at)| {
            let names = [Some(&*pair.source), pair.note.as_deref(), pair.name.as_deref()];
            names.into_iter().flatten().map(move |spelling| (at, spelling))
        });
        let places = candidates(unknown, spelt, NEAREST_MAX);
        places.into_iter().filter_map(|at| self.pairs.get(at)).collect()
    }
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "“{}” → {}", self.source, self.national)?;
        match &self.name {
            Some(name) => write!(f, " ({name})"),
            None => Ok(()),
        }
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
