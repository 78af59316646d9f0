//! Tests of the field tables: one change to a good record, one fault.

use serde_json::{Map, Value, json};

use super::{DOSSIER, PROGRESS, faults};

fn dossier() -> Map<String, Value> {
    let record = json!({
        "MaHoSo": "000.00.00.H22-250620-0001", "MaTTHC": "1.001612", "TenTTHC": "Đăng ký",
        "MaLinhVuc": "G12-KD01", "TenLinhVuc": "Kinh doanh", "LoaiDoiTuong": "1",
        "NgayTiepNhan": "20250620013500", "TrangThaiHoSo": "10", "HinhThuc": "0",
        "DonViXuLy": "Sở Tài chính",
    });
    record.as_object().unwrap().clone()
}

#[test]
fn tables_have_the_fields_of_the_contract() {
    let lists = DOSSIER.iter().filter(|(_, _, form)| matches!(form, super::Form::List(_)));
    assert_eq!((DOSSIER.len(), lists.count(), PROGRESS.len()), (28 + 9, 5 + 1, 9));
}

#[test]
fn each_fault_names_its_field() {
    let cases: [(&str, Value, Option<&str>); 16] = [
        ("GhiChu", json!(""), None),
        ("NgayHenTra", json!(""), None),
        ("KenhThucHien", json!(2), Some("KenhThucHien: phải là chuỗi")),
        ("DSKetNoiCSDL", json!([{ "MaCSDL": "CSDL-GIA" }]), None),
        ("DinhDanhCHS", json!({ "LoaiDinhDanh": "1" }), None),
        ("TrichYeuHoSo", json!("ạ".repeat(1000)), None),
        ("TrichYeuHoSo", json!("ạ".repeat(1001)), Some("TrichYeuHoSo: quá dài")),
        ("MaHoSo", json!(""), Some("MaHoSo: không được để trống")),
        ("MaHoSo", json!(7), Some("MaHoSo: phải là chuỗi")),
        ("MaHoSo", json!(null), Some("MaHoSo: phải là chuỗi")),
        ("LoaiDoiTuong", json!("5"), Some("LoaiDoiTuong: mã không có trong danh mục")),
        ("HinhThuc", json!("00"), Some("HinhThuc: mã không có trong danh mục")),
        ("NgayTra", json!("20250229120000"), Some("NgayTra: không phải thời điểm yyyyMMddHHmmss")),
        ("NgayTra", json!("2025-06-20"), Some("NgayTra: không phải thời điểm yyyyMMddHHmmss")),
        ("TaiLieuNop", json!("x"), Some("TaiLieuNop: phải là một danh sách")),
        (
            "DanhSachLePhi",
            json!([{ "Gia": "5" }, { "Gia": 5 }]),
            Some("DanhSachLePhi[1].Gia: phải là chuỗi"),
        ),
    ];
    for (name, value, expected) in cases {
        let mut record = dossier();
        record.insert(name.to_owned(), value.clone());
        let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        assert_eq!(faults(&record, DOSSIER), expected, "{name}: {value}");
    }
}

#[test]
fn faults_of_one_record_are_bounded() {
    let rows: Vec<Value> = (0..1000).map(|_| json!(1)).collect();
    let mut record = dossier();
    record.insert("TaiLieuNop".to_owned(), Value::Array(rows));
    assert!(faults(&record, DOSSIER).len() <= 10);
}
