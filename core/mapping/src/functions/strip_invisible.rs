//! `strip-invisible`: characters that nobody sees taken away.

use std::borrow::Cow;

use super::{Argument, Example, Function, Outcome, whole};

pub(super) const FUNCTION: Function = Function {
    name: "strip-invisible",
    argument: Argument::None,
    fails: None,
    doc: "Takes away zero-width characters, byte order marks, soft hyphens, marks of writing \
          direction, and control characters other than tab and line ends. Names copied from web \
          pages often carry them, and then equal none of their kind.",
    examples: &[
        Example {
            written: "\"strip-invisible\"",
            input: "Bộ Tài chính\u{200b}",
            output: Some("Bộ Tài chính"),
        },
        Example { written: "\"strip-invisible\"", input: "H\u{ad}22", output: Some("H22") },
        Example { written: "\"strip-invisible\"", input: "a\tb", output: Some("a\tb") },
    ],
};

pub(super) fn apply(text: &str, out: &mut String) -> Outcome {
    match lienthong_text::clean::strip_invisible(text) {
        Cow::Borrowed(_) => whole(text),
        Cow::Owned(clean) => {
            out.push_str(&clean);
            Outcome::Written
        }
    }
}
