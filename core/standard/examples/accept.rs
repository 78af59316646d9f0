//! How long one record takes: of 20 fields accepting, writing, verifying; a national dossier, with
//! all rules of the national standard, verifying.
//!
//! `cargo run --release -p lienthong-standard --example accept`

#![expect(clippy::print_stdout, reason = "a program for the terminal")]
#![expect(clippy::disallowed_methods, reason = "measures, and is no part of the product")]

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use lienthong_standard::{
    Candidate, Date, Files, RecordType, Standard, Submission, Timestamp, Value, VerifyScratch,
};

/// The fastest of so many runs of so many rounds: the others were disturbed.
const RUNS: u32 = 500;
const ROUNDS: u32 = 500;

fn main() -> Result<(), Box<dyn Error>> {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/peers/mappings/standard/peers");
    let paths = [
        "records/dossier.toml",
        "patterns.toml",
        "codes/lists.toml",
        "codes/status.csv",
        "codes/channel.csv",
    ];
    let mut files = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(root.join(path))?;
        files.push((path.to_owned(), Arc::from(text)));
    }
    let standard = Standard::compile("peers", &Files::new(files))
        .map_err(|problems| format!("{} problems", problems.len()))?;
    let dossier = standard.record_type("dossier").ok_or("no dossier")?;
    let values = values().ok_or("a value is wrong")?;
    let candidate = Candidate { values: &values, groups: &[] };

    let mut out = Vec::with_capacity(2048);
    measure("accept", || {
        black_box(accept(dossier, &standard, black_box(candidate)));
    });
    measure("accept and write_json", || {
        out.clear();
        if let Some(submission) = accept(dossier, &standard, black_box(candidate)) {
            submission.write_json(&mut out);
        }
    });
    let mut scratch = VerifyScratch::default();
    measure("verify", || {
        black_box(dossier.verify(&standard, black_box(&out), &mut scratch)).ok();
    });
    println!("{} bytes: {}", out.len(), String::from_utf8_lossy(&out));
    national()
}

/// A dossier of the national standard, as a case of a mapping expects it.
fn national() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mappings");
    let mut files = Vec::new();
    for folder in ["", "records", "codes"] {
        for entry in std::fs::read_dir(root.join("standard/v1").join(folder))? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_file() {
                let text = std::fs::read_to_string(&path)?;
                let below = if folder.is_empty() { "" } else { "/" };
                files.push((format!("{folder}{below}{name}"), Arc::from(text)));
            }
        }
    }
    let standard = Standard::compile("v1", &Files::new(files))
        .map_err(|problems| format!("{} problems", problems.len()))?;
    let dossier = standard.record_type("dossier").ok_or("no dossier")?;
    let case = root.join("systems/igate/cases/returned-with-papers-and-fee/expected.json");
    let record: String = std::fs::read_to_string(case)?.lines().map(str::trim).collect();
    let record = record.replace("\": ", "\":");
    let mut scratch = VerifyScratch::default();
    let first = dossier.verify(&standard, record.as_bytes(), &mut scratch);
    first.map_err(|faults| format!("{faults:?}"))?;
    measure("verify a national dossier", || {
        black_box(dossier.verify(&standard, black_box(record.as_bytes()), &mut scratch)).ok();
    });
    Ok(())
}

fn accept<'a>(
    dossier: &'a RecordType,
    standard: &Standard,
    candidate: Candidate<'a>,
) -> Option<Submission<'a>> {
    dossier.accept(standard, candidate, &mut Vec::new(), &mut Vec::new())
}

fn measure(what: &str, mut round: impl FnMut()) {
    let mut best = u128::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            round();
        }
        best = best.min(start.elapsed().as_nanos());
    }
    println!("{what}: {} ns", best / u128::from(ROUNDS));
}

fn values() -> Option<[Value<'static>; 20]> {
    let at = |text| Timestamp::parse_canonical(text).map(Value::Timestamp);
    Some([
        Value::Text("000.00.53.H48-250620-000123"),
        Value::Text("1.004007"),
        Value::Text("Thủ tục hành chính số 1 – cấp, đổi, điều chỉnh giấy tờ & xác nhận"),
        at("2025-06-20T01:35:00+07:00")?,
        at("2025-06-30T01:35:00+07:00")?,
        at("2025-06-29T09:12:44+07:00")?,
        Value::Text("10"),
        Value::Text("Đã trả kết quả"),
        Value::Text("H48"),
        Value::Text("Ủy ban nhân dân tỉnh số 48"),
        Value::Text("Nguyễn Thị Hồng"),
        Value::Text("000000000012"),
        Value::Text("+84900000000"),
        Value::Date(Date::new(1970, 5, 17)?),
        Value::Text("user12@example.vn"),
        Value::Integer(150_000),
        Value::Text("ONLINE"),
        Value::Integer(4),
        Value::Text("CB00123"),
        Value::Boolean(false),
    ])
}
