//! One XML element and everything in it, followed to its end tag through any cut of the text.

use memchr::{memchr, memchr3, memchr3_iter, memmem};

/// Follows an element's tags to its end.
///
/// Tags are counted, and those of the element's own name also by themselves: where a tag inside
/// was left open or closed twice, the own end tag still shows where to go on.
#[derive(Clone, Debug)]
pub(crate) struct Subtree {
    /// The element's name with its prefix, as it stands in the tags.
    name: Vec<u8>,
    depth: usize,
    deepest: usize,
    /// Open elements of the same name, the element itself among them.
    same: usize,
    is_malformed: bool,
    /// What ends the comment, CDATA section or processing instruction that the text is in.
    until: Option<&'static [u8]>,
}

/// How far the text was followed.
pub(crate) enum Followed {
    /// Up to the element's end, exclusive.
    ToEnd(usize),
    /// Up to here, and the element goes on behind.
    SoFar(usize),
}

/// How far tags without attributes went.
enum Plain {
    /// As far as the text goes.
    Done(Followed),
    /// Up to something else that begins with `<`.
    Odd(usize),
}

/// What begins with a `<`.
pub(crate) enum Markup {
    /// A start tag, up to here; whether it is an empty element's.
    Start(usize, bool),
    /// An end tag, up to here.
    End(usize),
    /// A comment, CDATA section or processing instruction: the length of its opening and what
    /// closes it.
    Passage(usize, &'static [u8]),
    /// Another declaration: of a DTD.
    Declaration,
    /// It can't be told yet where the tag ends.
    Unfinished,
    /// A tag that another tag begins in.
    Broken(usize),
}

impl Markup {
    /// Reads what begins with the `<` that `text` begins with.
    pub(crate) fn read(text: &[u8]) -> Self {
        match text.get(1) {
            None => Self::Unfinished,
            Some(b'/') => memchr(b'>', text).map_or(Self::Unfinished, |end| Self::End(end + 1)),
            Some(b'?') => Self::Passage(2, b"?>"),
            Some(b'!') => Self::read_declaration(text),
            Some(_) => Self::read_start(text),
        }
    }

    fn read_declaration(text: &[u8]) -> Self {
        let openings: [(&[u8], &'static [u8]); 2] = [(b"<!--", b"-->"), (b"<![CDATA[", b"]]>")];
        for (opening, closing) in openings {
            if text.starts_with(opening) {
                return Self::Passage(opening.len(), closing);
            }
            if opening.starts_with(text) {
                return Self::Unfinished;
            }
        }
        Self::Declaration
    }

    fn read_start(text: &[u8]) -> Self {
        let mut at = 1;
        loop {
            let rest = text.get(at..).unwrap_or_default();
            let Some(found) = memchr3(b'>', b'"', b'\'', rest) else { return Self::Unfinished };
            at += found;
            let Some(quote) = text.get(at).copied() else { return Self::Unfinished };
            if quote == b'>' {
                return Self::Start(at + 1, text.get(at - 1) == Some(&b'/'));
            }
            let value = text.get(at + 1..).unwrap_or_default();
            let Some(end) = memchr::memchr2(quote, b'<', value) else { return Self::Unfinished };
            if value.get(end) == Some(&b'<') {
                return Self::Broken(at + 1 + end);
            }
            at += end + 2;
        }
    }
}

/// The name in a tag, with its prefix; `tag` begins behind `<` or `</`.
pub(crate) fn name_of(tag: &[u8]) -> &[u8] {
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/');
    let end = tag.iter().position(is_end).unwrap_or(tag.len());
    tag.get(..end).unwrap_or_default()
}

impl Subtree {
    /// Starts behind the element's start tag.
    pub(crate) fn new(name: &[u8]) -> Self {
        let name = name.to_vec();
        Self { name, depth: 1, deepest: 1, same: 1, is_malformed: false, until: None }
    }

    pub(crate) fn deepest(&self) -> usize {
        self.deepest
    }

    pub(crate) fn is_malformed(&self) -> bool {
        self.is_malformed
    }

    /// Goes on over `bytes` from `at`.
    pub(crate) fn follow(&mut self, bytes: &[u8], mut at: usize) -> Followed {
        loop {
            if let Some(closing) = self.until {
                let rest = bytes.get(at..).unwrap_or_default();
                let Some(found) = memmem::find(rest, closing) else {
                    // The closing may be cut in two.
                    let kept = bytes.len().saturating_sub(closing.len() - 1);
                    return Followed::SoFar(kept.max(at));
                };
                at += found + closing.len();
                self.until = None;
            }
            match self.follow_plain(bytes, at) {
                Plain::Done(followed) => return followed,
                Plain::Odd(place) => at = place,
            }
            let text = bytes.get(at..).unwrap_or_default();
            match Markup::read(text) {
                Markup::Unfinished => return Followed::SoFar(at),
                Markup::Passage(length, closing) => {
                    at += length;
                    self.until = Some(closing);
                }
                Markup::Start(length, is_empty) => {
                    if !is_empty {
                        self.open(text.get(1..length).unwrap_or_default());
                    }
                    at += length;
                }
                Markup::End(length) => {
                    at += length;
                    if self.close(text.get(2..length - 1).unwrap_or_default()) {
                        return Followed::ToEnd(at);
                    }
                }
                Markup::Declaration => {
                    self.is_malformed = true;
                    at += 1;
                }
                Markup::Broken(length) => {
                    self.is_malformed = true;
                    at += length;
                }
            }
        }
    }

    /// Follows tags without attributes, which most tags of records are, as fast as their angle
    /// brackets can be found.
    fn follow_plain(&mut self, bytes: &[u8], at: usize) -> Plain {
        let rest = bytes.get(at..).unwrap_or_default();
        // An equals sign inside a tag gives an attribute away, whose value may hold a `>`.
        let mut marks = memchr3_iter(b'<', b'>', b'=', rest);
        while let Some(start) = marks.next() {
            match (rest.get(start), rest.get(start + 1)) {
                // In a text, the other two mean nothing.
                (Some(b'>' | b'='), _) => continue,
                (_, None | Some(b'!' | b'?')) => return Plain::Odd(at + start),
                _ => {}
            }
            let Some(end) = marks.next() else {
                return Plain::Done(Followed::SoFar(at + start));
            };
            if rest.get(end) != Some(&b'>') {
                return Plain::Odd(at + start);
            }
            let tag = rest.get(start + 1..end).unwrap_or_default();
            if let Some(name) = tag.strip_prefix(b"/") {
                if self.close(name) {
                    return Plain::Done(Followed::ToEnd(at + end + 1));
                }
            } else if tag.last() != Some(&b'/') {
                self.open(tag);
            }
        }
        Plain::Done(Followed::SoFar(bytes.len()))
    }

    /// Whether a tag has the element's own name. The byte behind the name is looked at first: it
    /// tells most other names apart.
    fn is_own(&self, tag: &[u8]) -> bool {
        let is_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/');
        tag.len() >= self.name.len()
            && tag.get(self.name.len()).is_none_or(is_end)
            && tag.starts_with(&self.name)
    }

    /// Takes a start tag, from its name on.
    fn open(&mut self, tag: &[u8]) {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        if self.is_own(tag) {
            self.same += 1;
        }
    }

    /// Takes an end tag by what stands in it. Whether this was the element's own end.
    fn close(&mut self, tag: &[u8]) -> bool {
        if self.is_own(tag) {
            self.same -= 1;
            if self.same == 0 {
                self.is_malformed |= self.depth != 1;
                return true;
            }
        }
        match self.depth.checked_sub(1) {
            Some(depth) if depth > 0 => self.depth = depth,
            _ => self.is_malformed = true,
        }
        false
    }
}
