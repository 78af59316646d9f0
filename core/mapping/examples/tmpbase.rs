//! temp
use std::io::BufRead;
#[allow(clippy::all, clippy::pedantic)]
fn cpu() -> f64 { std::fs::read_to_string("/proc/self/schedstat").unwrap().split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9 }
#[allow(clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::print_stdout)]
fn main() {
    let lines: Vec<Vec<u8>> = std::io::BufReader::new(std::fs::File::open("/tmp/mapbench/dossiers.jsonl").unwrap()).split(b'\n').take(50000).map(|l| l.unwrap()).collect();
    for _ in 0..3 {
        let a = cpu();
        let mut n = 0usize;
        for l in &lines { n += std::str::from_utf8(l).unwrap().len(); }
        let b = cpu();
        for l in &lines { n += serde_json::from_slice::<serde_json::Value>(l).unwrap().is_object() as usize; }
        let c = cpu();
        for l in &lines { serde_json::from_slice::<serde::de::IgnoredAny>(l).unwrap(); }
        let d = cpu();
        let k = lines.len() as f64;
        println!("{n} utf8 {:.0} ns, value {:.0} ns, ignore {:.0} ns", (b-a)/k*1e9, (c-b)/k*1e9, (d-c)/k*1e9);
    }
}
