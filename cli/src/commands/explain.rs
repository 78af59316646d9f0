//! `lienthong explain CODE`: the page of an error code; `explain --record KEY`: a record's way.

mod record;

use lienthong_diagnostics::nearest;

use crate::arguments::{Explain, Global};
use crate::embedded::{error_codes, error_page};
use crate::exit::{Exit, Failure};
use crate::output::{Ink, Output};

/// Prints a page, the list of all codes, or a record's way.
pub(crate) fn run(command: &Explain, global: &Global, output: Output) -> Result<Exit, Failure> {
    if let Some(key) = &command.record {
        return record::run(key, command, global, output);
    }
    let Some(written) = &command.code else { return list(output) };
    let code = normal(written);
    let Some(page) = error_page(&code) else {
        let codes = error_codes();
        let hint = match nearest(&code, codes.iter().map(String::as_str)) {
            Some(nearest) => format!("did you mean {nearest}?"),
            None => "`lienthong explain` lists all codes".to_owned(),
        };
        return Err(Failure::new(format!("there is no error code `{written}`; {hint}")));
    };
    for line in page.lines() {
        let heading = line.trim_start_matches('#');
        if heading.len() == line.len() {
            output.line(line)?;
        } else {
            output.line(output.ink(Ink::Bold, heading.trim()))?;
        }
    }
    Ok(Exit::Well)
}

fn list(output: Output) -> Result<Exit, Failure> {
    for code in error_codes() {
        let page = error_page(&code).unwrap_or_default();
        let title = page.lines().next().unwrap_or_default().trim_start_matches("# ");
        output.line(title)?;
    }
    Ok(Exit::Well)
}

/// `lt-1004`, `LT1004` and `1004` are all LT-1004.
fn normal(written: &str) -> String {
    let upper = written.trim().to_uppercase();
    let number = upper.trim_start_matches("LT").trim_start_matches('-');
    format!("LT-{number}")
}
