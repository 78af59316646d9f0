//! The dossiers of the 20-field job: from the shared generator where it lies beside the project,
//! else from our own, which writes the same shape.

use std::path::Path;

use lienthong_job::{Dossiers, write_dossiers};

use crate::command::{TaskError, root, run, say};

/// Writes `count` dossiers into a folder, as JSON lines and as XML.
pub(crate) fn dossiers(folder: &Path, count: usize) -> Result<Dossiers, TaskError> {
    let generator = root().join("../shared/bench/generate.py");
    if !generator.exists() {
        say("../shared/bench/generate.py is not there; the dossiers are of our own making");
        return Ok(write_dossiers(folder, count, 1)?);
    }
    let (generator, out) = (generator.display().to_string(), folder.display().to_string());
    run("python3", &[&generator, &count.to_string(), &out])?;
    let (json, xml) = (folder.join("dossiers.jsonl"), folder.join("dossiers.xml"));
    Ok(Dossiers { json, xml, count })
}
