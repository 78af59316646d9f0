//! `lienthong mapping check|diff|test`: verdicts on every field, what a change of a mapping changes,
//! and the cases beside the mappings.

mod check;
mod diff;
mod test;

use std::sync::Arc;

use lienthong_config::{Library, mapping_names, open_standard};
use lienthong_diagnostics::nearest;
use lienthong_standard::Standard;

use crate::arguments::{Global, Mapping, MappingNames};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::session::{Tell, library};

/// Runs a command of `mapping`.
pub(crate) fn run(command: &Mapping, global: &Global, output: Output) -> Result<Exit, Failure> {
    let (names, work): (_, fn(&Work, bool, Output) -> _) = match command {
        Mapping::Check(names) => (names, check::run),
        Mapping::Test(names) => (names, test::run),
        Mapping::Diff(diff) => return diff::run(diff, global, output),
    };
    let library = library(global);
    let standard = open_standard(&library, &names.standard)
        .map_err(|problems| Tell::from(names.json).failure(problems))?;
    let on = Work { names: chosen(&library, names)?, library, standard };
    work(&on, names.json, output)
}

/// What both commands work on.
struct Work {
    library: Library,
    standard: Arc<Standard>,
    names: Vec<String>,
}

/// The mappings that are asked for: by name, by system, or all.
fn chosen(library: &Library, asked: &MappingNames) -> Result<Vec<String>, Failure> {
    let known = mapping_names(library);
    if asked.names.is_empty() {
        return Ok(known);
    }
    let mut chosen = Vec::new();
    for name in &asked.names {
        let system = format!("{name}/");
        let own = known.iter().filter(|one| *one == name || one.starts_with(&system));
        let before = chosen.len();
        chosen.extend(own.cloned());
        if chosen.len() == before {
            let hint = match nearest(name, known.iter().map(String::as_str)) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => format!("there are: {}", known.join(", ")),
            };
            return Err(Failure::new(format!("there is no mapping `{name}`; {hint}")));
        }
    }
    Ok(chosen)
}
