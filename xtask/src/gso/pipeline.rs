//! The pipeline itself: the real programs, the connector over the folder and the hub above it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use lienthong_job::{Child, Programs};

use super::compare::Record;
use super::figures::{FEEDS, Key};
use super::hub::Hub;
use crate::command::{TaskError, root};

/// Whose connector it is: the ministry that the statistics office belonged to.
const AGENCY: &str = "000.00.00.G05";
/// The source's name in the connector.
const SOURCE: &str = "gso";
/// Invented, and worth nothing outside this run.
const TOKEN: &str = "gso-run-token-0123456789";

/// What the run led to.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// The observations at the hub.
    pub(super) records: BTreeMap<Key, Record>,
    /// What lies in quarantine, a line each.
    pub(super) quarantined: Vec<String>,
}

/// Runs hub and connector over a folder of workbooks until everything is delivered.
pub(super) fn run(workbooks: &Path, program: Option<&Path>) -> Result<Reached, TaskError> {
    let program = match program {
        Some(program) => program.canonicalize()?,
        None => Programs::build(&root())?.lienthong,
    };
    let folder = tempfile::tempdir()?;
    let settings = |name: &str, text: String| -> Result<_, TaskError> {
        let path = folder.path().join(name);
        std::fs::write(&path, text)?;
        Ok(path)
    };
    std::fs::write(folder.path().join("token"), TOKEN)?;
    let hub_settings = settings("hub.toml", hub_settings())?;
    let mut command = Command::new(&program);
    command.arg("hub").arg(&hub_settings).current_dir(folder.path());
    let hub = Child::start_and_wait(&mut command)?;
    let url = address(&hub.first_line)?;
    let connector = settings("connector.toml", connector_settings(workbooks, &url)?)?;
    let mut command = Command::new(&program);
    command.args(["run", "--once", "--settings"]).arg(&connector).current_dir(folder.path());
    let (status, _) = Child::start(&mut command)?.wait()?;
    // 3 says that something waits for a person: what is in quarantine is listed below.
    if !status.success() && status.code() != Some(3) {
        return Err(TaskError::Failed("the connector".to_owned(), status));
    }
    let mut reached = Reached::default();
    let hub = Hub { address: url.trim_start_matches("http://"), token: TOKEN };
    for feed in FEEDS {
        hub.records(AGENCY, SOURCE, feed, &mut reached.records)?;
    }
    let list = Command::new(&program)
        .args(["quarantine", "list", "--json", "--limit", "100000", "--settings"])
        .arg(&connector)
        .current_dir(folder.path())
        .stderr(Stdio::inherit())
        .output()?;
    let lines = String::from_utf8_lossy(&list.stdout);
    reached.quarantined = lines.lines().map(|line| format!("quarantine: {line}")).collect();
    Ok(reached)
}

/// The address in the line by which the hub says that it listens.
fn address(line: &str) -> Result<String, TaskError> {
    line.split_whitespace()
        .find(|word| word.starts_with("http://"))
        .map(|word| word.trim_end_matches(['/', '.', ',']).to_owned())
        .ok_or_else(|| TaskError::Wrong(format!("the hub did not say where it listens: {line}")))
}

fn hub_settings() -> String {
    format!(
        "listen = \"127.0.0.1:0\"\ndata_folder = \"hub-data\"\n\n\
         [limits]\nrequests_per_minute = 1000000\n\n\
         [agencies.\"{AGENCY}\"]\ntoken = {{ file = \"token\" }}\n"
    )
}

fn connector_settings(workbooks: &Path, url: &str) -> Result<String, TaskError> {
    let workbooks = serde_json::to_string(&workbooks.to_string_lossy())
        .map_err(|error| TaskError::Wrong(error.to_string()))?;
    Ok(format!(
        "agency = \"{AGENCY}\"\ndata_folder = \"connector-data\"\n\n\
         [log]\nfilter = \"error\"\n\n\
         [[sources]]\nname = \"{SOURCE}\"\nsystem = \"gso-monthly\"\n\
         settings = {{ folder = {workbooks}, settle_secs = 0 }}\n\n\
         [[endpoints]]\nname = \"hub\"\ntype = \"hub\"\nurl = \"{url}\"\n\
         token = {{ file = \"token\" }}\n"
    ))
}
