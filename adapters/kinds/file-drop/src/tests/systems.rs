//! The systems of this kind, as described in their folders, over their samples.

use std::path::PathBuf;

use super::sample::Sample;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../systems/one-stop-sql")
}

/// The feed as the system's folder describes it.
fn feed() -> String {
    let text = std::fs::read_to_string(folder().join("adapter.toml")).unwrap();
    let table: toml::Table = text.parse().unwrap();
    toml::to_string(&table["feeds"]["dossiers"]["read"]).unwrap()
}

/// A UTF-16 file with its mark.
fn decoded(bytes: &[u8]) -> String {
    assert!(bytes.starts_with(b"\xff\xfe"), "as Windows writes it");
    let units = bytes[2..].chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    char::decode_utf16(units).map(Result::unwrap).collect()
}

/// The rows of the sample as objects, read by another library; the row that was cut off is none.
fn rows(text: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(b';').flexible(true).from_reader(text.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let rows = reader.records().map(Result::unwrap).filter(|row| row.len() == columns.len());
    let rows = rows.map(|row| {
        let cells = columns.iter().zip(row.iter());
        let members = cells.map(|(name, cell)| format!("{}:{}", quoted(name), quoted(cell)));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    });
    rows.collect()
}

#[tokio::test]
async fn one_stop_sql_keeps_every_rule() {
    let bytes = std::fs::read(folder().join("samples/hoso-20250630.csv")).unwrap();
    let text = decoded(&bytes);
    let rows = rows(&text);
    assert_eq!(rows.len(), 9);
    let sample = Sample::new(&feed());
    sample.write("hoso-20250630.csv", &bytes).write("khac.csv", &bytes);
    let items: Vec<&str> = rows.iter().map(String::as_str).collect();
    sample.keeps_the_contract(&items, &["LT-2020"]).await;
}

#[tokio::test]
async fn one_stop_sql_in_utf_8_gives_the_same_rows() {
    let bytes = std::fs::read(folder().join("samples/hoso-20250630.csv")).unwrap();
    let text = decoded(&bytes);
    let sample = Sample::new(&feed().replace("\"utf-16\"", "\"utf-8\""));
    sample.write("hoso-20250630.csv", format!("\u{feff}{text}"));
    let pulled = sample.rest(&*sample.adapter(), None).await;
    assert_eq!(pulled.items, rows(&text));
    assert_eq!(pulled.codes(), ["LT-2020"]);
}
