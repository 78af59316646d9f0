//! The functions' part of the language reference, as Markdown.

use std::fmt::Write as _;

use super::functions;

/// Writes a section for every function: signature, what it does, when it fails, and its examples.
/// `docs/mapping-language.md` holds this text; a test keeps it fresh.
pub fn functions_reference() -> String {
    let mut out = String::new();
    for function in functions() {
        // Writing to a string can't fail.
        let _written = write!(
            out,
            "### `{}`\n\n`{}`\n\n{}\n",
            function.name,
            function.signature(),
            function.doc
        );
        if let Some(fails) = function.fails {
            let _written = write!(out, "\nIt refuses {fails}.\n");
        }
        out.push_str("\n| `do` | from | to |\n| --- | --- | --- |\n");
        for example in function.examples {
            let output = example.output.map_or_else(|| "refused".to_owned(), shown);
            let (written, input) = (example.written, shown(example.input));
            let _written = writeln!(out, "| `[{written}]` | {input} | {output} |");
        }
        out.push('\n');
    }
    out
}

/// A text with what can't be seen written out.
fn shown(text: &str) -> String {
    let mut out = String::from("`");
    for letter in text.chars() {
        match letter {
            '\t' | '\n' => out.extend(letter.escape_default()),
            '\u{300}'..='\u{36f}' | '\u{a0}' | '\u{ad}' | '\u{200b}' => {
                out.extend(letter.escape_unicode());
            }
            letter => out.push(letter),
        }
    }
    out.push('`');
    if text.is_empty() { "nothing".to_owned() } else { out }
}
