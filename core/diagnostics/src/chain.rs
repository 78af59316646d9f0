//! An error and its causes as one line.

use std::error::Error;

/// Writes an error and its causes, each once: `pass failed: the answer is cut off: end of file`.
///
/// Some libraries repeat their cause in their own message; a cause that the text before it already
/// ends with is not printed again.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let words = cause.to_string();
        if !text.ends_with(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        next = cause.source();
    }
    text
}
