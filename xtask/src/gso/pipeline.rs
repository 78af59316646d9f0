//! The pipeline itself: the real programs, the connector over the folder and the hub above it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{self, Command, Stdio};
use std::sync::mpsc;
use std::thread;

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
    let token = settings("token", TOKEN.to_owned())?;
    std::fs::set_permissions(token, std::fs::Permissions::from_mode(0o600))?;
    let hub_settings = settings("hub.toml", hub_settings())?;
    let mut command = Command::new(&program);
    command.args(["hub", "--settings"]).arg(&hub_settings).current_dir(folder.path());
    let hub = Running::start(&mut command)?;
    let url = hub.address()?;
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

/// A program that runs until it is dropped.
struct Running {
    process: process::Child,
    lines: mpsc::Receiver<String>,
}

impl Running {
    fn start(command: &mut Command) -> Result<Self, TaskError> {
        let mut process =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (send, lines) = mpsc::channel();
        if let Some(stdout) = process.stdout.take() {
            forward(stdout, send.clone());
        }
        if let Some(stderr) = process.stderr.take() {
            forward(stderr, send);
        }
        Ok(Self { process, lines })
    }

    /// Waits for the line in which it says where it listens.
    fn address(&self) -> Result<String, TaskError> {
        let mut said = Vec::new();
        while let Ok(line) = self.lines.recv() {
            let address = line.split_whitespace().find(|word| word.starts_with("http://"));
            if let Some(address) = address {
                return Ok(address.trim_end_matches(['/', '.', ',', ';']).to_owned());
            }
            said.push(line);
        }
        Err(TaskError::Wrong(format!("the hub ended before it listened: {}", said.join("\n"))))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already; either way nothing is left to do about a failure here.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Reads a program's output away, so that it never waits for a reader.
fn forward(output: impl Read + Send + 'static, to: mpsc::Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // Nobody listens any more once the address is known.
            drop(to.send(line));
        }
    });
}

fn hub_settings() -> String {
    format!(
        "listen = \"127.0.0.1:0\"\ndata_folder = \"hub-data\"\n\n\
         [agencies.\"{AGENCY}\"]\nname = \"Statistics\"\ntoken = {{ file = \"token\" }}\n"
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
