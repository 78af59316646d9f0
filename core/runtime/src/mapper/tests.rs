use std::path::Path;

use lienthong_adapter_api::{PageBuilder, Position};
use lienthong_protocol::open;
use lienthong_standard::{Files, Standard};

use super::*;
use crate::present::Present;

/// The files below a folder of the 20-field example, by their paths from there.
pub(crate) fn files(folder: &str) -> Files {
    fn collect(root: &Path, folder: &Path, found: &mut Vec<(String, Arc<str>)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.push((name, std::fs::read_to_string(&path).unwrap().into()));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/peers").join(folder);
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    Files::new(found)
}

fn mapper() -> PageMapper {
    let Present { mapping, provenance } = present();
    PageMapper::new(mapping, provenance)
}

/// The mapping of the example and a provenance.
pub(crate) fn present() -> Present {
    let standard = Standard::compile("peers", &files("mappings/standard/peers")).unwrap();
    let mappings = files("mappings/systems");
    let compiled = Mapping::compile("peers-json/dossiers", &mappings, &Arc::new(standard)).unwrap();
    let text = |text: &str| text.to_owned();
    let provenance = Provenance {
        agency: text("H22"),
        source: text("s"),
        feed: text("f"),
        record_type: text("dossier"),
        standard: text("peers"),
        standard_digest: text("0"),
        mapping: text("peers-json/dossiers"),
        mapping_digest: text("0"),
        adapter: text("file-drop peers@1"),
    };
    Present { mapping: Arc::new(compiled.mapping), provenance: Arc::new(provenance) }
}

pub(crate) fn item(code: &str, status: &str) -> String {
    serde_json::json!({
        "SoHoSo": code, "MaTTHC": "1.004000", "TenTTHC": "Thủ tục thử",
        "NgayTiepNhan": "01/06/2025 08:00:00", "NgayHenTra": "05/06/2025 17:00:00", "NgayTra": "",
        "TrangThai": status, "MaDonVi": "H22", "TenDonVi": "Đơn vị thử",
        "NguoiNop": {"HoTen": "Người Thử", "SoCCCD": "001000000000", "DienThoai": "0900 000 000",
                     "NgaySinh": "01/01/1990", "Email": "thu@example.vn"},
        "LePhi": "1000,00", "HinhThucNop": "TT", "MucDo": "2", "CanBoXuLy": "CB00001",
    })
    .to_string()
}

/// A page with one item for each status; `?` is a code that the mapping does not know.
fn page(statuses: &[&str]) -> Page {
    let mut builder = PageBuilder::default();
    let origin = builder.origin("a.jsonl");
    for (index, status) in statuses.iter().enumerate() {
        let text = item(&format!("000.00.01.H22-250601-{index:06}"), status);
        builder.push(origin, Position::Byte(index as u64 * 100), text.as_bytes());
    }
    builder.finish(None, false)
}

fn versions(batch: &SealedBatch) -> Vec<u64> {
    open(&batch.body).unwrap().versions().collect()
}

#[test]
fn every_item_takes_a_version_also_the_refused_one() {
    let mapped = mapper().map(&page(&["?", "MOI", "?", "?", "DTN", "MOI", "?"]), 100).unwrap();
    assert_eq!((mapped.pulled, mapped.accepted, mapped.version_next), (7, 3, 107));
    let kept: Vec<_> = mapped.quarantined.iter().map(|row| row.version).collect();
    assert_eq!(kept, [Some(100), Some(102), Some(103), Some(106)]);
    assert_eq!(mapped.batches.len(), 1);
    assert_eq!(versions(&mapped.batches[0]), [101, 104, 105]);
}

#[test]
fn a_long_page_becomes_batches_of_five_hundred() {
    let statuses = vec!["MOI"; 1200];
    let mapped = mapper().map(&page(&statuses), 1).unwrap();
    let counts: Vec<u32> = mapped.batches.iter().map(|batch| batch.header.count).collect();
    assert_eq!(counts, [500, 500, 200]);
    let all: Vec<u64> = mapped.batches.iter().flat_map(versions).collect();
    assert_eq!(all, (1..=1200).collect::<Vec<_>>());
}

#[test]
fn a_batch_says_where_its_records_came_from() {
    let page = page(&["MOI", "DTN"]);
    let mapped = mapper().map(&page, 1).unwrap();
    let header = &mapped.batches[0].header;
    assert_eq!(header.spans.len(), 1);
    assert_eq!(header.spans[0].first, "a.jsonl at byte 0");
    assert_eq!(header.spans[0].last, "a.jsonl at byte 100");
    let digest = blake3::hash(page.stretch(0, 1)).to_hex().to_string();
    assert_eq!(header.source_digest.as_deref(), Some(digest.as_str()));
}

#[test]
fn what_waits_for_a_code_says_which() {
    let mapped = mapper().map(&page(&["?"]), 1).unwrap();
    let row = &mapped.quarantined[0];
    assert_eq!(row.waiting_for.as_deref(), Some("codes/status:?"));
    assert_eq!(row.key.as_deref(), Some("000.00.01.H22-250601-000000"));
    assert_eq!(row.raw, item("000.00.01.H22-250601-000000", "?"));
    assert!(row.reasons.contains("LT-3010"), "{}", row.reasons);
}
