//! What holds of the record stream, shown on streams that the tests write.

use crate::grid::{Cell, Limits, Merge, Sheet, Value};
use crate::legacy::{Doubt, FontText};
use crate::samples::{LIMITS, Put, TestSheet, place, record, shared, stream, strings, tcvn3, xls};

use super::number::unpack_rk;
use super::{BiffError, Workbook};

fn open(stream: &[u8]) -> Result<Workbook, BiffError> {
    Workbook::open(&xls(stream), LIMITS, FontText::AutoByFont)
}

/// Reads the only sheet of a workbook with these strings and cells.
fn read(table: &[u8], cells: Vec<Put>) -> Result<Sheet, BiffError> {
    let sheet = TestSheet { name: "Gia", hidden: false, cells };
    open(&stream(table, &[sheet]))?.read(0, LIMITS.rows)
}

fn shown(sheet: &Sheet, row: u32, column: u32) -> String {
    sheet.at(row, column).map_or_else(String::new, |cell| cell.value.shown())
}

#[test]
fn rk_numbers_keep_sign_and_hundredths() {
    let cases = [
        (0x0000_0002, 0.0),
        (10_443 << 2 | 0b11, 104.43),
        ((-5_i32 << 2).cast_unsigned() | 0b10, -5.0),
        (0x3FF0_0000, 1.0),
        (0x3FF0_0001, 0.01),
        (0x4059_0000, 100.0),
    ];
    for (packed, expected) in cases {
        assert_eq!(unpack_rk(packed).to_bits(), f64::to_bits(expected), "{packed:#010x}");
    }
}

#[test]
fn every_kind_of_figure_is_read() {
    let many = [1_u16, 2].iter().flat_map(|n| n.to_le_bytes()).chain(
        [(0_u16, 10_443_u32 << 2 | 3), (0, 99 << 2 | 2)]
            .iter()
            .flat_map(|(format, rk)| [&format.to_le_bytes()[..], &rk.to_le_bytes()].concat()),
    );
    let many: Vec<u8> = many.chain([3, 0]).collect();
    let formula = |row: u16, result: [u8; 8]| {
        Put::Record(0x0006, [&place(row, 0, 0)[..], &result, &[0; 6]].concat())
    };
    let text = [&3_u16.to_le_bytes()[..], &[0], b"abc"].concat();
    let cells = vec![
        Put::Number(0, 0, 104.437_787_395_732_16),
        Put::Record(0x027E, [&place(0, 1, 0)[..], &(7_u32 << 2 | 2).to_le_bytes()].concat()),
        Put::Record(0x00BD, many),
        formula(2, 98.5_f64.to_le_bytes()),
        formula(3, [2, 0, 0x17, 0, 0, 0, 0xFF, 0xFF]),
        formula(4, [1, 0, 1, 0, 0, 0, 0xFF, 0xFF]),
        formula(5, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        Put::Record(0x0207, text),
        formula(6, [3, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        Put::Record(0x0205, [&place(7, 0, 0)[..], &[0x2A, 1]].concat()),
    ];
    let sheet = read(&strings(&[]), cells).unwrap();
    let expected = [
        (1, 1, "104.43778739573216"),
        (1, 2, "7"),
        (2, 3, "104.43"),
        (2, 4, "99"),
        (3, 1, "98.5"),
        (4, 1, "#REF!"),
        (5, 1, "TRUE"),
        (6, 1, "abc"),
        (7, 1, ""),
        (8, 1, "#N/A"),
    ];
    for (row, column, text) in expected {
        assert_eq!(shown(&sheet, row, column), text, "row {row} column {column}");
    }
    assert_eq!(sheet.at(4, 1).unwrap().value, Value::Error("#REF!"));
}

#[test]
fn tcvn3_is_read_by_the_font_of_the_cell_and_of_each_run() {
    let title = tcvn3("9. CHỈ SỐ GIÁ TIÊU DÙNG");
    let mixed = [tcvn3("Chỉ số "), tcvn3("GIÁ"), b" index".to_vec()].concat();
    let table = strings(&[
        shared(&title, &[]),
        shared(&mixed, &[(7, 2), (10, 0)]),
        shared(&tcvn3("tháng"), &[]),
    ]);
    let cells = vec![Put::Shared(0, 0, 0, 2), Put::Shared(1, 0, 1, 1), Put::Shared(2, 0, 2, 0)];
    let sheet = read(&table, cells).unwrap();
    assert_eq!(shown(&sheet, 1, 1), "9. CHỈ SỐ GIÁ TIÊU DÙNG");
    assert_eq!(shown(&sheet, 2, 1), "chỉ số GIÁ index");
    // The same bytes in a Unicode font are what Unicode says they are.
    assert_eq!(shown(&sheet, 3, 1), "th\u{B8}ng");
}

/// Real workbooks mix encodings from cell to cell and within one.
#[test]
fn each_cell_is_read_in_its_own_encoding() {
    let vni = b"Gia\xF9 tie\xE2u du\xF8ng";
    let mixed = [tcvn3("vàng "), b"va\xF8ng".to_vec(), b" v\xE0ng".to_vec()].concat();
    let table = strings(&[
        shared(vni, &[]),
        shared(&mixed, &[(5, 6), (10, 0)]),
        shared(b"H\xE0 T\xE2n", &[]),
        shared(b"CPI 2004", &[]),
        shared(b"s\xE8 gi\xFF", &[]),
        shared(b"gi\xE1", &[]),
    ]);
    let cells = vec![
        Put::Shared(0, 0, 0, 6),
        Put::Shared(1, 0, 1, 1),
        Put::Shared(2, 0, 2, 1),
        Put::Shared(2, 1, 2, 6),
        Put::Shared(3, 0, 3, 6),
        Put::Shared(4, 0, 4, 1),
        Put::Shared(5, 0, 5, 1),
        Put::Shared(6, 0, 5, 0),
    ];
    let sheet = read(&table, cells).unwrap();
    assert_eq!(shown(&sheet, 1, 1), "Giá tiêu dùng");
    assert_eq!(shown(&sheet, 2, 1), "vàng vàng vàng");
    // Unicode in a font of TCVN3, and in one of VNI.
    assert_eq!((shown(&sheet, 3, 1), shown(&sheet, 3, 2)), ("Hà Tân".into(), "Hà Tân".into()));
    assert_eq!(shown(&sheet, 4, 1), "CPI 2004");
    // What TCVN3 does not have stays, and is reported; so is what only the font decides.
    assert_eq!(shown(&sheet, 5, 1), "số gi\u{ff}");
    assert_eq!((shown(&sheet, 6, 1), shown(&sheet, 7, 1)), ("giỏ".into(), "giá".into()));
    let doubts: Vec<_> = sheet.doubts().collect();
    assert_eq!(doubts, [(Doubt::ByFontAlone, 1, (6, 1)), (Doubt::Unreadable, 1, (5, 1))]);
}

#[test]
fn the_font_index_skips_four() {
    let table = strings(&[shared(&tcvn3("vàng"), &[])]);
    let sheet = read(&table, vec![Put::Shared(0, 0, 0, 5), Put::Shared(1, 0, 0, 3)]).unwrap();
    assert_eq!(shown(&sheet, 1, 1), "VÀNG");
    assert_eq!(shown(&sheet, 2, 1), "vàng");
    assert_eq!(sheet.at(1, 1).map(|cell| cell.indent), Some(5));
}

#[test]
fn a_string_goes_on_in_the_next_record_and_may_turn_wide_there() {
    let mut body = [1_u32.to_le_bytes(), 1_u32.to_le_bytes()].concat();
    body.extend([6, 0, 0]);
    body.extend(b"gi");
    let rest =
        [&[1][..], &"á mới".encode_utf16().take(4).flat_map(u16::to_le_bytes).collect::<Vec<_>>()]
            .concat();
    let table = [record(0x00FC, &body), record(0x003C, &rest)].concat();
    let sheet = read(&table, vec![Put::Shared(0, 0, 0, 0)]).unwrap();
    assert_eq!(shown(&sheet, 1, 1), "giá mớ");
}

#[test]
fn merged_cells_are_seen_in_their_first_row() {
    let merge = [1_u16, 5, 7, 3, 6].into_iter().flat_map(u16::to_le_bytes).collect();
    let cells = vec![Put::Number(5, 3, 9.0), Put::Record(0x00E5, merge)];
    let sheet = read(&strings(&[]), cells).unwrap();
    assert_eq!(sheet.seen_at(6, 7).map(|(column, _)| column), Some(4));
    assert_eq!(sheet.seen_at(7, 7), None);
    assert_eq!(sheet.seen_at(6, 8), None);
    let cell = Cell { value: Value::Number(9.0), indent: 0 };
    assert_eq!(sheet.at(6, 4), Some(&cell));
    let _: Merge = Merge { first_row: 6, last_row: 8, first_column: 4, last_column: 7 };
}

#[test]
fn a_chart_inside_a_sheet_is_not_its_cells() {
    let begin = [&0x0600_u16.to_le_bytes()[..], &[0x20, 0], &[0; 12]].concat();
    let cells = vec![
        Put::Record(0x0809, begin),
        Put::Number(0, 0, 1.0),
        Put::Record(0x000A, Vec::new()),
        Put::Number(1, 0, 2.0),
    ];
    let sheet = read(&strings(&[]), cells).unwrap();
    assert_eq!(sheet.rows(), [2]);
}

#[test]
fn hidden_sheets_are_told_apart() {
    let sheets = [
        TestSheet { name: "CPI", ..TestSheet::default() },
        TestSheet { name: "CPI (2)", hidden: true, ..TestSheet::default() },
    ];
    let book = open(&stream(&strings(&[]), &sheets)).unwrap();
    let seen: Vec<_> = book.sheets().iter().map(|entry| (&*entry.name, entry.visible)).collect();
    assert_eq!(seen, [("CPI", true), ("CPI (2)", false)]);
}

#[test]
fn damaged_and_foreign_workbooks_are_refused() {
    let old = record(0x0809, &[&0x0500_u16.to_le_bytes()[..], &[5, 0], &[0; 4]].concat());
    assert!(matches!(open(&old), Err(BiffError::OldFormat(0x0500))));
    let mut locked = stream(&strings(&[]), &[]);
    let lock = record(0x002F, &[1, 0]);
    locked.splice(20..20, lock);
    assert!(matches!(open(&locked), Err(BiffError::Encrypted)));
    let many = record(0x00FC, &[0xFF_u8; 8]);
    assert!(matches!(open(&stream(&many, &[])), Err(BiffError::TooLarge { what: "strings", .. })));
    let short = record(0x00FC, &[1, 0, 0, 0, 9, 0, 0, 0, 50, 0, 0, b'a']);
    assert!(matches!(open(&stream(&short, &[])), Err(BiffError::Short { kind: 0x00FC, .. })));
    let beyond = vec![Put::Shared(0, 0, 7, 0)];
    assert!(matches!(read(&strings(&[]), beyond), Err(BiffError::Short { kind: 0x00FD, .. })));
    assert!(matches!(
        Workbook::open(b"not a compound file", LIMITS, FontText::Unicode),
        Err(BiffError::Container(_))
    ));
}

#[test]
fn a_stream_cut_anywhere_is_an_error_or_less_of_the_same() {
    let table = strings(&[shared(&tcvn3("chỉ số giá"), &[(3, 2)])]);
    let cells = vec![Put::Shared(0, 0, 0, 1), Put::Number(0, 1, 104.44)];
    let whole = stream(&table, &[TestSheet { name: "Gia", hidden: false, cells }]);
    for length in 0..whole.len() {
        let Ok(book) = open(&whole[..length]) else { continue };
        for index in 0..book.sheets().len() {
            if let Ok(sheet) = book.read(index, LIMITS.rows) {
                assert!(sheet.rows().len() <= 1, "cut at {length}");
            }
        }
    }
}

#[test]
fn a_byte_changed_anywhere_never_panics() {
    let table = strings(&[shared(&tcvn3("chỉ số giá"), &[(3, 2)])]);
    let merge = [1_u16, 5, 7, 3, 6].into_iter().flat_map(u16::to_le_bytes).collect();
    let cells = vec![
        Put::Shared(0, 0, 0, 1),
        Put::Number(0, 1, 104.44),
        Put::Record(0x00BD, [&place(1, 0, 0)[..], &[1, 2, 3, 4, 0, 0]].concat()),
        Put::Record(0x00E5, merge),
    ];
    let whole = stream(&table, &[TestSheet { name: "Gia", hidden: false, cells }]);
    for at in 0..whole.len() {
        for changed in [0x00, 0x7F, 0xFF] {
            let mut damaged = whole.clone();
            damaged[at] = changed;
            let Ok(book) = open(&damaged) else { continue };
            for index in 0..book.sheets().len() {
                drop(book.read(index, LIMITS.rows));
            }
        }
    }
}

#[test]
fn bounds_hold() {
    let cells = (0..20).map(|row| Put::Number(row, 0, 1.0)).collect();
    let bytes = xls(&stream(&strings(&[]), &[TestSheet { name: "A", hidden: false, cells }]));
    let few = Limits { cells: 5, ..LIMITS };
    let book = Workbook::open(&bytes, few, FontText::Unicode).unwrap();
    assert!(matches!(book.read(0, 1000), Err(BiffError::TooLarge { what: "cells", .. })));
    let book = Workbook::open(&bytes, LIMITS, FontText::Unicode).unwrap();
    assert_eq!(book.read(0, 3).unwrap().rows(), [1, 2, 3]);
    let small = Limits { unpacked_bytes: 100, ..LIMITS };
    let refused = Workbook::open(&bytes, small, FontText::Unicode);
    assert!(matches!(refused, Err(BiffError::TooLarge { what: "bytes", .. })));
}
