//! `lienthong mapping test`: the cases beside the mappings.

use lienthong_config::{mapping_files_with_cases, review_mapping};
use lienthong_mapping::cases;
use serde_json::json;

use super::{Chosen, Work};
use crate::exit::{Exit, Failure};
use crate::output::{Ink, Output};
use crate::session::Tell;

/// Runs the cases of every chosen mapping.
pub(super) fn run(work: &Work, json: bool, output: Output) -> Result<Exit, Failure> {
    let (mut passed, mut failed) = (0_usize, 0_usize);
    let mut all = Vec::new();
    for chosen in &work.chosen {
        let Chosen::Named(name) = chosen else {
            return Err(Failure::new("cases are run by the name of a mapping, not by its file"));
        };
        let tell = Tell::from(json);
        let review = review_mapping(&work.library, &work.standard, name)
            .map_err(|problems| tell.failure(problems))?;
        let Some(mapping) = review.mapping else { return Err(tell.failure(review.problems)) };
        let system = name.split('/').next().unwrap_or_default();
        let files = mapping_files_with_cases(&work.library, system)
            .map_err(|problems| tell.failure(problems))?;
        match cases(&mapping, &files) {
            Ok(results) => {
                for case in results {
                    let is_ok = case.is_ok();
                    passed += usize::from(is_ok);
                    failed += usize::from(!is_ok);
                    if !json {
                        show(&case.name, &case.differences, output)?;
                    }
                    let (case, differences) = (case.name, case.differences);
                    all.push(json!({ "mapping": name, "case": case, "differences": differences }));
                }
            }
            Err(faults) => {
                failed += faults.len();
                for fault in faults {
                    let words = format!("[{}] {}", fault.code, fault.message);
                    all.push(json!({ "mapping": name, "differences": [words.clone()] }));
                    if !json {
                        output.error(&words);
                    }
                }
            }
        }
    }
    if json {
        output.json(&json!({ "passed": passed, "failed": failed, "cases": all }))?;
    } else {
        output.line(format!("{passed} passed, {failed} failed"))?;
    }
    Ok(if failed == 0 { Exit::Well } else { Exit::Problems })
}

fn show(name: &str, differences: &[String], output: Output) -> Result<(), Failure> {
    if differences.is_empty() {
        return output.line(format!("{} {name}", output.ink(Ink::Green, "ok    ")));
    }
    output.line(format!("{} {name}", output.ink(Ink::Red, "failed")))?;
    for difference in differences {
        output.line(format!("       {difference}"))?;
    }
    Ok(())
}
