//! Every form seen, what is refused, and what must hold for any text.

use proptest::prelude::*;

use super::{AgencyCode, DossierCode, Generation, ProcedureCode};
use crate::compile::tests::national;
use crate::shape::Shape;
use crate::{Date, Lookup};

fn agency(text: &str) -> Option<String> {
    AgencyCode::read(text).map(|code| code.to_string())
}

fn procedure(text: &str) -> Option<String> {
    ProcedureCode::read(text).map(|code| code.to_string())
}

fn dossier(text: &str) -> Option<String> {
    DossierCode::read(text).map(|code| code.to_string())
}

#[test]
fn agency_codes_are_read_in_every_spelling_seen() {
    let readings = [
        ("000.00.18.G12", Some("000.00.18.G12")),
        ("000-00-24-H40", Some("000.00.24.H40")),
        (" 000.00.00.h22\u{200b}", Some("000.00.00.H22")),
        ("000. 00. 01.A53", Some("000.00.01.A53")),
        ("000‐00‑24–H40", Some("000.00.24.H40")),
        ("\u{feff}Ｇ１２．１８", Some("G12.18")),
        ("g12", Some("G12")),
        ("H56.14.003", Some("H56.14.003")),
        // A point is missing, a letter stands for a digit, a system and no body, no code at all.
        ("000.1137.H53", None),
        ("000.0O.18.G12", None),
        ("00.53.W00", None),
        ("Bộ Tài chính", None),
        ("G12.18.003.04.05", None),
        ("", None),
        ("   ", None),
    ];
    for (text, expected) in readings {
        assert_eq!(agency(text).as_deref(), expected, "{text:?}");
    }
}

#[test]
fn the_two_generations_are_one_body() {
    let pairs = [
        ("000.00.00.G12", "G12"),
        ("000.00.18.G12", "G12.18"),
        ("000.05.18.G12", "G12.18.05"),
        ("001.01.07.H53", "H53.07.01.001"),
        // Kept, or another body would have the same code.
        ("000.05.00.G12", "G12.00.05"),
    ];
    for (first, second) in pairs {
        let (one, two) = (AgencyCode::read(first).unwrap(), AgencyCode::read(second).unwrap());
        assert_eq!((one.generation(), two.generation()), (Generation::One, Generation::Two));
        assert_eq!(one.to_generation_2(), two);
        assert_eq!(two.to_generation_1(), Some(one.clone()));
        assert_eq!((one.root(), two.root()), (second.split('.').next().unwrap(), one.root()));
    }
    // The older form has no room for a second level of three digits.
    assert_eq!(AgencyCode::read("H56.140").unwrap().to_generation_1(), None);
}

#[test]
fn procedure_codes_are_read_with_and_without_their_owner() {
    let readings = [
        ("1.015045", Some(("1.015045", "1.015045", None, true))),
        (
            "1.001612.000.00.00.h48",
            Some(("1.001612.000.00.00.H48", "1.001612", Some("000.00.00.H48"), true)),
        ),
        (
            "1.001612-000-00-00-H48",
            Some(("1.001612.000.00.00.H48", "1.001612", Some("000.00.00.H48"), true)),
        ),
        ("2.002622.H56 ", Some(("2.002622.H56", "2.002622", Some("H56"), true))),
        (
            "TS_lop1.000.00.00.H22",
            Some(("TS_lop1.000.00.00.H22", "TS_lop1", Some("000.00.00.H22"), false)),
        ),
        ("H22", Some(("H22", "H22", None, false))),
        ("1.01504", None),
        ("thủ tục", None),
    ];
    for (text, expected) in readings {
        let read = ProcedureCode::read(text);
        let owner = read.as_ref().and_then(ProcedureCode::owner);
        let found = read.as_ref().map(|code| {
            (
                code.as_str(),
                code.number(),
                owner.as_ref().map(AgencyCode::as_str),
                code.is_national(),
            )
        });
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn dossier_codes_are_read_in_every_spelling_seen() {
    let readings = [
        ("000.00.53.H48-220921-0099", Some("000.00.53.H48-220921-0099")),
        ("000-00-53-h48-220921-0099", Some("000.00.53.H48-220921-0099")),
        ("G09.20 - 20260609 - 0092637", Some("G09.20-20260609-0092637")),
        ("h48-220921-00991\u{200b}", Some("H48-220921-00991")),
        ("000.00.53.H48-2209-0099", None),
        ("H48/220921/0099", None),
        ("220921-0099", None),
        ("", None),
    ];
    for (text, expected) in readings {
        assert_eq!(dossier(text).as_deref(), expected, "{text:?}");
    }
    let code = DossierCode::read("000-00-53-H48-220921-0099").unwrap();
    assert_eq!(code.agency(), AgencyCode::read("000.00.53.H48"));
    assert_eq!(code.received_on(), Date::new(2022, 9, 21));
}

#[test]
fn every_code_of_the_register_is_read_or_listed_as_faulty() {
    let register = national().code_list("agencies").unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../mappings/standard/v1/codes");
    let faults = std::fs::read_to_string(format!("{folder}/agencies-faults.csv")).unwrap();
    for entry in register.codes() {
        let code = AgencyCode::read(&entry.code).unwrap();
        assert_eq!(code.as_str(), &*entry.code);
        assert_eq!(code.to_generation_2().to_generation_1().as_ref(), Some(&code));
    }
    // The list as it was found lies beside the project, not in it.
    let found = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/agency-codes.csv");
    let Ok(found) = std::fs::read(found) else { return };
    let mut unread = 0;
    for row in csv::Reader::from_reader(found.as_slice()).records() {
        let row = row.unwrap();
        if let Some(code) = AgencyCode::read(&row[0]) {
            let known = register.lookup(code.as_str(), None);
            assert!(matches!(known, Lookup::InForce(_)), "{code}");
        } else {
            unread += 1;
            assert!(faults.contains(&format!(",{},malformed", &row[0])), "{}", &row[0]);
        }
    }
    assert_eq!(unread, 1);
}

proptest! {
    #[test]
    fn a_canonical_form_is_read_as_itself(
        text in prop_oneof![
            "[0-9]{3}[.-][0-9]{2} ?[.-][0-9]{2}[.-][A-Za-z][0-9]{2}",
            "[A-Za-z][0-9]{2}([.-][0-9]{2,3}){0,4}",
            "[0-9]\\.[0-9]{6}([.-][A-Za-z][0-9]{2})?",
            "[A-Za-z_]{1,6}([.-][0-9]{3}[.-][0-9]{2}[.-][0-9]{2})?[.-][A-Za-z][0-9]{2}",
            "([0-9]{3}[.-][0-9]{2}[.-][0-9]{2}[.-])?[A-Za-z][0-9]{2}-[0-9]{6}-[0-9]{4,7}",
            "[\\PC\u{200b}\u{ff10}-\u{ff5a}]{0,24}",
        ]
    ) {
        let read = |shape: Shape, text: &str| match shape {
            Shape::Agency => agency(text),
            Shape::Procedure => procedure(text),
            _ => dossier(text),
        };
        for shape in [Shape::Agency, Shape::Procedure, Shape::Dossier] {
            let Some(once) = read(shape, &text) else { continue };
            prop_assert!(shape.is_match(&once), "{} is not of its shape", once);
            prop_assert_eq!(read(shape, &once), Some(once.clone()));
        }
    }

    #[test]
    fn what_the_standard_takes_keeps_its_letters(
        text in "([0-9]{3}\\.[0-9]{2}\\.[0-9]{2}\\.[A-Z][0-9]{2}|[A-Z][0-9]{2}(\\.[0-9]{2,3}){0,3})"
    ) {
        prop_assert_eq!(agency(&text), Some(text.clone()));
        let code = AgencyCode::read(&text).unwrap();
        if let Some(first) = code.to_generation_1() {
            prop_assert_eq!(first.to_generation_2().to_generation_1(), Some(first));
        }
    }
}
