//! The rows of the record and of its groups: what a row is, and how many there can be.

use lienthong_shape::Shape;

use super::failure::{Cause, Failures};
use super::outcome::Outcome;
use super::place::{Aim, Stand, Thing, Walk};
use super::tally::Tally;
use crate::Input;
use crate::path::Path;
use crate::plan::{Rule, Source};

/// More rows than any record has.
const MANY: u64 = 1 << 32;

/// The rows of one scope.
#[derive(Clone, Debug)]
pub(crate) struct Scope<'s> {
    /// How the rows are written: a list in a document is written as the document.
    pub(crate) input: Input,
    /// What a row can be.
    pub(crate) stands: Vec<Stand<'s>>,
    /// How many rows were learned; none where nothing was.
    pub(crate) of: u64,
    /// The fewest and the most rows of one record.
    pub(crate) per_record: (u64, u64),
    /// The fewest and the most rows in one row of the scope around.
    pub(crate) per_parent: (u64, u64),
    /// How many rows of the scope around have none.
    pub(crate) empty: Tally,
    /// Why the list can't be reached.
    pub(crate) failures: Failures,
}

impl<'s> Scope<'s> {
    /// The record itself.
    pub(crate) fn of_record(shape: Option<&'s Shape>, input: Input) -> Self {
        let tally = Tally::up_to(0);
        let anything = || vec![Stand { thing: Thing::Anything, tally, is_all: false }];
        let of = shape.map_or(0, |shape| shape.items);
        let stands = shape.map_or_else(anything, |shape| Stand::all(&shape.root, None, input));
        let (per_record, per_parent) = ((1, 1), (1, 1));
        Self {
            input,
            stands,
            of,
            per_record,
            per_parent,
            empty: Tally::NEVER,
            failures: Failures::default(),
        }
    }

    /// The elements of a list in the rows of another scope.
    pub(crate) fn of_list(around: &Self, path: &Path) -> Self {
        let input = around.input;
        let walk = Walk { input, aim: Aim::Rows };
        let mut rows = Rows::default();
        let end = path.format(input);
        if path.crossing().is_some() {
            rows.failures.add(Cause::Document(end), Tally::up_to(around.of));
        }
        for stand in walk.along(&around.stands, &path.steps) {
            rows.add(stand, end);
        }
        let (fewest, most) = (rows.fewest.unwrap_or(0), rows.most);
        let times = |one: u64, other: u64| one.saturating_mul(other).min(MANY);
        let of = if around.of == 0 { 0 } else { rows.stands.iter().map(|s| s.tally.most).sum() };
        Self {
            input: end,
            stands: rows.stands,
            of,
            per_record: (times(around.per_record.0, fewest), times(around.per_record.1, most)),
            per_parent: (fewest, most),
            empty: rows.empty,
            failures: rows.failures,
        }
    }

    /// The parts of texts: how many there are, and what they are, is not looked into.
    pub(crate) fn of_parts(around: &Self) -> Self {
        let tally = Tally::up_to(around.of);
        let mut failures = Failures::default();
        failures.add(Cause::Parts, tally);
        Self {
            input: Input::Row,
            stands: vec![Stand { thing: Thing::Anything, tally, is_all: false }],
            of: around.of,
            per_record: (0, MANY),
            per_parent: (0, MANY),
            empty: tally,
            failures,
        }
    }

    /// At most one row, of the row around, where one of the group's fields has a value.
    pub(crate) fn around(around: &Self, rules: &[Option<Rule>], given: &[Outcome]) -> Self {
        let read = rules.iter().zip(given).filter(|(rule, _)| is_read(rule.as_ref()));
        let (mut can_be, mut must_be) = (false, false);
        for (_, given) in read {
            let can_fail = given.failures.has_other_than_missing();
            can_be |= given.may_be_present() || can_fail;
            let can_lack = given.may_be_absent() || !given.failures.is_empty();
            must_be |= given.may_be_present() && !can_lack;
        }
        let per_parent = (u64::from(must_be), u64::from(can_be));
        let empty = if must_be { Tally::NEVER } else { Tally::up_to(around.of) };
        Self {
            per_record: (
                around.per_record.0 * per_parent.0,
                around.per_record.1.saturating_mul(per_parent.1),
            ),
            per_parent,
            empty,
            failures: Failures::default(),
            ..around.clone()
        }
    }
}

/// Whether a value of the rule makes a row by itself: a constant does not.
pub(crate) fn is_read(rule: Option<&Rule>) -> bool {
    rule.is_some_and(|rule| !matches!(rule.source, Source::Value(_)))
}

/// The rows that a list gives, as its places are met.
#[derive(Default)]
struct Rows<'s> {
    stands: Vec<Stand<'s>>,
    fewest: Option<u64>,
    most: u64,
    empty: Tally,
    failures: Failures,
}

impl<'s> Rows<'s> {
    fn count(&mut self, fewest: u64, most: u64) {
        self.fewest = Some(self.fewest.map_or(fewest, |known| known.min(fewest)));
        self.most = self.most.max(most);
    }

    fn none(&mut self, tally: Tally) {
        self.count(0, 0);
        self.empty += tally;
    }

    fn add(&mut self, stand: Stand<'s>, input: Input) {
        let some = stand.tally.some();
        match stand.thing {
            Thing::Nothing => self.none(stand.tally),
            Thing::Unfit(why) => self.failures.add(Cause::OnTheWay(why), stand.tally),
            // An empty text in JSON is an empty list.
            Thing::Text(text) if input != Input::Xml && text.blank > 0 => {
                self.none(some);
                self.count(1, 1);
                self.stands.push(Stand { tally: some, is_all: false, ..stand });
            }
            Thing::Nil | Thing::Text(_) | Thing::Number(_) | Thing::Truth | Thing::Object(_) => {
                self.count(1, 1);
                self.stands.push(stand);
            }
            Thing::List(list) => {
                self.count(list.len_min.into(), list.len_max.into());
                if list.len_min == 0 {
                    self.empty += some;
                }
                if list.len_max > 0 {
                    let at_most = (!stand.is_all).then_some(list.element.occasions);
                    self.stands.extend(Stand::all(&list.element, at_most, input));
                }
            }
            Thing::Anything => {
                self.count(0, MANY);
                self.empty += some;
                self.stands.push(stand);
            }
        }
    }
}
