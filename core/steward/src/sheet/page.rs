//! The sheet as a page that needs nothing else and prints well.

use askama::Template;
use lienthong_mapping::State;

use super::{Sheet, words};

/// Where to sign.
pub(super) const SIGN_OFF: [&str; 4] = [
    "Đại diện cơ quan xác nhận ánh xạ trên là đúng / The agency confirms that the mapping is right",
    "Họ tên / Name: ……………………………………   Chức vụ / Position: ……………………………………",
    "Ngày / Date: ……………………………………   Ký tên, đóng dấu / Signature and seal: ……………………………………",
    "Chữ ký có giá trị cho đúng phiên bản nêu trên / It is signed for exactly the versions above",
];

/// Which mapping and standard it is, and how many fields have which verdict.
pub(super) fn identity(sheet: &Sheet) -> [String; 3] {
    let (standard, digest) = &sheet.standard;
    let count = |state| sheet.count(state);
    let (proven, checked) = (count(State::Proven), count(State::Checked));
    let refuted = count(State::Refuted);
    [
        format!("Phiên bản ánh xạ / Mapping version: {}", sheet.mapping_digest),
        format!("Chuẩn quốc gia / National standard: {standard}, {digest}"),
        format!(
            "Đã chứng minh / Proven: {proven} · Kiểm tra khi chạy / Checked: {checked} · \
             Bị bác bỏ / Refuted: {refuted}"
        ),
    ]
}

#[derive(Template)]
#[template(path = "sheet.html")]
struct Page<'s> {
    sheet: &'s Sheet,
    identity: [String; 3],
    sign_off: [&'static str; 4],
}

impl Page<'_> {
    fn vi(state: State) -> String {
        words::state(state).vi.to_string()
    }

    fn en(state: State) -> String {
        words::state(state).en.to_string()
    }
}

/// Writes the page.
pub(super) fn write(sheet: &Sheet) -> Result<String, askama::Error> {
    Page { sheet, identity: identity(sheet), sign_off: SIGN_OFF }.render()
}
