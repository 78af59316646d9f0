//! The crash test: the real programs killed at seeded points, again and again, then counted.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use crate::{Child, Endpoint, Format, Job, Programs, get_json, write_dossiers};

/// How long one run may take before the test gives up.
const RUN_MAX: Duration = Duration::from_mins(2);
/// Items a page: small, so that a run has many commits to be killed between.
const ITEMS_MAX: usize = 500;

/// What is killed, and where the records go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The connector, on its way to an HTTP endpoint that keeps a journal.
    Http,
    /// The connector and the hub, by turns.
    Hub,
    /// The connector, on its way to the portal's contract.
    Portal,
}

/// What was found after the last run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CrashReport {
    /// How many times a program was killed.
    pub points: u64,
    /// Records that did not arrive.
    pub lost: u64,
    /// Records that had an effect twice, or requests that came again with other bytes.
    pub doubled: u64,
}

/// Runs `records` dossiers to a target, killing programs until there were `points` kills; as many
/// whole runs as that takes.
///
/// # Errors
/// When a program can't be started, does not end, or answers what it must not.
pub fn crash(
    root: &Path,
    programs: &Programs,
    target: Target,
    (records, points, seed): (usize, u64, u64),
) -> io::Result<CrashReport> {
    let folder =
        std::env::temp_dir().join(format!("lienthong-crash-{}-{seed}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let result = crash_in(root, programs, target, &folder, (records, points, seed));
    fs::remove_dir_all(&folder)?;
    result
}

fn crash_in(
    root: &Path,
    programs: &Programs,
    target: Target,
    folder: &Path,
    (records, points, seed): (usize, u64, u64),
) -> io::Result<CrashReport> {
    let job = Job::new(root, folder)?;
    write_dossiers(&job.input, records, seed)?;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut report = CrashReport::default();
    let mut round = 0;
    while report.points < points {
        round += 1;
        job.forget()?;
        let mut run = Run { job: &job, programs, target, folder, rng: &mut rng, round };
        let found = run.finish(points - report.points, records as u64)?;
        report.points += found.points;
        report.lost += found.lost;
        report.doubled += found.doubled;
    }
    Ok(report)
}

/// One run from an empty outbox to the last receipt.
struct Run<'a> {
    job: &'a Job,
    programs: &'a Programs,
    target: Target,
    folder: &'a Path,
    rng: &'a mut ChaCha8Rng,
    round: u64,
}

impl Run<'_> {
    fn finish(&mut self, points_max: u64, records: u64) -> io::Result<CrashReport> {
        let store = self.folder.join(format!("delivered-{}.jsonl", self.round));
        let mut receiver = self.receiver(&store)?;
        let mut kills = 0;
        // The window of the kills grows, so that runs are cut off early and late.
        let mut longest_millis = 60.0_f64;
        loop {
            let mut connector = Child::start(&mut self.connector(&receiver.url)?)?;
            let pause = self.rng.random_range(0.5..longest_millis) / 1000.0;
            let pause = Duration::from_secs_f64(pause);
            let kill_receiver = self.target == Target::Hub && self.rng.random_bool(0.5);
            if kills < points_max && connector.wait_for(pause)?.is_none() {
                kills += 1;
                if kill_receiver {
                    receiver.child.kill()?;
                    receiver.child =
                        Child::start_and_reach(&mut receiver.command, &receiver.address)?;
                } else {
                    connector.kill()?;
                }
                longest_millis = (longest_millis + 15.0).min(600.0);
                if !kill_receiver {
                    continue;
                }
            }
            let Some(status) = connector.wait_for(RUN_MAX)? else {
                return Err(io::Error::other("the connector does not end"));
            };
            if status.success() {
                break;
            }
        }
        let (lost, doubled) = self.count(&receiver.url, &store, records)?;
        Ok(CrashReport { points: kills, lost, doubled })
    }

    fn receiver(&self, store: &Path) -> io::Result<Receiver> {
        // A hub that is killed must come back at the same address.
        let listen = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let mut command = match self.target {
            Target::Http => {
                let mut command = Command::new(&self.programs.sink);
                command.arg("--listen").arg(&listen).arg("--store").arg(store);
                command
            }
            Target::Hub => {
                let library = Endpoint::Hub(String::new());
                self.job.hub(&self.programs.lienthong, &listen, &library)?
            }
            Target::Portal => {
                let library = Endpoint::Portal(String::new());
                self.job.hub(&self.programs.lienthong, &listen, &library)?
            }
        };
        let child = Child::start_and_reach(&mut command, &listen)?;
        Ok(Receiver { child, command, url: format!("http://{listen}"), address: listen })
    }

    fn connector(&self, url: &str) -> io::Result<Command> {
        let endpoint = match self.target {
            Target::Http => Endpoint::Http(format!("{url}/batches")),
            Target::Hub => Endpoint::Hub(url.to_owned()),
            Target::Portal => Endpoint::Portal(url.to_owned()),
        };
        self.job.connector(&self.programs.lienthong, Format::Json, &endpoint, ITEMS_MAX)
    }

    /// How many records did not arrive, and how many arrived in effect twice.
    fn count(&self, url: &str, store: &Path, records: u64) -> io::Result<(u64, u64)> {
        match self.target {
            Target::Http => {
                let journal = get_json(&format!("{url}/journal"), None)?;
                let (unique, lines) = delivered(store)?;
                let faults = number(&journal, "altered") + number(&journal, "without_key");
                Ok((records.saturating_sub(unique), lines - unique + faults))
            }
            Target::Hub => {
                let feeds = get_json(&format!("{url}/v1/feeds"), Some(self.job.token()))?;
                let (mut stored, mut doubled) = (0, 0);
                for feed in
                    feeds.get("feeds").and_then(|feeds| feeds.as_array()).into_iter().flatten()
                {
                    stored += number(feed, "records");
                    doubled += number(feed, "doubled");
                }
                Ok((records.saturating_sub(stored), doubled + stored.saturating_sub(records)))
            }
            Target::Portal => {
                let path = format!("{url}/v1/dvcqg/stats");
                let stats = get_json(&path, Some(self.job.token()))?;
                let stored = number(&stats, "dossiers");
                Ok((records.saturating_sub(stored), number(&stats, "inserted_twice")))
            }
        }
    }
}

struct Receiver {
    child: Child,
    command: Command,
    url: String,
    address: String,
}

fn number(value: &serde_json::Value, name: &str) -> u64 {
    value.get(name).and_then(serde_json::Value::as_u64).unwrap_or(u64::MAX / 4)
}

/// How many different dossiers a file of delivered records holds, and how many lines.
fn delivered(store: &Path) -> io::Result<(u64, u64)> {
    let text = fs::read_to_string(store)?;
    let mut seen = HashSet::new();
    let mut lines = 0;
    for line in text.lines() {
        lines += 1;
        let record: serde_json::Value = serde_json::from_str(line)?;
        let id = record.get("dossierId").and_then(|id| id.as_str());
        seen.insert(id.unwrap_or_default().to_owned());
    }
    Ok((seen.len() as u64, lines))
}
