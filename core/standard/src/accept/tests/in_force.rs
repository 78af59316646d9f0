//! Codes on the record's own date: the turn of June to July 2025, and what lies in what.

use super::{Answer, Candidate, Value, accept, at, dossier_groups, dossier_values};
use crate::compile::tests::national;
use crate::{AgencyCode, Date, FieldFault};

/// Codes by the fields that hold them.
type Place = &'static [(&'static str, &'static str)];

/// A dossier received on a day at a place.
fn received(day: &str, place: Place) -> Answer {
    let dossier = national().record_type("dossier").unwrap();
    let mut changes = vec![("NgayTiepNhan", at(&format!("{day}T23:59:59+07:00")))];
    changes.push(("NgayHenTra", at("2026-12-31T17:00:00+07:00")));
    changes.extend(place.iter().map(|(name, code)| (*name, Value::Text(code))));
    let values = dossier_values(dossier, &changes);
    let groups = dossier_groups(dossier, &[]);
    accept(dossier, national(), Candidate { values: &values, groups: &groups })
}

fn told(faults: &[FieldFault]) -> Vec<(&str, &str, &str)> {
    faults
        .iter()
        .map(|fault| (fault.code, &*fault.field, fault.hint.as_deref().unwrap_or(&fault.reason)))
        .collect()
}

/// Ba Đình before the turn: province, district, commune.
const BEFORE: Place =
    &[("MaTinhTiepNhan", "01"), ("MaHuyenTiepNhan", "001"), ("MaXaTiepNhan", "00001")];

/// The commune that it became part of.
const NOW: Place = &[("MaTinhTiepNhan", "01"), ("MaXaTiepNhan", "00097")];

#[test]
fn a_dossier_of_before_keeps_its_district_and_a_new_one_may_not_have_it() {
    assert_eq!(told(&received("2025-06-30", BEFORE).faults), []);
    let new = received("2025-07-01", BEFORE);
    assert_eq!(
        told(&new.faults),
        [
            ("LT-4108", "MaHuyenTiepNhan", "the list knows no successor"),
            ("LT-4108", "MaXaTiepNhan", "its successor is `00097` (Phường Hồng Hà)"),
        ]
    );
    let commune = &new.faults[1];
    assert!(commune.reason.contains("in force until 2025-06-30, not on 2025-07-01"), "{commune:?}");
    assert!(commune.reason_vi.contains("mã thay thế: `00097` (Phường Hồng Hà)"), "{commune:?}");
    assert_eq!(commune.waiting_for.as_deref(), Some("standard/communes:00001"));
    assert_eq!(told(&received("2025-07-01", NOW).faults), []);
    // The code was that of another commune before, in a district that the record does not name.
    assert_eq!(told(&received("2025-06-30", NOW).faults), []);
}

#[test]
fn every_commune_that_a_divided_one_went_to_is_named_and_none_is_picked() {
    let answer = received("2025-07-01", &[("MaXaTiepNhan", "32245")]);
    let [(code, _, hint)] = told(&answer.faults)[..] else { panic!("{:?}", answer.faults) };
    assert_eq!(code, "LT-4108");
    assert!(hint.starts_with("it was divided among `32244` ("), "{hint}");
    assert!(hint.contains("`32248` (Xã Đất Mũi)"), "{hint}");
    assert!(hint.ends_with("only the source can say which one is meant"), "{hint}");
}

#[test]
fn a_commune_lies_in_the_district_and_the_province_of_its_day() {
    let places: [(&str, Place, &str); 5] = [
        // Phúc Xá lies in Ba Đình, not in Hoàn Kiếm, and in Hà Nội, not in Cao Bằng.
        (
            "2025-06-30",
            &[("MaHuyenTiepNhan", "002"), ("MaXaTiepNhan", "00001")],
            "`001` (Quận Ba Đình)",
        ),
        (
            "2025-06-30",
            &[("MaTinhTiepNhan", "04"), ("MaXaTiepNhan", "00001")],
            "`01` (Thành phố Hà Nội)",
        ),
        (
            "2025-06-30",
            &[("MaTinhTiepNhan", "04"), ("MaHuyenTiepNhan", "001")],
            "`01` (Thành phố Hà Nội)",
        ),
        // The southernmost commune: in Cà Mau on both days, in the district before.
        (
            "2025-07-01",
            &[("MaTinhTiepNhan", "95"), ("MaXaTiepNhan", "32248")],
            "`96` (Tỉnh Cà Mau)",
        ),
        (
            "2025-06-30",
            &[("MaTinhTiepNhan", "95"), ("MaXaTiepNhan", "32248")],
            "`96` (Tỉnh Cà Mau)",
        ),
    ];
    for (day, place, lies_in) in places {
        let answer = received(day, place);
        let fault = answer.faults.iter().find(|fault| fault.code == "LT-4120");
        let fault = fault.unwrap_or_else(|| panic!("{place:?}: {:?}", answer.faults));
        assert!(fault.reason.contains(&format!("lies in {lies_in}")), "{}", fault.reason);
        assert!(fault.reason_vi.contains(&format!("thuộc {lies_in}")), "{}", fault.reason_vi);
    }
}

#[test]
fn every_commune_lies_in_a_province_on_the_days_of_its_time_in_force() {
    let standard = national();
    let list = |name: &str| standard.code_lists.id(name).unwrap();
    let (communes, districts, provinces) = (list("communes"), list("districts"), list("provinces"));
    assert_eq!(standard.faults_of_large_lists(), []);
    let (before, after) = (Date::new(2025, 6, 30).unwrap(), Date::new(2025, 7, 1).unwrap());
    let mut counted = [0, 0];
    for entry in standard.list(communes).unwrap().codes() {
        let (on, at) = if entry.valid_to.is_some() { (before, 0) } else { (after, 1) };
        counted[at] += 1;
        let province = standard.ancestor((communes, &entry.code), provinces, on);
        let district = standard.ancestor((communes, &entry.code), districts, on);
        assert!(province.is_some() && district.is_some() == (at == 0), "{entry:?}");
        let successors = standard.list(communes).unwrap().successors(entry, Some(after));
        assert_eq!(successors.is_empty(), at == 1, "{entry:?}");
        // A commune went to communes of the province that took its own one in.
        let later = province.filter(|_| at == 0).map(|code| {
            let list = standard.list(provinces).unwrap();
            match list.lookup(code, Some(before)) {
                crate::Lookup::InForce(old) => match list.successors(old, Some(after))[..] {
                    [] => code,
                    [only] => &*only.code,
                    _ => panic!("{old:?}"),
                },
                _ => panic!("{code}"),
            }
        });
        for successor in successors {
            assert_eq!(successor.parent.as_deref(), later, "{entry:?}");
        }
    }
    assert_eq!(counted, [10_035, 3_321]);
    assert_eq!(standard.list(districts).unwrap().codes().len(), 696);
}

#[test]
fn a_merged_ministry_is_doubted_after_its_last_day_in_either_generation() {
    let standard = national();
    let report = standard.record_type("observation").unwrap();
    let agency = report.field_index("reporting_agency").unwrap();
    let field = |name: &str| report.field_index(name).unwrap();
    for (code, period, expected) in [
        ("000.00.00.G05", "2025-02", None),
        ("000.00.00.G05", "2025-03", Some("its successor is `000.00.00.G12` (Bộ Tài chính)")),
        ("G05", "2025-03", Some("its successor is `000.00.00.G12` (Bộ Tài chính)")),
        ("G10", "2025-03", Some("the list knows no successor")),
        ("000.00.00.G12", "2025-03", None),
        ("G99", "2025-03", None),
    ] {
        let mut values = vec![Value::Missing; report.fields.len()];
        for (name, text) in [
            ("regime", "gso-monthly"),
            ("indicator", "cpi"),
            ("data_type", "official"),
            ("period_kind", "month"),
            ("measure", "percent"),
            ("period", period),
        ] {
            values[field(name)] = Value::Text(text);
        }
        values[field("revision")] = Value::Integer(0);
        values[field("value")] = Value::Decimal("104.44");
        values[agency] = Value::Text(code);
        let answer = accept(report, standard, Candidate { values: &values, groups: &[] });
        assert_eq!(answer.faults, [], "{code}");
        let gone = answer.warnings.iter().find(|warning| warning.code == "LT-4121");
        let hint = gone.and_then(|warning| warning.hint.as_deref());
        assert_eq!(hint, expected, "{code} in {period}");
    }
    assert_eq!(
        AgencyCode::read("G05").unwrap().to_generation_1().unwrap().as_str(),
        "000.00.00.G05"
    );
}
