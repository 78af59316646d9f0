//! The short way to an XML element's end: for elements without attributes, comments and sections,
//! of which most records are made.
//!
//! The element's own end tag is searched for, and the tags up to it are counted without looking at
//! them one by one. Where anything is out of the ordinary nothing is said, and the element is
//! followed tag by tag.

use memchr::memmem::Finder;

/// Looks for the ends of elements of one name.
#[derive(Debug)]
pub(crate) struct Glance {
    name: Vec<u8>,
    /// These find the beginnings of tags of the name, or of a name that begins with it.
    start_tag: Finder<'static>,
    end_tag: Finder<'static>,
}

/// What a stretch of XML holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Census {
    tags: usize,
    end_tags: usize,
    empty_tags: usize,
    /// A comment, a section, an instruction; or perhaps an attribute, in which tags need not be
    /// tags.
    has_others: bool,
}

impl Glance {
    pub(crate) fn new(name: &[u8]) -> Self {
        let finder = |opening: &[u8]| Finder::new(&[opening, name].concat()).into_owned();
        Self { name: name.to_vec(), start_tag: finder(b"<"), end_tag: finder(b"</") }
    }

    pub(crate) fn is_of(&self, name: &[u8]) -> bool {
        self.name == name
    }

    /// The end of the element that `text` begins with, when it has no more than `tags_max` elements
    /// and its tags are as many as they should be.
    pub(crate) fn end_of(&self, text: &[u8], tags_max: usize) -> Option<usize> {
        let end_tag = self.end_tag.find(text)?;
        let end = end_tag + 2 + self.name.len();
        if text.get(end) != Some(&b'>') {
            return None;
        }
        if self.start_tag.find(text.get(1..end_tag)?).is_some() {
            return None;
        }
        let Census { tags, end_tags, empty_tags, has_others } = census(text.get(..=end)?);
        let is_whole = !has_others && tags == 2 * end_tags + empty_tags;
        (is_whole && end_tags + empty_tags <= tags_max).then_some(end + 1)
    }
}

/// Counts tags. No branches within a stretch, so that it compiles to vector instructions, and
/// stretches so short that their counts fit a byte.
fn census(text: &[u8]) -> Census {
    const STRETCH: usize = 128;
    let mut sum = Census::default();
    let after = text.get(1..).unwrap_or_default();
    for (bytes, next) in text.chunks(STRETCH).zip(after.chunks(STRETCH)) {
        let (mut tags, mut end_tags, mut empty_tags, mut others) = (0_u8, 0_u8, 0_u8, 0_u8);
        for (byte, next) in bytes.iter().zip(next) {
            let is = |one: u8, other: u8| u8::from(one == other);
            let tag = is(*byte, b'<');
            tags += tag;
            end_tags += tag & is(*next, b'/');
            empty_tags += is(*byte, b'/') & is(*next, b'>');
            others |= tag & (is(*next, b'!') | is(*next, b'?')) | is(*byte, b'=');
        }
        sum.tags += usize::from(tags);
        sum.end_tags += usize::from(end_tags);
        sum.empty_tags += usize::from(empty_tags);
        sum.has_others |= others != 0;
    }
    sum
}

#[cfg(test)]
mod tests;
