//! The sheet of a real mapping, read back from the workbook and the page.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use lienthong_mapping::{Mapping, State, example};

use super::Sheet;
use crate::tests::{national, systems};

fn sheet() -> Sheet {
    let files = systems();
    let review = Mapping::review("igate/dossiers", &files, &national());
    let mapping = review.mapping.unwrap();
    let text = files.get("igate/dossiers.toml").unwrap();
    let example = example(&mapping, &files);
    Sheet::new(&mapping, &review.verdicts, text, example.as_ref())
}

#[test]
fn every_field_of_the_standard_has_a_line() {
    let sheet = sheet();
    let standard = national();
    let dossier = standard.record_type("dossier").unwrap();
    let in_groups: usize = dossier.groups.iter().map(|group| group.fields.len()).sum();
    assert_eq!(sheet.fields.len(), dossier.fields.len() + in_groups);
    assert!(sheet.rules.len() >= dossier.rules.len());
    assert!(sheet.rules.iter().all(|rule| rule.state.is_some()), "every rule has a verdict");
    let line = |name: &str| sheet.fields.iter().find(|line| line.field == name).unwrap();
    let status = line("TrangThaiHoSo");
    assert_eq!(status.source.as_ref().unwrap().vi.as_ref(), "dossierStatus.id");
    assert_eq!(status.codes.as_deref(), Some("codes/status"));
    let (written, at) = status.written.as_ref().unwrap();
    assert_eq!(written, "{ from = \"dossierStatus.id\", codes = \"status\" }");
    assert!(at.is_some_and(|at| at > 20), "{at:?}");
    assert!(status.example.is_some());
    let owner = line("ChuHoSo");
    assert_eq!(owner.steps[0].en.as_ref(), "nfc", "functions come first, in order");
    assert_eq!(owner.steps.last().unwrap().vi.as_ref(), "bỏ trống khi nguồn không có");
    assert!(line("SoBienNhan").source.is_none());
    assert!(sheet.left_out.contains(&"dossierStatus.name".to_owned()));
    let table = sheet.codes.iter().find(|table| table.field == "TrangThaiHoSo").unwrap();
    assert!(table.lines.iter().all(|(_, _, title)| title.is_some()), "{:?}", table.lines);
    let counted: usize = [State::Proven, State::Checked, State::Refuted]
        .into_iter()
        .map(|state| sheet.count(state))
        .sum();
    assert_eq!(counted, sheet.fields.len());
}

#[test]
fn the_workbook_holds_the_fields_the_rules_and_the_codes() {
    let sheet = sheet();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(sheet.to_xlsx().unwrap())).unwrap();
    let names = book.sheet_names();
    assert_eq!(names, ["Ánh xạ - Mapping", "Quy tắc - Rules", "Bảng mã - Codes"]);
    let fields = book.worksheet_range("Ánh xạ - Mapping").unwrap();
    let row = fields
        .rows()
        .find(|row| row[0] == Data::String("TrangThaiHoSo".to_owned()))
        .unwrap_or_else(|| panic!("no line of the status"));
    assert_eq!(row[4], Data::String("dossierStatus.id".to_owned()));
    assert!(row[1].to_string().starts_with("Trạng thái hồ sơ\n"));
    let is_signed = |row: &[Data]| row[0].to_string().starts_with("Họ tên / Name");
    assert!(fields.rows().any(is_signed), "there is a place to sign");
    let codes = book.worksheet_range("Bảng mã - Codes").unwrap();
    let lines: usize = sheet.codes.iter().map(|table| table.lines.len()).sum();
    assert_eq!(codes.height(), lines + 1);
}

#[test]
fn the_page_is_whole_and_escapes_what_a_source_says() {
    let mut sheet = sheet();
    sheet.left_out.push("<script>alert(1)</script>".to_owned());
    let html = sheet.to_html().unwrap();
    assert!(html.contains("Bảng ánh xạ igate/dossiers"));
    assert!(html.contains(&sheet.mapping_digest));
    assert!(!html.contains("<script>"));
    assert!(!html.contains("http://") && !html.contains("https://"), "it needs nothing else");
}
