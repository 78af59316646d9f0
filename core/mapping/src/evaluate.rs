//! Evaluation of one rule over the slots of one row.

use lienthong_standard::{Timestamp, Value};
use lienthong_text::{reread, reread_detected};

use crate::convert::number::{self, Canonical};
use crate::draft::{Piece, Values};
use crate::functions::{Outcome, Step};
use crate::plan::{DecimalAs, IntegerAs, Number, Reading, Rule, Source, Target, WhenMissing};
use crate::slots::{Row, Slot, Slots, Span, Unfit};
use crate::words::{Flaw, Kind};

/// A value found at the source.
#[derive(Clone, Copy)]
enum Found<'a> {
    Nothing,
    Text(Piece<'a>),
    /// The literal of a JSON number.
    Number(&'a str),
    True,
    False,
}

/// Evaluates a rule and appends its value, or nothing with the reason why there is none. `spare` is
/// written over. Rules that compare other fields give a missing one here.
#[inline]
pub(crate) fn evaluate<'a>(
    rule: &'a Rule,
    row: Row,
    slots: &mut Slots<'a>,
    spare: &mut String,
    out: &mut Values<'a>,
) -> Done<'a> {
    let found = match &rule.source {
        Source::Slot(slot) => found(slots.get(row, *slot)).map_err(Flaw::unfit)?,
        Source::Value(constant) => return done(out, constant.value()),
        Source::FirstOf(paths) => first_of(paths, row, slots)?,
        Source::Join { slots: paths, with } => join(rule, paths, with, row, slots)?,
        Source::Later { .. } => return done(out, Value::Missing),
    };
    let found = match found {
        Found::Text(piece) if rule.text != Reading::AsWritten => {
            Found::Text(decoded(piece, rule.text, slots)?)
        }
        found => found,
    };
    let found = if rule.steps.is_empty() { found } else { cleaned(rule, found, slots, spare)? };
    match found {
        Found::Nothing => missing(rule, out),
        Found::Text(piece) if piece.is_empty() => missing(rule, out),
        found if rule.codes.is_none() => target(rule, found, slots, out),
        found => {
            let national = coded(rule, found, slots, spare)?;
            target(rule, Found::Text(Piece::Kept(national)), slots, out)
        }
    }
}

type Done<'a> = Result<(), Flaw<'a>>;

/// Values are appended where they are made, and not handed back: one that is put together first and
/// moved then would be stored in parts and loaded whole, which processors are slow at.
#[inline]
#[expect(clippy::unnecessary_wraps, reason = "it ends the functions that can fail")]
fn done<'a>(out: &mut Values<'a>, value: Value<'a>) -> Done<'a> {
    out.push(value);
    Ok(())
}

#[inline]
#[expect(clippy::unnecessary_wraps, reason = "it ends the functions that can fail")]
fn done_text<'a>(out: &mut Values<'a>, piece: Piece<'a>) -> Done<'a> {
    out.push_text(piece);
    Ok(())
}

#[inline]
fn missing<'a>(rule: &Rule, out: &mut Values<'a>) -> Done<'a> {
    match rule.when_missing {
        WhenMissing::Absent => done(out, Value::Missing),
        WhenMissing::Null => done(out, Value::Null),
        WhenMissing::Refuse => Err(Flaw::new(Kind::Missing)),
    }
}

#[inline]
fn found(slot: Slot<'_>) -> Result<Found<'_>, Unfit> {
    Ok(match slot {
        Slot::Missing | Slot::Null => Found::Nothing,
        Slot::Text(text) => Found::Text(Piece::Kept(text)),
        Slot::Scratch(span) => Found::Text(Piece::Scratch(span)),
        Slot::Number(literal) => Found::Number(literal),
        Slot::True => Found::True,
        Slot::False => Found::False,
        Slot::Unfit(why) => return Err(why),
    })
}

/// The first path with a value; a value of the wrong shape counts only when no other is there.
fn first_of<'a>(paths: &[u32], row: Row, slots: &Slots<'a>) -> Result<Found<'a>, Flaw<'a>> {
    let mut unfit = None;
    for path in paths {
        match found(slots.get(row, *path)) {
            Ok(Found::Nothing) => {}
            Ok(Found::Text(piece)) if piece.of(&slots.scratch).trim().is_empty() => {}
            Ok(value) => return Ok(value),
            Err(why) => unfit = unfit.or(Some(why)),
        }
    }
    unfit.map_or(Ok(Found::Nothing), |why| Err(Flaw::unfit(why)))
}

fn join<'a>(
    rule: &Rule,
    paths: &[u32],
    with: &str,
    row: Row,
    slots: &mut Slots<'a>,
) -> Result<Found<'a>, Flaw<'a>> {
    let start = slots.scratch.len();
    for path in paths {
        let is_first = slots.scratch.len() == start;
        match found(slots.get(row, *path)).map_err(Flaw::unfit)? {
            Found::Number(_) if rule.number == Number::Refused => {
                return Err(Flaw::new(Kind::NumberForText));
            }
            Found::True | Found::False => return Err(Flaw::new(Kind::BoolForText)),
            Found::Text(Piece::Scratch(span)) if !span.of(&slots.scratch).trim().is_empty() => {
                if !is_first {
                    slots.scratch.push_str(with);
                }
                slots.scratch.extend_from_within(span.range());
            }
            Found::Number(text) | Found::Text(Piece::Kept(text)) if !text.trim().is_empty() => {
                if !is_first {
                    slots.scratch.push_str(with);
                }
                slots.scratch.push_str(text);
            }
            Found::Text(_) | Found::Number(_) | Found::Nothing => {}
        }
    }
    Ok(Found::Text(Piece::Scratch(Span::new(start, slots.scratch.len()))))
}

/// Text of a legacy encoding, whose bytes were taken for characters.
fn decoded<'a>(
    piece: Piece<'a>,
    reading: Reading,
    slots: &mut Slots<'a>,
) -> Result<Piece<'a>, Flaw<'a>> {
    let text = piece.of(&slots.scratch);
    let unicode = match reading {
        Reading::AsWritten => return Ok(piece),
        Reading::In(encoding) if encoding.is_plain(text.as_bytes()) => return Ok(piece),
        Reading::In(encoding) => reread(text, encoding)
            .map_err(|error| Flaw::with(Kind::Encoding(encoding, error), piece))?
            .into_owned(),
        Reading::Detected => {
            let (unicode, detection) =
                reread_detected(text).map_err(|_| Flaw::with(Kind::Undetected, piece))?;
            let Some(best) = detection.best else { return Ok(piece) };
            let unicode = unicode.into_owned();
            slots.detected.push(best.encoding);
            unicode
        }
    };
    let start = slots.scratch.len();
    slots.scratch.push_str(&unicode);
    Ok(Piece::Scratch(Span::new(start, slots.scratch.len())))
}

fn cleaned<'a>(
    rule: &Rule,
    found: Found<'a>,
    slots: &mut Slots<'a>,
    spare: &mut String,
) -> Result<Found<'a>, Flaw<'a>> {
    let mut piece = match found {
        Found::Nothing => return Ok(found),
        Found::Text(piece) => piece,
        Found::Number(literal) if rule.number == Number::AsWritten => Piece::Kept(literal),
        Found::Number(_) => return Err(Flaw::new(Kind::NumberForText)),
        Found::True | Found::False => return Err(Flaw::new(Kind::BoolForText)),
    };
    for step in &rule.steps {
        piece = stepped(step, piece, slots, spare)?;
    }
    Ok(Found::Text(piece))
}

#[inline]
fn stepped<'a>(
    step: &Step,
    piece: Piece<'a>,
    slots: &mut Slots<'a>,
    spare: &mut String,
) -> Result<Piece<'a>, Flaw<'a>> {
    let scratch = &mut slots.scratch;
    let start = scratch.len();
    match piece {
        Piece::Kept(text) => match step.apply(text, scratch) {
            Outcome::Kept(range) => return Ok(Piece::Kept(text.get(range).unwrap_or_default())),
            Outcome::Written => {}
            Outcome::Failed(failure) => return Err(Flaw::with(Kind::Function(failure), piece)),
        },
        // What is read and what is written may not be the same string.
        Piece::Scratch(span) => {
            spare.clear();
            match step.apply(span.of(scratch), spare) {
                Outcome::Kept(range) => {
                    let begin = span.range().start;
                    return Ok(Piece::Scratch(Span::new(begin + range.start, begin + range.end)));
                }
                Outcome::Written => scratch.push_str(spare),
                Outcome::Failed(failure) => return Err(Flaw::with(Kind::Function(failure), piece)),
            }
        }
    }
    Ok(Piece::Scratch(Span::new(start, scratch.len())))
}

#[inline]
fn coded<'a>(
    rule: &'a Rule,
    found: Found<'a>,
    slots: &Slots<'a>,
    spare: &mut String,
) -> Result<&'a str, Flaw<'a>> {
    let piece = literal(found);
    let codes = rule.codes.as_ref();
    let national = codes.and_then(|codes| codes.national(piece.of(&slots.scratch), spare));
    national.ok_or_else(|| Flaw::with(Kind::Code, piece))
}

#[inline]
fn target<'a>(
    rule: &'a Rule,
    found: Found<'a>,
    slots: &mut Slots<'a>,
    out: &mut Values<'a>,
) -> Done<'a> {
    match &rule.target {
        Target::Text => match found {
            Found::Text(piece) => done_text(out, piece),
            Found::Number(literal) if rule.number == Number::AsWritten => {
                done(out, Value::Text(literal))
            }
            Found::Number(_) => Err(Flaw::new(Kind::NumberForText)),
            Found::True | Found::False => Err(Flaw::new(Kind::BoolForText)),
            Found::Nothing => missing(rule, out),
        },
        Target::Boolean(words) => {
            let piece = literal(found);
            let text = piece.of(&slots.scratch);
            // A source that says true or false in JSON's own words needs no others.
            let read = match (words.as_ref().and_then(|words| words.read(text)), found) {
                (None, Found::True) => Some(true),
                (None, Found::False) => Some(false),
                (read, _) => read,
            };
            match read {
                Some(is) => done(out, Value::Boolean(is)),
                None => Err(Flaw::with(Kind::Boolean, piece)),
            }
        }
        Target::Date(dates) => {
            let piece = literal(found);
            match dates.read(piece.of(&slots.scratch)) {
                Some(date) => done(out, Value::Date(date)),
                None => Err(Flaw::with(Kind::Date, piece)),
            }
        }
        Target::Timestamp(instants) => {
            let piece = literal(found);
            match instants.read(piece.of(&slots.scratch)) {
                Some(instant) => done(out, Value::Timestamp(instant)),
                None => Err(Flaw::with(Kind::Timestamp, piece)),
            }
        }
        Target::TimestampOfDate { formats, at: (hour, minute, second) } => {
            let piece = literal(found);
            let text = piece.of(&slots.scratch);
            let date = formats.iter().find_map(|format| format.date(text));
            match date.and_then(|d| Timestamp::from_civil(d, *hour, *minute, *second, 0)) {
                Some(instant) => done(out, Value::Timestamp(instant)),
                None => Err(Flaw::with(Kind::Timestamp, piece)),
            }
        }
        Target::Integer(written) => integer(*written, found, slots, out),
        Target::Decimal(written) => decimal(*written, found, slots, out),
    }
}

/// The text, or the literal of what is no text.
#[inline]
fn literal(found: Found<'_>) -> Piece<'_> {
    match found {
        Found::Text(piece) => piece,
        Found::Number(literal) => Piece::Kept(literal),
        Found::True => Piece::Kept("true"),
        Found::False => Piece::Kept("false"),
        Found::Nothing => Piece::Kept(""),
    }
}

#[inline]
fn integer<'a>(
    written: IntegerAs,
    found: Found<'a>,
    slots: &Slots<'a>,
    out: &mut Values<'a>,
) -> Done<'a> {
    let piece = literal(found);
    let text = piece.of(&slots.scratch);
    let read = match (written, found) {
        (_, Found::True | Found::False | Found::Nothing) | (IntegerAs::Literal, Found::Text(_)) => {
            None
        }
        (IntegerAs::Literal | IntegerAs::Digits, _) => number::integer(text),
        (IntegerAs::ExactDecimal(_), Found::Number(_)) => {
            number::integer_of_decimal(text, number::Notation::PLAIN)
        }
        (IntegerAs::ExactDecimal(notation), Found::Text(_)) => {
            number::integer_of_decimal(text, notation)
        }
    };
    match read {
        Some(number) => done(out, Value::Integer(number)),
        None => Err(Flaw::with(Kind::Integer, piece)),
    }
}

fn decimal<'a>(
    written: DecimalAs,
    found: Found<'a>,
    slots: &mut Slots<'a>,
    out: &mut Values<'a>,
) -> Done<'a> {
    let piece = literal(found);
    let start = slots.scratch.len();
    let read = match (written, found) {
        (_, Found::Number(literal)) => number::decimal_of_json(literal, &mut slots.scratch),
        (DecimalAs::Text(notation), Found::Text(Piece::Kept(text))) => {
            number::decimal(text, notation, &mut slots.scratch)
        }
        (DecimalAs::Text(notation), Found::Text(Piece::Scratch(span))) => {
            let mut canonical = String::new();
            let read = number::decimal(span.of(&slots.scratch), notation, &mut canonical);
            slots.scratch.push_str(&canonical);
            read
        }
        _ => None,
    };
    match read {
        Some(Canonical::Kept(_)) => out.push_decimal(piece),
        Some(Canonical::Written) => {
            out.push_decimal(Piece::Scratch(Span::new(start, slots.scratch.len())));
        }
        None => return Err(Flaw::with(Kind::Decimal, piece)),
    }
    Ok(())
}
