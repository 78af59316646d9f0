//! The functions' part of `docs/mapping-language.md`, printed.

use std::io::Write as _;

use lienthong_mapping::functions_reference;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(functions_reference().as_bytes())
}
