//! A connector killed with SIGKILL: what it was told to be durable is there, and nothing is torn.
//!
//! The child is this very test binary, asked to run one test that works when a folder is named.

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use lienthong_outbox::{HistoryFilter, Options, Settlement};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::sample::{block_on, open_outbox, options, page, versions};

const FOLDER: &str = "LIENTHONG_TEST_OUTBOX";
const ROUNDS: u32 = 12;
/// Commits in flight in the child.
const IN_FLIGHT: u64 = 3;

/// Stores and settles until it is killed, and says what it was told to be durable.
#[test]
fn child() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let (outbox, feed, hub) = open_outbox(Path::new(&folder), busy_options());
    let mut out = std::io::stdout();
    let mut next = outbox.reader().feed(feed).unwrap().unwrap().version_next;
    loop {
        let commits = (0..IN_FLIGHT).map(|more| {
            let outbox = outbox.clone();
            async move { outbox.commit(page(feed, next + more, &[true], Vec::new())).await }
        });
        let stored = block_on(async {
            let mut set = tokio::task::JoinSet::new();
            commits.for_each(|commit| drop(set.spawn(commit)));
            set.join_all().await
        });
        for batch in stored {
            let batch = batch.unwrap()[0];
            let settlement = Settlement {
                endpoint: hub,
                batch,
                delivered: 1,
                unchanged: 0,
                superseded: 0,
                refused: Vec::new(),
                receipt: None,
                at: 0,
            };
            // Every other batch goes on waiting.
            if batch.0 % 2 == 0 {
                drop(outbox.settle(settlement));
            }
        }
        next += IN_FLIGHT;
        writeln!(out, "stored {next}").unwrap();
        out.flush().unwrap();
    }
}

fn busy_options() -> Options {
    Options { group_batches: 2, ..options() }
}

fn start(folder: &Path) -> Child {
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", "crash::child", "--nocapture"]).env(FOLDER, folder);
    child.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// Lets the child work for a while and kills it; gives the last version it called durable.
fn kill_after(folder: &Path, lines: usize) -> u64 {
    let mut child = start(folder);
    let out = BufReader::new(child.stdout.take().unwrap());
    let mut durable = 1;
    let mut seen = 0;
    for line in out.lines() {
        if let Some(next) = line.unwrap().strip_prefix("stored ") {
            durable = next.parse().unwrap();
            seen += 1;
        }
        // Said once; what the child said before it died is read to the end.
        if seen == lines {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(seen >= lines, "the child ended by itself after {seen} lines");
    durable
}

#[test]
fn nothing_is_lost_or_doubled_by_a_kill() {
    let folder = TempDir::new().unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(20_261_121);
    for _ in 0..ROUNDS {
        let durable = kill_after(folder.path(), rng.random_range(1..30));
        let (outbox, feed, hub) = open_outbox(folder.path(), options());
        let row = outbox.reader().feed(feed).unwrap().unwrap();
        assert!(row.version_next >= durable, "{} is behind {durable}", row.version_next);
        if row.version_next > 1 {
            assert_eq!(row.cursor.unwrap(), row.version_next.to_string());
        }
        let mut found: Vec<u64> = Vec::new();
        for waiting in outbox.waiting(hub, feed, 1_000_000).unwrap() {
            found.extend(versions(&outbox.load(waiting.batch).unwrap()));
        }
        let settled = HistoryFilter { limit: 1_000_000, ..HistoryFilter::default() };
        let settled = outbox.reader().history(&settled).unwrap();
        found.extend(settled.iter().map(|line| line.version_first));
        found.sort_unstable();
        assert_eq!(found, (1..row.version_next).collect::<Vec<_>>(), "each version once");
        outbox.close().wait().unwrap();
        assert_eq!(integrity(folder.path()), "ok");
    }
}

fn integrity(folder: &Path) -> String {
    let connection = Connection::open(folder.join("outbox.sqlite")).unwrap();
    connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap()
}
