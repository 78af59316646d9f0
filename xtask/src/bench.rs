//! `cargo xtask bench`: the 20-field job beside its hand-written roof, in the same run.
//!
//! Every program is a process of its own; what it costs is counted by the kernel. The figure that
//! holds on a shared machine is records per CPU-second, and of that the ratio within one round.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use lienthong_job::{Child, Cost, Dossiers, Endpoint, Format, Job, Programs, get_json};
use serde::Serialize;

use crate::command::{TaskError, root, say};
use crate::inputs;

/// Items a page: four batches a commit.
const ITEMS_MAX: usize = 2000;

/// What a program did in one round.
#[derive(Clone, Copy, Debug)]
struct Round {
    cost: Cost,
    wall_secs: f64,
}

#[derive(Serialize)]
struct Figures {
    rec_per_cpu_s: f64,
    durable_roof: f64,
    ratio: f64,
    rss_mb: f64,
}

#[derive(Serialize)]
struct HubFigures {
    rec_per_cpu_s: f64,
    rss_mb: f64,
}

#[derive(Serialize)]
struct Report {
    json: Figures,
    xml: Figures,
    hub: HubFigures,
}

/// Runs the benchmark and prints a table, then one JSON object. Each round runs every program once,
/// in turn, so that they share the machine's moods.
pub(crate) fn run(records: usize, rounds: usize) -> Result<(), TaskError> {
    let programs = Programs::build(&root())?;
    let folder = tempfile::tempdir()?;
    let job = Job::new(&root(), folder.path())?;
    let dossiers = inputs::dossiers(&job.input, records)?;
    let bench = Bench {
        programs: &programs,
        job: &job,
        dossiers: &dossiers,
        folder: folder.path(),
        rounds,
    };
    say(&format!("{records} dossiers, {rounds} rounds; CPU is user + system of the program"));
    let json = bench.format(Format::Json, "JSON")?;
    let xml = bench.format(Format::Xml, "XML")?;
    let hub = bench.hub()?;
    let report = serde_json::to_string(&Report { json, xml, hub })
        .map_err(|error| TaskError::Wrong(error.to_string()))?;
    crate::command::print(&report);
    Ok(())
}

struct Bench<'a> {
    programs: &'a Programs,
    job: &'a Job,
    dossiers: &'a Dossiers,
    folder: &'a Path,
    rounds: usize,
}

impl Bench<'_> {
    fn format(&self, format: Format, title: &str) -> Result<Figures, TaskError> {
        let (mut plain, mut durable, mut ours) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..self.rounds {
            plain.push(self.roof(format, false)?);
            durable.push(self.roof(format, true)?);
            ours.push(self.connector(format)?);
        }
        say(&format!("\n{title} file to HTTP endpoint"));
        self.row("by hand, not durable", &plain);
        self.row("by hand, log synced per 500", &durable);
        self.row("lienthong", &ours);
        let ratios = ours.iter().zip(&durable).map(|(o, d)| d.cost.cpu_secs / o.cost.cpu_secs);
        let figures = Figures {
            rec_per_cpu_s: self.per_cpu(&ours),
            durable_roof: self.per_cpu(&durable),
            ratio: round(median(ratios.collect()), 100.0),
            rss_mb: round(median(ours.iter().map(|r| r.cost.rss_mb).collect()), 10.0),
        };
        say(&format!("lienthong / by hand with log: {}", figures.ratio));
        Ok(figures)
    }

    fn per_cpu(&self, rounds: &[Round]) -> f64 {
        let secs = median(rounds.iter().map(|round| round.cost.cpu_secs).collect());
        #[expect(clippy::cast_precision_loss, reason = "a count of records is far below 2^52")]
        let count = self.dossiers.count as f64;
        (count / secs).round()
    }

    fn row(&self, title: &str, rounds: &[Round]) {
        let of = |pick: fn(&Round) -> f64| median(rounds.iter().map(pick).collect());
        say(&format!(
            "  {title:<28} {:>9.0} rec/CPU-s  wall {:>5.2} s  peak {:>5.1} MiB  disk {:>6.1} MiB",
            self.per_cpu(rounds),
            of(|round| round.wall_secs),
            of(|round| round.cost.rss_mb),
            of(|round| round.cost.disk_mb),
        ));
    }

    fn roof(&self, format: Format, is_durable: bool) -> Result<Round, TaskError> {
        let sink = self.sink()?;
        let (name, input) = match format {
            Format::Json => ("json", &self.dossiers.json),
            Format::Xml => ("xml", &self.dossiers.xml),
        };
        let log = self.folder.join("roof.log");
        let mut command = Command::new(&self.programs.roof);
        command.args(["--format", name, "--url", &sink.first_line, "--input"]).arg(input);
        if is_durable {
            command.arg("--log").arg(&log);
        }
        let round = timed(&mut command)?;
        self.arrived(&sink)?;
        if is_durable {
            fs::remove_file(&log)?;
        }
        Ok(round)
    }

    fn connector(&self, format: Format) -> Result<Round, TaskError> {
        self.job.forget()?;
        let sink = self.sink()?;
        let endpoint = Endpoint::Http(sink.first_line.clone());
        let program = &self.programs.lienthong;
        let round = timed(&mut self.job.connector(program, format, &endpoint, ITEMS_MAX)?)?;
        self.arrived(&sink)?;
        Ok(round)
    }

    fn hub(&self) -> Result<HubFigures, TaskError> {
        let (mut connectors, mut hubs) = (Vec::new(), Vec::new());
        for _ in 0..self.rounds {
            self.job.forget()?;
            let library = Endpoint::Hub(String::new());
            let program = &self.programs.lienthong;
            let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
            let mut command = self.job.hub(program, &address, &library)?;
            let hub = Child::start_and_reach(&mut command, &address)?;
            let url = format!("http://{address}");
            let before = hub.cost();
            let endpoint = Endpoint::Hub(url.clone());
            let mut command = self.job.connector(program, Format::Json, &endpoint, ITEMS_MAX)?;
            let connector = timed(&mut command)?;
            let mut cost = hub.cost();
            cost.cpu_secs -= before.cpu_secs;
            let feeds = get_json(&format!("{url}/v1/feeds"), Some(self.job.token()))?;
            let stored = feeds.pointer("/feeds/0/records").and_then(serde_json::Value::as_u64);
            if stored != Some(self.dossiers.count as u64) {
                return Err(TaskError::Wrong(format!("the hub holds {stored:?} records")));
            }
            hubs.push(Round { cost, wall_secs: connector.wall_secs });
            connectors.push(connector);
        }
        say("\nJSON file to hub");
        self.row("connector", &connectors);
        self.row("hub", &hubs);
        let ratios = hubs.iter().zip(&connectors).map(|(h, c)| h.cost.cpu_secs / c.cost.cpu_secs);
        say(&format!("hub / connector: {}", round(median(ratios.collect()), 100.0)));
        Ok(HubFigures {
            rec_per_cpu_s: self.per_cpu(&hubs),
            rss_mb: round(median(hubs.iter().map(|r| r.cost.rss_mb).collect()), 10.0),
        })
    }

    fn sink(&self) -> Result<Child, TaskError> {
        Ok(Child::start_and_wait(&mut Command::new(&self.programs.sink))?)
    }

    /// Fails unless the endpoint has every record.
    fn arrived(&self, sink: &Child) -> Result<(), TaskError> {
        let url = sink.first_line.replace("/batches", "/journal");
        let journal = get_json(&url, None)?;
        let records = journal.get("records").and_then(serde_json::Value::as_u64);
        if records == Some(self.dossiers.count as u64) {
            return Ok(());
        }
        Err(TaskError::Wrong(format!("{records:?} of {} records arrived", self.dossiers.count)))
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark asks the machine's own clock")]
fn timed(command: &mut Command) -> Result<Round, TaskError> {
    let start = std::time::Instant::now();
    let (status, cost) = Child::start(command)?.wait()?;
    if !status.success() {
        let program = PathBuf::from(command.get_program());
        return Err(TaskError::Failed(program.display().to_string(), status));
    }
    Ok(Round { cost, wall_secs: start.elapsed().as_secs_f64() })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn round(value: f64, steps: f64) -> f64 {
    (value * steps).round() / steps
}
