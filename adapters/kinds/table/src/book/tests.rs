//! Files told apart by what is in them.

use std::io::{Cursor, Write as _};

use crate::legacy::FontText;
use crate::samples::{LIMITS, TestSheet, stream, strings, xls, xlsx};

use super::{Book, BookError};

fn open(bytes: Vec<u8>) -> Result<Book, BookError> {
    Book::open(bytes, LIMITS, FontText::AutoByFont)
}

#[test]
fn the_kind_is_told_by_the_contents() {
    let xls = xls(&stream(&strings(&[]), &[TestSheet { name: "Gia", ..TestSheet::default() }]));
    for (bytes, name) in [(xls, "Gia"), (xlsx(&[("IIP", "<sheetData/>")]), "IIP")] {
        let names: Vec<String> =
            open(bytes).unwrap().sheets().into_iter().map(|sheet| sheet.name).collect();
        assert_eq!(names, [name]);
    }
}

#[test]
fn csv_keeps_its_digits() {
    for text in ["a;b\nDệt;104.4300\n", "a,b\nDệt,104.4300\n", "\u{FEFF}a\tb\r\nDệt\t104.4300"]
    {
        let mut book = open(text.as_bytes().to_vec()).unwrap();
        let name = book.sheets().remove(0);
        let sheet = book.read(&name).unwrap();
        assert_eq!(sheet.at(2, 2).unwrap().value.shown(), "104.4300", "{text:?}");
        assert!(sheet.at(2, 2).unwrap().value.is_figure());
        assert!(!sheet.at(2, 1).unwrap().value.is_figure());
    }
}

#[test]
fn what_is_no_workbook_is_refused() {
    for bytes in [&b"\xFF\xFE\x00"[..], b"", b"  \n", b"\0\0\0\0", b"%PDF-1.4\n%\xE2\xE3"] {
        assert!(matches!(open(bytes.to_vec()), Err(BookError::Unknown)), "{bytes:?}");
    }
    assert!(matches!(open(b"PK\x03\x04rubbish".to_vec()), Err(BookError::Xlsx(_))));
    let mut cut = xlsx(&[("IIP", "<sheetData/>")]);
    cut.truncate(cut.len() / 2);
    assert!(matches!(open(cut), Err(BookError::Xlsx(_))));
}

#[test]
fn an_archive_that_unpacks_beyond_the_bound_is_refused_before_it_is_read() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let zeros = vec![b' '; 64 << 10];
    for _ in 0..32 {
        archive.write_all(&zeros).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 64 << 10);
    assert!(matches!(open(bytes), Err(BookError::TooLarge)));
}
