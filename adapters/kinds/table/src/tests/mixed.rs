//! An old workbook whose cells are in several encodings, from the file to the page.

use super::{OLD, adapter, codes, page, put};
use crate::samples::{Put, TestSheet, shared, stream, strings, tcvn3, xls};

/// The formats of the test workbooks are those of their fonts.
const TCVN3: u16 = 1;
const TCVN3_CAPITALS: u16 = 2;
const VNI: u16 = 6;

/// A workbook of five rows: each label in a font, with a figure beside it.
fn workbook() -> Vec<u8> {
    let title = tcvn3("chỉ số giá tháng 3 năm 2008");
    let texts: [(&[u8], u16); 7] = [
        (&title, TCVN3_CAPITALS),
        (b"Ch\xE6 so\xE1", VNI),
        (&tcvn3("tổng số"), TCVN3),
        // Unicode in a font of TCVN3.
        (b"H\xE0ng \xE2n", TCVN3),
        // `giỏ` in TCVN3 and `giá` in Unicode.
        (b"gi\xE1", TCVN3),
        // VNI has no 0xFE.
        (b"gia\xF9 va\xF8ng \xFE", VNI),
        (b"USD", VNI),
    ];
    let table: Vec<Vec<u8>> = texts.iter().map(|(text, _)| shared(text, &[])).collect();
    let mut cells = vec![Put::Shared(0, 0, 0, TCVN3_CAPITALS), Put::Shared(1, 1, 1, VNI)];
    for (row, index) in (2..).zip(2_u32..7) {
        let (_, font) = texts[usize::try_from(index).unwrap()];
        cells.push(Put::Shared(row, 0, index, font));
        cells.push(Put::Number(row, 1, f64::from(row)));
    }
    xls(&stream(&strings(&table), &[TestSheet { name: "Gia", hidden: false, cells }]))
}

#[tokio::test]
async fn every_cell_is_read_by_its_font_and_its_words_and_doubts_are_noted() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.xls", &workbook(), OLD);
    let page = page(&*adapter(folder.path()), None, 100, 1 << 20).await.unwrap();
    assert_eq!(codes(&page), Vec::<&str>::new());
    let item = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
    let items: Vec<serde_json::Value> = page.items().map(|it| item(it.bytes)).collect();
    let labels: Vec<&str> = items.iter().map(|it| it["row_label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["tổng số", "Hàng ân", "giỏ", "giá vàng þ", "USD"]);
    assert_eq!(items[0]["title"], "CHỈ SỐ GIÁ THÁNG 3 NĂM 2008");
    assert_eq!(items[0]["heading"], "Chỉ số");
    assert_eq!(items[0]["period"], "2008-03");
    let notes = page.notes();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].contains("could be Unicode or their font"), "{}", notes[0]);
    assert!(notes[1].contains(": 1, the first at A6"), "{}", notes[1]);
}
