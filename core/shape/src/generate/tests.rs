use std::collections::BTreeSet;

use proptest::prelude::*;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

use super::item;
use crate::{Format, Shape, sample};

fn made(shape: &Shape, seed: u64, count: usize) -> Vec<Vec<u8>> {
    let (probes, mut rng) = (sample::probes(), ChaCha8Rng::seed_from_u64(seed));
    (0..count).map(|_| item(shape, &probes, &mut rng, &mut |_| None).unwrap()).collect()
}

#[test]
fn xml_items_fit_their_shape() {
    let items = [
        "<r><a id='1'>x</a><l>1</l><l>2</l><n xmlns:i='s' i:nil='true'/><d>03/06/2025</d></r>",
        "<r><a id='&lt;'>&amp; y</a><l>3</l><l>4</l><l/><n>5</n><d>04/06/2025</d><o><p/></o></r>",
    ];
    let shape = sample::learned(Format::Xml, &items);
    let distinct: BTreeSet<Vec<u8>> = made(&shape, 1, 50).into_iter().collect();
    assert!(distinct.len() > 25, "{} different items", distinct.len());
}

#[test]
fn a_caller_makes_the_texts_of_its_forms() {
    let items = [r#"{"a":"12345678"}"#, r#"{"a":"87654321"}"#];
    let shape = sample::learned(Format::Json, &items);
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut make = |form: &str| (form == "integer").then(|| "00000007".to_owned());
    let item = item(&shape, &sample::probes(), &mut rng, &mut make).unwrap();
    assert_eq!(item, br#"{"a":"00000007"}"#);
}

#[test]
fn a_form_that_nobody_can_make_makes_no_item() {
    let text = "shape = \"a/b\"\nformat = \"json\"\n[places.\".\"]\nobject = 1\n[places.a]\n\
                text.chars = [3, 3]\ntext.always = [\"date:%d/%m/%Y\"]\n";
    let shape = Shape::parse("x", text).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    assert_eq!(item(&shape, &sample::probes(), &mut rng, &mut |_| None), None);
}

proptest! {
    #[test]
    fn items_of_a_learned_shape_are_made_and_fit_it(items in sample::items(1..8), seed: u64) {
        let shape = sample::learned(Format::Json, &items);
        for item in made(&shape, seed, 5) {
            let shown = String::from_utf8_lossy(&item).into_owned();
            prop_assert_eq!(shape.fits(&item, &sample::probes()), Ok(()), "{}", shown);
        }
    }
}
