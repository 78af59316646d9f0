//! How the national values of a field stand before the standard.

use lienthong_shape::Alphabet;
use lienthong_standard::{CodeList, Field, FieldType, RecordType, Standard, Value};

use super::failure::{Against, Cause, Failures};
use super::outcome::{Other, Outcome};
use super::tally::Tally;
use super::texts::Body;
use crate::plan::Constant;
use crate::probes::Form;

/// Pairs of a code and a date that are tried one by one.
const PAIRS_MAX: usize = 4096;

/// What the standard says of all that a field can be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standing {
    pub(crate) failures: Failures,
    /// Whether anything can pass.
    pub(crate) can_pass: bool,
}

/// What the checks need to know.
#[derive(Clone, Copy)]
pub(crate) struct Court<'a> {
    pub(crate) standard: &'a Standard,
    pub(crate) record_type: &'a RecordType,
    /// What the field can be that says which codes are in force; none where no field does.
    pub(crate) own_date: Option<&'a Outcome>,
}

impl<'a> Court<'a> {
    /// Checks everything that a field can be.
    pub(crate) fn judge(self, field: &Field, given: &Outcome) -> Standing {
        let mut standing = Standing::default();
        let refused = Cause::Standard(Against::Required);
        if field.required {
            standing.failures.add(refused, given.missing);
        } else {
            standing.can_pass |= given.missing.is_possible();
        }
        if field.nullable {
            standing.can_pass |= given.null.is_possible();
        } else {
            standing.failures.add(Cause::Standard(Against::Null), given.null);
        }
        for (constant, tally) in &given.known {
            self.known(field, constant, *tally, &mut standing);
        }
        for other in &given.others {
            self.other(field, other, &mut standing);
        }
        standing
    }

    fn known(self, field: &Field, constant: &Constant, tally: Tally, standing: &mut Standing) {
        let value = constant.value();
        let shown = crate::apply::text_of(value).unwrap_or_default();
        let faults = self.record_type.faults_of(self.standard, field, value, Value::Missing);
        for fault in &faults {
            let cause = Cause::Standard(Against::of_code(fault.code));
            standing.failures.add_value(cause, &shown, tally);
        }
        if !faults.is_empty() {
            return;
        }
        let in_force = match self.dated(field) {
            Some(list) => self.in_force(field, value, list),
            None => InForce::Always,
        };
        standing.can_pass |= in_force != InForce::Never;
        let out = match in_force {
            InForce::Always => return,
            InForce::Sometimes => tally.some(),
            InForce::Never => tally,
        };
        standing.failures.add_value(Cause::Standard(Against::Force), &shown, out);
    }

    /// The list of a field whose codes are in force for a time, where records have a date.
    fn dated(self, field: &Field) -> Option<&'a CodeList> {
        let FieldType::Code(list) = field.kind else { return None };
        self.own_date?;
        self.standard.list(list).filter(|list| list.is_dated())
    }

    /// Whether a code of the list is in force whenever a record says it.
    fn in_force(self, field: &Field, code: Value<'_>, list: &CodeList) -> InForce {
        let Value::Text(text) = code else { return InForce::Sometimes };
        let is_timeless =
            list.entries(text).any(|entry| entry.valid_from.is_none() && entry.valid_to.is_none());
        let Some(own) = self.own_date.filter(|_| !is_timeless) else { return InForce::Always };
        if !own.others.is_empty() || own.known.len() > PAIRS_MAX {
            return InForce::Sometimes;
        }
        // Without a date every code of the list is in force.
        let mut can = own.may_be_absent();
        let mut can_not = false;
        for (date, _) in &own.known {
            let faults = self.record_type.faults_of(self.standard, field, code, date.value());
            can |= faults.is_empty();
            can_not |= !faults.is_empty();
        }
        match (can, can_not) {
            (_, false) => InForce::Always,
            (true, true) => InForce::Sometimes,
            (false, true) => InForce::Never,
        }
    }

    fn other(self, field: &Field, other: &Other, standing: &mut Standing) {
        match other {
            Other::Text(body) => self.text(field, body, standing),
            Other::Blank(tally, kinds) => {
                characters(*kinds, *tally, standing);
                if field.max_chars.is_some() {
                    standing.failures.add(Cause::Standard(Against::Length), tally.some());
                }
                let has_form =
                    field.pattern.is_some() || matches!(field.kind, FieldType::Identifier(_));
                if has_form {
                    standing.failures.add(Cause::Standard(Against::Form), tally.some());
                }
                if let FieldType::Code(_) = field.kind {
                    standing.failures.add(Cause::Standard(Against::Code), tally.some());
                }
                standing.can_pass = true;
            }
            Other::Number(tally, range) => number(field, *tally, range.as_ref(), standing),
            Other::Listed(tally) => {
                if self.dated(field).is_some() {
                    standing.failures.add(Cause::Standard(Against::Force), *tally);
                }
                if field.min.is_some() || field.max.is_some() {
                    standing.failures.add(Cause::Standard(Against::Range), *tally);
                }
                if let FieldType::Identifier(_) = field.kind {
                    standing.failures.add(Cause::Standard(Against::Form), *tally);
                }
                standing.can_pass = true;
            }
            Other::Truth => standing.can_pass = true,
            Other::Moment(tally) => {
                if field.min.is_some() || field.max.is_some() {
                    standing.failures.add(Cause::Standard(Against::Range), tally.some());
                }
                standing.can_pass = true;
            }
        }
    }

    fn text(self, field: &Field, body: &Body, standing: &mut Standing) {
        if let FieldType::Code(_) = field.kind {
            standing.failures.add(Cause::Standard(Against::Code), body.count.some());
            if self.dated(field).is_some() {
                standing.failures.add(Cause::Standard(Against::Force), body.count.some());
            }
            standing.can_pass = true;
            return;
        }
        characters(body.alphabet, body.count, standing);
        let mut can_pass = true;
        if let Some(max) = field.max_chars
            && body.chars.1 > max
        {
            can_pass &= body.chars.0 <= max;
            let long =
                if can_pass { body.without(&[Form::MaxChars(max).name()]) } else { body.count };
            standing.failures.add(Cause::Standard(Against::Length), long);
        }
        let pattern = field.pattern.as_ref().map(|pattern| Form::Pattern(pattern.clone()));
        let kind = match field.kind {
            FieldType::Identifier(kind) => Some(Form::Identifier(kind)),
            _ => None,
        };
        for form in pattern.into_iter().chain(kind) {
            let without = body.without(&[form.name()]);
            standing.failures.add(Cause::Standard(Against::Form), without);
        }
        standing.can_pass |= can_pass;
    }
}

/// Whether a code is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InForce {
    Always,
    Sometimes,
    Never,
}

fn characters(kinds: Alphabet, count: Tally, standing: &mut Standing) {
    if kinds.control {
        standing.failures.add(Cause::Standard(Against::Control), count.some());
    }
    if kinds.not_composed {
        standing.failures.add(Cause::Standard(Against::Composition), count.some());
    }
}

fn number(
    field: &Field,
    tally: Tally,
    range: Option<&(Box<str>, Box<str>)>,
    standing: &mut Standing,
) {
    use std::cmp::Ordering::{Greater, Less};
    let (min, max) = (field.min.as_ref(), field.max.as_ref());
    let Some((least, most)) = range else {
        if min.is_some() || max.is_some() {
            standing.failures.add(Cause::Standard(Against::Range), tally.some());
        }
        standing.can_pass = true;
        return;
    };
    let is = |end: &str, bound: Option<&lienthong_standard::Bound>, order| {
        bound.is_some_and(|bound| Value::Decimal(end).compare(bound.value()) == Some(order))
    };
    if is(least, min, Less) || is(most, max, Greater) {
        let can_pass = !is(most, min, Less) && !is(least, max, Greater);
        let out = if can_pass { tally.some() } else { tally };
        standing.failures.add(Cause::Standard(Against::Range), out);
        standing.can_pass |= can_pass;
    } else {
        standing.can_pass = true;
    }
}
