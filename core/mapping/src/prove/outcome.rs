//! What a rule gives: national values, nothing, null, or a failure, and how often each.

use super::failure::{Cause, Failures};
use super::seen::{NumberBody, Seen};
use super::steps;
use super::tally::Tally;
use super::texts::{Body, Texts};
use crate::convert::format::{Format, Zone};
use crate::convert::moment::{Dates, Instants};
use crate::convert::number;
use crate::draft::Values;
use crate::evaluate::evaluate;
use crate::plan::{
    Constant, DecimalAs, IntegerAs, Number, Reading, Rule, Source, Target, WhenMissing,
};
use crate::probes::Form;
use crate::slots::{Slot, Slots};
use crate::words::Kind;
use lienthong_shape::Alphabet;
use lienthong_standard::Value;

/// National codes of one list that are looked at one by one.
const NATIONALS_MAX: usize = 256;

/// What a rule can give.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) missing: Tally,
    pub(crate) null: Tally,
    /// Values that are known one by one.
    pub(crate) known: Vec<(Constant, Tally)>,
    /// Values of which only some things are known.
    pub(crate) others: Vec<Other>,
    pub(crate) failures: Failures,
}

/// Values that are not known one by one.
#[derive(Clone, Debug)]
pub(crate) enum Other {
    /// Text that is not blank.
    Text(Body),
    /// Blank text of any length.
    Blank(Tally, Alphabet),
    /// Numbers; the least and the greatest where they are known.
    Number(Tally, Option<(Box<str>, Box<str>)>),
    Truth,
    /// What a long code list gives; each was checked when the list was read, but for its dates.
    Listed(Tally),
    /// Dates or timestamps.
    Moment(Tally),
}

impl Outcome {
    /// Of a field without a rule, or with a constant.
    pub(crate) fn always(value: Option<&Constant>, of: u64) -> Self {
        let all = if of == 0 { Tally::up_to(0) } else { Tally::exactly(of) };
        match value {
            Some(value) => Self { known: vec![(value.clone(), all)], ..Self::default() },
            None => Self { missing: all, ..Self::default() },
        }
    }

    /// Whether a value can come, and no null.
    pub(crate) fn may_be_present(&self) -> bool {
        !self.known.is_empty() || !self.others.is_empty()
    }

    /// Whether there can be none, without a failure.
    pub(crate) fn may_be_absent(&self) -> bool {
        self.missing.is_possible() || self.null.is_possible()
    }

    fn know(&mut self, value: Constant, tally: Tally) {
        match self.known.iter_mut().find(|(known, _)| *known == value) {
            Some((_, sum)) => *sum += tally,
            None => self.known.push((value, tally)),
        }
    }

    /// Notes that the source has no value.
    fn lack(&mut self, when_missing: WhenMissing, tally: Tally) {
        match when_missing {
            WhenMissing::Absent => self.missing += tally,
            WhenMissing::Null => self.null += tally,
            WhenMissing::Refuse => self.failures.add(Cause::Mapping(Kind::Missing), tally),
        }
    }
}

/// What a rule with a source gives for what it finds there.
pub(crate) fn of_rule(rule: &Rule, seen: Seen, failures: Failures) -> Outcome {
    let mut given = Outcome { failures, ..Outcome::default() };
    for (why, tally) in &seen.unfit {
        given.failures.add(Cause::Mapping(Kind::Unfit(*why)), *tally);
    }
    given.lack(rule.when_missing, seen.nothing);
    let Seen { mut texts, numbers, truth, .. } = seen;
    if rule.text != Reading::AsWritten {
        texts = decoded(rule.text, texts, &mut given.failures);
    }
    let bare = Rule {
        source: Source::Slot(0),
        as_it_stands: None,
        text: Reading::AsWritten,
        steps: Box::new([]),
        ..rule.clone()
    };
    if rule.steps.is_empty() {
        for (literal, tally) in &numbers.known {
            run(&bare, Slot::Number(literal), literal, *tally, &mut given);
        }
        if let Some(body) = &numbers.body {
            of_numbers(&bare, body, &mut given);
        }
        if truth.is_possible() {
            run(&bare, Slot::True, "true", truth.some(), &mut given);
            run(&bare, Slot::False, "false", truth.some(), &mut given);
        }
    } else {
        given.failures.add(Cause::Mapping(Kind::BoolForText), truth);
        if rule.number == Number::AsWritten {
            texts.add(numbers.into_texts());
        } else {
            given.failures.add(Cause::Mapping(Kind::NumberForText), numbers.count());
        }
        for step in &rule.steps {
            texts = steps::applied(step, &texts, &mut given.failures);
        }
    }
    of_texts(&bare, texts, &mut given);
    given
}

/// Text of a legacy encoding, which is read again from its bytes.
fn decoded(reading: Reading, texts: Texts, failures: &mut Failures) -> Texts {
    let mut out = Texts::default();
    let cause = Cause::Encoding(reading);
    for (text, tally) in &texts.known {
        let read = match reading {
            Reading::AsWritten => Some(text.as_ref().into()),
            Reading::In(encoding) => lienthong_text::reread(text, encoding).ok(),
            Reading::Detected => lienthong_text::reread_detected(text).ok().map(|(text, _)| text),
        };
        match read {
            Some(text) => out.know(&text, *tally),
            None => failures.add_value(cause, text, *tally),
        }
    }
    // Where letters, digits and signs are the same in the encoding, texts of these stay.
    let printable: Vec<u8> = (b' '..=b'~').collect();
    let is_plain = match reading {
        Reading::In(encoding) => encoding.is_plain(&printable),
        Reading::AsWritten | Reading::Detected => false,
    };
    let stays = |kinds: Alphabet| !kinds.beyond_ascii && !kinds.control && is_plain;
    let mut unknown = Tally::NEVER;
    if texts.blank.is_none_or(stays) {
        out.add_hollow(texts.hollow, texts.blank);
    } else {
        unknown += texts.hollow;
    }
    match texts.body {
        Some(body) if stays(body.alphabet) => out.add_body(body),
        Some(body) => unknown += body.count,
        None => {}
    }
    if unknown.is_possible() {
        failures.add(cause, unknown.some());
        out.add(Texts::anything(unknown));
    }
    out
}

/// Runs the rule itself on one value, which is at most so often there.
fn run(bare: &Rule, slot: Slot<'_>, shown: &str, tally: Tally, given: &mut Outcome) {
    let mut slots = Slots::default().recycle(1);
    let Some(row) = slots.open(0, 1, 0) else { return };
    slots.set(row, 0, slot);
    let mut values = Values::default();
    match evaluate(bare, row, &mut slots, &mut String::new(), &mut values) {
        Err(flaw) if flaw.kind == Kind::Missing => {
            given.failures.add(Cause::Mapping(flaw.kind), tally);
        }
        Err(flaw) => given.failures.add_value(Cause::Mapping(flaw.kind), shown, tally),
        Ok(()) => match values.complete(&slots.scratch).first() {
            Some(Value::Missing) | None => given.missing += tally,
            Some(Value::Null) => given.null += tally,
            Some(Value::Text(text)) => given.know(Constant::Text((*text).into()), tally),
            Some(Value::Decimal(number)) => given.know(Constant::Decimal((*number).into()), tally),
            Some(Value::Integer(number)) => given.know(Constant::Integer(*number), tally),
            Some(Value::Boolean(is)) => given.know(Constant::Boolean(*is), tally),
            Some(Value::Date(date)) => given.know(Constant::Date(*date), tally),
            Some(Value::Timestamp(instant)) => given.know(Constant::Timestamp(*instant), tally),
        },
    }
}

/// What the target makes of texts.
fn of_texts(bare: &Rule, texts: Texts, given: &mut Outcome) {
    for (text, tally) in &texts.known {
        run(bare, Slot::Text(text), text, *tally, given);
    }
    match texts.blank {
        None => given.lack(bare.when_missing, texts.hollow),
        Some(kinds) => {
            given.lack(bare.when_missing, texts.hollow.some());
            of_blank(bare, texts.hollow.some(), kinds, given);
        }
    }
    if let Some(body) = texts.body {
        of_body(bare, body, given);
    }
}

fn of_blank(bare: &Rule, count: Tally, kinds: Alphabet, given: &mut Outcome) {
    if !count.is_possible() {
        return;
    }
    if bare.codes.is_some() {
        return of_code(bare, count, given);
    }
    let kind = match &bare.target {
        Target::Text => return given.others.push(Other::Blank(count, kinds)),
        Target::Integer(_) => Kind::Integer,
        Target::Decimal(_) => Kind::Decimal,
        Target::Date(_) => Kind::Date,
        Target::Timestamp(_) | Target::TimestampOfDate { .. } => Kind::Timestamp,
        Target::Boolean(_) => {
            given.others.push(Other::Truth);
            Kind::Boolean
        }
    };
    given.failures.add(Cause::Mapping(kind), count);
}

/// A code that may be in the list or not.
fn of_code(bare: &Rule, count: Tally, given: &mut Outcome) {
    given.failures.add(Cause::Mapping(Kind::Code), count.some());
    let Some(codes) = &bare.codes else { return };
    let after = Rule { codes: None, ..bare.clone() };
    let mut nationals: Vec<&str> = codes.pairs().iter().map(|pair| &*pair.national).collect();
    nationals.sort_unstable();
    nationals.dedup();
    if nationals.len() > NATIONALS_MAX {
        return given.others.push(Other::Listed(count.some()));
    }
    for national in nationals {
        run(&after, Slot::Text(national), national, count.some(), given);
    }
}

fn of_body(bare: &Rule, body: Body, given: &mut Outcome) {
    if bare.codes.is_some() {
        return of_code(bare, body.count, given);
    }
    let (kind, forms, other): (_, Vec<Form>, fn(Tally) -> Other) = match &bare.target {
        Target::Text => return given.others.push(Other::Text(body)),
        Target::Boolean(None) => (Kind::Boolean, Vec::new(), |_| Other::Truth),
        Target::Boolean(Some(_)) => {
            given.failures.add(Cause::Mapping(Kind::Boolean), body.count.some());
            return given.others.push(Other::Truth);
        }
        Target::Integer(IntegerAs::Literal) => {
            (Kind::Integer, Vec::new(), |all| Other::Number(all, None))
        }
        Target::Integer(IntegerAs::Digits) => {
            (Kind::Integer, vec![Form::Integer], |all| Other::Number(all, None))
        }
        Target::Integer(IntegerAs::ExactDecimal(notation)) => {
            (Kind::Integer, vec![Form::WholeDecimal(*notation)], |all| Other::Number(all, None))
        }
        Target::Decimal(DecimalAs::Literal) => {
            (Kind::Decimal, Vec::new(), |all| Other::Number(all, None))
        }
        Target::Decimal(DecimalAs::Text(notation)) => {
            (Kind::Decimal, vec![Form::Decimal(*notation)], |all| Other::Number(all, None))
        }
        Target::Date(Dates::Plain(formats) | Dates::OfInstant(Instants { formats, .. })) => {
            (Kind::Date, forms_of(formats), Other::Moment)
        }
        Target::Timestamp(Instants { formats, .. }) | Target::TimestampOfDate { formats, .. } => {
            (Kind::Timestamp, forms_of(formats), Other::Moment)
        }
    };
    if forms.is_empty() {
        // No text is ever read here, only a number or true and false.
        return given.failures.add(Cause::Mapping(kind), body.count);
    }
    let forms: Vec<String> = forms.iter().map(Form::name).collect();
    let refused = body.without(&forms);
    given.failures.add(Cause::Mapping(kind), refused);
    let read = body.count.most.saturating_sub(refused.least).max(1);
    given
        .others
        .push(other(Tally { least: body.count.least.saturating_sub(refused.most), most: read }));
}

fn forms_of(formats: &[Format]) -> Vec<Form> {
    formats.iter().cloned().map(Form::of_format).collect()
}

/// What codes and target make of JSON numbers.
fn of_numbers(bare: &Rule, body: &NumberBody, given: &mut Outcome) {
    if bare.codes.is_some() {
        return of_code(bare, body.count, given);
    }
    let count = body.count;
    let all_whole = !body.broken.is_possible();
    let range = || body.range.clone();
    match &bare.target {
        Target::Text if bare.number == Number::AsWritten => {
            given.others.push(Other::Text(Body::plain(count, (1, body.chars_max.max(1)))));
        }
        Target::Text => given.failures.add(Cause::Mapping(Kind::NumberForText), count),
        Target::Boolean(None) => given.failures.add(Cause::Mapping(Kind::Boolean), count),
        Target::Boolean(Some(_)) => {
            given.failures.add(Cause::Mapping(Kind::Boolean), count.some());
            given.others.push(Other::Truth);
        }
        Target::Integer(written) => {
            let is_small = body.chars_max <= 18
                || body.range.as_ref().is_some_and(|(least, most)| {
                    number::integer(least).is_some() && number::integer(most).is_some()
                });
            let exact = matches!(written, IntegerAs::ExactDecimal(_));
            let refused = match (all_whole, is_small, exact) {
                (true, true, _) => Tally::NEVER,
                (false, true, false) => body.broken,
                _ => count.some(),
            };
            given.failures.add(Cause::Mapping(Kind::Integer), refused);
            given.others.push(Other::Number(count.some(), range()));
        }
        Target::Decimal(_) => {
            let is_plain = all_whole && body.chars_max <= 64;
            if !is_plain && !is_short(body) {
                given.failures.add(Cause::Mapping(Kind::Decimal), count.some());
            }
            given.others.push(Other::Number(count, range()));
        }
        Target::Date(Dates::OfInstant(Instants { formats, .. })) => {
            of_epoch(body, formats, Kind::Date, given);
        }
        Target::Timestamp(Instants { formats, .. }) => {
            of_epoch(body, formats, Kind::Timestamp, given);
        }
        Target::Date(Dates::Plain(_)) => of_epoch(body, &[], Kind::Date, given),
        Target::TimestampOfDate { .. } => of_epoch(body, &[], Kind::Timestamp, given),
    }
}

/// Whether a number of a known range has few enough digits when it is written out. A shape tells no
/// range of numbers with more than 40 digits behind the point.
fn is_short(body: &NumberBody) -> bool {
    let whole = |end: &str| end.trim_start_matches('-').split('.').next().map_or(0, str::len);
    body.range.as_ref().is_some_and(|(least, most)| whole(least) <= 20 && whole(most) <= 20)
}

/// Numbers that count seconds or milliseconds: what lies between two that are read, is read.
fn of_epoch(body: &NumberBody, formats: &[Format], kind: Kind, given: &mut Outcome) {
    let reads_all = |format: &Format| {
        let is_read = |end: &str| format.timestamp(end, Zone::Utc).is_some();
        matches!(format, Format::EpochSecs | Format::EpochMillis)
            && body.range.as_ref().is_some_and(|(least, most)| is_read(least) && is_read(most))
    };
    let are_whole = !body.broken.is_possible() && body.chars_max <= 18;
    if !(are_whole && formats.iter().any(reads_all)) {
        given.failures.add(Cause::Mapping(kind), body.count.some());
    }
    given.others.push(Other::Moment(body.count.some()));
}

/// Whether the first of two fields is later than the second.
pub(crate) fn of_comparison(
    rule: Option<&Rule>,
    first: &Outcome,
    second: &Outcome,
    of: u64,
) -> Outcome {
    let mut given = Outcome::default();
    // A field that could not be mapped counts as one that is not there.
    let lacks = |field: &Outcome| field.may_be_absent() || !field.failures.is_empty();
    if lacks(first) || lacks(second) {
        given.lack(rule.map_or(WhenMissing::Absent, |rule| rule.when_missing), Tally::up_to(of));
    }
    if !first.may_be_present() || !second.may_be_present() {
        return given;
    }
    let is_known = first.others.is_empty() && second.others.is_empty();
    if !is_known || first.known.len().saturating_mul(second.known.len()) > 4096 {
        given.others.push(Other::Truth);
        return given;
    }
    for (one, _) in &first.known {
        for (other, _) in &second.known {
            let is_later =
                one.value().compare(other.value()).is_some_and(std::cmp::Ordering::is_gt);
            given.know(Constant::Boolean(is_later), Tally::up_to(of));
        }
    }
    given
}
