//! What a function makes of a text is always among what is said of its texts.

use std::collections::BTreeMap;
use std::sync::Arc;

use lienthong_shape::{Alphabet, Format, Probe};
use rand::SeedableRng as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng as Draw;

use super::super::failure::Failures;
use super::super::steps::applied;
use super::super::texts::{Having, Texts, alphabet, union};
use super::all_probes;
use super::mappings::STEPS;
use super::sketch::Text;
use crate::compile::step_from_toml;
use crate::functions::Outcome;

/// Texts that go through functions.
const CASES: usize = 60_000;

#[test]
fn what_a_function_makes_is_among_what_is_said() {
    let mut draw = Draw::seed_from_u64(0x57e9);
    let probes: BTreeMap<String, Arc<dyn Probe>> =
        all_probes(None).into_iter().map(|probe| (probe.name().to_owned(), probe)).collect();
    let steps: Vec<_> = STEPS.iter().map(|entry| step_from_toml(entry).unwrap()).collect();
    let (mut read, mut refused) = (0, 0);
    for _ in 0..CASES / 20 {
        let kind = Text::any(Format::Json, &mut draw);
        let chain = [steps.choose(&mut draw).unwrap(), steps.choose(&mut draw).unwrap()];
        let (mut failures, mut said) = (Failures::default(), Texts::of(&kind.seen(), None));
        for step in chain {
            said = applied(step, &said, &mut failures);
        }
        'texts: for _ in 0..20 {
            let first = kind.draw(&mut draw);
            let mut text = first.clone();
            for step in chain {
                let mut written = String::new();
                text = match step.apply(&text, &mut written) {
                    Outcome::Kept(range) => text.get(range).unwrap().to_owned(),
                    Outcome::Written => written,
                    Outcome::Failed(_) => {
                        assert!(!failures.is_empty(), "{first:?} {chain:?} is refused");
                        refused += 1;
                        continue 'texts;
                    }
                };
            }
            read += 1;
            let is_said = is_among(&text, &said, &probes);
            assert!(is_said, "{first:?} {chain:?} gives {text:?}, not among {said:#?}");
        }
    }
    assert!(read > 30_000 && refused > 2_000, "{read} read, {refused} refused");
}

fn is_among(text: &str, said: &Texts, probes: &BTreeMap<String, Arc<dyn Probe>>) -> bool {
    let is_within = |kinds: Alphabet| union(kinds, alphabet(text)) == kinds;
    if said.known.iter().any(|(known, _)| **known == *text) {
        return true;
    }
    if text.trim().is_empty() {
        let is_blank = text.is_empty() || said.blank.is_some_and(is_within);
        return said.hollow.is_possible() && is_blank;
    }
    let chars = u32::try_from(text.chars().count()).unwrap();
    said.body.as_ref().is_some_and(|body| {
        let has = |form: &str, having: Having| {
            having != Having::All || probes.get(form).is_some_and(|probe| probe.holds(text))
        };
        (body.chars.0..=body.chars.1).contains(&chars)
            && is_within(body.alphabet)
            && body.forms.iter().all(|(form, having)| has(form, *having))
    })
}
