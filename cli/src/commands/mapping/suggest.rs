//! `lienthong mapping suggest`: a first mapping from the shape of a feed.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use lienthong_config::{Library, open_standard};
use lienthong_diagnostics::nearest;
use lienthong_shape::Shape;
use lienthong_steward::suggest;

use crate::arguments::{Global, MappingSuggest};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::session::{Tell, library};

/// Proposes a mapping.
pub(super) fn run(
    asked: &MappingSuggest,
    global: &Global,
    output: Output,
) -> Result<Exit, Failure> {
    let library = library(global);
    let tell = Tell::Person;
    let standard =
        open_standard(&library, &asked.standard).map_err(|problems| tell.failure(problems))?;
    let Some(record_type) = standard.record_type(&asked.record_type) else {
        let known: Vec<&str> = standard.record_types().map(|known| &*known.name).collect();
        let hint = match nearest(&asked.record_type, known.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("there are: {}", known.join(", ")),
        };
        let name = &asked.record_type;
        return Err(Failure::new(format!("the standard has no record type `{name}`; {hint}")));
    };
    let (file, text) = shape_text(&library, &asked.shape)?;
    let shape = Shape::parse(&file, &text).map_err(|problems| tell.failure(problems))?;
    let suggestion = suggest(&shape, &standard, record_type);
    match &asked.out {
        None => output.data(&suggestion.text)?,
        Some(path) => {
            let unwritten =
                |error| Failure::of(format!("`{}` can't be written", path.display()), error);
            // A mapping that somebody has worked on is never written over.
            let mut file = fs::File::create_new(path).map_err(unwritten)?;
            file.write_all(suggestion.text.as_bytes()).map_err(unwritten)?;
            output.line(path.display().to_string())?;
        }
    }
    let missing = suggestion.missing.join(", ");
    let guessed = suggestion.guessed;
    output.note(&match suggestion.missing.len() {
        0 => format!("{guessed} guesses; each is to be confirmed"),
        _ => format!("{guessed} guesses; each is to be confirmed. Required, not found: {missing}"),
    });
    Ok(Exit::Well)
}

/// The shape's file: one that is there, or the one beside a mapping of the library.
fn shape_text(library: &Library, asked: &str) -> Result<(String, String), Failure> {
    let beside = format!("mappings/systems/{asked}.shape.toml");
    let (name, bytes) = match (fs::read(Path::new(asked)), library.bytes(&beside)) {
        (Ok(bytes), _) => (asked.to_owned(), bytes),
        (Err(_), Some(bytes)) => (beside, bytes),
        (Err(error), None) => {
            let words = format!("there is no shape `{asked}`, and no `{beside}`");
            return Err(Failure::of(words, error));
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok((name, text)),
        Err(_) => Err(Failure::new(format!("`{name}` is no UTF-8 text"))),
    }
}
