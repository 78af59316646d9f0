//! What is found in a sheet, and what is reported of it.

use std::fmt::Write as _;

use lienthong_adapter_api::Section;

use crate::book::Book;
use crate::feed::Feed;
use crate::legacy::FontText;
use crate::samples::{LIMITS, sheet_xml, xlsx};

use super::item::cell_name;
use super::{Found, extract};

/// Rules that most of the tests share.
const RULES: &str = r#"
sheet.title.any_of = ['^chỉ số giá\b']
sheet.instead = ['^giá bình quân']
[[layouts]]
name = "prices"
begin.any_of = ['^tổng số$']
continued = ['\(tiếp theo\)']
period = [{ from = "title", any_of = ['tháng {month} năm {year}'] },
          { from = "heading", any_of = ['^tháng {month} năm {year}'] },
          { from = "sheet-name", any_of = ['^t{month}\.{year}$'] },
          { from = "file-name", any_of = ['{year}-{month}'] }]
unit = ['^đơn vị tính: (?<unit>%)$', '\((?<unit>%)\)']
skip_columns = ['^tỷ trọng$']
skip_rows = ['^ghi chú']
missing = ["...", "-"]
[layouts.labels]
sections = ['^tổng số$', '^vàng$', '^điện$']
part_marks = ['^trong đó ?:? *']
wrapped = true
strip = ['\(\*\)$']
[[layouts.columns]]
id = "base"
any_of = ['^tháng {month} năm {year} so với:? kỳ gốc \((?<base_year>[0-9]+)\)$']
[[layouts.columns]]
id = "year"
any_of = ['tháng {month} năm {year} so với:? tháng {vs_month} năm {vs_year}$']
months_before_report = 0
against = "same-period-last-year"
[[layouts.columns]]
id = "month"
any_of = ['tháng {month} năm {year} so với:? tháng {vs_month} năm {vs_year}$']
months_before_report = 0
against = "previous-month"
[[layouts.columns]]
id = "december"
any_of = ['tháng {month} năm {year} so với:? tháng {vs_month} năm {vs_year}$']
months_before_report = 0
against = "december-last-year"
[[layouts.columns]]
id = "quarter"
any_of = ['^quý {quarter} năm {year} so với cùng kỳ$']
period = "quarter"
[[layouts.columns]]
id = "whole-year"
any_of = ['^cả năm {year}$']
period = "year"
"#;

fn feed() -> Feed {
    let section = Section::parse("adapter.toml", RULES, "adapter `table`").unwrap();
    section.read::<Feed>().unwrap_or_else(|problems| panic!("{problems:#?}")).complete()
}

/// Reads sheets by name and lines; gives one short line for each find.
fn check(sheets: &[(&str, &str)], expected: &[&str]) {
    let xml: Vec<(&str, String)> =
        sheets.iter().map(|(name, lines)| (*name, sheet_xml(lines))).collect();
    let parts: Vec<(&str, &str)> = xml.iter().map(|(name, xml)| (*name, xml.as_str())).collect();
    let mut book = Book::open(xlsx(&parts), LIMITS, FontText::AutoByFont).unwrap();
    let found: Vec<String> = extract(&feed(), &mut book, "report.xlsx").iter().map(line).collect();
    assert_eq!(found, expected);
}

fn line(found: &Found) -> String {
    match found {
        Found::Item { json, .. } => {
            let item: serde_json::Value = serde_json::from_str(json).unwrap();
            let text = |name: &str| item[name].as_str().unwrap_or("null").to_owned();
            let mut line = format!(
                "{} {} {} {} {}",
                text("cell"),
                text("column"),
                text("period"),
                text("value"),
                text("label_path")
            );
            if text("row_key") != text("row_label").to_lowercase() {
                write!(line, " = {}", text("row_key")).unwrap();
            }
            line
        }
        Found::Fault(flaw) => {
            format!("{} {:?} x{} {}", flaw.code, flaw.position, flaw.items, flaw.reason)
        }
        Found::Note(note) => format!("note {note}"),
    }
}

const HEAD: &str = "Chỉ số giá tháng 6 năm 2024\n\n||Đơn vị tính: %|\n\
                    ||Tháng 6 năm 2024|Tháng 6 năm 2024|\n||so với|so với|\n\
                    ||tháng 6|tháng 5|\n||năm 2023|năm 2024|\n";

fn with_head(rows: &str) -> String {
    format!("{HEAD}{rows}")
}

#[test]
fn a_figure_is_read_with_its_row_and_its_column() {
    let lines = with_head("Tổng số||104.44|100.17|\n|Lương thực|114.8|99.7|");
    check(
        &[("CPI", &lines)],
        &[
            "C8 year 2024-06 104.44 Tổng số",
            "D8 month 2024-06 100.17 Tổng số",
            "C9 year 2024-06 114.8 Tổng số / Lương thực",
            "D9 month 2024-06 99.7 Tổng số / Lương thực",
        ],
    );
}

#[test]
fn an_item_says_all_that_is_known_of_its_figure() {
    let sheet = "Chỉ số giá\n|Tháng 6 năm 2024 so với(%): kỳ gốc (2019)\nTổng số|115.4";
    let mut book =
        Book::open(xlsx(&[("CPI", &sheet_xml(sheet))]), LIMITS, FontText::AutoByFont).unwrap();
    let found = extract(&feed(), &mut book, "report.xlsx");
    let [Found::Item { origin, json, .. }] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(origin, "report.xlsx [CPI]");
    let item: serde_json::Value = serde_json::from_str(json).unwrap();
    let expected = serde_json::json!({
        "workbook": "report.xlsx",
        "sheet": "CPI",
        "title": "Chỉ số giá",
        "layout": "prices",
        "unit": "%",
        "report_period": "2024-06",
        "section": null,
        "label_path": "Tổng số",
        "row_label": "Tổng số",
        "row_key": "tổng số",
        "column": "base",
        "heading": "Tháng 6 năm 2024 so với : kỳ gốc (2019)",
        "period_kind": "month",
        "period": "2024-06",
        "period_year": "2024",
        "period_month": "06",
        "period_quarter": null,
        "value": "115.4",
        "cell": "B3",
        "base_year": "2019",
    });
    assert_eq!(item, expected);
}

#[test]
fn parts_belong_to_the_row_above_their_mark() {
    let lines = with_head(
        "Tổng số||104|100|\n|Hàng ăn|104|100|\n|Trong đó: Lương thực|1|2|\n\
         |                 Thực phẩm|3|4|\n|Đồ uống|5|6|\n|Y tế|7|8|\n|Trong đó:|9|9|\nVàng||1|1|",
    );
    let lines = lines.replace("|Trong đó:|9|9|", "|Trong đó: Dịch vụ|9|9|");
    check(
        &[("CPI", &lines)],
        &[
            "C8 year 2024-06 104 Tổng số",
            "D8 month 2024-06 100 Tổng số",
            "C9 year 2024-06 104 Tổng số / Hàng ăn",
            "D9 month 2024-06 100 Tổng số / Hàng ăn",
            "C10 year 2024-06 1 Tổng số / Hàng ăn / Lương thực",
            "D10 month 2024-06 2 Tổng số / Hàng ăn / Lương thực",
            "C11 year 2024-06 3 Tổng số / Hàng ăn / Thực phẩm",
            "D11 month 2024-06 4 Tổng số / Hàng ăn / Thực phẩm",
            "C12 year 2024-06 5 Tổng số / Đồ uống",
            "D12 month 2024-06 6 Tổng số / Đồ uống",
            "C13 year 2024-06 7 Tổng số / Y tế",
            "D13 month 2024-06 8 Tổng số / Y tế",
            "C14 year 2024-06 9 Tổng số / Y tế / Dịch vụ",
            "D14 month 2024-06 9 Tổng số / Y tế / Dịch vụ",
            "C15 year 2024-06 1 Vàng",
            "D15 month 2024-06 1 Vàng",
        ],
    );
}

#[test]
fn a_mark_may_stand_on_a_line_of_its_own() {
    let rows = "Tổng số||104|100|\nHàng ăn||1|2|\nTrong đó:\n   Lương thực||3|4|\nĐồ uống||5|6|";
    check(
        &[("CPI", &with_head(rows))],
        &[
            "C8 year 2024-06 104 Tổng số",
            "D8 month 2024-06 100 Tổng số",
            "C9 year 2024-06 1 Tổng số / Hàng ăn",
            "D9 month 2024-06 2 Tổng số / Hàng ăn",
            "C11 year 2024-06 3 Tổng số / Hàng ăn / Lương thực",
            "D11 month 2024-06 4 Tổng số / Hàng ăn / Lương thực",
            "C12 year 2024-06 5 Tổng số / Đồ uống",
            "D12 month 2024-06 6 Tổng số / Đồ uống",
        ],
    );
}

#[test]
fn a_heading_without_figures_is_not_reported() {
    let lines =
        with_head("Tổng số||1|1|\nDệt||2|2|").replace("so với|so với|", "so với|so với|Mức tăng|");
    check(
        &[("IIP", &lines)],
        &[
            "C8 year 2024-06 1 Tổng số",
            "D8 month 2024-06 1 Tổng số",
            "C9 year 2024-06 2 Tổng số / Dệt",
            "D9 month 2024-06 2 Tổng số / Dệt",
        ],
    );
}

#[test]
fn a_row_that_bears_its_sections_name_has_a_key_of_its_own() {
    let lines = with_head("Tổng số||1|1|\nĐiện||2|2|\n  Điện||2|2|\n  Dệt (*)||3|3|");
    check(
        &[("IIP", &lines)],
        &[
            "C8 year 2024-06 1 Tổng số",
            "D8 month 2024-06 1 Tổng số",
            "C9 year 2024-06 2 Điện",
            "D9 month 2024-06 2 Điện",
            "C10 year 2024-06 2 Điện / Điện = điện / điện",
            "D10 month 2024-06 2 Điện / Điện = điện / điện",
            "C11 year 2024-06 3 Điện / Dệt (*) = dệt",
            "D11 month 2024-06 3 Điện / Dệt (*) = dệt",
        ],
    );
}

#[test]
fn a_label_may_go_on_in_the_next_row() {
    let lines = with_head("Tổng số||1|1|\nKim loại đúc sẵn|||\n(trừ máy móc)||2|3|");
    check(
        &[("IIP", &lines)],
        &[
            "C8 year 2024-06 1 Tổng số",
            "D8 month 2024-06 1 Tổng số",
            "C10 year 2024-06 2 Tổng số / Kim loại đúc sẵn (trừ máy móc)",
            "D10 month 2024-06 3 Tổng số / Kim loại đúc sẵn (trừ máy móc)",
        ],
    );
}

#[test]
fn what_no_rule_explains_is_reported() {
    let lines = with_head("Tổng số||1|#REF!|7|\n||2|2|\nXem trang sau\nDệt||n/a|...|")
        .replace("so với|so với|", "so với|so với|Mức tăng|");
    check(
        &[("IIP", &lines)],
        &[
            "LT-2054 Cell { row: 8, column: 5 } x1 no rule explains the column `Mức tăng`, or a \
             second one means the same",
            "C8 year 2024-06 1 Tổng số",
            "LT-2056 Cell { row: 8, column: 4 } x1 a cell of column `month` holds no figure",
            "LT-2055 Row(9) x2 a row has figures and no label",
            "LT-2055 Row(10) x1 a row has a label and no figures, and no rule explains it",
            "LT-2056 Cell { row: 11, column: 3 } x1 a cell of column `year` holds no figure",
        ],
    );
}

#[test]
fn a_column_without_heading_and_a_second_of_one_meaning_are_reported() {
    let lines = "Chỉ số giá\n|Quý I năm 2024 so với cùng kỳ|Quý I năm 2024 so với cùng kỳ||\
                 Tỷ trọng\n\
                 |||Cả năm 2023|\nTổng số|1|2|3|4||6";
    check(
        &[("T6.2024", lines)],
        &[
            "LT-2054 Cell { row: 4, column: 3 } x1 no rule explains the column `Quý I năm 2024 so \
             với cùng kỳ`, or a second one means the same",
            "LT-2054 Cell { row: 4, column: 7 } x1 a column has figures and no heading",
            "B4 quarter 2024-Q1 1 Tổng số",
            "D4 whole-year 2023 3 Tổng số",
        ],
    );
}

#[test]
fn rows_and_columns_left_out_on_purpose_are_not_reported() {
    let lines = with_head("Tổng số||1|1|50|\nGhi chú: số liệu ước tính")
        .replace("so với|so với|", "so với|so với|Tỷ trọng|");
    check(&[("IIP", &lines)], &["C8 year 2024-06 1 Tổng số", "D8 month 2024-06 1 Tổng số"]);
}

#[test]
fn a_label_that_stands_twice_is_reported_and_the_first_is_kept() {
    let lines = with_head("Tổng số||1|1|\nDệt||2|2|\nDệt||3|3|");
    check(
        &[("IIP", &lines)],
        &[
            "C8 year 2024-06 1 Tổng số",
            "D8 month 2024-06 1 Tổng số",
            "C9 year 2024-06 2 Tổng số / Dệt",
            "D9 month 2024-06 2 Tổng số / Dệt",
            "LT-2057 Row(10) x2 a label stands twice in the table: which row holds can't be known",
        ],
    );
}

#[test]
fn a_table_that_goes_on_below_its_title_has_its_headings_again() {
    let rows = "Tổng số||1|1|\nChỉ số giá (tiếp theo)\n\n||Tháng 6 năm 2024|Tháng 6 năm 2024|\n\
                ||so với tháng 5|so với tháng 6|\n||năm 2024|năm 2023|\nDệt||2|3|";
    check(
        &[("IIP", &with_head(rows))],
        &[
            "C8 year 2024-06 1 Tổng số",
            "D8 month 2024-06 1 Tổng số",
            "C14 month 2024-06 2 Tổng số / Dệt",
            "D14 year 2024-06 3 Tổng số / Dệt",
        ],
    );
}

#[test]
fn the_same_heading_means_by_its_dates() {
    let head = |month: &str, against: &str| {
        format!(
            "Chỉ số giá tháng {month} năm 2024\n|Tháng {month} năm 2024 so với {against}\nTổng số|1"
        )
    };
    let cases = [
        ("1", "tháng 12 năm 2023", "B3 month 2024-01 1 Tổng số"),
        ("12", "tháng 12 năm 2023", "B3 year 2024-12 1 Tổng số"),
        ("5", "tháng 12 năm 2023", "B3 december 2024-05 1 Tổng số"),
    ];
    for (month, against, expected) in cases {
        check(&[("CPI", &head(month, against))], &[expected]);
    }
    check(
        &[("CPI", &head("5", "tháng 3 năm 2024"))],
        &["LT-2054 Cell { row: 3, column: 2 } x1 no rule explains the column `Tháng 5 năm 2024 \
           so \
           với tháng 3 năm 2024`, or a second one means the same"],
    );
}

#[test]
fn the_period_is_looked_for_in_the_order_of_the_rules() {
    let sheet = |title: &str| format!("{title}\n|Cả năm 2020\nTổng số|1");
    let period = |name: &str, file: &str, title: &str| {
        let bytes = xlsx(&[(name, &sheet_xml(&sheet(title)))]);
        let mut book = Book::open(bytes, LIMITS, FontText::AutoByFont).unwrap();
        match extract(&feed(), &mut book, file).remove(0) {
            Found::Item { json, .. } => {
                let item: serde_json::Value = serde_json::from_str(&json).unwrap();
                item["report_period"].as_str().unwrap().to_owned()
            }
            Found::Fault(flaw) => flaw.code.to_owned(),
            Found::Note(note) => note,
        }
    };
    assert_eq!(period("T5.2023", "2022-04.xlsx", "Chỉ số giá tháng Sáu năm 2024"), "2024-06");
    assert_eq!(period("T5.2023", "2022-04.xlsx", "Chỉ số giá"), "2023-05");
    assert_eq!(period("CPI", "2022-04.xlsx", "Chỉ số giá"), "2022-04");
    assert_eq!(period("CPI", "report.xlsx", "Chỉ số giá"), "LT-2053");
}

#[test]
fn sheets_of_the_feed_are_told_by_their_titles() {
    let price = "Giá bình quân\nTổng số|1";
    check(&[("A", price)], &[]);
    check(
        &[("A", "Dân số\nTổng số|1"), ("B", "")],
        &["LT-2051 Index(0) x1 none of the 2 sheets has a title of this feed's tables"],
    );
    check(
        &[("A", "Chỉ số giá tháng 6 năm 2024\nCả nước|1")],
        &["LT-2052 Row(1) x1 no layout of the feed fits the sheet: its first row is not where \
           one \
           would begin"],
    );
    let one = "Chỉ số giá tháng 6 năm 2024\n|Cả năm 2023\nTổng số|1";
    check(
        &[("A", one), ("A (2)", one)],
        &[
            "B3 whole-year 2023 1 Tổng số",
            "LT-2052 Row(3) x1 a second sheet of the workbook holds the same table for the same \
             period",
        ],
    );
}

#[test]
fn cells_are_named_as_spreadsheets_do() {
    for (column, name) in [(1, "A7"), (26, "Z7"), (27, "AA7"), (702, "ZZ7"), (703, "AAA7")] {
        assert_eq!(cell_name((7, column)), name);
    }
}
