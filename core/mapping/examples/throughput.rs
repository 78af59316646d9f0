//! A benchmark of the engine: the 20-field job from a file to mapped, checked and encoded records.
//!
//! `cargo run --release -p lienthong-mapping --example throughput -- DIR [ROUNDS]` reads
//! `DIR/dossiers.jsonl` and `DIR/dossiers.xml`, one record a line, and prints records per
//! CPU-second of each round, the record splitting included.

use std::error::Error;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::sync::Arc;

use lienthong_mapping::{Mapping, Workspace};
use lienthong_standard::{Files, Standard};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("usage: throughput DIR [ROUNDS]")?;
    let rounds: usize = arguments.next().map_or(Ok(3), |rounds| rounds.parse())?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/peers");
    let standard = Standard::compile("peers", &files(&root.join("mappings/standard/peers"))?);
    let standard = Arc::new(standard.map_err(|problems| format!("{problems:?}"))?);
    let mappings = files(&root.join("mappings/systems"))?;
    for (name, file) in [("peers-json", "dossiers.jsonl"), ("peers-xml", "dossiers.xml")] {
        let compiled = Mapping::compile(&format!("{name}/dossiers"), &mappings, &standard);
        let mapping = compiled.map_err(|problems| format!("{problems:?}"))?.mapping;
        for _ in 0..rounds {
            measure(name, &mapping, &Path::new(&folder).join(file))?;
        }
    }
    Ok(())
}

fn measure(name: &str, mapping: &Mapping, file: &Path) -> Result<(), Box<dyn Error>> {
    let mut source = BufReader::with_capacity(1 << 16, File::open(file)?);
    let (mut line, mut out) = (Vec::new(), Vec::new());
    let mut work = Workspace::new();
    let (mut records, mut refused, mut bytes) = (0_u32, 0_u32, 0_usize);
    let before = cpu_secs()?;
    loop {
        line.clear();
        if source.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let item = line.trim_ascii_end();
        let is_record = item.starts_with(b"{") || item.starts_with(b"<HoSo>");
        if !is_record {
            continue;
        }
        records += 1;
        if let Err(rejection) =
            mapping.apply(item, &mut work, &mut |record| record.write_json(&mut out))
        {
            refused += 1;
            if refused == 1 {
                writeln!(std::io::stderr(), "{rejection:?}")?;
            }
        }
        if out.len() > 1 << 19 {
            bytes += out.len();
            out.clear();
        }
    }
    let spent = cpu_secs()? - before;
    bytes += out.len();
    writeln!(
        std::io::stdout(),
        "{name}: {records} records, {refused} refused, {bytes} bytes, {:.0} records per CPU-second",
        f64::from(records) / spent,
    )?;
    Ok(())
}

/// CPU seconds of this process, from the scheduler's own account.
fn cpu_secs() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/self/schedstat")?;
    let nanos: f64 = text.split(' ').next().ok_or("no schedstat")?.parse()?;
    Ok(nanos / 1e9)
}

/// The files below a folder.
fn files(root: &Path) -> Result<Files, Box<dyn Error>> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
                found.push((name, Arc::from(std::fs::read_to_string(&path)?)));
            }
        }
    }
    Ok(Files::new(found))
}
