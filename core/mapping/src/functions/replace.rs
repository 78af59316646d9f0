//! `replace`: one piece of text exchanged for another, wherever it stands.

use super::{Argument, Example, Function, Outcome, whole};

pub(super) const FUNCTION: Function = Function {
    name: "replace",
    argument: Argument::FromTo,
    fails: None,
    doc: "Exchanges every occurrence of a text for another, from left to right; an empty `to` \
          takes it away.",
    examples: &[
        Example {
            written: "{ replace = { from = \"-\", to = \".\" } }",
            input: "000-00-24-H40",
            output: Some("000.00.24.H40"),
        },
        Example {
            written: "{ replace = { from = \"##\", to = \"; \" } }",
            input: "a##b",
            output: Some("a; b"),
        },
        Example {
            written: "{ replace = { from = \".\", to = \"\" } }",
            input: "abc",
            output: Some("abc"),
        },
    ],
};

pub(super) fn apply(text: &str, from: &str, to: &str, out: &mut String) -> Outcome {
    let mut pieces = text.split(from);
    let first = pieces.next().unwrap_or_default();
    if first.len() == text.len() {
        return whole(text);
    }
    out.push_str(first);
    for piece in pieces {
        out.push_str(to);
        out.push_str(piece);
    }
    Outcome::Written
}
