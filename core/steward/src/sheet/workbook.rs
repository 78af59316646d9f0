//! The sheet as a workbook: the fields, the rules, the codes, and where to sign.

use lienthong_mapping::State;
use lienthong_standard::Title;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::{Sheet, words};

/// The headings of the fields, with the widths of their columns.
const FIELDS: [(&str, &str, f64); 10] = [
    ("Trường quốc gia", "National field", 26.0),
    ("Tên trường", "Name", 30.0),
    ("Kiểu", "Type", 16.0),
    ("Bắt buộc", "Required", 10.0),
    ("Trường nguồn", "Source field", 34.0),
    ("Xử lý", "What is done", 34.0),
    ("Bảng mã", "Code list", 18.0),
    ("Kết luận", "Verdict", 16.0),
    ("Lý do", "Why", 52.0),
    ("Ví dụ", "Example", 40.0),
];

struct Styles {
    title: Format,
    head: Format,
    cell: Format,
    proven: Format,
    checked: Format,
    refuted: Format,
}

impl Styles {
    fn new() -> Self {
        let cell = Format::new()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0x00C0_C6CE));
        let verdict = |colour| cell.clone().set_bold().set_font_color(Color::RGB(colour));
        Self {
            title: Format::new().set_bold().set_font_size(14),
            head: cell.clone().set_bold().set_background_color(Color::RGB(0x00E8_EBEF)),
            proven: verdict(0x000B_6B2F),
            checked: verdict(0x006B_4E00),
            refuted: verdict(0x00A4_0E26),
            cell,
        }
    }

    fn of(&self, state: State) -> &Format {
        match state {
            State::Proven => &self.proven,
            State::Checked => &self.checked,
            State::Refuted => &self.refuted,
        }
    }
}

/// A worksheet that is written from above.
struct Page<'s> {
    sheet: &'s mut Worksheet,
    styles: &'s Styles,
    row: u32,
}

impl Page<'_> {
    fn heads(&mut self, heads: &[(&str, &str, f64)]) -> Result<(), XlsxError> {
        for (column, (vi, en, width)) in (0_u16..).zip(heads) {
            let text = format!("{vi}\n{en}");
            self.sheet.write_string_with_format(self.row, column, text, &self.styles.head)?;
            self.sheet.set_column_width(column, *width)?;
        }
        self.row += 1;
        self.sheet.set_freeze_panes(self.row, 1)?;
        Ok(())
    }

    /// Texts are written as strings, so that no value of a source becomes a formula.
    fn cells(&mut self, texts: &[&str]) -> Result<(), XlsxError> {
        for (column, text) in (0_u16..).zip(texts) {
            self.sheet.write_string_with_format(self.row, column, *text, &self.styles.cell)?;
        }
        self.row += 1;
        Ok(())
    }

    fn state(&mut self, column: u16, state: State) -> Result<(), XlsxError> {
        let text = lines(&[words::state(state)]);
        let format = self.styles.of(state);
        self.sheet.write_string_with_format(self.row - 1, column, text, format)?;
        Ok(())
    }

    fn line(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, 0, text, format)?;
        self.row += 1;
        Ok(())
    }
}

/// Writes the workbook.
pub(super) fn write(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let styles = Styles::new();
    let mut book = Workbook::new();
    let page = book.add_worksheet().set_name("Ánh xạ - Mapping")?;
    fields(sheet, Page { sheet: page, styles: &styles, row: 0 })?;
    let page = book.add_worksheet().set_name("Quy tắc - Rules")?;
    rules(sheet, Page { sheet: page, styles: &styles, row: 0 })?;
    let page = book.add_worksheet().set_name("Bảng mã - Codes")?;
    codes(sheet, Page { sheet: page, styles: &styles, row: 0 })?;
    book.save_to_buffer()
}

fn fields(sheet: &Sheet, mut page: Page<'_>) -> Result<(), XlsxError> {
    page.sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    let plain = Format::new();
    let title = format!("Bảng ánh xạ {} – {}", sheet.mapping, sheet.record_type.vi);
    let style = page.styles.title.clone();
    page.line(&title, &style)?;
    page.line(&format!("Mapping {} – {}", sheet.mapping, sheet.record_type.en), &plain)?;
    for line in super::page::identity(sheet) {
        page.line(&line, &plain)?;
    }
    page.row += 1;
    page.heads(&FIELDS)?;
    for line in &sheet.fields {
        let required = if line.required { "Có\nYes" } else { "" };
        let example = line.example.as_ref().map(|(from, to)| format!("{from} → {to}"));
        page.cells(&[
            &line.field,
            &lines(std::slice::from_ref(&line.title)),
            &lines(std::slice::from_ref(&line.kind)),
            required,
            &line.source.as_ref().map_or_else(
                || "(không ánh xạ)\n(not mapped)".to_owned(),
                |source| lines(std::slice::from_ref(source)),
            ),
            &lines(&line.steps),
            line.codes.as_deref().unwrap_or_default(),
            "",
            &lines(&line.reasons),
            example.as_deref().unwrap_or_default(),
        ])?;
        page.state(7, line.state)?;
    }
    page.row += 1;
    if !sheet.left_out.is_empty() {
        let text = "Trường nguồn cố ý không ánh xạ / Source fields left out on purpose:";
        page.line(text, &plain)?;
        page.line(&sheet.left_out.join(", "), &plain)?;
        page.row += 1;
    }
    for line in super::page::SIGN_OFF {
        page.line(line, &plain)?;
    }
    Ok(())
}

fn rules(sheet: &Sheet, mut page: Page<'_>) -> Result<(), XlsxError> {
    page.heads(&[
        ("Quy tắc", "Rule", 30.0),
        ("Nội dung", "What it says", 60.0),
        ("Khi vi phạm", "When broken", 16.0),
        ("Kết luận", "Verdict", 16.0),
        ("Lý do", "Why", 60.0),
    ])?;
    for rule in &sheet.rules {
        let what = if rule.refuses { "Từ chối\nRefused" } else { "Cảnh báo\nWarning" };
        let message = lines(std::slice::from_ref(&rule.message));
        page.cells(&[&rule.code, &message, what, "", &lines(&rule.reasons)])?;
        if let Some(state) = rule.state {
            page.state(3, state)?;
        }
    }
    Ok(())
}

fn codes(sheet: &Sheet, mut page: Page<'_>) -> Result<(), XlsxError> {
    page.heads(&[
        ("Bảng mã", "Code list", 20.0),
        ("Trường quốc gia", "National field", 28.0),
        ("Mã nguồn", "Source code", 28.0),
        ("Mã quốc gia", "National code", 28.0),
        ("Ý nghĩa", "Meaning", 50.0),
    ])?;
    for table in &sheet.codes {
        for (source, national, title) in &table.lines {
            let meaning = title.as_ref().map(|title| lines(std::slice::from_ref(title)));
            let meaning = meaning.unwrap_or_default();
            page.cells(&[&table.name, &table.field, source, national, &meaning])?;
        }
    }
    Ok(())
}

/// Texts in both languages, one a line; once where both are the same.
fn lines(texts: &[Title]) -> String {
    let shown = texts.iter().map(|text| {
        if text.vi == text.en { text.vi.to_string() } else { format!("{}\n{}", text.vi, text.en) }
    });
    shown.collect::<Vec<_>>().join("\n")
}
