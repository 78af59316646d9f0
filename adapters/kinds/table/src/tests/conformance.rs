//! The conformance suite over a folder with a good workbook, a damaged one and a faulty one.

use std::collections::BTreeMap;
use std::path::Path;

use lienthong_adapter_kit::conformance::{Conformance, MemorySecrets};

use crate::samples::{sheet_xml, xlsx};

use super::{FEED, KIND, NOW, OLD, put, workbook};

/// The item of one figure of a made workbook.
fn item(file: &str, number: usize, label: &str, figure: &str) -> Vec<u8> {
    let key = label.to_lowercase();
    let place = format!(
        r#""workbook":"{file}","sheet":"CPI","title":"Chỉ số giá tháng 6 năm 2024","layout":"one""#
    );
    let row =
        format!(r#""section":null,"label_path":"{label}","row_label":"{label}","row_key":"{key}""#);
    let period = r#""period_kind":"month","period":"2024-06","period_year":"2024""#;
    let column = r#""column":"value","heading":"Chỉ số""#;
    let figure = format!(
        r#""period_month":"06","period_quarter":null,"value":"{figure}","cell":"B{number}""#
    );
    let text = format!(
        r#"{{{place},"unit":null,"report_period":"2024-06",{row},{column},{period},{figure}}}"#
    );
    text.into_bytes()
}

fn fill(folder: &Path) -> Vec<Vec<u8>> {
    put(folder, "a.xlsx", &workbook(&[100, 101, 102]), OLD);
    put(folder, "b.xlsx", b"PK\x03\x04 and no more", OLD);
    let faulty = "Chỉ số giá tháng 6 năm 2024\n|Chỉ số\nTổng số|100.5\nDệt|#REF!\nMay|99";
    put(folder, "c.xlsx", &xlsx(&[("CPI", &sheet_xml(faulty))]), OLD);
    vec![
        item("a.xlsx", 3, "Tổng số", "100"),
        item("a.xlsx", 4, "Nhóm 1", "101"),
        item("a.xlsx", 5, "Nhóm 2", "102"),
        item("c.xlsx", 3, "Tổng số", "100.5"),
        item("c.xlsx", 5, "May", "99"),
    ]
}

/// Names, sizes and times of the folder's files.
fn fingerprint(conformance: &Conformance) -> String {
    let mut files: Vec<String> = std::fs::read_dir(&conformance.settings_folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let data = entry.metadata().unwrap();
            format!("{:?} {} {:?}", entry.file_name(), data.len(), data.modified().unwrap())
        })
        .collect();
    files.sort();
    files.join("\n")
}

#[tokio::test]
async fn the_kind_keeps_every_rule() {
    let folder = tempfile::tempdir().unwrap();
    let items = fill(folder.path());
    let conformance = Conformance {
        kind: KIND,
        settings: "folder = '.'".to_owned(),
        connection: String::new(),
        feeds: BTreeMap::from([("prices".to_owned(), FEED.to_owned())]),
        system_folder: folder.path().to_path_buf(),
        settings_folder: folder.path().to_path_buf(),
        secrets: MemorySecrets(BTreeMap::new()),
        feed: "prices".to_owned(),
        items,
        faults: vec!["LT-2050", "LT-2056"],
        now: NOW.parse().unwrap(),
        fingerprint,
    };
    conformance.run().await.assert_kept();
}
