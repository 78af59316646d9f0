//! The real programs in a folder of their own, and what they say.

use std::path::Path;
use std::process::{Command, Output};

use lienthong_job::{Endpoint, Format, Job, Programs};
use lienthong_sink::{Options, Sink, serve};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// A connector's world: its folder, its dossiers, its settings.
pub(crate) struct World {
    pub(crate) programs: Programs,
    pub(crate) job: Job,
    pub(crate) folder: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let job = Job::new(&crate::root(), folder.path()).unwrap();
        Self { programs: Programs::build(&crate::root()).unwrap(), job, folder }
    }

    /// Runs the connector once.
    pub(crate) fn run(&self, format: Format, endpoint: &Endpoint) -> Output {
        let program = &self.programs.lienthong;
        let mut command = self.job.connector(program, format, endpoint, 500).unwrap();
        command.output().unwrap()
    }

    /// Asks about the connector, and reads the JSON objects that it answers, one a line.
    pub(crate) fn ask(&self, words: &[&str]) -> Vec<Value> {
        let output = self.job.about(&self.programs.lienthong, words).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let values = serde_json::Deserializer::from_str(&text).into_iter();
        values.map(|value| value.unwrap_or_else(|error| panic!("{error}: {text}"))).collect()
    }

    /// The rows in quarantine.
    pub(crate) fn quarantine(&self) -> Vec<Value> {
        self.ask(&["quarantine", "list", "--json", "--limit", "100000"])
    }

    /// Runs `lienthong` in the world's folder.
    pub(crate) fn lienthong(&self, words: &[&str]) -> Output {
        let mut command = Command::new(&self.programs.lienthong);
        command.args(words).current_dir(self.folder.path()).env("NO_COLOR", "1").output().unwrap()
    }

    /// A path in the world's folder.
    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

/// Starts the endpoint in this process, so that its faults can be changed under way.
pub(crate) fn endpoint(runtime: &Runtime, options: &Options) -> (Sink, Endpoint) {
    let sink = Sink::new(options).unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}/batches", listener.local_addr().unwrap());
    runtime.spawn(serve(listener, sink.clone(), std::future::pending()));
    (sink, Endpoint::Http(url))
}

/// The dossiers in a file of delivered records, each with how often it is there.
pub(crate) fn delivered(store: &Path) -> std::collections::BTreeMap<String, usize> {
    let mut seen = std::collections::BTreeMap::new();
    for line in std::fs::read_to_string(store).unwrap_or_default().lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        *seen.entry(record["dossierId"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    seen
}
