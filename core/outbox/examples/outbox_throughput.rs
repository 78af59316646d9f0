//! What the outbox costs: CPU and bytes written for each record, from commit to settlement.
//!
//! `cargo run --release -p lienthong-outbox --example outbox_throughput -- [records] [folder]`
//!
//! Batches of 500 dossiers are sealed beforehand; measured is what the outbox does with them: four
//! to a commit, each settled four commits later, as an uplink that keeps up would. CPU and bytes
//! are read from `/proc/self`, so that this runs on Linux alone.

use std::collections::VecDeque;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lienthong_outbox::{Commit, EndpointId, FeedId, Options, Outbox, Settlement};
use lienthong_protocol::{BatchWriter, Provenance, SealedBatch};
use lienthong_standard::{Candidate, Files, Standard, Value};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

const RECORDS: u64 = 500;
const BATCHES: usize = 4;
/// Distinct batches, so that nothing profits from having seen one.
const SEALED: usize = 64;
/// Commits between a commit and its settlement.
const BEHIND: usize = 4;

const DOSSIER: &str = r#"
record_type = "dossier"
title.vi = "Hồ sơ"
title.en = "Dossier"
key = ["code"]
history = "latest"

[fields.code]
title.vi = "Mã"
title.en = "Code"
type = "text"
required = true

[fields.text]
title.vi = "Nội dung"
title.en = "Text"
type = "text"
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let records: u64 = arguments.next().map_or(Ok(1_000_000), |text| text.parse())?;
    let folder = arguments.next().map_or_else(|| PathBuf::from("target/outbox"), PathBuf::from);
    drop(fs::remove_dir_all(&folder));
    let batches = seal_all()?;
    let bytes: usize = batches.iter().map(|batch| batch.body.len()).sum();
    let run = Run::open(&folder)?;
    let before = Cost::read()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(run.work(&batches, records))?;
    let cost = Cost::read()?.since(&before);
    let size = fs::metadata(folder.join("outbox.sqlite"))?.len();
    #[expect(clippy::cast_precision_loss, reason = "figures for a person")]
    let each = |sum: u64| sum as f64 / records as f64;
    let body = bytes as u64 / (SEALED as u64 * RECORDS);
    show(&format!(
        "{records} records of {body} bytes in a batch: {:.3} µs CPU ({:.3} user, {:.3} system), \
         {:.0} bytes written each; file {} KiB",
        each((cost.user + cost.system) * 10_000),
        each(cost.user * 10_000),
        each(cost.system * 10_000),
        each(cost.written),
        size / 1024,
    ));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the figures are what this program is for")]
fn show(line: &str) {
    println!("{line}");
}

struct Run {
    outbox: Outbox,
    feed: FeedId,
    hub: EndpointId,
}

impl Run {
    fn open(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let outbox = Outbox::open(folder, Options::default())?;
        let feed = outbox.feed("bench", "all").wait()?.id;
        let hub = outbox.register_endpoint("hub", &[feed]).wait()?;
        Ok(Self { outbox, feed, hub })
    }

    async fn work(&self, batches: &[SealedBatch], records: u64) -> Result<(), Box<dyn Error>> {
        let mut behind = VecDeque::new();
        let mut version_next = 1;
        for start in (0..SEALED).step_by(BATCHES).cycle() {
            if version_next > records {
                break;
            }
            let mut next: Vec<_> = batches.iter().skip(start).take(BATCHES).cloned().collect();
            for batch in &mut next {
                // The bytes say another version; the outbox goes by the header beside them.
                batch.header.version_first = version_next;
                version_next += RECORDS;
            }
            let pulled = RECORDS * BATCHES as u64;
            let commit = Commit {
                feed: self.feed,
                cursor: Some(format!("line {version_next}")),
                version_next,
                batches: next,
                quarantined: Vec::new(),
                pulled,
                accepted: pulled,
                rules: Vec::new(),
                at: 0,
            };
            behind.push_back(self.outbox.commit(commit).await?);
            if behind.len() > BEHIND {
                for batch in behind.pop_front().unwrap_or_default() {
                    drop(self.settle(batch));
                }
            }
        }
        for batch in behind.into_iter().flatten() {
            drop(self.settle(batch));
        }
        Ok(self.outbox.close().await?)
    }

    fn settle(&self, batch: lienthong_outbox::BatchId) -> lienthong_outbox::Written<()> {
        self.outbox.settle(Settlement {
            endpoint: self.hub,
            batch,
            delivered: RECORDS,
            unchanged: 0,
            superseded: 0,
            refused: Vec::new(),
            receipt: None,
            at: 0,
        })
    }
}

/// Batches as large as those of real dossiers: texts of half a thousand bytes, partly alike.
fn seal_all() -> Result<Vec<SealedBatch>, Box<dyn Error>> {
    let files = Files::new([("records/dossier.toml".to_owned(), Arc::from(DOSSIER))]);
    let standard = Standard::compile("v1", &files).map_err(|_| "the standard does not compile")?;
    let dossier = standard.record_type("dossier").ok_or("no dossier")?;
    let provenance = Provenance {
        agency: "000.00.00.H99".into(),
        source: "bench".into(),
        feed: "all".into(),
        record_type: "dossier".into(),
        standard: "v1".into(),
        standard_digest: "11".repeat(32),
        mapping: "bench/all".into(),
        mapping_digest: "22".repeat(32),
        adapter: "file-drop bench@1".into(),
    };
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut writer = BatchWriter::default();
    let mut sealed = Vec::new();
    for _ in 0..SEALED {
        for number in 0..RECORDS {
            let code = format!("000.00.00.H99-251121-{number:04}");
            let unlike: String = (0..150).map(|_| rng.random_range('a'..='z')).collect();
            let text = format!("{}{unlike}{number}", "Cấp giấy phép lái xe, tiếp nhận ".repeat(10));
            let values = [Value::Text(&code), Value::Text(&text)];
            let candidate = Candidate { values: &values, groups: &[] };
            let accepted = dossier.accept(&standard, candidate, &mut Vec::new(), &mut Vec::new());
            writer.push(&accepted.ok_or("a dossier is refused")?)?;
        }
        sealed.push(writer.seal(&provenance, 1, Vec::new(), None)?);
    }
    Ok(sealed)
}

/// What this process has used so far: CPU in hundredths of a second, bytes handed to the disk.
struct Cost {
    user: u64,
    system: u64,
    written: u64,
}

impl Cost {
    fn read() -> Result<Self, Box<dyn Error>> {
        let stat = fs::read_to_string("/proc/self/stat")?;
        // Behind the name, which is in parentheses and may hold blanks.
        let fields = stat.rsplit(')').next().ok_or("no fields")?;
        let mut fields = fields.split_ascii_whitespace().skip(11);
        let mut next = || fields.next().ok_or("too few fields");
        let (user, system) = (next()?.parse()?, next()?.parse()?);
        let io = fs::read_to_string("/proc/self/io")?;
        let written = io.lines().find_map(|line| line.strip_prefix("write_bytes: "));
        Ok(Self { user, system, written: written.ok_or("no write_bytes")?.trim().parse()? })
    }

    fn since(&self, before: &Self) -> Self {
        Self {
            user: self.user - before.user,
            system: self.system - before.system,
            written: self.written - before.written,
        }
    }
}
