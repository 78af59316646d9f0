//! A reader of XML: piece after piece of a text, each borrowed, none copied or changed.
//!
//! It tells tags, texts and references apart and finds where they end; which end tag belongs to
//! which start tag, and what a reference stands for, is the walk's to say. What it lets through is
//! what quick-xml lets through, and a test holds it to that.

use memchr::{memchr3_iter, memmem};

/// A piece of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A start tag.
    Start(Tag<'a>),
    /// The tag of an empty element.
    Empty(Tag<'a>),
    /// An end tag, by its name.
    End(&'a str),
    /// Text, up to a tag or a reference.
    Text(&'a str),
    /// The inside of a CDATA section.
    CData(&'a str),
    /// The inside of a reference: `amp`, `#10`.
    Reference(&'a str),
    /// A comment or a processing instruction.
    Aside,
    /// An XML declaration.
    Declaration,
    /// The beginning of a document type; nothing of it is read.
    DocumentType,
    /// The end of the text.
    Over,
}

/// The name and the rest of a start tag or an empty element's tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// The name, with its prefix.
    pub(super) name: &'a str,
    /// The name and the attributes.
    pub(super) inside: &'a str,
}

impl Tag<'_> {
    /// Whether blanks or attributes follow the name.
    #[inline]
    pub(super) const fn has_more(&self) -> bool {
        self.inside.len() > self.name.len()
    }
}

/// A place that can't be read, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) at: usize,
    pub(super) what: &'static str,
}

/// A place in a text, from which the next piece is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    text: &'a str,
    pub(super) at: usize,
}

impl<'a> Reader<'a> {
    /// Starts behind the byte order mark, if there is one.
    pub(super) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at }
    }

    /// Reads the next piece.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Piece<'a>, Broken> {
        let start = self.at;
        match self.byte(start) {
            Some(b'<') => self.markup(),
            Some(b'&') => self.reference(),
            Some(_) => {
                self.at = text_end(self.text.as_bytes(), start, 0);
                Ok(Piece::Text(self.between(start, self.at)))
            }
            None => Ok(Piece::Over),
        }
    }

    /// Reads text that is followed by the end tag of this name and holds no reference and no
    /// carriage return, as nearly all texts are; otherwise nothing is read.
    #[inline]
    pub(super) fn text_and_end(&mut self, name: &str) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let end = text_end(bytes, start, b'\r');
        let rest = bytes.get(end..)?.strip_prefix(b"</")?;
        let (found, rest) = rest.split_at_checked(name.len())?;
        if rest.first() != Some(&b'>') || !crate::names::is_same(found, name.as_bytes()) {
            return None;
        }
        self.at = end + name.len() + 3;
        self.text.get(start..end)
    }

    #[inline]
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    #[inline]
    fn between(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    #[inline]
    fn markup(&mut self) -> Result<Piece<'a>, Broken> {
        let start = self.at;
        match self.byte(start + 1) {
            Some(b'!') => self.exclamation(),
            Some(b'?') => self.question(),
            Some(b'/') => {
                let (inside, _) = self.tag(start + 2)?;
                let name = inside.trim_end_matches(is_blank);
                // Blanks alone are no name, and no other.
                Ok(Piece::End(if name.is_empty() { inside } else { name }))
            }
            _ => {
                let (inside, is_plain) = self.tag(start + 1)?;
                let (inside, is_empty) = match inside.strip_suffix('/') {
                    Some(inside) => (inside, true),
                    None => (inside, false),
                };
                let name = if is_plain { inside } else { first_word(inside) };
                let tag = Tag { name, inside };
                Ok(if is_empty { Piece::Empty(tag) } else { Piece::Start(tag) })
            }
        }
    }

    /// Reads a tag whose inside begins at `start`, and says whether that is certainly a name alone,
    /// as in most tags it is.
    #[inline]
    fn tag(&mut self, start: usize) -> Result<(&'a str, bool), Broken> {
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let is_stop =
            |byte: &u8| matches!(byte, b'>' | b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n');
        let plain = rest.iter().position(is_stop).unwrap_or_default();
        let is_plain = rest.get(plain) == Some(&b'>');
        let end = if is_plain { start + plain } else { self.quoted_tag_end(start)? };
        self.at = end + 1;
        Ok((self.between(start, end), is_plain))
    }

    /// The place of the `>` that ends a tag, past those in quotes.
    #[cold]
    fn quoted_tag_end(&self, start: usize) -> Result<usize, Broken> {
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let mut quote = None;
        for at in memchr3_iter(b'>', b'"', b'\'', rest) {
            match (quote, rest.get(at)) {
                (None, Some(b'>')) => return Ok(start + at),
                (None, byte) => quote = byte,
                (Some(open), Some(byte)) if open == byte => quote = None,
                _ => {}
            }
        }
        let what = match quote {
            None => "a tag has no end",
            Some(_) => "an attribute's value has no end",
        };
        Err(Broken { at: self.at, what })
    }

    #[inline]
    fn reference(&mut self) -> Result<Piece<'a>, Broken> {
        let start = self.at;
        let rest = self.text.as_bytes().get(start + 1..).unwrap_or_default();
        let stop = rest.iter().position(|byte| matches!(byte, b';' | b'&' | b'<'));
        match stop.and_then(|at| rest.get(at).map(|byte| (at, *byte))) {
            Some((length, b';')) => {
                self.at = start + length + 2;
                Ok(Piece::Reference(self.between(start + 1, start + 1 + length)))
            }
            _ => Err(Broken { at: start, what: "an `&` begins no reference that ends with `;`" }),
        }
    }

    #[cold]
    fn exclamation(&mut self) -> Result<Piece<'a>, Broken> {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let (opening, closing, what) = match rest.get(2) {
            Some(b'[') if rest.starts_with(b"<![CDATA[") => {
                ("<![CDATA[", "]]>", "a CDATA section has no end")
            }
            Some(b'-') if rest.starts_with(b"<!--") => ("<!--", "-->", "a comment has no end"),
            Some(b'D' | b'd') => return Ok(Piece::DocumentType),
            _ => return Err(Broken { at: start, what: "`<!` begins nothing that XML knows" }),
        };
        let inside = rest.get(opening.len()..).unwrap_or_default();
        let Some(length) = memmem::find(inside, closing.as_bytes()) else {
            return Err(Broken { at: start, what });
        };
        let begin = start + opening.len();
        self.at = begin + length + closing.len();
        Ok(match rest.get(2) {
            Some(b'[') => Piece::CData(self.between(begin, begin + length)),
            _ => Piece::Aside,
        })
    }

    #[cold]
    fn question(&mut self) -> Result<Piece<'a>, Broken> {
        let start = self.at;
        let rest = self.text.as_bytes().get(start + 2..).unwrap_or_default();
        let end = memmem::find(rest, b"?>").filter(|_| !rest.starts_with(b">"));
        let Some(length) = end else {
            return Err(Broken { at: start, what: "a processing instruction has no end" });
        };
        self.at = start + 2 + length + 2;
        let inside = rest.get(..length).unwrap_or_default();
        Ok(match inside.strip_prefix(b"xml") {
            Some([] | [b' ' | b'\t' | b'\r' | b'\n', ..]) => Piece::Declaration,
            _ => Piece::Aside,
        })
    }
}

const fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\r' | '\n')
}

/// What stands before the first blank.
#[cold]
fn first_word(inside: &str) -> &str {
    inside.split(is_blank).next().unwrap_or_default()
}

/// The place of the first `<`, `&` or `other`, or the end. Zero for no other.
///
/// Eight bytes are tested at once; see the scanner of JSON for why the lowest mark is exact.
#[inline]
fn text_end(bytes: &[u8], from: usize, other: u8) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let other = if other == 0 { b'<' } else { other };
    let equal = |word: u64, byte: u8| {
        let word = word ^ (ONES * u64::from(byte));
        word.wrapping_sub(ONES) & !word
    };
    let mut at = from;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let marks = (equal(word, b'<') | equal(word, b'&') | equal(word, other)) & HIGHS;
        if marks != 0 {
            return at + marks.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let is_stop = |byte: &u8| matches!(byte, b'<' | b'&') || *byte == other;
    at + rest.iter().position(is_stop).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests;
