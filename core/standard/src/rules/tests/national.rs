//! Every rule of the national standard: what breaks it, what holds it, what leaves it open.

use std::collections::BTreeSet;

use crate::compile::tests::national;
use crate::rules::Condition;
use crate::{RecordType, States, VerifyScratch};

/// Members of a record by field or group, as JSON.
type Members = &'static [(&'static str, &'static str)];

/// A rule, with members that break it and members that hold it.
type Case = (&'static str, Members, Members);

/// A dossier that breaks no rule.
const DOSSIER: Members = &[
    ("MaHoSo", r#""000.00.53.H48-220921-0099""#),
    ("MaTTHC", r#""1.015045""#),
    ("TenTTHC", r#""Cấp lại giấy phép""#),
    ("MaLinhVuc", r#""G03-GD10""#),
    ("TenLinhVuc", r#""Giáo dục""#),
    ("LoaiDoiTuong", r#""1""#),
    ("Email", r#""hop.thu@example.vn""#),
    ("SoDienThoai", r#""0900000000""#),
    ("TrichYeuHoSo", r#""Đề nghị cấp lại""#),
    ("NgayTiepNhan", r#""2022-09-21T08:00:00+07:00""#),
    ("NgayHenTra", r#""2022-09-30T17:00:00+07:00""#),
    ("TrangThaiHoSo", r#""4""#),
    ("HinhThuc", r#""0""#),
    ("DonViXuLy", r#""Phòng Đào tạo""#),
];

/// A step that breaks no rule.
const STEP: Members = &[
    ("MaHoSo", r#""000.00.53.H48-220921-0099""#),
    ("NguoiXuLy", r#""Trần Văn Mẫu""#),
    ("ThoiDiemXuLy", r#""2022-09-21T09:00:00+07:00""#),
    ("NoiDungXuLy", r#""Chuyển hồ sơ cho phòng chuyên môn""#),
    ("TrangThai", r#""4""#),
];

const AFTER: &str = r#""2022-09-25T08:00:00+07:00""#;
const LATER: &str = r#""2022-09-26T08:00:00+07:00""#;
const BEFORE: &str = r#""2022-09-20T08:00:00+07:00""#;
const NEVER: &str = r#""9999-12-31T00:00:00+07:00""#;
const ZERO: &str = r#""0001-01-01T00:00:00+07:00""#;

const DOSSIER_CASES: &[Case] = &[
    ("due-after-received", &[("NgayHenTra", BEFORE)], &[("NgayHenTra", AFTER)]),
    ("returned-after-received", &[("NgayTra", BEFORE)], &[("NgayTra", AFTER)]),
    ("end-after-received", &[("NgayKetThucXuLy", BEFORE)], &[("NgayKetThucXuLy", AFTER)]),
    (
        "returned-after-end",
        &[("NgayTra", AFTER), ("NgayKetThucXuLy", LATER)],
        &[("NgayTra", LATER), ("NgayKetThucXuLy", AFTER)],
    ),
    ("submitted-before-received", &[("NgayNopHoSo", AFTER)], &[("NgayNopHoSo", BEFORE)]),
    (
        "refused-after-submitted",
        &[("NgayTuChoi", BEFORE), ("NgayNopHoSo", AFTER)],
        &[("NgayTuChoi", AFTER), ("NgayNopHoSo", BEFORE)],
    ),
    (
        "supplement-after-received",
        &[("DanhSachHoSoBoSung", r#"[{"NgayBoSung":"2022-09-20T00:00:00+07:00"}]"#)],
        &[("DanhSachHoSoBoSung", r#"[{"NgayBoSung":"2022-09-22T00:00:00+07:00"}]"#)],
    ),
    (
        "supplement-answered-after-asked",
        &[(
            "DanhSachHoSoBoSung",
            concat!(
                r#"[{"NgayBoSung":"2022-09-23T00:00:00+07:00","#,
                r#""NgayTiepNhanBoSung":"2022-09-22T00:00:00+07:00"}]"#
            ),
        )],
        &[(
            "DanhSachHoSoBoSung",
            concat!(
                r#"[{"NgayBoSung":"2022-09-22T00:00:00+07:00","#,
                r#""NgayTiepNhanBoSung":"2022-09-23T00:00:00+07:00"}]"#
            ),
        )],
    ),
    // An evening in UTC is the next day in Vietnam; the day before is another day.
    (
        "date-in-code",
        &[("NgayTiepNhan", r#""2022-09-20T23:59:59+07:00""#)],
        &[("NgayTiepNhan", r#""2022-09-21T00:00:00+07:00""#)],
    ),
    ("sentinel-date-received", &[("NgayTiepNhan", ZERO)], &[]),
    ("sentinel-date-due", &[("NgayHenTra", NEVER)], &[("NgayHenTra", AFTER)]),
    ("sentinel-date-returned", &[("NgayTra", NEVER)], &[("NgayTra", AFTER)]),
    ("sentinel-date-end", &[("NgayKetThucXuLy", NEVER)], &[("NgayKetThucXuLy", AFTER)]),
    ("sentinel-date-submitted", &[("NgayNopHoSo", ZERO)], &[("NgayNopHoSo", BEFORE)]),
    ("sentinel-date-refusal", &[("NgayTuChoi", NEVER)], &[("NgayTuChoi", AFTER)]),
    (
        "returned-has-date",
        &[("TrangThaiHoSo", r#""10""#)],
        &[("TrangThaiHoSo", r#""10""#), ("NgayTra", AFTER)],
    ),
    (
        "finished-has-end",
        &[("TrangThaiHoSo", r#""9""#)],
        &[("TrangThaiHoSo", r#""9""#), ("NgayKetThucXuLy", AFTER)],
    ),
    (
        "stopped-has-end",
        &[("TrangThaiHoSo", r#""8""#)],
        &[("TrangThaiHoSo", r#""8""#), ("NgayTuChoi", AFTER)],
    ),
    (
        "rejected-has-date",
        &[("TrangThaiHoSo", r#""3""#)],
        &[("TrangThaiHoSo", r#""3""#), ("NgayTuChoi", AFTER)],
    ),
    (
        "open-is-not-returned",
        &[("NgayTra", AFTER)],
        &[("NgayTra", AFTER), ("TrangThaiHoSo", r#""10""#)],
    ),
    (
        "supplement-has-request",
        &[("TrangThaiHoSo", r#""5""#)],
        &[("TrangThaiHoSo", r#""5""#), ("DanhSachHoSoBoSung", r#"[{"HoSoBoSungId":"1"}]"#)],
    ),
    (
        "one-supplement-request",
        &[("DanhSachHoSoBoSung", r#"[{"HoSoBoSungId":"1"},{"HoSoBoSungId":"2"}]"#)],
        &[("DanhSachHoSoBoSung", r#"[{"HoSoBoSungId":"1"}]"#)],
    ),
    ("email-missing", &[("Email", "")], &[]),
    ("phone-missing", &[("SoDienThoai", "")], &[]),
    ("abstract-missing", &[("TrichYeuHoSo", "")], &[]),
    ("due-missing", &[("NgayHenTra", "")], &[]),
    (
        "sentinel-paper",
        &[("SoGiayToChuHoSo", r#""000000001""#)],
        &[("SoGiayToChuHoSo", r#""000000012""#)],
    ),
    (
        "sentinel-identity",
        &[("DinhDanhCHS", r#"{"LoaiDinhDanh":"2","SoDinhDanh":"000000001"}"#)],
        &[("DinhDanhCHS", r#"{"LoaiDinhDanh":"2","SoDinhDanh":"000000012"}"#)],
    ),
    ("sentinel-phone", &[("SoDienThoai", r#""0000 000 000""#)], &[]),
    ("sentinel-abstract", &[("TrichYeuHoSo", r#""DINHKEM""#)], &[]),
    (
        "sentinel-file",
        &[("TaiLieuNop", r#"[{"TenTepDinhKem":"don.pdf"},{"TenTepDinhKem":"Dinhkem"}]"#)],
        &[("TaiLieuNop", r#"[{"TenTepDinhKem":"don.pdf"}]"#)],
    ),
    (
        "sentinel-result",
        &[("DanhSachGiayToKetQua", r#"[{"TenGiayTo":"DinhKemKetQua"}]"#)],
        &[("DanhSachGiayToKetQua", r#"[{"TenGiayTo":"Giấy phép"}]"#)],
    ),
    ("fax-is-not-phone", &[("Fax", r#""0900.000.000""#)], &[("Fax", r#""0243000000""#)]),
    ("note-is-not-abstract", &[("GhiChu", r#""đề nghị cấp lại.""#)], &[("GhiChu", r#""Gấp""#)]),
    (
        "identity-12-digits",
        &[("DinhDanhCHS", r#"{"LoaiDinhDanh":"1","SoDinhDanh":"00000000012"}"#)],
        &[("DinhDanhCHS", r#"{"LoaiDinhDanh":"1","SoDinhDanh":"000000000012"}"#)],
    ),
    (
        "identity-9-digits",
        &[("DinhDanhCHS", r#"{"LoaiDinhDanh":"2","SoDinhDanh":"00000000012"}"#)],
        &[("DinhDanhCHS", r#"{"LoaiDinhDanh":"2","SoDinhDanh":"000000012"}"#)],
    ),
    (
        "paper-number-length",
        &[("SoGiayToChuHoSo", r#""0000000012""#)],
        &[("SoGiayToChuHoSo", r#""B0000012""#)],
    ),
    (
        "from-store-has-result",
        &[("TaiLieuNop", r#"[{"TenTepDinhKem":"don.pdf","DuocLayTuKhoDMQG":true}]"#)],
        &[(
            "TaiLieuNop",
            r#"[{"TenTepDinhKem":"a","DuocLayTuKhoDMQG":true,"MaKetQuaThayThe":"KQ.G07.000122"}]"#,
        )],
    ),
    (
        "digitised-has-papers",
        &[("HoSoCoThanhPhanSoHoa", "true")],
        &[("HoSoCoThanhPhanSoHoa", "true"), ("TaiLieuNop", r#"[{"TenTepDinhKem":"don.pdf"}]"#)],
    ),
    (
        "paid-online-has-fee",
        &[("DuocThanhToanTrucTuyen", r#""1""#)],
        &[
            ("DuocThanhToanTrucTuyen", r#""2""#),
            ("DanhSachLePhi", r#"[{"TenPhiLePhi":"Phí","Gia":"1000"}]"#),
        ],
    ),
    (
        "verified-has-identity",
        &[("TaiKhoanDuocXacThucVoiVNeID", "true")],
        &[("TaiKhoanDuocXacThucVoiVNeID", "true"), ("MaDoiTuong", r#""x1""#)],
    ),
];

const STEP_CASES: &[Case] = &[
    (
        "end-after-begin",
        &[("NgayBatDau", AFTER), ("NgayKetThucTheoQuyDinh", BEFORE)],
        &[("NgayBatDau", BEFORE), ("NgayKetThucTheoQuyDinh", AFTER)],
    ),
    ("step-after-begin", &[("NgayBatDau", AFTER)], &[("NgayBatDau", BEFORE)]),
    ("step-after-receipt", &[("ThoiDiemXuLy", BEFORE)], &[("ThoiDiemXuLy", AFTER)]),
    ("sentinel-date-step", &[("ThoiDiemXuLy", ZERO)], &[]),
    ("sentinel-date-begin", &[("NgayBatDau", ZERO)], &[("NgayBatDau", BEFORE)]),
    (
        "sentinel-date-limit",
        &[("NgayKetThucTheoQuyDinh", NEVER)],
        &[("NgayKetThucTheoQuyDinh", AFTER)],
    ),
    (
        "step-looks-invented",
        &[("TrangThai", r#""2""#), ("NoiDungXuLy", r#""Tiếp nhận hồ sơ""#)],
        &[
            ("TrangThai", r#""2""#),
            ("NoiDungXuLy", r#""Tiếp nhận hồ sơ""#),
            ("PhongBanXuLy", r#""Một cửa""#),
        ],
    ),
];

/// The codes of the rules that a record breaks; an empty member is left out.
fn broken(record_type: &'static RecordType, base: Members, changes: Members) -> Vec<&'static str> {
    let fields = record_type.fields.iter().map(|field| &field.name);
    let groups = record_type.groups.iter().filter(|group| group.parent.is_none());
    let mut members = Vec::new();
    for name in fields.chain(groups.map(|group| &group.name)) {
        let of = |members: Members| members.iter().find(|(member, _)| *member == &**name);
        match of(changes).or_else(|| of(base)) {
            Some((_, value)) if !value.is_empty() => members.push(format!("\"{name}\":{value}")),
            _ => {}
        }
    }
    let json = format!("{{{}}}", members.join(","));
    let mut scratch = VerifyScratch::default();
    if let Err(faults) = record_type.verify(national(), json.as_bytes(), &mut scratch) {
        assert!(faults.iter().all(|fault| fault.code != "LT-4114"), "{json}: {faults:?}");
    }
    scratch.breaches().iter().map(|breach| &*record_type.rules[breach.rule].code).collect()
}

#[track_caller]
fn check(record_type: &str, base: Members, cases: &[Case]) {
    let record_type = national().record_type(record_type).unwrap();
    assert_eq!(broken(record_type, base, &[]), [""; 0]);
    for (rule, breaking, holding) in cases {
        assert!(broken(record_type, base, breaking).contains(rule), "{rule} with {breaking:?}");
        assert!(!broken(record_type, base, holding).contains(rule), "{rule} with {holding:?}");
    }
    let shown: BTreeSet<&str> = cases.iter().map(|(rule, ..)| *rule).collect();
    let declared = record_type.rules.iter();
    let declared =
        declared.filter(|rule| !matches!(rule.holds, Condition::Visible | Condition::InForce));
    assert_eq!(shown, declared.map(|rule| &*rule.code).collect());
}

#[test]
fn every_rule_of_a_dossier_is_broken_by_its_case_alone_and_held_by_the_other() {
    check("dossier", DOSSIER, DOSSIER_CASES);
}

#[test]
fn every_rule_of_a_step_is_broken_by_its_case_alone_and_held_by_the_other() {
    check("dossier-progress", STEP, STEP_CASES);
}

#[test]
fn the_readme_lists_every_rule_as_it_is() {
    let readme = include_str!("../../../../../mappings/standard/v1/README.md");
    for name in ["dossier", "dossier-progress"] {
        let record_type = national().record_type(name).unwrap();
        let across = record_type.rules.iter().map(|rule| &rule.code);
        let over_time = record_type.states.iter().flat_map(States::rules).map(|rule| &rule.code);
        for code in across.chain(over_time) {
            let words = record_type.rule_words(code).unwrap();
            let row = format!(
                "| `{code}` | {} | {} | {} |\n",
                words.severity.name(),
                words.message.en,
                words.source.unwrap_or_default()
            );
            let is_of_values = readme.contains(&format!("`{code}` (LT-41"));
            assert!(is_of_values || readme.contains(&row), "{row}");
        }
    }
}

#[test]
fn every_rule_says_where_it_comes_from() {
    for name in ["dossier", "dossier-progress"] {
        let record_type = national().record_type(name).unwrap();
        for rule in &record_type.rules {
            assert!(rule.source.is_some(), "{}", rule.code);
            assert_ne!(rule.message.vi, rule.message.en, "{}", rule.code);
        }
    }
}
