//! The contracts after 2019: the extended packet, and the portals of the ministries.

use serde_json::{Map, Value, json};

use super::{dossier, object};
use crate::Severity;
use crate::compile::tests::{folder, national, shown};
use crate::contract::{EndpointContract, NoteKind, Rendered, Way};

fn contract(name: &str) -> EndpointContract {
    EndpointContract::compile(name, &folder("mappings/standard/v1"), national())
        .unwrap_or_else(|problems| panic!("{}", shown(&problems)))
}

/// A dossier with what was added after 2019.
fn later() -> Map<String, Value> {
    let mut record = dossier();
    let added = json!({
        "KenhThucHien": "2",
        "NgayNopHoSo": "2022-09-20T23:59:59+07:00",
        "TrangThaiHoSo": "9",
        "HoSoCoThanhPhanSoHoa": true,
        "DuocThanhToanTrucTuyen": "1",
        "DinhDanhCHS": { "LoaiDinhDanh": "1", "SoDinhDanh": "000000000000" },
        "DSKetNoiCSDL": [{ "MaCSDL": "CSDL-GIA" }],
        "DanhSachLePhi": [{ "TenPhiLePhi": "Lệ phí", "HinhThucThu": "1", "Gia": "125000" }],
        "ThongTinNguoiNop": {
            "LoaiDoiTuong": "2",
            "TenNguoiNop": "Người nộp giả định",
            "NgayCapDinhDanh": "2021-05-19",
            "MaTinh": "01",
        },
    });
    record.extend(object(added));
    record
}

fn notes(rendered: &Rendered) -> Vec<String> {
    rendered.notes.iter().map(ToString::to_string).collect()
}

#[test]
fn the_packet_of_2023_sends_what_that_of_2019_leaves_out() {
    let rendered = contract("dvcqg-2023").render("dossier", &later()).unwrap();
    let body = &rendered.body;
    assert_eq!(body.as_object().unwrap().len(), 27 + 10);
    assert_eq!(body["KenhThucHien"], "2");
    assert_eq!(body["NgayNopHoSo"], "20220920235959");
    assert_eq!(body["HoSoCoThanhPhanSoHoa"], "1");
    assert_eq!(body["TaiKhoanDuocXacThucVoiVNeID"], "", "absent is not no");
    assert_eq!(body["DinhDanhCHS"]["LoaiDinhDanh"], "1");
    assert_eq!(body["DSKetNoiCSDL"][0]["MaCSDL"], "CSDL-GIA");
    assert_eq!(body["TaiLieuNop"][0]["DuocLayTuKhoDMQG"], "", "no default raises a score");
    assert_eq!(body["TaiLieuNop"][1]["DuocLayTuKhoDMQG"], "1");
    let left_out = "`ThongTinNguoiNop` is not sent: the endpoint has no member for it";
    assert_eq!(notes(&rendered), [left_out]);
}

#[test]
fn a_ministrys_portal_takes_numbers_and_three_forms_of_dates() {
    let contract = contract("dvc-bo-2026");
    assert!(matches!(contract.way, Way::Token(_)));
    let rendered = contract.render("dossier", &later()).unwrap();
    assert!(!rendered.is_refused(), "{:?}", notes(&rendered));
    let body = &rendered.body;
    assert_eq!(body["LoaiDoiTuong"], 0);
    assert_eq!(body["NgayNop"], "2022-09-20 23:59:59");
    assert_eq!(body["ThongTinNguoiNop"]["LoaiDoiTuong"], 1);
    let details = &body["ThongTinNguoiNop"]["ThongTinChiTiet"];
    assert_eq!(details["NgayCapDinhDanh"], "20210519000000");
    assert_eq!(details["MaTinh"], "01");
    assert_eq!(details.get("MaHuyen"), None, "what is missing is not sent");
    assert_eq!(body["ThanhPhanHoSo"][0]["TenThanhPhanHoSo"], "don.pdf");
    assert_eq!(body.get("TrangThaiHoSo"), None);

    let step = object(json!({
        "MaHoSo": "G09.20-20260609-0092637",
        "ThoiDiemXuLy": "2026-06-09T10:20:30+07:00",
        "TrangThai": "4",
    }));
    let rendered = contract.render("dossier-progress", &step).unwrap();
    assert_eq!(rendered.body["ThoiDiemXuLy"], "2026-06-09T10:20:30+07:00");
    assert_eq!(rendered.body["TrangThai"], 4);
}

#[test]
fn a_ministrys_portal_takes_the_state_by_itself() {
    let contract = contract("dvc-bo-2026");
    let record_contract = contract.record("dossier").unwrap();
    let then = record_contract.then.as_ref().unwrap();
    assert_eq!(then.service, "CapNhatTrangThai");
    let mut record = later();
    let rendered = then.render(&record);
    assert_eq!(rendered.body["TrangThai"], 9);
    assert_eq!(rendered.body["DanhSachLePhi"][0]["Gia"], 125_000);
    assert_eq!(rendered.body["DanhSachLePhi"][0]["HinhThucThu"], 1);

    record.insert("TrangThaiHoSo".to_owned(), json!("4"));
    let rendered = then.render(&record);
    assert_eq!(rendered.body.get("DanhSachLePhi"), None);
    assert_eq!(rendered.notes[0].kind, NoteKind::NotNow);
    assert!(!rendered.is_refused());
}

#[test]
fn what_a_ministrys_portal_has_no_code_or_number_for_is_refused() {
    let contract = contract("dvc-bo-2026");
    let mut record = later();
    record.insert("LoaiDoiTuong".to_owned(), json!("3"));
    let rendered = contract.render("dossier", &record).unwrap();
    let found: Vec<_> = rendered.notes.iter().filter(|n| n.severity == Severity::Refuse).collect();
    assert_eq!(found[0].kind, NoteKind::NoCode { code: "3".to_owned() });

    record.insert("DanhSachLePhi".to_owned(), json!([{ "Gia": "125000.5" }]));
    let then = contract.record("dossier").unwrap().then.as_ref().unwrap().render(&record);
    assert!(then.is_refused());
    assert_eq!(
        then.notes[0].to_string(),
        "`DanhSachLePhi[0].Gia` is no whole number, which the endpoint wants"
    );
}
