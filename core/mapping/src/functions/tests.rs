//! Every example of every function, and what must hold for any text.

use std::sync::OnceLock;

use proptest::prelude::*;

use super::{Outcome, Step, functions, functions_reference};
use crate::compile::step_from_toml;

fn run(step: &Step, input: &str) -> Option<String> {
    let mut out = String::new();
    match step.apply(input, &mut out) {
        Outcome::Kept(range) => input.get(range).map(str::to_owned),
        Outcome::Written => Some(out),
        Outcome::Failed(_) => None,
    }
}

/// The steps of all examples, read once.
fn example_steps() -> &'static [Step] {
    static STEPS: OnceLock<Vec<Step>> = OnceLock::new();
    STEPS.get_or_init(|| {
        let examples = functions().iter().flat_map(|function| function.examples);
        examples.map(|example| step_from_toml(example.written).unwrap()).collect()
    })
}

#[test]
fn examples_hold() {
    for function in functions() {
        assert!(function.examples.len() >= 2, "{} lacks examples", function.name);
        for example in function.examples {
            let step = step_from_toml(example.written).expect(example.written);
            let output = run(&step, example.input);
            assert_eq!(
                output.as_deref(),
                example.output,
                "{} of {:?}",
                example.written,
                example.input
            );
        }
    }
}

#[test]
fn a_function_that_can_fail_shows_it() {
    for function in functions() {
        let shows = function.examples.iter().any(|example| example.output.is_none());
        assert_eq!(shows, function.fails.is_some(), "{}", function.name);
    }
}

#[test]
fn the_reference_page_is_fresh() {
    let page = include_str!("../../../../docs/mapping-language.md");
    let section = page.split("<!-- functions -->\n").nth(1).unwrap();
    let section = section.split("<!-- end of functions -->").next().unwrap();
    let fresh = format!("\n{}", functions_reference());
    assert!(section == fresh, "print it with `cargo run -p lienthong-mapping --example functions`");
}

#[test]
fn names_are_sorted_and_unique() {
    assert!(functions().windows(2).all(|pair| pair[0].name < pair[1].name));
}

proptest! {
    #[test]
    fn cleaning_twice_changes_nothing_more(text in "\\PC{0,12}[ \u{200b}\u{301}a]{0,6}\\PC{0,12}") {
        let cleaners =
            [Step::Nfc, Step::Trim, Step::CollapseSpaces, Step::StripInvisible, Step::DigitsOnly];
        for step in cleaners {
            let once = run(&step, &text).unwrap();
            prop_assert_eq!(run(&step, &once).unwrap(), once, "{:?}", step);
        }
    }

    #[test]
    fn an_identifier_is_canonical_after_one_reading(
        text in "[\\PC\u{200b}]{0,8}|([0-9]{3}[.-][0-9]{2}[.-][0-9]{2}[.-])?[a-zA-Z][0-9]{2}(-[0-9]{6}-[0-9]{4})?"
    ) {
        let steps = [
            Step::AgencyCode,
            Step::AgencyCodeGeneration2,
            Step::DossierCode,
            Step::ProcedureCode,
            Step::ProcedureNumber,
        ];
        for step in steps {
            if let Some(once) = run(&step, &text) {
                prop_assert_eq!(run(&step, &once), Some(once.clone()), "{:?}", step);
            }
        }
    }

    #[test]
    fn no_example_argument_panics_on_any_text(text in "\\PC{0,24}") {
        for step in example_steps() {
            run(step, &text);
        }
    }

    #[test]
    fn both_phone_spellings_agree(digits in "0[1-9][0-9]{8,9}") {
        let e164 = run(&Step::PhoneE164, &digits).unwrap();
        prop_assert_eq!(run(&Step::PhoneVn, &e164).unwrap(), digits);
    }
}
