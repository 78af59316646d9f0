use proptest::prelude::*;

use crate::{Format, Shape, sample};

fn shape() -> impl Strategy<Value = Shape> {
    let wide =
        (0_usize..140, 0_usize..140).prop_map(|(from, names)| sample::wide(from..from + names));
    (sample::items(0..6), prop::option::weighted(0.2, wide)).prop_map(|(mut items, wide)| {
        items.extend(wide);
        sample::learned(Format::Json, &items)
    })
}

fn merged(one: &Shape, other: &Shape) -> Shape {
    let mut merged = one.clone();
    merged.merge(other);
    merged
}

proptest! {
    #[test]
    fn order_makes_no_difference(one in shape(), other in shape()) {
        prop_assert_eq!(merged(&one, &other), merged(&other, &one));
    }

    #[test]
    fn grouping_makes_no_difference(one in shape(), two in shape(), three in shape()) {
        let left = merged(&merged(&one, &two), &three);
        let right = merged(&one, &merged(&two, &three));
        prop_assert_eq!(left, right);
    }

    #[test]
    fn nothing_merged_in_changes_nothing(one in shape()) {
        let empty = sample::learned(Format::Json, &[] as &[&str]);
        prop_assert_eq!(merged(&one, &empty), one);
    }

    #[test]
    fn what_fits_one_fits_both(one in sample::items(1..6), other in sample::items(1..6)) {
        let both = merged(
            &sample::learned(Format::Json, &one), &sample::learned(Format::Json, &other),
        );
        for item in one.iter().chain(&other) {
            prop_assert_eq!(both.fits(item.as_bytes(), &sample::probes()), Ok(()), "{}", item);
        }
    }
}
