//! `lienthong mapping sheet`: mappings as workbooks and pages for a ministry to sign off.

use std::fs;

use lienthong_config::{mapping_files_with_cases, review_mapping};
use lienthong_mapping::example;
use lienthong_steward::Sheet;
use serde_json::json;

use super::{Chosen, Work};
use crate::arguments::MappingSheet;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::session::Tell;

/// Writes the sheets of every chosen mapping.
pub(super) fn run(work: &Work, asked: &MappingSheet, output: Output) -> Result<Exit, Failure> {
    let tell = Tell::from(asked.names.json);
    fs::create_dir_all(&asked.out).map_err(|error| unwritten(&asked.out, error))?;
    let mut written = Vec::new();
    for chosen in &work.chosen {
        let Chosen::Named(name) = chosen else {
            return Err(Failure::new(
                "a sheet is written by the name of a mapping, not by its file",
            ));
        };
        let review = review_mapping(&work.library, &work.standard, name)
            .map_err(|problems| tell.failure(problems))?;
        let Some(mapping) = review.mapping else { return Err(tell.failure(review.problems)) };
        let system = name.split('/').next().unwrap_or_default();
        let files = mapping_files_with_cases(&work.library, system)
            .map_err(|problems| tell.failure(problems))?;
        let text = files.get(&format!("{name}.toml")).map_or("", |text| &**text);
        let example = example(&mapping, &files);
        let sheet = Sheet::new(&mapping, &review.verdicts, text, example.as_ref());
        let failed = |error| Failure::of("the sheet can't be made", error);
        let (xlsx, html) = (sheet.to_xlsx().map_err(failed)?, sheet.to_html().map_err(failed)?);
        for (ending, bytes) in [("xlsx", xlsx), ("html", html.into_bytes())] {
            let path = asked.out.join(format!("{}.{ending}", name.replace('/', "-")));
            fs::write(&path, bytes).map_err(|error| unwritten(&path, error))?;
            if !asked.names.json {
                output.line(path.display().to_string())?;
            }
            written.push(json!({ "mapping": name, "file": path }));
        }
    }
    if asked.names.json {
        output.json(&written)?;
    }
    Ok(Exit::Well)
}

fn unwritten(path: &std::path::Path, error: std::io::Error) -> Failure {
    Failure::of(format!("`{}` can't be written", path.display()), error)
}
