//! What is accepted, what is refused and in which words, and the canonical form.

mod in_force;

use crate::compile::tests::{compiled, national, small};
use crate::{
    Breach, Candidate, Date, FieldFault, RecordType, Rows, Severity, Standard, Timestamp, Value,
    VerifyScratch,
};

fn at(text: &str) -> Value<'static> {
    Value::Timestamp(Timestamp::parse_canonical(text).expect(text))
}

/// A good dossier's own values, by name.
const DOSSIER: [(&str, &str); 12] = [
    ("MaHoSo", "000.00.53.H48-220921-0099"),
    ("MaTTHC", "1.015045"),
    ("TenTTHC", "Cấp lại giấy phép"),
    ("MaLinhVuc", "G03-GD10"),
    ("TenLinhVuc", "Giáo dục"),
    ("LoaiDoiTuong", "1"),
    ("Email", "hop.thu@example.vn"),
    ("SoDienThoai", "0900000000"),
    ("TrichYeuHoSo", "Đề nghị cấp lại"),
    ("TrangThaiHoSo", "4"),
    ("HinhThuc", "0"),
    ("DonViXuLy", "Phòng Đào tạo"),
];

fn dossier_values<'a>(dossier: &RecordType, changes: &[(&str, Value<'a>)]) -> Vec<Value<'a>> {
    let mut values = vec![Value::Missing; dossier.fields.len()];
    let own = DOSSIER.map(|(name, text)| (name, Value::Text(text)));
    let times = [
        ("NgayTiepNhan", at("2022-09-21T08:00:00+07:00")),
        ("NgayHenTra", at("2022-09-30T17:00:00+07:00")),
    ];
    for (name, value) in own.iter().chain(&times).chain(changes) {
        values[dossier.field_index(name).expect(name)] = *value;
    }
    values
}

/// Rows of the dossier's groups by path; the others are empty.
fn dossier_groups<'a>(dossier: &RecordType, filled: &[(&str, Rows<'a>)]) -> Vec<Rows<'a>> {
    let mut groups = vec![Rows::EMPTY; dossier.groups.len()];
    for (path, rows) in filled {
        groups[dossier.group_index(path).expect(path)] = *rows;
    }
    groups
}

struct Answer {
    json: Option<String>,
    key: Option<String>,
    faults: Vec<FieldFault>,
    warnings: Vec<FieldFault>,
}

fn accept(record: &RecordType, standard: &Standard, candidate: Candidate<'_>) -> Answer {
    let (mut faults, mut breaches) = (Vec::new(), Vec::new());
    let submission = record.accept(standard, candidate, &mut faults, &mut breaches);
    let warns = |breach: &&Breach| record.rules[breach.rule].severity == Severity::Warn;
    let warnings = breaches.iter().filter(warns);
    let warnings = warnings.map(|breach| record.in_words(standard, *breach, candidate).unwrap());
    let warnings: Vec<FieldFault> = warnings.collect();
    let mut out = Vec::new();
    let mut key = String::new();
    if let Some(submission) = &submission {
        submission.write_json(&mut out);
        submission.write_key(&mut key);
        let mut scratch = VerifyScratch::default();
        let verified = record.verify(standard, &out, &mut scratch).unwrap();
        assert_eq!(verified.key, key);
        assert_eq!(scratch.breaches(), breaches);
        assert_eq!(verified.own_date, submission.own_date());
    }
    let is_accepted = submission.is_some();
    let json = is_accepted.then(|| String::from_utf8(out).unwrap());
    Answer { json, key: is_accepted.then_some(key), faults, warnings }
}

/// Checks the codes and places of faults and warnings of a dossier with some values changed.
fn check(changes: &[(&str, Value<'_>)], expected: &[(&str, &str)]) {
    let standard = national();
    let dossier = standard.record_type("dossier").unwrap();
    let values = dossier_values(dossier, changes);
    let groups = dossier_groups(dossier, &[]);
    let answer = accept(dossier, standard, Candidate { values: &values, groups: &groups });
    let found: Vec<(&str, &str)> = answer
        .faults
        .iter()
        .chain(&answer.warnings)
        .map(|fault| (fault.code, fault.field.as_str()))
        .collect();
    assert_eq!(found, expected, "{:?}", answer.faults);
    assert_eq!(answer.json.is_some(), answer.faults.is_empty());
}

#[test]
fn a_good_dossier_is_written_in_the_order_of_the_standard() {
    let standard = national();
    let dossier = standard.record_type("dossier").unwrap();
    let values = dossier_values(
        dossier,
        &[
            ("GhiChu", Value::Text("nói \"gấp\"\n\\ hết")),
            ("HoSoCoThanhPhanSoHoa", Value::Boolean(true)),
        ],
    );
    let text = Value::Text;
    let missing = Value::Missing;
    let fees = [
        [text("Phí thẩm định"), missing, missing, Value::Decimal("150000.00"), missing],
        [text("Lệ phí"), text("LP"), missing, Value::Decimal("0"), missing],
    ];
    let supplement = |id, day| {
        [text(id), missing, missing, at(day), missing, missing, missing, missing, missing, missing]
    };
    let supplements = [
        supplement("a", "2022-09-22T00:00:00+07:00"),
        supplement("b", "2022-09-23T00:00:00+07:00"),
    ];
    let paper = |name| [text(name), Value::Integer(1), missing];
    let papers = [paper("Đơn"), paper("Ảnh")];
    let identity = [text("1"), text("000000000012")];
    let groups = dossier_groups(
        dossier,
        &[
            ("DanhSachLePhi", Rows { values: fees.as_flattened(), parents: &[] }),
            ("DanhSachHoSoBoSung", Rows { values: supplements.as_flattened(), parents: &[] }),
            (
                "DanhSachHoSoBoSung.DanhSachGiayToBoSung",
                Rows { values: papers.as_flattened(), parents: &[1, 1] },
            ),
            ("DinhDanhCHS", Rows { values: &identity, parents: &[] }),
        ],
    );
    let answer = accept(dossier, standard, Candidate { values: &values, groups: &groups });
    let expected = concat!(
        r#"{"MaHoSo":"000.00.53.H48-220921-0099","MaTTHC":"1.015045","#,
        r#""TenTTHC":"Cấp lại giấy phép","MaLinhVuc":"G03-GD10","TenLinhVuc":"Giáo dục","#,
        r#""LoaiDoiTuong":"1","Email":"hop.thu@example.vn","SoDienThoai":"0900000000","#,
        r#""TrichYeuHoSo":"Đề nghị cấp lại","NgayTiepNhan":"2022-09-21T08:00:00+07:00","#,
        r#""NgayHenTra":"2022-09-30T17:00:00+07:00","TrangThaiHoSo":"4","HinhThuc":"0","#,
        r#""DonViXuLy":"Phòng Đào tạo","GhiChu":"nói \"gấp\"\n\\ hết","#,
        r#""HoSoCoThanhPhanSoHoa":true,"#,
        r#""DanhSachLePhi":[{"TenPhiLePhi":"Phí thẩm định","Gia":"150000.00"},"#,
        r#"{"TenPhiLePhi":"Lệ phí","MaPhiLePhi":"LP","Gia":"0"}],"#,
        r#""DanhSachHoSoBoSung":[{"HoSoBoSungId":"a","NgayBoSung":"2022-09-22T00:00:00+07:00"},"#,
        r#"{"HoSoBoSungId":"b","NgayBoSung":"2022-09-23T00:00:00+07:00","#,
        r#""DanhSachGiayToBoSung":[{"TenGiayTo":"Đơn","SoLuong":1},"#,
        r#"{"TenGiayTo":"Ảnh","SoLuong":1}]}],"#,
        r#""DinhDanhCHS":{"LoaiDinhDanh":"1","SoDinhDanh":"000000000012"}}"#,
    );
    assert_eq!(answer.json.as_deref(), Some(expected), "{:?}", answer.faults);
    assert_eq!(answer.key.as_deref(), Some("000.00.53.H48-220921-0099"));
    let warnings: Vec<&str> = answer.warnings.iter().map(|fault| &*fault.reason).collect();
    let expected = [
        "further papers are asked for once (rule `one-supplement-request`)",
        "a dossier with digitised papers has papers (rule `digitised-has-papers`)",
    ];
    assert_eq!(warnings, expected);
}

#[test]
fn all_faults_of_a_record_are_found_at_once() {
    let long = "ầ".repeat(1001);
    check(
        &[
            ("MaHoSo", Value::Text("HS-1")),
            ("MaTTHC", Value::Missing),
            ("TenTTHC", Value::Text("")),
            ("MaLinhVuc", Value::Null),
            ("TenLinhVuc", Value::Integer(7)),
            ("LoaiDoiTuong", Value::Text("0")),
            ("TrichYeuHoSo", Value::Text(&long)),
            ("NgayHenTra", at("2022-09-20T17:00:00+07:00")),
            ("DonViXuLy", Value::Text("Pho\u{300}ng")),
            ("NgayTra", at("1022-09-30T17:00:00+07:00")),
            ("GhiChu", Value::Text("a\u{1f}b")),
        ],
        &[
            ("LT-4105", "MaHoSo"),
            ("LT-4101", "MaTTHC"),
            ("LT-4103", "TenTTHC"),
            ("LT-4102", "MaLinhVuc"),
            ("LT-4103", "TenLinhVuc"),
            ("LT-4107", "LoaiDoiTuong"),
            ("LT-4104", "TrichYeuHoSo"),
            ("LT-4106", "NgayTra"),
            ("LT-4109", "DonViXuLy"),
            ("LT-4109", "GhiChu"),
            ("LT-4110", "NgayHenTra"),
            ("LT-4111", "NgayTra"),
            ("LT-4111", "NgayTra"),
        ],
    );
}

#[test]
fn lengths_are_counted_in_characters() {
    check(&[("TrichYeuHoSo", Value::Text(&"ầ".repeat(1000)))], &[]);
}

#[test]
fn doubtful_values_are_shown_and_accepted() {
    let same = Value::Text("0900000000");
    check(
        &[("Fax", same), ("Email", Value::Missing), ("TrichYeuHoSo", Value::Text("Dinhkem"))],
        &[("LT-4111", "Email"), ("LT-4111", "TrichYeuHoSo"), ("LT-4111", "Fax")],
    );
    check(
        &[("TrangThaiHoSo", Value::Text("10"))],
        &[("LT-4111", "NgayTra"), ("LT-4111", "NgayKetThucXuLy")],
    );
    check(&[("MaHoSo", Value::Text("000.00.53.H48-220920-0099"))], &[("LT-4111", "MaHoSo")]);
    check(&[("DonViXuLy", Value::Text("Phòng\u{200b} Đào tạo"))], &[("LT-4112", "DonViXuLy")]);
}

#[test]
fn personal_values_are_never_quoted() {
    let standard = national();
    let dossier = standard.record_type("dossier").unwrap();
    let secret = "bi mat";
    let values =
        dossier_values(dossier, &[("Email", Value::Text(secret)), ("MaHoSo", Value::Text("HS-1"))]);
    let identity = [Value::Text("1"), Value::Text(secret)];
    let groups =
        dossier_groups(dossier, &[("DinhDanhCHS", Rows { values: &identity, parents: &[] })]);
    let answer = accept(dossier, standard, Candidate { values: &values, groups: &groups });
    assert_eq!(answer.faults.len(), 3, "{:?}", answer.faults);
    assert!(answer.faults.iter().any(|fault| fault.reason.contains("HS-1")));
    let words = format!("{:?}{:?}", answer.faults, answer.warnings);
    assert!(!words.contains(secret), "{words}");
    let in_row = answer.faults.iter().find(|fault| fault.code == "LT-4110").unwrap();
    assert_eq!(in_row.field, "DinhDanhCHS.SoDinhDanh");
    assert!(in_row.reason_vi.contains("12 chữ số"), "{}", in_row.reason_vi);
}

#[test]
fn faults_in_rows_name_the_row_within_its_parent() {
    let standard = national();
    let dossier = standard.record_type("dossier").unwrap();
    let values = dossier_values(dossier, &[]);
    let supplements = [Value::Missing; 20];
    let papers = [
        [Value::Text("Đơn"), Value::Integer(1), Value::Missing],
        [Value::Text("Ảnh"), Value::Integer(1), Value::Missing],
        [Value::Text("Giấy"), Value::Integer(-1), Value::Missing],
    ];
    let path = "DanhSachHoSoBoSung.DanhSachGiayToBoSung";
    let groups = dossier_groups(
        dossier,
        &[
            ("DanhSachHoSoBoSung", Rows { values: &supplements, parents: &[] }),
            (path, Rows { values: papers.as_flattened(), parents: &[0, 1, 1] }),
        ],
    );
    let answer = accept(dossier, standard, Candidate { values: &values, groups: &groups });
    let places: Vec<&str> = answer.faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(places, ["DanhSachHoSoBoSung[1].DanhSachGiayToBoSung[1].SoLuong"]);
}

#[test]
fn a_single_group_has_one_row_at_most() {
    let standard = national();
    let dossier = standard.record_type("dossier").unwrap();
    let values = dossier_values(dossier, &[]);
    let identities = [Value::Text("2"), Value::Text("000000012")].repeat(2);
    let groups =
        dossier_groups(dossier, &[("DinhDanhCHS", Rows { values: &identities, parents: &[] })]);
    let answer = accept(dossier, standard, Candidate { values: &values, groups: &groups });
    let found: Vec<_> = answer.faults.iter().map(|f| (f.code, f.field.as_str())).collect();
    assert_eq!(found, [("LT-4113", "DinhDanhCHS")]);
}

#[test]
fn a_flood_of_faults_is_cut_off() {
    let standard = national();
    let dossier = standard.record_type("dossier").unwrap();
    let values = dossier_values(dossier, &[]);
    let rows = vec![Value::Missing; 5 * 900];
    let groups =
        dossier_groups(dossier, &[("DanhSachLePhi", Rows { values: &rows, parents: &[] })]);
    let answer = accept(dossier, standard, Candidate { values: &values, groups: &groups });
    assert_eq!(answer.faults.len(), 100);
    let rows = vec![Value::Missing; 5 * 1001];
    let groups =
        dossier_groups(dossier, &[("DanhSachLePhi", Rows { values: &rows, parents: &[] })]);
    let answer = accept(dossier, standard, Candidate { values: &values, groups: &groups });
    assert_eq!(answer.faults[0].code, "LT-4113");
}

#[test]
fn a_flood_of_warnings_hides_no_fault() {
    let standard = national();
    let dossier = standard.record_type("dossier").unwrap();
    let due = at("2022-09-01T00:00:00+07:00");
    let values = dossier_values(dossier, &[("NgayHenTra", due)]);
    let row = [Value::Text("phí\u{200b}"), Value::Missing, Value::Missing, Value::Decimal("1")];
    let rows = [&row[..], &[Value::Missing]].concat().repeat(200);
    let fees = Rows { values: &rows, parents: &[] };
    let groups = dossier_groups(dossier, &[("DanhSachLePhi", fees)]);
    let answer = accept(dossier, standard, Candidate { values: &values, groups: &groups });
    assert_eq!(answer.warnings.len(), 100);
    assert_eq!(answer.faults[0].field, "NgayHenTra");
    assert_eq!(answer.json, None);
}

#[test]
fn codes_count_on_the_records_own_date() {
    let standard = national();
    let observation = standard.record_type("observation").unwrap();
    let looked_up = [
        ("2025-Q2", "month", "64", &["LT-4110"][..]),
        ("2025-06", "month", "64", &[]),
        ("2025-07", "month", "64", &["LT-4108"]),
        ("2025-07", "month", "52", &[]),
        ("2025", "year", "64", &["LT-4108"]),
        ("2025-13", "month", "99", &["LT-4107", "LT-4105"]),
    ];
    for (period, kind, area, expected) in looked_up {
        let mut values = vec![Value::Missing; observation.fields.len()];
        let fields = [
            ("regime", "gso-monthly"),
            ("indicator", "cpi"),
            ("area", area),
            ("data_type", "official"),
            ("period_kind", kind),
            ("period", period),
            ("measure", "index"),
            ("reporting_agency", "G05.13"),
        ];
        for (name, text) in fields {
            values[observation.field_index(name).unwrap()] = Value::Text(text);
        }
        values[observation.field_index("revision").unwrap()] = Value::Integer(2);
        values[observation.field_index("value").unwrap()] = Value::Decimal("104.44");
        let candidate = Candidate { values: &values, groups: &[] };
        let answer = accept(observation, standard, candidate);
        let codes: Vec<&str> = answer.faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, expected, "{period} {area}: {:?}", answer.faults);
        if let Some(key) = answer.key {
            let expected =
                ["gso-monthly", "cpi", "", area, "official", period, "", "G05.13"].join("\u{1f}");
            assert_eq!(key, expected);
        }
    }
}

#[test]
fn an_observation_has_exactly_one_value() {
    let standard = national();
    let observation = standard.record_type("observation").unwrap();
    let index = |name| observation.field_index(name).unwrap();
    for (value, text, is_good) in [
        (Value::Decimal("1.0"), Value::Missing, true),
        (Value::Missing, Value::Text("tăng"), true),
        (Value::Missing, Value::Missing, false),
        (Value::Decimal("1.0"), Value::Text("tăng"), false),
    ] {
        let mut values = vec![Value::Missing; observation.fields.len()];
        for (name, code) in [
            ("regime", "gso-monthly"),
            ("indicator", "iip"),
            ("data_type", "estimate"),
            ("period_kind", "month"),
            ("period", "2024-06"),
            ("measure", "percent"),
            ("reporting_agency", "G05.13"),
        ] {
            values[index(name)] = Value::Text(code);
        }
        values[index("revision")] = Value::Integer(0);
        values[index("value")] = value;
        values[index("text_value")] = text;
        let answer = accept(observation, standard, Candidate { values: &values, groups: &[] });
        assert_eq!(answer.json.is_some(), is_good, "{:?}", answer.faults);
    }
}

#[test]
fn nulls_and_dates_of_a_user_made_standard_are_written() {
    let standard = compiled("examples/peers/mappings/standard/peers");
    let dossier = standard.record_type("dossier").unwrap();
    let mut values = vec![Value::Missing; dossier.fields.len()];
    for (name, value) in [
        ("dossierId", Value::Text("000.00.01.H22-250620-000001")),
        ("procedureCode", Value::Text("1.004000")),
        ("procedureName", Value::Text("Thủ tục – cấp & đổi")),
        ("receivedAt", at("2025-06-20T01:35:00+07:00")),
        ("dueAt", Value::Null),
        ("returnedAt", Value::Null),
        ("statusCode", Value::Text("01")),
        ("statusName", Value::Text("Mới đăng ký")),
        ("agencyCode", Value::Text("H22")),
        ("agencyName", Value::Text("Ủy ban nhân dân tỉnh số 22")),
        ("applicantName", Value::Text("Nguyễn Văn An")),
        ("applicantId", Value::Text("000000000012")),
        ("applicantBirthDate", Value::Date(Date::new(1970, 1, 2).unwrap())),
        ("feeVnd", Value::Integer(150_000)),
        ("channel", Value::Text("ONLINE")),
        ("serviceLevel", Value::Integer(4)),
        ("overdue", Value::Null),
    ] {
        values[dossier.field_index(name).unwrap()] = value;
    }
    let answer = accept(dossier, &standard, Candidate { values: &values, groups: &[] });
    let json = answer.json.unwrap();
    assert!(json.contains(r#""dueAt":null,"returnedAt":null,"statusCode":"01""#), "{json}");
    assert!(json.contains(r#""applicantBirthDate":"1970-01-02","feeVnd":150000,"#), "{json}");
    assert!(json.ends_with(r#""serviceLevel":4,"overdue":null}"#), "{json}");
}

#[test]
fn wrong_forms_of_codes_come_with_a_hint() {
    let standard = small(
        "key = [\"id\"]\nhistory = \"latest\"\nown_date = \"day\"\n[fields]\n\
         id = { title.vi = \"id\", type = \"identifier\", identifier = \"agency\", required = true }\n\
         day = { title.vi = \"d\", type = \"date\" }\n\
         colour = { title.vi = \"c\", type = \"code\", code_list = \"colour\" }\n",
    )
    .unwrap();
    let thing = standard.record_type("thing").unwrap();
    let hints = [
        (
            "000-00-24-H40",
            "red",
            "2025-01-01",
            Some("it reads as `000.00.24.H40`: let the mapping do `agency-code`"),
        ),
        (
            "H40",
            "r",
            "2025-01-01",
            Some("it is another spelling of `red`: `aliases = true` in the mapping"),
        ),
        (
            "H40",
            "gren",
            "2025-01-01",
            Some("the nearest known codes are `green` (Xanh), `red` (Đỏ)"),
        ),
        ("H40", "green", "2025-07-01", Some("its successor is `teal` (Xanh)")),
        ("H40", "green", "2025-06-30", None),
    ];
    for (id, colour, day, hint) in hints {
        let day = Value::Date(Date::parse_iso(day).unwrap());
        let values = [Value::Text(id), day, Value::Text(colour)];
        let answer = accept(thing, &standard, Candidate { values: &values, groups: &[] });
        let found = answer.faults.first().and_then(|fault| fault.hint.as_deref());
        assert_eq!(found, hint, "{:?}", answer.faults);
    }
}

#[test]
#[should_panic(expected = "one value for each field")]
fn a_candidate_of_another_width_is_a_mistake_of_its_maker() {
    let standard = national();
    let dossier = standard.record_type("dossier").unwrap();
    accept(dossier, standard, Candidate { values: &[Value::Missing], groups: &[] });
}
