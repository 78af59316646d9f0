//! `pad-left`: a code filled up to its width.

use super::{Argument, Example, Function, Outcome, whole};

pub(super) const FUNCTION: Function = Function {
    name: "pad-left",
    argument: Argument::Pad,
    fails: None,
    doc: "Fills a text that is not empty up to a width with a character at its left: the leading \
          zeros that a number column lost. Longer texts stay as they are.",
    examples: &[
        Example {
            written: "{ pad-left = { to = 5, with = \"0\" } }",
            input: "172",
            output: Some("00172"),
        },
        Example {
            written: "{ pad-left = { to = 2, with = \"0\" } }",
            input: "172",
            output: Some("172"),
        },
        Example { written: "{ pad-left = { to = 2, with = \"0\" } }", input: "", output: Some("") },
    ],
};

/// The width in characters and the character that fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pad {
    pub(crate) to: usize,
    pub(crate) with: char,
}

pub(super) fn apply(text: &str, pad: &Pad, out: &mut String) -> Outcome {
    let chars = text.chars().count();
    if chars == 0 || chars >= pad.to {
        return whole(text);
    }
    out.extend(std::iter::repeat_n(pad.with, pad.to - chars));
    out.push_str(text);
    Outcome::Written
}
