//! `cargo xtask fidelity`: the 20-field job through the real programs, compared with a reference.

use std::process::Command;

use lienthong_job::{Child, Endpoint, Format, Job, Programs};

use crate::command::{TaskError, root, run, say};
use crate::inputs;

/// How many dossiers the reference looks at.
const RECORDS: usize = 2000;

/// Runs the job for both formats; fails when one record is not identical.
pub(crate) fn run_all() -> Result<(), TaskError> {
    let reference = root().join("../shared/bench/reference.py");
    if !reference.exists() {
        let path = reference.display();
        return Err(TaskError::Wrong(format!("the reference is not there: {path}")));
    }
    let programs = Programs::build(&root())?;
    let folder = tempfile::tempdir()?;
    let job = Job::new(&root(), folder.path())?;
    let dossiers = inputs::dossiers(&job.input, RECORDS)?;
    for (format, title) in [(Format::Json, "JSON"), (Format::Xml, "XML")] {
        job.forget()?;
        let store = folder.path().join(format!("delivered-{title}.jsonl"));
        let mut command = Command::new(&programs.sink);
        let sink = Child::start_and_wait(command.arg("--store").arg(&store))?;
        let endpoint = Endpoint::Http(sink.first_line.clone());
        let mut connector = job.connector(&programs.lienthong, format, &endpoint, RECORDS)?;
        let (status, _) = Child::start(&mut connector)?.wait()?;
        if !status.success() {
            return Err(TaskError::Failed(format!("the connector ({title})"), status));
        }
        say(&format!("{title}:"));
        let paths = [&reference, &dossiers.json, &store].map(|path| path.display().to_string());
        let [reference, source, delivered] = &paths;
        run("python3", &[reference, source, delivered, &RECORDS.to_string()])?;
    }
    Ok(())
}
