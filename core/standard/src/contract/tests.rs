//! The contract of the National Public Service Portal, and faulty contracts.

mod generations;

use serde_json::{Map, Value, json};

use super::*;
use crate::compile::tests::{folder, national, shown};
use crate::{Files, Standard};

fn portal(standard: &Standard) -> EndpointContract {
    EndpointContract::compile("dvcqg-2019", &folder("mappings/standard/v1"), standard)
        .unwrap_or_else(|problems| panic!("{}", shown(&problems)))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("not an object: {other}"),
    }
}

fn dossier() -> Map<String, Value> {
    object(json!({
        "MaHoSo": "000.00.53.H48-220921-0099",
        "MaTTHC": "1.015045",
        "TenTTHC": "Cấp lại giấy phép",
        "LoaiDoiTuong": "1",
        "NgayTiepNhan": "2022-09-21T08:05:09.25+07:00",
        "TrangThaiHoSo": "5",
        "TaiLieuNop": [
            { "TenTepDinhKem": "don.pdf", "IsDeleted": false },
            { "TenTepDinhKem": "anh.png", "IsDeleted": true, "DuocLayTuKhoDMQG": true },
        ],
        "DanhSachTepDinhKemKhac": [{ "TenGiayTo": "Đơn", "SoLuong": 2 }],
    }))
}

#[test]
fn a_dossier_has_the_27_members_as_strings() {
    let standard = national();
    let rendered = portal(standard).render("dossier", &dossier()).unwrap();
    let body = rendered.body.as_object().unwrap();
    assert_eq!(body.len(), 27);
    assert_eq!(body["NgayTiepNhan"], "20220921080509");
    assert_eq!(body["NgayHenTra"], "");
    assert_eq!(body["TrangThaiHoSo"], "5");
    assert_eq!(body["DanhSachLePhi"], json!([]));
    assert_eq!(body["DanhSachTepDinhKemKhac"][0]["SoLuong"], "2");
    assert_eq!(body["TaiLieuNop"][0]["IsDeleted"], "False");
    assert_eq!(body["TaiLieuNop"][1]["IsDeleted"], "True");
    assert_eq!(body["TaiLieuNop"][0]["TepDinhKemId"], "");
    let all_strings = body.values().all(|value| value.is_string() || value.is_array());
    assert!(all_strings, "{}", rendered.body);
    let notes: Vec<String> = rendered.notes.iter().map(ToString::to_string).collect();
    let expected =
        ["`TaiLieuNop[1].DuocLayTuKhoDMQG` is not sent: the endpoint has no member for it"];
    assert_eq!(notes, expected);
    assert!(!rendered.is_refused());
}

#[test]
fn what_is_lost_on_the_way_is_noted() {
    let standard = national();
    let mut record = dossier();
    record.insert("TrichYeuHoSo".to_owned(), json!("ầ".repeat(1001)));
    record.insert("KenhThucHien".to_owned(), json!("2"));
    record.insert("DinhDanhCHS".to_owned(), json!({ "LoaiDinhDanh": "1" }));
    record.insert("NgayHenTra".to_owned(), json!("21/09/2022"));
    record.remove("TaiLieuNop");
    let rendered = portal(standard).render("dossier", &record).unwrap();
    assert_eq!(rendered.body["TrichYeuHoSo"], "ầ".repeat(1000));
    let notes: Vec<(&str, &NoteKind)> =
        rendered.notes.iter().map(|note| (note.field.as_str(), &note.kind)).collect();
    let expected = [
        ("TrichYeuHoSo", &NoteKind::Cut { chars: 1001, max: 1000 }),
        ("NgayHenTra", &NoteKind::NotCanonical),
        ("KenhThucHien", &NoteKind::LeftOut),
        ("DinhDanhCHS", &NoteKind::LeftOut),
    ];
    assert_eq!(notes, expected);
    assert!(rendered.is_refused(), "a date that can't be written is not sent as nothing");
}

#[test]
fn a_step_of_processing_has_nine_members() {
    let standard = national();
    let contract = portal(standard);
    let step = object(json!({
        "MaHoSo": "000.00.53.H48-220921-0099",
        "NguoiXuLy": "Người xử lý giả định",
        "ThoiDiemXuLy": "2022-09-22T00:00:00+07:00",
        "NoiDungXuLy": "Tiếp nhận",
        "TrangThai": "2",
    }));
    let rendered = contract.render("dossier-progress", &step).unwrap();
    assert_eq!(rendered.body.as_object().unwrap().len(), 9);
    assert_eq!(rendered.body["ThoiDiemXuLy"], "20220922000000");
    assert_eq!(rendered.notes, []);
    let progress = contract.record("dossier-progress").unwrap();
    assert_eq!((progress.records_max, progress.updating.is_none()), (10, true));
    assert!(contract.render("observation", &Map::new()).is_none());
}

#[test]
fn success_is_told_by_the_code_and_refusals_by_their_words() {
    let standard = national();
    let answer = portal(standard).answer;
    let refused = |code: &str, message: &str| Outcome::Refused {
        code: code.to_owned(),
        message: message.to_owned(),
    };
    let answers = [
        (json!({ "error_code": 0, "message": "Thành công" }), Outcome::Accepted),
        (json!({ "error_code": "0" }), Outcome::Accepted),
        (json!({ "error_code": "3", "message": "Hồ sơ đã tồn tại" }), Outcome::Exists),
        // The same words decomposed and in capitals.
        (
            json!({ "error_code": -3, "message": "HỒ SƠ ĐA\u{303}  TỒN TA\u{323}I" }),
            Outcome::Exists,
        ),
        (json!({ "error_code": "-1", "message": "Phiên làm việc hết hạn" }), Outcome::SessionEnded),
        (json!({ "error_code": "3", "message": "thành công" }), refused("3", "thành công")),
        (json!({ "error_code": -3 }), refused("-3", "")),
        (json!({ "message": "thành công" }), Outcome::Unreadable),
        (json!("thành công"), Outcome::Unreadable),
        (json!(null), Outcome::Unreadable),
    ];
    for (body, expected) in answers {
        assert_eq!(answer.outcome(&body), expected, "{body}");
    }
    assert!(answer.is_found(&json!({ "result": [{ "MaHoSo": "x" }] })));
    assert!(!answer.is_found(&json!({ "result": [] })));
    assert!(!answer.is_found(&json!({ "error_code": 0 })));
}

/// The portal's contract with one text replaced.
fn changed(from: &str, to: &str) -> Result<EndpointContract, Vec<lienthong_diagnostics::Problem>> {
    let files = folder("mappings/standard/v1");
    let path = "contracts/dvcqg-2019.toml";
    let text = files.get(path).unwrap();
    assert!(text.contains(from), "{from}");
    let text = text.replacen(from, to, 1);
    let files = files.iter().filter(|(other, _)| *other != path);
    let files = files.map(|(path, text)| (path.to_owned(), Arc::clone(text)));
    let files = Files::new(files.chain([(path.to_owned(), Arc::from(text))]));
    EndpointContract::compile("dvcqg-2019", &files, national())
}

#[test]
fn a_contract_that_does_not_fit_the_standard_is_refused() {
    let faults = [
        ("{ name = \"Email\" },", "", "`Email` is neither sent nor left out"),
        ("{ name = \"Email\" },", "{ name = \"Emal\" },", "`Emal` can't be named here"),
        ("{ name = \"Email\" },", "{ name = \"Fax\" },", "`Fax` is sent twice"),
        ("\"SoBienNhan\",", "\"SoBienNhan\", \"Fax\",", "`Fax` can't be named here"),
        ("%Y%m%d%H%M%S", "yyyyMMdd", "not a format of dates"),
        ("records.dossier]", "records.dosier]", "no record type `dosier`"),
        ("records_max = 10", "records_max = 0", "at least one record"),
        ("contract = \"dvcqg-2019\"", "contract = \"dvcqg\"", "must bear its name"),
        ("[answer]", "[token]\ntoken = \"t\"\nexpires_in = \"e\"\n[answer]", "or `token`"),
        (
            "{ name = \"Email\" },",
            "{ name = \"Email\", only_when = { field = \"x\", is = [] } },",
            "names no field",
        ),
        (
            "{ name = \"TrangThaiHoSo\" }",
            "{ name = \"TrangThaiHoSo\", codes = { 11 = \"9\" } }",
            "the field has no code `11`",
        ),
    ];
    for (from, to, expected) in faults {
        let problems = changed(from, to).expect_err(expected);
        let found = shown(&problems);
        assert!(found.contains(expected), "{found}");
    }
    let files = folder("mappings/standard/v1");
    let problems = EndpointContract::compile("dvcqg-2091", &files, national()).unwrap_err();
    assert_eq!(problems[0].code, "LT-4008");
    assert_eq!(problems[0].hint.as_deref(), Some("did you mean `dvcqg-2019`?"));
}

#[test]
fn codes_that_run_together_are_noted() {
    let member = "{ name = \"TrangThaiHoSo\", codes = { 5 = \"9\", 6 = \"9\" } }";
    let contract = changed("{ name = \"TrangThaiHoSo\" }", member).unwrap();
    let rendered = contract.render("dossier", &dossier()).unwrap();
    assert_eq!(rendered.body["TrangThaiHoSo"], "9");
    let merged = NoteKind::Merged { from: "5".to_owned(), to: "9".to_owned() };
    assert_eq!(rendered.notes[0].kind, merged);
}
