//! `collapse-spaces`: runs of blanks made one space.

use super::{Argument, Example, Function, Outcome, whole};

pub(super) const FUNCTION: Function = Function {
    name: "collapse-spaces",
    argument: Argument::None,
    fails: None,
    doc: "Makes every run of blanks (spaces, no-break spaces, tabs, line ends) one plain space. \
          A blank at an end becomes one space; `trim` takes it away.",
    examples: &[
        Example {
            written: "\"collapse-spaces\"",
            input: "Sở  Tư\u{a0}pháp\n tỉnh",
            output: Some("Sở Tư pháp tỉnh"),
        },
        Example { written: "\"collapse-spaces\"", input: " a", output: Some(" a") },
    ],
};

pub(super) fn apply(text: &str, out: &mut String) -> Outcome {
    if is_collapsed(text) {
        return whole(text);
    }
    let mut after_blank = false;
    for letter in text.chars() {
        let is_blank = letter.is_whitespace();
        if !is_blank {
            out.push(letter);
        } else if !after_blank {
            out.push(' ');
        }
        after_blank = is_blank;
    }
    Outcome::Written
}

fn is_collapsed(text: &str) -> bool {
    let mut after_blank = false;
    text.chars().all(|letter| {
        let is_blank = letter.is_whitespace();
        let is_fine = !is_blank || (letter == ' ' && !after_blank);
        after_blank = is_blank;
        is_fine
    })
}
