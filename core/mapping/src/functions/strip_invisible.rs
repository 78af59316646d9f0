//! `strip-invisible`: characters that nobody sees taken away.

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
    if !text.chars().any(is_invisible) {
        return whole(text);
    }
    out.extend(text.chars().filter(|letter| !is_invisible(*letter)));
    Outcome::Written
}

fn is_invisible(letter: char) -> bool {
    match letter {
        '\t' | '\n' | '\r' => false,
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => true,
        _ => letter.is_control(),
    }
}
