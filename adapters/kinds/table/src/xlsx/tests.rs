//! Cells of `.xlsx` workbooks with their formats.

use std::sync::Arc;

use crate::grid::{Limits, Value};
use crate::legacy::FontText;
use crate::samples::{LIMITS, xlsx};

use super::Workbook;

const SHEET: &str = r#"<sheetData>
  <row r="1"><c r="A1" s="2" t="inlineStr"><is><t>gi¸ vµng</t></is></c></row>
  <row r="3"><c r="A3" s="1" t="inlineStr"><is><t>Dệt</t></is></c>
    <c r="B3"><v>104.43778739573216</v></c><c r="C3" t="e"><v>#REF!</v></c>
    <c r="D3" t="b"><v>1</v></c><c r="E3"/></row>
  </sheetData><mergeCells count="1"><mergeCell ref="B1:D2"/></mergeCells>"#;

fn open(limits: Limits) -> Workbook {
    let bytes: Arc<[u8]> = xlsx(&[("IIP", SHEET)]).into();
    Workbook::open(bytes, limits, FontText::AutoByFont).unwrap()
}

#[test]
fn cells_have_value_font_and_indentation() {
    let sheet = open(LIMITS).read("IIP", 100).unwrap().unwrap();
    let at = |row, column| sheet.at(row, column).unwrap();
    assert_eq!(at(1, 1).value, Value::Text("GIÁ VÀNG".to_owned()));
    assert_eq!(at(3, 1).value, Value::Text("Dệt".to_owned()));
    assert_eq!(at(3, 1).indent, 2);
    assert_eq!(at(3, 2).value.shown(), "104.43778739573216");
    assert_eq!(at(3, 3).value, Value::Error("#REF!"));
    assert_eq!(at(3, 4).value, Value::Bool(true));
    assert_eq!(sheet.at(3, 5), None);
}

#[test]
fn reading_stops_at_the_row_and_at_the_bound() {
    assert_eq!(open(LIMITS).read("IIP", 2).unwrap().unwrap().rows(), [1]);
    assert!(open(Limits { cells: 2, ..LIMITS }).read("IIP", 100).unwrap().is_none());
}
