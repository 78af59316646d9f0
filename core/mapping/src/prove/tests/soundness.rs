//! No verdict is ever wrong: over random shapes, mappings and items, what is proven never fails, and
//! of what is refuted nothing passes.

use std::collections::BTreeSet;

use lienthong_shape::{Format, Keep, Learner, Shape};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng as Draw;

use super::sketch::Sketch;
use super::{all_probes, mappings, review, verdict};
use crate::{Mapping, Rejection, State, Subject, Verdict, Workspace};

/// Items that are mapped.
const CASES: usize = 100_000;
/// Items of each mapping.
const ITEMS: usize = 100;

const FORMATS: [(Format, &str); 3] =
    [(Format::Json, "json"), (Format::Xml, "xml"), (Format::Row, "row")];

/// What was seen, so that a test of nothing is noticed.
#[derive(Debug, Default)]
struct Tried {
    cases: usize,
    accepted: usize,
    /// Fields with a source that were proven in a mapping that ran.
    proven: usize,
    rules_proven: usize,
    groups_proven: usize,
    refuted: usize,
    skipped: usize,
}

#[test]
fn what_is_proven_never_fails_and_of_what_is_refuted_nothing_passes() {
    let mut tried = Tried::default();
    let mut draw = Draw::seed_from_u64(0x1e57);
    let (probes, mut work) = (all_probes(None), Workspace::new());
    while tried.cases < CASES {
        let (format, input) = FORMATS[draw.random_range(0..10_usize).saturating_sub(7)];
        let sketch = Sketch::of_item(format, &mut draw);
        let shape = sketch.shape(format);
        for _ in 0..4 {
            let body = mappings::body(&sketch, format, &mut draw);
            let Some(mapping) = review(input, &body, None).mapping else {
                tried.skipped += 1;
                continue;
            };
            let over = review(input, &body, Some(&shape));
            let case =
                Case { mapping: &mapping, verdicts: &over.verdicts, body: &body, shape: &shape };
            case.count(&mut tried);
            let first = sketch.item(format, &mut draw);
            let fits = shape.fits(first.as_bytes(), &probes);
            assert_eq!(fits, Ok(()), "{first}\n{}", shape.to_toml());
            case.try_item(&first, &mut work, &mut tried);
            for _ in 1..ITEMS {
                case.try_item(&sketch.item(format, &mut draw), &mut work, &mut tried);
            }
        }
    }
    println!("{tried:?}");
    assert!(tried.cases >= 100_000, "{tried:?}");
    assert!(tried.accepted > tried.cases / 200, "{tried:?}");
    assert!(tried.proven > 1000 && tried.refuted > 100, "{tried:?}");
    assert!(tried.rules_proven > 1000 && tried.groups_proven > 300, "{tried:?}");
}

struct Case<'c> {
    mapping: &'c Mapping,
    verdicts: &'c [Verdict],
    body: &'c str,
    shape: &'c Shape,
}

impl Case<'_> {
    fn is_refuted(&self) -> bool {
        self.verdicts.iter().any(|verdict| verdict.state == State::Refuted)
    }

    fn count(&self, tried: &mut Tried) {
        tried.refuted += usize::from(self.is_refuted());
        for verdict in self.verdicts.iter().filter(|verdict| verdict.state == State::Proven) {
            match verdict.subject {
                Subject::Field if verdict.place.is_some() => tried.proven += 1,
                Subject::Field => {}
                Subject::Group => tried.groups_proven += usize::from(verdict.place.is_some()),
                Subject::Rule => tried.rules_proven += 1,
            }
        }
    }

    fn try_item(&self, item: &str, work: &mut Workspace, tried: &mut Tried) {
        tried.cases += 1;
        match self.mapping.apply(item.as_bytes(), work, &mut |_| {}) {
            Ok(()) => {
                tried.accepted += 1;
                assert!(!self.is_refuted(), "refuted, and accepted: {}", self.shown(item));
            }
            Err(rejection) => self.blame(item, &rejection),
        }
        for breach in work.breaches() {
            let rule = &self.mapping.record_type().rules[breach.rule];
            self.is_not_proven(&rule.code, item);
        }
    }

    /// Nothing that is at fault was proven.
    fn blame(&self, item: &str, rejection: &Rejection) {
        for reason in &rejection.reasons {
            let Some(field) = &reason.field else {
                let mut groups = self.verdicts.iter().filter(|one| one.subject == Subject::Group);
                let is_told = groups.any(|verdict| verdict.state != State::Proven);
                assert!(is_told, "nobody said {reason}: {}", self.shown(item));
                continue;
            };
            if reason.code == "LT-4110" {
                let rule = reason.message.rsplit('`').nth(1).unwrap();
                self.is_not_proven(rule, item);
            } else {
                self.is_not_proven(&without_rows(field), item);
            }
        }
    }

    fn is_not_proven(&self, name: &str, item: &str) {
        let verdict = verdict(self.verdicts, name);
        let is_proven = verdict.state == State::Proven;
        assert!(!is_proven, "`{name}` is proven: {verdict:?}\n{}", self.shown(item));
    }

    fn shown(&self, item: &str) -> String {
        let outcome = self.mapping.apply(item.as_bytes(), &mut Workspace::new(), &mut |_| {});
        format!("{outcome:?}\n{item}\n{}\n{}", self.body, self.shape.to_toml())
    }
}

/// `fees[2].name` as `fees.name`.
fn without_rows(field: &str) -> String {
    let mut pieces = field.split(['[', ']']);
    let mut name = pieces.next().unwrap_or_default().to_owned();
    while let (Some(_), rest) = (pieces.next(), pieces.next()) {
        name.push_str(rest.unwrap_or_default());
    }
    name
}

#[test]
fn learned_records_fail_as_often_as_is_said() {
    let mut draw = Draw::seed_from_u64(0xc047);
    let (mut counted, mut exact) = (0, 0);
    for _ in 0..250 {
        let (format, input) = FORMATS[draw.random_range(0..10_usize).saturating_sub(7)];
        let sketch = Sketch::of_item(format, &mut draw);
        let body = mappings::body(&sketch, format, &mut draw);
        let Some(mapping) = review(input, &body, None).mapping else { continue };
        let items: Vec<String> = (0..30).map(|_| sketch.item(format, &mut draw)).collect();
        let (probes, keep) = (all_probes(Some(&mapping)), |_: &[&str]| Keep::Codes);
        let mut learner = Learner::new("sys/things", format, &probes, &keep);
        for item in &items {
            learner.observe(item.as_bytes()).unwrap();
        }
        let shape = learner.shape();
        let verdicts = review(input, &body, Some(&shape)).verdicts;
        // What can't be decoded at all is not told field by field.
        let Some(faults) = faults(&mapping, &items) else { continue };
        for verdict in verdicts.iter().filter(|verdict| verdict.subject == Subject::Field) {
            let failed = faults.iter().filter(|names| names.contains(&*verdict.field)).count();
            let failed = u64::try_from(failed).unwrap();
            let (least, most) = verdict.fails.map_or((0, 0), |it| (it.at_least, it.at_most));
            let shown = || format!("{failed} failed: {verdict:?}\n{body}\n{}", shape.to_toml());
            assert!((least..=most).contains(&failed), "{}\n{items:#?}", shown());
            counted += 1;
            exact += usize::from(most > 0 && least == most);
        }
    }
    assert!(counted > 1500 && exact > 100, "{counted} counted, {exact} exact");
}

/// The fields at fault in each item; none where an item can't be decoded.
fn faults(mapping: &Mapping, items: &[String]) -> Option<Vec<BTreeSet<String>>> {
    let mut all = Vec::new();
    for item in items {
        let outcome = mapping.apply(item.as_bytes(), &mut Workspace::new(), &mut |_| {});
        let reasons = outcome.err().map(|rejection| rejection.reasons).unwrap_or_default();
        let names: Option<BTreeSet<String>> =
            reasons.iter().map(|reason| Some(without_rows(reason.field.as_ref()?))).collect();
        all.push(names?);
    }
    Some(all)
}
