//! The fields of the contract's records, as tables: 28 of a dossier and 9 that came in 2023, 9 of
//! progress.
//!
//! Values are strings, dates `yyyyMMddHHmmss`, and an empty string stands for nothing. Fields that
//! the known clients disagree about (e-mail, telephone, abstract, appointed date) may be left
//! empty. Members that the tables don't name, as later generations send them, are taken as they are.

use serde_json::{Map, Value};

/// What a field may hold.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// Text of at most so many characters.
    Text(usize),
    /// A time, `yyyyMMddHHmmss`.
    Time,
    /// One of these codes.
    Code(&'static [&'static str]),
    /// A list of objects with these fields.
    List(&'static [Field]),
}

/// Whether a field must be filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// It must.
    Must,
    /// It may be empty or absent.
    May,
}

/// A field: name, need, form.
pub(super) type Field = (&'static str, Need, Form);

use Form::{Code, List, Text, Time};
use Need::{May, Must};

const STATES: &[&str] = &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
const YES_NO: &[&str] = &["True", "False"];

/// The dossier of `DongBoHoSoMC`.
pub(super) const DOSSIER: &[Field] = &[
    ("MaHoSo", Must, Text(100)),
    ("MaTTHC", Must, Text(100)),
    ("TenTTHC", Must, Text(2000)),
    ("MaLinhVuc", Must, Text(100)),
    ("TenLinhVuc", Must, Text(1000)),
    ("SoBienNhan", May, Text(100)),
    ("ChuHoSo", May, Text(500)),
    ("LoaiDoiTuong", Must, Code(&["1", "2", "3", "4"])),
    ("MaDoiTuong", May, Text(100)),
    ("ThongTinKhac", May, Text(4000)),
    ("Email", May, Text(254)),
    ("Fax", May, Text(50)),
    ("SoDienThoai", May, Text(50)),
    ("TrichYeuHoSo", May, Text(1000)),
    ("NgayTiepNhan", Must, Time),
    ("NgayHenTra", May, Time),
    ("TrangThaiHoSo", Must, Code(STATES)),
    ("NgayTra", May, Time),
    ("ThongTinTra", May, Text(1000)),
    ("HinhThuc", Must, Code(&["0", "1"])),
    ("NgayKetThucXuLy", May, Time),
    ("DonViXuLy", Must, Text(500)),
    ("GhiChu", May, Text(4000)),
    ("TaiLieuNop", May, List(SUBMITTED)),
    ("DanhSachLePhi", May, List(FEES)),
    ("DanhSachTepDinhKemKhac", May, List(OTHER_FILES)),
    ("DanhSachHoSoBoSung", May, List(SUPPLEMENTS)),
    ("DanhSachGiayToKetQua", May, List(RESULTS)),
    // Added since 2023.
    ("KenhThucHien", May, Code(&["1", "2", "3"])),
    ("SoGiayToChuHoSo", May, Text(50)),
    ("NoiNopHoSo", May, Code(&["1", "2"])),
    ("NgayNopHoSo", May, Time),
    ("NgayTuChoi", May, Time),
    ("HoSoCoThanhPhanSoHoa", May, Code(&["0", "1"])),
    ("TaiKhoanDuocXacThucVoiVNeID", May, Code(&["0", "1"])),
    ("DuocThanhToanTrucTuyen", May, Code(&["0", "1", "2", "3"])),
    ("DSKetNoiCSDL", May, List(DATABASES)),
];

const DATABASES: &[Field] = &[("MaCSDL", May, Text(100))];

const SUBMITTED: &[Field] = &[
    ("TepDinhKemId", May, Text(200)),
    ("TenTepDinhKem", May, Text(4000)),
    ("IsDeleted", May, Code(YES_NO)),
    ("MaThanhPhanHoSo", May, Text(200)),
    ("DuongDanTaiTepTin", May, Text(4000)),
];

const FEES: &[Field] = &[
    ("TenPhiLePhi", May, Text(1000)),
    ("MaPhiLePhi", May, Text(100)),
    ("HinhThucThu", May, Text(20)),
    ("Gia", May, Text(40)),
    ("LoaiPhiLePhi", May, Text(20)),
];

const OTHER_FILES: &[Field] =
    &[("TenGiayTo", May, Text(2000)), ("SoLuong", May, Text(20)), ("LoaiGiayTo", May, Text(100))];

const SUPPLEMENTS: &[Field] = &[
    ("HoSoBoSungId", May, Text(200)),
    ("NguoiYeuCauBoSung", May, Text(500)),
    ("NoiDungBoSung", May, Text(4000)),
    ("NgayBoSung", May, Time),
    ("NguoiTiepNhanBoSung", May, Text(500)),
    ("ThongTinTiepNhan", May, Text(4000)),
    ("NgayTiepNhanBoSung", May, Time),
    ("TrangThaiBoSung", May, Text(20)),
    ("NgayHenTraTruoc", May, Time),
    ("NgayHenTraMoi", May, Time),
];

const RESULTS: &[Field] = &[
    ("TenGiayTo", May, Text(2000)),
    ("MaThanhPhanHoSo", May, Text(200)),
    ("GiayToId", May, Text(200)),
    ("DuongDanTepTinKetQua", May, Text(4000)),
];

/// The progress of `CapNhatTienDoHoSoMC`.
pub(super) const PROGRESS: &[Field] = &[
    ("MaHoSo", Must, Text(100)),
    ("NguoiXuLy", Must, Text(50)),
    ("ChucDanh", May, Text(200)),
    ("ThoiDiemXuLy", Must, Time),
    ("PhongBanXuLy", May, Text(500)),
    ("NoiDungXuLy", Must, Text(4000)),
    ("TrangThai", Must, Code(STATES)),
    ("NgayBatDau", May, Time),
    ("NgayKetThucTheoQuyDinh", May, Time),
];

/// The most faults of one record that are told.
const FAULTS_MAX: usize = 10;

/// What is wrong with a record, in Vietnamese. No values are quoted: they may be personal.
pub(super) fn faults(record: &Map<String, Value>, fields: &[Field]) -> Vec<String> {
    let mut found = Vec::new();
    check_fields(record, fields, "", &mut found);
    found.truncate(FAULTS_MAX);
    found
}

fn check_fields(
    record: &Map<String, Value>,
    fields: &[Field],
    place: &str,
    found: &mut Vec<String>,
) {
    for (name, need, form) in fields {
        let fault = match (record.get(*name), form) {
            (None, _) => (*need == Must).then_some("thiếu trường bắt buộc"),
            (Some(Value::Array(rows)), List(inner)) => {
                for (index, row) in rows.iter().enumerate() {
                    let place = format!("{place}{name}[{index}].");
                    match row {
                        Value::Object(row) => check_fields(row, inner, &place, found),
                        _ => found.push(format!("{place} không phải là một đối tượng")),
                    }
                }
                None
            }
            (Some(_), List(_)) => Some("phải là một danh sách"),
            (Some(Value::String(text)), _) if text.is_empty() => {
                (*need == Must).then_some("không được để trống")
            }
            (Some(Value::String(text)), form) => text_fault(text, *form),
            (Some(_), _) => Some("phải là chuỗi"),
        };
        if let Some(fault) = fault {
            found.push(format!("{place}{name}: {fault}"));
        }
        if found.len() > FAULTS_MAX {
            return;
        }
    }
}

fn text_fault(text: &str, form: Form) -> Option<&'static str> {
    match form {
        Text(chars_max) => (text.chars().count() > chars_max).then_some("quá dài"),
        Time => (!is_time(text)).then_some("không phải thời điểm yyyyMMddHHmmss"),
        Code(codes) => (!codes.contains(&text)).then_some("mã không có trong danh mục"),
        List(_) => None,
    }
}

fn is_time(text: &str) -> bool {
    text.len() == 14
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", text).is_ok()
}

#[cfg(test)]
mod tests;
