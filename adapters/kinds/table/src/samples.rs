//! Workbooks made for the tests: the records of an `.xls` file and the parts of an `.xlsx` one,
//! written with nothing but what the tests are about.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use lienthong_text::tcvn3_char;

use crate::grid::Limits;

/// Bounds that no test workbook reaches by accident.
pub(crate) const LIMITS: Limits =
    Limits { unpacked_bytes: 1 << 20, sheets: 10, cells: 10_000, rows: 1000 };

/// Fonts of every test workbook, by the index that runs and formats use (there is no number 4).
pub(crate) const FONTS: [(u16, &str); 6] = [
    (0, "Arial"),
    (1, ".VnTime"),
    (2, ".VnTimeH"),
    (3, ".VnArial"),
    (5, ".VnArialH"),
    (6, "VNI-Times"),
];

/// A cell of a test sheet; rows and columns from 0, as in the file.
#[derive(Clone, Debug)]
pub(crate) enum Put {
    /// A shared string: its index and the cell's format.
    Shared(u16, u16, u32, u16),
    /// A double.
    Number(u16, u16, f64),
    /// Any record: type and body.
    Record(u16, Vec<u8>),
}

/// One sheet of a test workbook.
#[derive(Clone, Debug, Default)]
pub(crate) struct TestSheet {
    pub(crate) name: &'static str,
    pub(crate) hidden: bool,
    pub(crate) cells: Vec<Put>,
}

/// A record: type, length, body.
pub(crate) fn record(kind: u16, body: &[u8]) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    bytes.extend(u16::try_from(body.len()).unwrap().to_le_bytes());
    bytes.extend(body);
    bytes
}

/// A string as it stands in the table of shared strings: narrow, with the fonts of its runs.
pub(crate) fn shared(bytes: &[u8], runs: &[(u16, u16)]) -> Vec<u8> {
    let mut out = u16::try_from(bytes.len()).unwrap().to_le_bytes().to_vec();
    out.push(if runs.is_empty() { 0 } else { 8 });
    if !runs.is_empty() {
        out.extend(u16::try_from(runs.len()).unwrap().to_le_bytes());
    }
    out.extend(bytes);
    for (start, font) in runs {
        out.extend(start.to_le_bytes());
        out.extend(font.to_le_bytes());
    }
    out
}

/// Vietnamese text as TCVN3 bytes; a capital is the small letter, for an "H" font to show.
pub(crate) fn tcvn3(text: &str) -> Vec<u8> {
    let byte_of = |letter: char| (0x80..=0xFF_u8).find(|byte| tcvn3_char(*byte) == Some(letter));
    let mut bytes = Vec::new();
    for letter in text.chars() {
        let small = letter.to_lowercase().next().unwrap();
        if letter.is_ascii() {
            bytes.push(u8::try_from(small).unwrap());
        } else {
            bytes.push(byte_of(small).unwrap());
        }
    }
    bytes
}

/// The table of shared strings as one record.
pub(crate) fn strings(entries: &[Vec<u8>]) -> Vec<u8> {
    let count = u32::try_from(entries.len()).unwrap().to_le_bytes();
    let mut body = [count, count].concat();
    body.extend(entries.concat());
    record(0x00FC, &body)
}

/// The workbook stream: globals with the given string table, then the sheets.
pub(crate) fn stream(strings: &[u8], sheets: &[TestSheet]) -> Vec<u8> {
    let mut head = record(0x0809, &[&0x0600_u16.to_le_bytes()[..], &[5, 0], &[0; 12]].concat());
    for (_, name) in FONTS {
        let mut body = vec![0; 14];
        body.push(u8::try_from(name.len()).unwrap());
        body.push(0);
        body.extend(name.as_bytes());
        head.extend(record(0x0031, &body));
    }
    // One format a font index, indented by as many steps.
    for font in 0..=6_u16 {
        let mut body = font.to_le_bytes().to_vec();
        body.extend([0; 6]);
        body.push(u8::try_from(font).unwrap());
        body.extend([0; 11]);
        head.extend(record(0x00E0, &body));
    }
    let bodies: Vec<Vec<u8>> = sheets.iter().map(sheet_records).collect();
    let entry = |offset: usize, sheet: &TestSheet| {
        let mut body = u32::try_from(offset).unwrap().to_le_bytes().to_vec();
        body.extend([u8::from(sheet.hidden), 0]);
        body.push(u8::try_from(sheet.name.len()).unwrap());
        body.push(0);
        body.extend(sheet.name.as_bytes());
        record(0x0085, &body)
    };
    let entries: usize = sheets.iter().map(|sheet| entry(0, sheet).len()).sum();
    let end = record(0x000A, &[]);
    let mut offset = head.len() + entries + strings.len() + end.len();
    for (sheet, body) in sheets.iter().zip(&bodies) {
        head.extend(entry(offset, sheet));
        offset += body.len();
    }
    head.extend(strings);
    head.extend(end);
    head.extend(bodies.concat());
    head
}

fn sheet_records(sheet: &TestSheet) -> Vec<u8> {
    let mut out = record(0x0809, &[&0x0600_u16.to_le_bytes()[..], &[0x10, 0], &[0; 12]].concat());
    for cell in &sheet.cells {
        out.extend(match cell {
            Put::Shared(row, column, index, format) => {
                let mut body = place(*row, *column, *format);
                body.extend(index.to_le_bytes());
                record(0x00FD, &body)
            }
            Put::Number(row, column, number) => {
                let mut body = place(*row, *column, 0);
                body.extend(number.to_le_bytes());
                record(0x0203, &body)
            }
            Put::Record(kind, body) => record(*kind, body),
        });
    }
    out.extend(record(0x000A, &[]));
    out
}

/// The beginning of a cell's record.
pub(crate) fn place(row: u16, column: u16, format: u16) -> Vec<u8> {
    [row, column, format].into_iter().flat_map(u16::to_le_bytes).collect()
}

/// A compound file around a workbook stream.
pub(crate) fn xls(stream: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream("/Workbook").unwrap().write_all(stream).unwrap();
    file.into_inner().into_inner()
}

/// An `.xlsx` workbook: per sheet its name, and the XML inside `<worksheet>`.
pub(crate) fn xlsx(sheets: &[(&str, &str)]) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let (mut entries, mut relations) = (String::new(), String::new());
    let mut parts = Vec::new();
    for (number, (name, xml)) in (1..).zip(sheets) {
        write!(entries, r#"<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>"#).unwrap();
        let target = format!("worksheets/sheet{number}.xml");
        write!(
            relations,
            r#"<Relationship Id="rId{number}" Type="{RELATIONS}/worksheet" Target="{target}"/>"#
        )
        .unwrap();
        let sheet = format!(r#"<worksheet xmlns="{MAIN}">{xml}</worksheet>"#);
        parts.push((format!("xl/worksheets/sheet{number}.xml"), sheet));
    }
    write!(relations, r#"<Relationship Id="rIdS" Type="{RELATIONS}/styles" Target="styles.xml"/>"#)
        .unwrap();
    let root = format!(
        r#"<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>"#
    );
    // Formats: plain; indented by two; `.VnTimeH`.
    let styles = format!(
        r#"<styleSheet xmlns="{MAIN}"><fonts count="2"><font><name val="Arial"/></font>
        <font><name val=".VnTimeH"/></font></fonts><fills count="1"><fill/></fills>
        <borders count="1"><border/></borders><cellXfs count="3"><xf fontId="0"/>
        <xf fontId="0" applyAlignment="1"><alignment indent="2"/></xf><xf fontId="1"/></cellXfs>
        </styleSheet>"#
    );
    let related =
        |inner: &str| format!(r#"<Relationships xmlns="{PACKAGE}">{inner}</Relationships>"#);
    let spaces = format!(r#"xmlns="{MAIN}" xmlns:r="{RELATIONS}""#);
    let book = format!("<workbook {spaces}><sheets>{entries}</sheets></workbook>");
    parts.extend([
        ("xl/styles.xml".to_owned(), styles),
        ("_rels/.rels".to_owned(), related(&root)),
        ("xl/_rels/workbook.xml.rels".to_owned(), related(&relations)),
        ("xl/workbook.xml".to_owned(), book),
    ]);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A sheet's rows from lines of text: `|` between cells, figures where a cell is one, leading
/// spaces kept. Line 1 is row 1.
pub(crate) fn sheet_xml(lines: &str) -> String {
    let mut xml = String::from("<sheetData>");
    for (row, line) in (1..).zip(lines.lines()) {
        write!(xml, r#"<row r="{row}">"#).unwrap();
        for (column, text) in ('A'..='Z').zip(line.split('|')) {
            if text.trim().is_empty() {
                continue;
            }
            let text = text.strip_suffix(' ').unwrap_or(text);
            match text.trim() {
                error if error.starts_with('#') => {
                    write!(xml, r#"<c r="{column}{row}" t="e"><v>{error}</v></c>"#).unwrap();
                }
                number if number.parse::<f64>().is_ok() => {
                    write!(xml, r#"<c r="{column}{row}"><v>{number}</v></c>"#).unwrap();
                }
                _ => {
                    let text = format!(r#"<is><t xml:space="preserve">{text}</t></is>"#);
                    write!(xml, r#"<c r="{column}{row}" t="inlineStr">{text}</c>"#).unwrap();
                }
            }
        }
        xml.push_str("</row>");
    }
    xml + "</sheetData>"
}
