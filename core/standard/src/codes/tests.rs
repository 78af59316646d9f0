//! Look-ups in code lists, on and off their days.

use crate::compile::tests::national;
use crate::{CodeList, Date, Lookup};

fn name<'a>(list: &'a CodeList, code: &str, on: &str) -> Result<&'a str, &'static str> {
    match list.lookup(code, Date::parse_iso(on)) {
        Lookup::InForce(entry) => Ok(&entry.name.vi),
        Lookup::OutOfForce(_) => Err("out of force"),
        Lookup::Unknown => Err("unknown"),
    }
}

#[test]
fn provinces_changed_on_the_first_of_july_2025() {
    let standard = national();
    let provinces = standard.code_list("provinces").unwrap();
    let looked_up = [
        ("01", "2010-01-01", Ok("Thành phố Hà Nội")),
        ("01", "2026-01-01", Ok("Thành phố Hà Nội")),
        ("64", "2025-06-30", Ok("Tỉnh Gia Lai")),
        ("64", "2025-07-01", Err("out of force")),
        ("52", "2025-06-30", Ok("Tỉnh Bình Định")),
        ("52", "2025-07-01", Ok("Tỉnh Gia Lai")),
        ("46", "2024-12-31", Ok("Tỉnh Thừa Thiên Huế")),
        ("46", "2025-01-01", Ok("Thành phố Huế")),
        ("1", "2025-01-01", Err("unknown")),
    ];
    for (code, on, expected) in looked_up {
        assert_eq!(name(provinces, code, on), expected, "{code} on {on}");
    }
    let in_force = |on: &str| {
        let on = Date::parse_iso(on).unwrap();
        provinces.codes().iter().filter(|code| code.is_in_force(on)).count()
    };
    assert_eq!(in_force("2025-06-30"), 63);
    assert_eq!(in_force("2025-07-01"), 34);
}

#[test]
fn the_province_that_takes_over_is_in_force_afterwards() {
    let standard = national();
    let provinces = standard.code_list("provinces").unwrap();
    let after = Date::new(2025, 7, 1);
    for entry in provinces.codes().iter().filter(|entry| entry.valid_to.is_some()) {
        assert_eq!(entry.successors.len(), 1, "{entry:?}");
        assert_eq!(provinces.successors(entry, after).len(), 1, "{entry:?}");
    }
}

#[test]
fn agencies_are_clean_and_know_their_parents() {
    let standard = national();
    let agencies = standard.code_list("agencies").unwrap();
    assert_eq!(agencies.codes().len(), 448);
    assert!(!agencies.contains("000.1137.H53"));
    let Lookup::InForce(office) = agencies.lookup("000.11.37.H53", None) else {
        panic!("the malformed code is read as what it means")
    };
    assert_eq!(office.parent.as_deref(), Some("000.00.37.H53"));
    let faulty = agencies.codes().iter().find(|code| code.name.vi.contains("UBND Xã hội"));
    assert_eq!(faulty, None);
}

#[test]
fn an_alias_leads_to_its_code() {
    let standard = national();
    let kinds = standard.code_list("data-type").unwrap();
    assert_eq!(kinds.by_alias("3").map(|code| &*code.code), Some("actual"));
    assert_eq!(kinds.by_alias("actual"), None);
    let near: Vec<_> = kinds.candidates("estimat", None, 1).iter().map(|c| &*c.code).collect();
    assert_eq!(near, ["estimate"]);
}
