//! The nesting of JSON, followed through any cut of the text, without recursion.

use memchr::memchr2;

/// Follows brackets and strings of one value, and judges nothing else.
#[derive(Clone, Debug, Default)]
pub(crate) struct Brackets {
    depth: usize,
    deepest: usize,
    /// Kinds of the open brackets, the innermost lowest, one for an object. Brackets below the
    /// 64th are only counted: an item that deep is refused anyway.
    kinds: u64,
    is_in_string: bool,
    is_escaped: bool,
    is_crossed: bool,
}

impl Brackets {
    /// Starts inside this many objects.
    pub(crate) fn within_objects(depth: usize) -> Self {
        Self { depth, kinds: u64::MAX, ..Self::default() }
    }

    /// The deepest level of nesting so far.
    pub(crate) fn deepest(&self) -> usize {
        self.deepest
    }

    /// Whether an object was closed as an array or the other way round.
    pub(crate) fn is_crossed(&self) -> bool {
        self.is_crossed
    }

    /// The deepest level of nesting within a text.
    pub(crate) fn deepest_of(text: &[u8]) -> usize {
        let mut brackets = Self::default();
        let mut rest = text;
        while let Some(end) = brackets.scan(rest) {
            rest = rest.get(end..).unwrap_or_default();
        }
        brackets.deepest
    }

    /// Goes on over the next bytes of an object, array or string that begins with the first byte
    /// ever given. Returns how many of them belong to it once it is at its end, or its brackets
    /// are crossed.
    pub(crate) fn scan(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        if self.is_escaped && !bytes.is_empty() {
            self.is_escaped = false;
            at = 1;
        }
        loop {
            if self.is_in_string {
                at = self.scan_string(bytes, at)?;
                if self.depth == 0 {
                    return Some(at);
                }
            }
            let byte = *bytes.get(at)?;
            at += 1;
            match byte {
                b'"' => self.is_in_string = true,
                b'{' | b'[' => self.open(byte == b'{'),
                b'}' | b']' => {
                    self.close(byte == b'}');
                    if self.depth == 0 || self.is_crossed {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
    }

    /// Returns the place behind the string's closing quote.
    fn scan_string(&mut self, bytes: &[u8], mut at: usize) -> Option<usize> {
        loop {
            let rest = bytes.get(at..)?;
            at += memchr2(b'"', b'\\', rest)?;
            if bytes.get(at) == Some(&b'"') {
                self.is_in_string = false;
                return Some(at + 1);
            }
            at += 2;
            if at > bytes.len() {
                self.is_escaped = true;
                return None;
            }
        }
    }

    fn open(&mut self, is_object: bool) {
        if self.depth < 64 {
            self.kinds = (self.kinds << 1) | u64::from(is_object);
        }
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
    }

    fn close(&mut self, is_object: bool) {
        let Some(depth) = self.depth.checked_sub(1) else {
            self.is_crossed = true;
            return;
        };
        self.depth = depth;
        if depth < 64 {
            self.is_crossed |= (self.kinds & 1 == 1) != is_object;
            self.kinds >>= 1;
        }
    }
}
