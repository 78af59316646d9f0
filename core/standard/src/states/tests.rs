//! Which state leads to which, and codes as numbers.

use crate::compile::tests::national;
use crate::{StateCode, StateTable};

fn table() -> &'static StateTable {
    let dossier = national().record_type("dossier").unwrap();
    &dossier.states.as_ref().unwrap().table
}

fn leads(before: &str, after: &str) -> bool {
    table().leads_to(StateCode::of(before).unwrap(), StateCode::of(after).unwrap())
}

#[test]
fn a_code_is_a_number_and_comes_back() {
    for code in ["1", "10", "0", "ABCDEFG", "đ"] {
        let state = StateCode::of(code).unwrap();
        assert_eq!(StateCode::from_number(state.number()).to_string(), code);
        assert_ne!(state, StateCode::NONE);
    }
    assert_eq!(StateCode::of(""), None);
    assert_eq!(StateCode::of("12345678"), None);
    assert_ne!(StateCode::of("1"), StateCode::of("01"));
}

#[test]
fn a_dossier_goes_forward_and_not_back() {
    let forward = ["12", "13", "14", "1a", "24", "29", "2a", "4a", "9a", "8a", "45", "54", "64"];
    for pair in forward {
        let (before, after) = pair.split_at(1);
        let code = |text: &str| if text == "a" { "10".to_owned() } else { text.to_owned() };
        assert!(leads(&code(before), &code(after)), "{pair}");
    }
    for (before, after) in
        [("10", "2"), ("10", "9"), ("4", "2"), ("4", "1"), ("3", "4"), ("7", "4"), ("9", "4")]
    {
        assert!(!leads(before, after), "{before} to {after}");
    }
}

#[test]
fn every_state_stays_itself_and_all_but_the_last_ones_can_be_withdrawn() {
    for code in ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"] {
        assert!(leads(code, code));
        assert_eq!(leads(code, "7"), !matches!(code, "3" | "10"), "{code}");
    }
}

#[test]
fn what_is_not_in_the_table_is_not_judged() {
    assert!(table().leads_to(StateCode::NONE, StateCode::of("1").unwrap()));
    assert!(table().leads_to(StateCode::of("10").unwrap(), StateCode::of("99").unwrap()));
}
