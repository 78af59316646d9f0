//! `digits-only`: everything but the ten digits taken away.

use super::{Argument, Example, Function, Outcome, whole};

pub(super) const FUNCTION: Function = Function {
    name: "digits-only",
    argument: Argument::None,
    fails: None,
    doc: "Keeps the digits 0 to 9 and drops every other character. For identity numbers written \
          with blanks or points; for telephone numbers use `phone-vn` or `phone-e164`, which \
          refuse what is no number.",
    examples: &[
        Example {
            written: "\"digits-only\"",
            input: "001 234-567 890",
            output: Some("001234567890"),
        },
        Example { written: "\"digits-only\"", input: "không có", output: Some("") },
    ],
};

pub(super) fn apply(text: &str, out: &mut String) -> Outcome {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return whole(text);
    }
    out.extend(text.chars().filter(char::is_ascii_digit));
    Outcome::Written
}
