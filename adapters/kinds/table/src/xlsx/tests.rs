//! Cells of `.xlsx` workbooks with their formats.

use std::io::{Cursor, Read as _, Write as _};
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

const RICH: &str = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<si><t>gi¸ vµng</t></si>
<si><r><t xml:space="preserve">giá </t></r><r><rPr><b/><rFont val=".VnTime"/></rPr>
  <t xml:space="preserve">gi¸ &amp; </t></r><r><rPr><rFont val="VNI-Times"/></rPr><t>giaù</t></r>
  <rPh sb="0" eb="1"><t>x</t></rPh></si>
<si><r><rPr><rFont val="Arial"/></rPr><t>sè</t></r></si>
<si><r><rPr><rFont val=".VnTime"/></rPr><t>sè</t></r></si>
</sst>"#;

/// Adds a table of shared strings to a workbook.
fn with_strings(book: &[u8], xml: &str) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let relation = r#"<Relationship Id="rIdT" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>"#;
    for index in 0..from.len() {
        let mut entry = from.by_index(index).unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        let name = entry.name().unwrap().into_owned();
        if name == "xl/_rels/workbook.xml.rels" {
            text = text.replace("</Relationships>", &format!("{relation}</Relationships>"));
        }
        to.start_file(name, options).unwrap();
        to.write_all(text.as_bytes()).unwrap();
    }
    to.start_file("xl/sharedStrings.xml", options).unwrap();
    to.write_all(xml.as_bytes()).unwrap();
    to.finish().unwrap().into_inner()
}

#[test]
fn runs_of_a_shared_string_have_their_own_fonts() {
    let cell = |index: usize| {
        let row = index + 1;
        format!(r#"<row r="{row}"><c r="A{row}" t="s"><v>{index}</v></c></row>"#)
    };
    let cells: String = (0..4).map(cell).collect();
    let book = xlsx(&[("Gia", &format!("<sheetData>{cells}</sheetData>"))]);
    let bytes: Arc<[u8]> = with_strings(&book, RICH).into();
    let mut book = Workbook::open(Arc::clone(&bytes), LIMITS, FontText::AutoByFont).unwrap();
    let sheet = book.read("Gia", 100).unwrap().unwrap();
    let at = |row| sheet.at(row, 1).unwrap().value.shown();
    // The cell's own font is Arial.
    assert_eq!(at(1), "gi¸ vµng");
    assert_eq!(at(2), "giá giá & giá");
    // Two equal texts in different fonts: which cell has which is not known.
    assert_eq!((at(3), at(4)), ("sè".to_owned(), "sè".to_owned()));
    let mut book = Workbook::open(bytes, LIMITS, FontText::Unicode).unwrap();
    let sheet = book.read("Gia", 100).unwrap().unwrap();
    assert_eq!(sheet.at(2, 1).unwrap().value.shown(), "giá gi¸ & giaù");
}
