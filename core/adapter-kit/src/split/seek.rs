//! The way to an array through the objects around it.

use super::brackets::Brackets;

/// Walks from the beginning of a document to the array at a path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seek {
    /// How many keys of the path lie behind.
    entered: usize,
    expected: Expected,
}

#[derive(Clone, Debug, Default)]
enum Expected {
    /// A value that the path leads through or ends at.
    #[default]
    Value,
    /// A key, or the end of the object.
    Key,
    /// The colon behind a key, and whether the key is the path's.
    Colon { is_ours: bool },
    /// A value beside the path.
    Other,
    /// The rest of a value beside the path.
    Passing(Brackets),
    /// The rest of a number or literal beside the path.
    PassingBare,
}

/// What a step of the walk came to. The numbers are bytes of the window that are done with.
pub(crate) enum Sought {
    Skip(usize),
    /// The array's opening bracket is done with.
    Array(usize),
    More,
    /// The document has no array at the path.
    NotThere,
    Malformed(&'static str),
}

impl Seek {
    /// Takes the next token at the beginning of the window.
    pub(crate) fn step(&mut self, path: &[String], window: &[u8]) -> Sought {
        if let Expected::Passing(brackets) = &mut self.expected {
            return match brackets.scan(window) {
                _ if brackets.is_crossed() => Sought::Malformed("brackets that do not match"),
                Some(end) => self.then(Expected::Key, end),
                None if window.is_empty() => Sought::More,
                None => Sought::Skip(window.len()),
            };
        }
        if let Expected::PassingBare = self.expected {
            let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']');
            return match window.iter().position(is_end) {
                Some(0) => {
                    self.expected = Expected::Key;
                    self.step(path, window)
                }
                Some(end) => self.then(Expected::Key, end),
                None if window.is_empty() => Sought::More,
                None => Sought::Skip(window.len()),
            };
        }
        let blank = window.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let Some(byte) = window.get(blank) else {
            return if blank > 0 { Sought::Skip(blank) } else { Sought::More };
        };
        match self.expected {
            Expected::Value => self.value(path, *byte, blank + 1),
            Expected::Key => self.key(path, window, blank),
            Expected::Colon { .. } if *byte != b':' => Sought::Malformed("a key without a colon"),
            Expected::Colon { is_ours: true } => {
                self.entered += 1;
                self.then(Expected::Value, blank + 1)
            }
            Expected::Colon { is_ours: false } => self.then(Expected::Other, blank + 1),
            Expected::Other | Expected::Passing(_) | Expected::PassingBare => {
                let next = match byte {
                    b'{' | b'[' | b'"' => Expected::Passing(Brackets::default()),
                    _ => Expected::PassingBare,
                };
                self.expected = next;
                self.step(path, window.get(blank..).unwrap_or_default()).plus(blank)
            }
        }
    }

    fn value(&mut self, path: &[String], byte: u8, consumed: usize) -> Sought {
        let is_at_end = self.entered == path.len();
        match byte {
            b'[' if is_at_end => Sought::Array(consumed),
            b'{' if !is_at_end => self.then(Expected::Key, consumed),
            b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => Sought::NotThere,
            _ => Sought::Malformed("not JSON"),
        }
    }

    fn key(&mut self, path: &[String], window: &[u8], blank: usize) -> Sought {
        match window.get(blank) {
            Some(b',') => return Sought::Skip(blank + 1),
            Some(b'}') => return Sought::NotThere,
            Some(b'"') => {}
            _ => return Sought::Malformed("an object without a key"),
        }
        let text = window.get(blank..).unwrap_or_default();
        let Some(length) = Brackets::default().scan(text) else { return Sought::More };
        let quoted = text.get(..length).unwrap_or_default();
        let key: Option<String> = serde_json::from_slice(quoted).ok();
        let is_ours = key.is_some() && key.as_ref() == path.get(self.entered);
        self.then(Expected::Colon { is_ours }, blank + length)
    }

    fn then(&mut self, expected: Expected, consumed: usize) -> Sought {
        self.expected = expected;
        Sought::Skip(consumed)
    }
}

impl Sought {
    fn plus(self, bytes: usize) -> Self {
        match self {
            Self::Skip(consumed) => Self::Skip(consumed + bytes),
            Self::Array(consumed) => Self::Array(consumed + bytes),
            other => other,
        }
    }
}
