//! `cut`: text shortened to a length.

use super::{Argument, Example, Function, Outcome, whole};

pub(super) const FUNCTION: Function = Function {
    name: "cut",
    argument: Argument::MaxChars,
    fails: None,
    doc: "Keeps the first so many characters and drops the rest. It loses text, so it has to be \
          spelled out; without it a text that is too long is refused.",
    examples: &[
        Example {
            written: "{ cut = { max_chars = 4 } }", input: "Đường", output: Some("Đườn")
        },
        Example {
            written: "{ cut = { max_chars = 9 } }", input: "Đường", output: Some("Đường")
        },
    ],
};

pub(super) fn apply(text: &str, chars: usize) -> Outcome {
    match text.char_indices().nth(chars) {
        Some((end, _)) => Outcome::Kept(0..end),
        None => whole(text),
    }
}
