//! `lienthong mapping`: verdicts, cases, what a change changes, sheets to sign, first proposals.

mod check;
mod diff;
mod file;
mod sheet;
mod suggest;
mod test;

use std::path::{Path, PathBuf};
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
    let names = match command {
        Mapping::Check(names) | Mapping::Test(names) => names,
        Mapping::Sheet(sheet) => &sheet.names,
        Mapping::Diff(diff) => return diff::run(diff, global, output),
        Mapping::Suggest(asked) => return suggest::run(asked, global, output),
    };
    let library = library(global);
    let standard = open_standard(&library, &names.standard)
        .map_err(|problems| Tell::from(names.json).failure(problems))?;
    let on = Work { chosen: chosen(&library, names)?, library, standard };
    match command {
        Mapping::Test(_) => test::run(&on, names.json, output),
        Mapping::Sheet(sheet) => sheet::run(&on, sheet, output),
        _ => check::run(&on, names.json, output),
    }
}

/// What both commands work on.
struct Work {
    library: Library,
    standard: Arc<Standard>,
    chosen: Vec<Chosen>,
}

/// One mapping that is asked for.
enum Chosen {
    /// By its name in the library.
    Named(String),
    /// By its file.
    File(PathBuf),
}

/// The mappings that are asked for: by name, by system, by file, or all of the library.
fn chosen(library: &Library, asked: &MappingNames) -> Result<Vec<Chosen>, Failure> {
    let known = mapping_names(library);
    if asked.names.is_empty() {
        return Ok(known.into_iter().map(Chosen::Named).collect());
    }
    let mut chosen = Vec::new();
    for name in &asked.names {
        let system = format!("{name}/");
        let own = known.iter().filter(|one| *one == name || one.starts_with(&system));
        let before = chosen.len();
        chosen.extend(own.cloned().map(Chosen::Named));
        let path = Path::new(name);
        if chosen.len() == before && path.is_file() {
            chosen.push(Chosen::File(path.to_path_buf()));
        }
        if chosen.len() == before {
            let hint = match nearest(name, known.iter().map(String::as_str)) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => format!("there are: {}", known.join(", ")),
            };
            return Err(Failure::new(format!("there is no mapping or file `{name}`; {hint}")));
        }
    }
    Ok(chosen)
}
