//! The cost of ingest: prepared batches of 500 dossiers through the hub's own router, into a store
//! on disk with every fsync, in CPU time per record.
//!
//! `cargo run --release -p lienthong-hub --example hub_ingest [RECORDS [time|random [SENDERS]]]`
//!
//! The batches are made by a second process, so that neither its CPU nor its memory counts. Only the
//! socket is left out.
#![expect(clippy::print_stdout, reason = "a measurement is printed")]

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt as _;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use jiff::Timestamp;
use lienthong_hub::{
    AgencyCredential, DvcqgSettings, Exposure, Hub, HubSettings, Limits, Thresholds, TokenDigest,
};
use lienthong_protocol::{
    BATCH_MEDIA_TYPE, BATCHES_PATH, BatchHeader, CONTENT_DIGEST, Digest, IDEMPOTENCY_KEY, Outcome,
    Provenance, Receipt,
};
use lienthong_standard::{Files, Standard};
use tokio::task::JoinSet;

type Failure = Box<dyn Error + Send + Sync>;

const AGENCY: &str = "000.00.00.H22";
const TOKEN: &str = "a-token";
const BATCH: u64 = 500;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut words = arguments.iter().map(String::as_str);
    match words.next() {
        Some("prepare") => {
            let file = words.next().ok_or("no file")?;
            let records = words.next().ok_or("no number")?.parse()?;
            prepare(Path::new(file), records, words.next() == Some("random"))
        }
        first => {
            let records = first.unwrap_or("200000").parse()?;
            let order = words.next().unwrap_or("time");
            let senders = words.next().unwrap_or("1").parse()?;
            measure(records, order, senders)
        }
    }
}

/// Writes batches to a file, each after its length.
fn prepare(file: &Path, records: u64, is_random: bool) -> Result<(), Failure> {
    let mut out = BufWriter::new(File::create(file)?);
    for first in (0..records).step_by(usize::try_from(BATCH)?) {
        let count = BATCH.min(records - first);
        let header = BatchHeader {
            lienthong: 1,
            provenance: Provenance {
                agency: AGENCY.to_owned(),
                source: "igate".to_owned(),
                feed: "dossiers".to_owned(),
                record_type: "dossier".to_owned(),
                standard: "v1".to_owned(),
                standard_digest: String::new(),
                mapping: "igate/dossiers".to_owned(),
                mapping_digest: String::new(),
                adapter: "http-json igate@1".to_owned(),
            },
            version_first: first + 1,
            count: u32::try_from(count)?,
            skipped: Vec::new(),
            spans: Vec::new(),
            source_digest: None,
        };
        let mut head = serde_json::to_vec(&header)?;
        head.push(b'\n');
        let mut lines = Vec::new();
        for index in first..first + count {
            // A permutation: the multiplier is odd and the number of keys a power of two.
            let mixed = index.wrapping_mul(0x9E37_79B1) % records.next_power_of_two();
            let number = if is_random { mixed } else { index };
            writeln!(lines, "{}", dossier(number))?;
        }
        let mut body = zstd::bulk::compress(&head, 1)?;
        body.extend_from_slice(&zstd::bulk::compress(&lines, 1)?);
        out.write_all(&u32::try_from(body.len())?.to_le_bytes())?;
        out.write_all(&body)?;
    }
    Ok(out.flush()?)
}

/// An invented dossier in canonical form; codes rise with the number as they do with time.
fn dossier(number: u64) -> String {
    let (day, ordinal) = (number / 3000, number % 3000);
    let (month, date) = (day / 28 % 12 + 1, day % 28 + 1);
    let year = 2020 + day / 336;
    let (hour, minute, second) = (ordinal / 400 + 8, ordinal / 7 % 60, ordinal % 60);
    let yy = year % 100;
    format!(
        "{{\"MaHoSo\":\"{AGENCY}-{yy:02}{month:02}{date:02}-{ordinal:04}\",\
         \"MaTTHC\":\"1.{:06}\",\"TenTTHC\":\"Đăng ký thành lập hộ kinh doanh số {}\",\
         \"MaLinhVuc\":\"G12-KD{:02}\",\"TenLinhVuc\":\"Thành lập và hoạt động của doanh nghiệp\",\
         \"ChuHoSo\":\"Người Mẫu Số {}\",\"LoaiDoiTuong\":\"{}\",\
         \"Email\":\"mau{}@example.vn\",\"SoDienThoai\":\"+8491{:07}\",\"TrichYeuHoSo\":\"Hồ sơ mẫu {} nộp tại quầy {}\",\
         \"NgayTiepNhan\":\"{year}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}+07:00\",\
         \"NgayHenTra\":\"{}-{month:02}-{date:02}T17:00:00+07:00\",\
         \"TrangThaiHoSo\":\"{}\",\"HinhThuc\":\"0\",\"DonViXuLy\":\"Sở Tài chính tỉnh mẫu\"}}",
        number % 900_000,
        number % 700,
        number % 90,
        number.wrapping_mul(7919) % 1_000_003,
        number % 4 + 1,
        number % 1_000_000,
        number.wrapping_mul(104_729) % 10_000_000,
        number.wrapping_mul(31) % 99_991,
        number % 40,
        year + 1,
        number % 8 + 1,
    )
}

fn measure(records: u64, order: &str, senders: usize) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("batches");
    let status = std::process::Command::new(std::env::current_exe()?)
        .arg("prepare")
        .args([file.as_os_str(), records.to_string().as_ref(), order.as_ref()])
        .status()?;
    if !status.success() {
        return Err("the batches could not be prepared".into());
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let hub = open(folder.path())?;
    let before = cpu_secs()?;
    let started = monotonic()?;
    let accepted = runtime.block_on(send_all(&hub, &file, senders))?;
    drop(hub);
    let (cpu, wall) = (cpu_secs()? - before, monotonic()? - started);
    if accepted != records {
        return Err(format!("{accepted} of {records} records were accepted").into());
    }
    let count = f64::from(u32::try_from(records)?);
    let store = std::fs::metadata(folder.path().join("data/hub.sqlite"))?.len();
    println!(
        "{records} records, keys in {order} order, {senders} sender(s): \
         {:.2} µs CPU a record, {:.0} records/CPU-s, {:.1} s wall, {} MB peak, store {} MB",
        cpu * 1e6 / count,
        count / cpu,
        wall,
        peak_kib()? / 1024,
        store >> 20,
    );
    Ok(())
}

fn open(folder: &Path) -> Result<Hub, Failure> {
    let standard = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../mappings/standard/v1");
    let mut files = Vec::new();
    collect(&standard, "", &mut files)?;
    let standard = Standard::compile("v1", &Files::new(files))
        .map_err(|problems| format!("the standard has {} problems", problems.len()))?;
    let settings = HubSettings {
        data_folder: folder.join("data"),
        standard: Arc::new(standard),
        agencies: vec![AgencyCredential {
            agency: AGENCY.to_owned(),
            name: "Tỉnh mẫu".to_owned(),
            token: TokenDigest::of(TOKEN),
        }],
        readers: Vec::new(),
        operator: None,
        dvcqg: DvcqgSettings::default(),
        thresholds: Thresholds::default(),
        limits: Limits { requests_per_sec: u32::MAX, ..Limits::default() },
    };
    Ok(Hub::open(settings)?)
}

fn collect(
    folder: &Path,
    prefix: &str,
    files: &mut Vec<(String, Arc<str>)>,
) -> Result<(), Failure> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push((name, Arc::from(std::fs::read_to_string(entry.path())?)));
        }
    }
    Ok(())
}

async fn send_all(hub: &Hub, file: &Path, senders: usize) -> Result<u64, Failure> {
    let batches = Arc::new(Mutex::new(BufReader::new(File::open(file)?)));
    let start = Timestamp::from_second(1_750_000_000)?;
    let router = hub.router(Arc::new(move || start), Exposure::Network);
    let mut tasks = JoinSet::new();
    for _ in 0..senders {
        let service = TowerToHyperService::new(router.clone());
        let batches = Arc::clone(&batches);
        tasks.spawn(async move {
            let mut accepted = 0;
            while let Some(body) = next(&batches)? {
                let digest = Digest::of(&body);
                let request = Request::post(BATCHES_PATH)
                    .header(header::AUTHORIZATION, format!("Bearer {TOKEN}"))
                    .header(header::CONTENT_TYPE, BATCH_MEDIA_TYPE)
                    .header(IDEMPOTENCY_KEY, digest.idempotency_key())
                    .header(CONTENT_DIGEST, digest.content_digest())
                    .body(Body::from(body))?;
                let response = service.call(request).await?;
                let answer = response.into_body().collect().await?.to_bytes();
                let receipt: Receipt = serde_json::from_slice(&answer)?;
                accepted += receipt.count_of(Outcome::Accepted);
            }
            Ok::<u64, Failure>(accepted)
        });
    }
    let mut accepted = 0;
    while let Some(task) = tasks.join_next().await {
        accepted += task??;
    }
    Ok(accepted)
}

fn next(batches: &Mutex<BufReader<File>>) -> Result<Option<Vec<u8>>, Failure> {
    let mut batches = batches.lock().map_err(|_| "another sender failed")?;
    let mut length = [0; 4];
    if batches.read_exact(&mut length).is_err() {
        return Ok(None);
    }
    let mut body = vec![0; u32::from_le_bytes(length) as usize];
    batches.read_exact(&mut body)?;
    Ok(Some(body))
}

/// CPU seconds of this process so far, user and system, from the kernel's count of ticks.
fn cpu_secs() -> Result<f64, Failure> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no process statistics")?;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u32>);
    let ticks = ticks.sum::<Result<u32, _>>()?;
    Ok(f64::from(ticks) / 100.0)
}

fn monotonic() -> Result<f64, Failure> {
    let uptime = std::fs::read_to_string("/proc/uptime")?;
    Ok(uptime.split_whitespace().next().ok_or("no uptime")?.parse()?)
}

fn peak_kib() -> Result<u64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no peak")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse()?)
}
