//! What texts may stand at a place: blank ones, those known one by one, and what all others share.

use std::collections::BTreeMap;

use lienthong_shape::{Alphabet, TextSeen};

use super::tally::Tally;

/// What texts may be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    /// Those that are empty or blank.
    pub(crate) hollow: Tally,
    /// What the blank ones that are not empty consist of; none where there is none.
    pub(crate) blank: Option<Alphabet>,
    /// Those that are known one by one; none of them is empty.
    pub(crate) known: Vec<(Box<str>, Tally)>,
    /// All others; none of them is blank.
    pub(crate) body: Option<Body>,
}

/// What texts that are not blank have in common.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) count: Tally,
    /// The fewest and the most characters.
    pub(crate) chars: (u32, u32),
    /// What kinds of characters may occur.
    pub(crate) alphabet: Alphabet,
    /// How many have a form, by the probe's name.
    pub(crate) forms: BTreeMap<Box<str>, Having>,
    /// Whether the counts of the forms are exact, because no function came between.
    pub(crate) is_as_learned: bool,
}

/// How many texts have a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Having {
    /// Every text that can be.
    All,
    /// At least so many of the learned ones.
    Some(u64),
}

/// Every kind of characters.
const ANY: Alphabet = Alphabet {
    beyond_ascii: true,
    not_composed: true,
    invisible: true,
    control: true,
    outer_blank: true,
    odd_blank: true,
};

impl Texts {
    /// Any text.
    pub(crate) fn anything(count: Tally) -> Self {
        Self {
            hollow: count.some(),
            blank: Some(ANY),
            known: Vec::new(),
            body: Some(Body::anything(count.some())),
        }
    }

    /// The texts of a place; `at_most` where not all of them are reached.
    pub(crate) fn of(seen: &TextSeen, at_most: Option<u64>) -> Self {
        let tally = |count: u64| match at_most {
            Some(most) => Tally::up_to(count.min(most)),
            None => Tally::exactly(count),
        };
        let mut texts = Self::default();
        if seen.blank > 0 {
            texts.hollow = tally(seen.blank);
            // Blanks are blanks at an end, so that without such all hollow texts are empty.
            texts.blank = seen.alphabet.outer_blank.then_some(seen.alphabet);
        }
        let filled = seen.count.saturating_sub(seen.blank);
        if let Some(values) = &seen.values {
            texts.known =
                values.iter().map(|(value, count)| (value.clone(), tally(*count))).collect();
        } else if filled > 0 || (seen.count == 0 && seen.chars_max > 0) {
            // Of some of them nobody knows which have the form.
            let having = |count: u64| match at_most {
                _ if count >= filled => Having::All,
                Some(_) => Having::Some(0),
                None => Having::Some(count),
            };
            let forms = seen.forms.iter().map(|(form, count)| (form.clone(), having(*count)));
            texts.body = Some(Body {
                count: if filled == 0 { Tally::up_to(0) } else { tally(filled) },
                chars: (seen.chars_min.max(1), seen.chars_max),
                alphabet: seen.alphabet,
                forms: forms.collect(),
                is_as_learned: at_most.is_none(),
            });
        }
        texts
    }

    /// Whether there can be any that is not empty and not blank.
    pub(crate) fn is_filled(&self) -> bool {
        !self.known.is_empty() || self.body.is_some()
    }

    /// How many there are.
    pub(crate) fn count(&self) -> Tally {
        let known = self.known.iter().fold(Tally::NEVER, |sum, (_, tally)| sum + *tally);
        let body = self.body.as_ref().map_or(Tally::NEVER, |body| body.count);
        self.hollow + known + body
    }

    /// Adds a text that is known.
    pub(crate) fn know(&mut self, text: &str, tally: Tally) {
        if text.is_empty() {
            self.hollow += tally;
        } else if let Some((_, known)) = self.known.iter_mut().find(|(known, _)| **known == *text) {
            *known += tally;
        } else {
            self.known.push((text.into(), tally));
        }
    }

    /// Adds texts of which some may be empty, and blank if they are of these characters.
    pub(crate) fn add_hollow(&mut self, tally: Tally, blank: Option<Alphabet>) {
        self.hollow += tally;
        self.blank = either(self.blank, blank);
    }

    /// Adds all texts of another.
    pub(crate) fn add(&mut self, other: Self) {
        self.add_hollow(other.hollow, other.blank);
        for (text, tally) in other.known {
            self.know(&text, tally);
        }
        if let Some(body) = other.body {
            self.add_body(body);
        }
    }

    pub(crate) fn add_body(&mut self, body: Body) {
        self.body = Some(match self.body.take() {
            Some(own) => own.or(&body),
            None => body,
        });
    }
}

impl Body {
    /// Any text that is not blank.
    pub(crate) const fn anything(count: Tally) -> Self {
        Self {
            count,
            chars: (1, u32::MAX),
            alphabet: ANY,
            forms: BTreeMap::new(),
            is_as_learned: false,
        }
    }

    /// Texts of plain ASCII letters, digits and signs, without blanks.
    pub(crate) fn plain(count: Tally, chars: (u32, u32)) -> Self {
        Self { chars, alphabet: Alphabet::default(), ..Self::anything(count) }
    }

    /// What one text is like.
    pub(crate) fn of_text(text: &str, count: Tally) -> Self {
        let chars = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        Self { chars: (chars, chars), alphabet: alphabet(text), ..Self::anything(count) }
    }

    /// Some of these texts, of which nobody knows which they are.
    pub(crate) fn of_some(mut self) -> Self {
        for having in self.forms.values_mut() {
            if let Having::Some(count) = having {
                *count = 0;
            }
        }
        self.is_as_learned = false;
        self
    }

    /// What two kinds of texts have in common.
    fn or(self, other: &Self) -> Self {
        let mut forms = BTreeMap::new();
        for (form, having) in &self.forms {
            let both = match (*having, other.forms.get(form)) {
                (Having::All, Some(Having::All)) => Having::All,
                (one, other_having) => {
                    let known = |having: Having, count: Tally| match having {
                        Having::All => count.least,
                        Having::Some(known) => known,
                    };
                    let others = other_having.map_or(0, |having| known(*having, other.count));
                    Having::Some(known(one, self.count).saturating_add(others))
                }
            };
            forms.insert(form.clone(), both);
        }
        Self {
            count: self.count + other.count,
            chars: (self.chars.0.min(other.chars.0), self.chars.1.max(other.chars.1)),
            alphabet: union(self.alphabet, other.alphabet),
            forms,
            is_as_learned: false,
        }
    }

    /// Whether every text has the form.
    pub(crate) fn have_all(&self, form: &str) -> bool {
        self.forms.get(form) == Some(&Having::All)
    }

    /// How many have none of some forms.
    pub(crate) fn without(&self, forms: &[String]) -> Tally {
        let having = || forms.iter().filter_map(|form| self.forms.get(form.as_str()));
        if having().any(|having| *having == Having::All) {
            return Tally::NEVER;
        }
        let counts = || {
            having().filter_map(|having| match having {
                Having::Some(count) => Some(*count),
                Having::All => None,
            })
        };
        let all_are_counted = self.is_as_learned && having().count() == forms.len();
        let least = if all_are_counted {
            self.count.least.saturating_sub(counts().fold(0, u64::saturating_add))
        } else {
            0
        };
        let most = self.count.most.saturating_sub(counts().max().unwrap_or(0)).max(1);
        Tally { least, most: most.max(least) }
    }

    /// The same texts with other characters, lengths and forms.
    pub(crate) fn changed(&self, chars: (u32, u32), alphabet: Alphabet) -> Self {
        Self {
            count: self.count,
            chars: (chars.0.max(1), chars.1.max(1)),
            alphabet,
            forms: BTreeMap::new(),
            is_as_learned: false,
        }
    }

    /// The same with the forms that a function leaves as they are.
    pub(crate) fn keeping(mut self, from: &Self, is_kept: impl Fn(&str) -> bool) -> Self {
        let kept = from.forms.iter().filter(|(form, _)| is_kept(form));
        self.forms = kept.map(|(form, having)| (form.clone(), *having)).collect();
        self
    }
}

/// What kinds of characters a text has, as a shape's learner sees them.
pub(crate) fn alphabet(text: &str) -> Alphabet {
    let is_odd = |letter: char| letter != ' ' && letter.is_whitespace();
    Alphabet {
        beyond_ascii: !text.is_ascii(),
        not_composed: !unicode_normalization::is_nfc(text),
        invisible: lienthong_text::clean::strip_invisible(text).len() != text.len(),
        control: text.contains(char::is_control),
        outer_blank: text.trim() != text,
        odd_blank: text.contains("  ") || text.contains(is_odd),
    }
}

/// The kinds of characters of two kinds of texts.
pub(crate) const fn union(one: Alphabet, other: Alphabet) -> Alphabet {
    Alphabet {
        beyond_ascii: one.beyond_ascii || other.beyond_ascii,
        not_composed: one.not_composed || other.not_composed,
        invisible: one.invisible || other.invisible,
        control: one.control || other.control,
        outer_blank: one.outer_blank || other.outer_blank,
        odd_blank: one.odd_blank || other.odd_blank,
    }
}

fn either(one: Option<Alphabet>, other: Option<Alphabet>) -> Option<Alphabet> {
    match (one, other) {
        (Some(one), Some(other)) => Some(union(one, other)),
        (one, other) => one.or(other),
    }
}
