//! Formats of dates and times, compiled once and read without allocation.
//!
//! A format is a sequence of pieces as in `strptime`; every piece has a fixed width unless the
//! format says otherwise (`%-d`), so that a text is read in one pass without going back.

use std::fmt;

use lienthong_standard::{Date, Timestamp};

/// A compiled format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Civil date and time in pieces, perhaps with an offset; and where they stand, if all texts of
    /// the format have one length.
    Pieces(Box<[Piece]>, Option<Places>),
    /// Seconds since 1970, optionally with a fraction.
    EpochSecs,
    /// Milliseconds since 1970.
    EpochMillis,
}

/// One piece of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Year,
    Month(Width),
    Day(Width),
    Hour(Width),
    Minute,
    Second,
    /// A point and up to nine digits, or nothing.
    Fraction,
    Offset(Offset),
    Literal(u8),
}

/// Where the pieces stand in every text of a format, if none of them varies in length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Places {
    length: usize,
    literals: Box<[(usize, u8)]>,
    /// Where the year begins; then month, day, hour, minute and second.
    year: usize,
    pairs: [Option<usize>; 5],
}

/// How many digits a number has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    Two,
    OneOrTwo,
}

/// How an offset from UTC is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offset {
    /// `+0700`
    Basic,
    /// `+07:00` or `Z`
    Extended,
}

/// The zone of a time that is written without an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    HoChiMinh,
    Utc,
}

/// What a format holds, to tell whether it fits a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Date,
    DateTime,
    /// A date and time with its own offset, or an instant.
    Instant,
}

/// A civil time as it is written, not yet checked against the calendar.
#[derive(Debug, Default, PartialEq, Eq)]
struct Read {
    year: i16,
    month: u8,
    day: u8,
    time: (u8, u8, u8),
    nanos: u32,
    offset_secs: Option<i32>,
}

impl Format {
    /// Compiles a format, or says in words what is wrong with it.
    pub(crate) fn compile(text: &str) -> Result<Self, String> {
        match text {
            "rfc3339" => return Self::pieces("%Y-%m-%dT%H:%M:%S%.f%:z"),
            "iso-basic-offset" => return Self::pieces("%Y-%m-%dT%H:%M:%S%.f%z"),
            "iso-local" => return Self::pieces("%Y-%m-%dT%H:%M:%S%.f"),
            "epoch-s" => return Ok(Self::EpochSecs),
            "epoch-ms" => return Ok(Self::EpochMillis),
            _ => {}
        }
        if !text.contains('%') {
            return Err(format!("`{text}` is not the name of a format"));
        }
        Self::pieces(text)
    }

    fn pieces(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            if byte != b'%' {
                pieces.push(Piece::Literal(byte));
                continue;
            }
            let Some(next) = bytes.next() else {
                return Err("a `%` at the end says nothing".to_owned());
            };
            let mut directive = vec![next];
            if directive.iter().any(|byte| matches!(byte, b'-' | b'.' | b':')) {
                directive.push(bytes.next().unwrap_or(b' '));
            }
            match &*directive {
                b"T" => pieces.extend([
                    Piece::Hour(Width::Two),
                    Piece::Literal(b':'),
                    Piece::Minute,
                    Piece::Literal(b':'),
                    Piece::Second,
                ]),
                b"F" => pieces.extend([
                    Piece::Year,
                    Piece::Literal(b'-'),
                    Piece::Month(Width::Two),
                    Piece::Literal(b'-'),
                    Piece::Day(Width::Two),
                ]),
                other => pieces.push(Piece::of(other)?),
            }
        }
        check(&pieces)?;
        let places = Places::of(&pieces);
        Ok(Self::Pieces(pieces.into(), places))
    }

    /// What the format holds.
    pub(crate) fn holds(&self) -> Holds {
        let Self::Pieces(pieces, _) = self else { return Holds::Instant };
        if pieces.iter().any(|piece| matches!(piece, Piece::Offset(_))) {
            Holds::Instant
        } else if pieces.iter().any(|piece| matches!(piece, Piece::Hour(_))) {
            Holds::DateTime
        } else {
            Holds::Date
        }
    }

    /// Whether some text could be read by both formats, with different meanings.
    pub(crate) fn is_confused_with(&self, other: &Self) -> bool {
        let (Self::Pieces(one, _), Self::Pieces(two, _)) = (self, other) else {
            // Of two numbers nobody can tell which counts seconds.
            return !matches!((self, other), (Self::Pieces(..), _) | (_, Self::Pieces(..)));
        };
        let is_alike = |(one, two): (&Piece, &Piece)| one.looks_like(*two);
        one.len() == two.len() && one != two && one.iter().zip(two).all(is_alike)
    }

    /// Reads an instant; a time without an offset is meant in the zone.
    pub(crate) fn timestamp(&self, text: &str, zone: Zone) -> Option<Timestamp> {
        let read = match self {
            Self::Pieces(pieces, places) => Read::of(pieces, places.as_ref(), text.as_bytes())?,
            Self::EpochSecs => return epoch_secs(text),
            Self::EpochMillis => return epoch_millis(text),
        };
        let date = Date::new(read.year, read.month, read.day)?;
        let (hour, minute, second) = read.time;
        match (read.offset_secs, zone) {
            (Some(offset), _) => Timestamp::from_offset(date, read.time, read.nanos, offset),
            (None, Zone::Utc) => Timestamp::from_offset(date, read.time, read.nanos, 0),
            (None, Zone::HoChiMinh) => {
                Timestamp::from_civil(date, hour, minute, second, read.nanos)
            }
        }
    }

    /// Reads a date; the format holds nothing else.
    pub(crate) fn date(&self, text: &str) -> Option<Date> {
        let Self::Pieces(pieces, places) = self else { return None };
        let read = Read::of(pieces, places.as_ref(), text.as_bytes())?;
        Date::new(read.year, read.month, read.day)
    }
}

impl fmt::Display for Format {
    /// The format as a mapping may write it: by its name where it has one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pieces = match self {
            Self::Pieces(pieces, _) => pieces,
            Self::EpochSecs => return f.write_str("epoch-s"),
            Self::EpochMillis => return f.write_str("epoch-ms"),
        };
        for name in ["rfc3339", "iso-basic-offset", "iso-local"] {
            if Self::compile(name).as_ref() == Ok(self) {
                return f.write_str(name);
            }
        }
        pieces.iter().try_for_each(|piece| piece.fmt(f))
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let directive = match self {
            Self::Year => "%Y",
            Self::Month(Width::Two) => "%m",
            Self::Month(Width::OneOrTwo) => "%-m",
            Self::Day(Width::Two) => "%d",
            Self::Day(Width::OneOrTwo) => "%-d",
            Self::Hour(Width::Two) => "%H",
            Self::Hour(Width::OneOrTwo) => "%-H",
            Self::Minute => "%M",
            Self::Second => "%S",
            Self::Fraction => "%.f",
            Self::Offset(Offset::Basic) => "%z",
            Self::Offset(Offset::Extended) => "%:z",
            Self::Literal(b'%') => "%%",
            Self::Literal(byte) => return write!(f, "{}", char::from(*byte)),
        };
        f.write_str(directive)
    }
}

impl Piece {
    fn of(directive: &[u8]) -> Result<Self, String> {
        Ok(match directive {
            b"Y" => Self::Year,
            b"m" => Self::Month(Width::Two),
            b"-m" => Self::Month(Width::OneOrTwo),
            b"d" => Self::Day(Width::Two),
            b"-d" => Self::Day(Width::OneOrTwo),
            b"H" => Self::Hour(Width::Two),
            b"-H" => Self::Hour(Width::OneOrTwo),
            b"M" => Self::Minute,
            b"S" => Self::Second,
            b".f" => Self::Fraction,
            b"z" => Self::Offset(Offset::Basic),
            b":z" => Self::Offset(Offset::Extended),
            b"%" => Self::Literal(b'%'),
            b"y" => return Err("`%y` does not say the century".to_owned()),
            other => {
                let name = String::from_utf8_lossy(other);
                return Err(format!("`%{name}` is not a piece of a format"));
            }
        })
    }

    /// Whether the same text can stand for both pieces.
    fn looks_like(self, other: Self) -> bool {
        let is_pair = |piece: Self| {
            !matches!(piece, Self::Year | Self::Fraction | Self::Offset(_) | Self::Literal(_))
        };
        self == other || (is_pair(self) && is_pair(other))
    }

    /// A number that stands for itself, so that it can't be given twice.
    fn rank(self) -> Option<usize> {
        match self {
            Self::Year => Some(0),
            Self::Month(_) => Some(1),
            Self::Day(_) => Some(2),
            Self::Hour(_) => Some(3),
            Self::Minute => Some(4),
            Self::Second => Some(5),
            Self::Fraction => Some(6),
            Self::Offset(_) => Some(7),
            Self::Literal(_) => None,
        }
    }
}

/// A format has a whole date; its time begins with the hour and has no hole.
fn check(pieces: &[Piece]) -> Result<(), String> {
    let mut counts = [0_usize; 8];
    for rank in pieces.iter().filter_map(|piece| piece.rank()) {
        if let Some(count) = counts.get_mut(rank) {
            *count += 1;
        }
    }
    if counts.iter().any(|count| *count > 1) {
        return Err("a piece occurs twice".to_owned());
    }
    let [year, month, day, hour, minute, second, fraction, offset] = counts.map(|n| n == 1);
    if !(year && month && day) {
        return Err("a format needs the year, month and day (`%Y`, `%m`, `%d`)".to_owned());
    }
    let has_hole = (minute && !hour) || (second && !minute) || (fraction && !second);
    if has_hole || (hour && !minute) || (offset && !minute) {
        return Err("the time has a hole: it goes from the hour (`%H`) downward".to_owned());
    }
    Ok(())
}

impl Places {
    fn of(pieces: &[Piece]) -> Option<Self> {
        let mut places = Self { length: 0, literals: Box::default(), year: 0, pairs: [None; 5] };
        let mut literals = Vec::new();
        for piece in pieces {
            let at = places.length;
            places.length += match piece {
                Piece::Literal(byte) => {
                    literals.push((at, *byte));
                    1
                }
                Piece::Year => {
                    places.year = at;
                    4
                }
                Piece::Month(Width::Two)
                | Piece::Day(Width::Two)
                | Piece::Hour(Width::Two)
                | Piece::Minute
                | Piece::Second => {
                    // The year is the first by rank.
                    let pair = piece.rank().and_then(|rank| places.pairs.get_mut(rank - 1))?;
                    *pair = Some(at);
                    2
                }
                Piece::Month(_)
                | Piece::Day(_)
                | Piece::Hour(_)
                | Piece::Fraction
                | Piece::Offset(_) => return None,
            };
        }
        places.literals = literals.into();
        Some(places)
    }

    fn read(&self, text: &[u8]) -> Option<Read> {
        let is_literal = |(at, byte): &(usize, u8)| text.get(*at) == Some(byte);
        if text.len() != self.length || !self.literals.iter().all(is_literal) {
            return None;
        }
        // One look at the end instead of one for each digit.
        let mut are_digits = true;
        let mut two = |at: usize| {
            let mut digit = |at: usize| {
                let digit = text.get(at).map_or(u8::MAX, |byte| byte.wrapping_sub(b'0'));
                are_digits &= digit <= 9;
                digit
            };
            let tens = digit(at);
            tens.wrapping_mul(10).wrapping_add(digit(at + 1))
        };
        let year = i16::from(two(self.year)) * 100 + i16::from(two(self.year + 2));
        let [month, day, hour, minute, second] = self.pairs.map(|at| at.map_or(0, &mut two));
        let time = (hour, minute, second);
        are_digits.then_some(Read { year, month, day, time, nanos: 0, offset_secs: None })
    }
}

impl Read {
    fn of(pieces: &[Piece], places: Option<&Places>, text: &[u8]) -> Option<Self> {
        if let Some(places) = places {
            return places.read(text);
        }
        Self::of_pieces(pieces, text)
    }

    fn of_pieces(pieces: &[Piece], text: &[u8]) -> Option<Self> {
        let mut read = Self::default();
        let mut rest = text;
        for piece in pieces {
            rest = read.piece(*piece, rest)?;
        }
        rest.is_empty().then_some(read)
    }

    fn piece<'t>(&mut self, piece: Piece, text: &'t [u8]) -> Option<&'t [u8]> {
        match piece {
            Piece::Literal(byte) => match text {
                [first, rest @ ..] if *first == byte => Some(rest),
                _ => None,
            },
            Piece::Year => {
                let [a, b, c, d, rest @ ..] = text else { return None };
                self.year = i16::from(pair(*a, *b)?) * 100 + i16::from(pair(*c, *d)?);
                Some(rest)
            }
            Piece::Month(width) => number(width, &mut self.month, text),
            Piece::Day(width) => number(width, &mut self.day, text),
            Piece::Hour(width) => number(width, &mut self.time.0, text),
            Piece::Minute => number(Width::Two, &mut self.time.1, text),
            Piece::Second => number(Width::Two, &mut self.time.2, text),
            Piece::Fraction => self.fraction(text),
            Piece::Offset(offset) => self.offset(offset, text),
        }
    }

    fn fraction<'t>(&mut self, text: &'t [u8]) -> Option<&'t [u8]> {
        let [b'.', rest @ ..] = text else { return Some(text) };
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&count) {
            return None;
        }
        let (digits, rest) = rest.split_at_checked(count)?;
        self.nanos = nanos(digits);
        Some(rest)
    }

    fn offset<'t>(&mut self, offset: Offset, text: &'t [u8]) -> Option<&'t [u8]> {
        let (sign, hours, minutes, rest) = match (offset, text) {
            (Offset::Extended, [b'Z', rest @ ..]) => (b'+', 0, 0, rest),
            (Offset::Extended, [sign, a, b, b':', c, d, rest @ ..])
            | (Offset::Basic, [sign, a, b, c, d, rest @ ..]) => {
                (*sign, pair(*a, *b)?, pair(*c, *d)?, rest)
            }
            _ => return None,
        };
        let secs = i32::from(hours) * 3600 + i32::from(minutes) * 60;
        let is_offset = hours < 24 && minutes < 60;
        self.offset_secs = match sign {
            b'+' if is_offset => Some(secs),
            b'-' if is_offset => Some(-secs),
            _ => return None,
        };
        Some(rest)
    }
}

fn number<'t>(width: Width, into: &mut u8, text: &'t [u8]) -> Option<&'t [u8]> {
    match text {
        [a, b, rest @ ..] if b.is_ascii_digit() => {
            *into = pair(*a, *b)?;
            Some(rest)
        }
        [a, rest @ ..] if width == Width::OneOrTwo => {
            *into = pair(b'0', *a)?;
            Some(rest)
        }
        _ => None,
    }
}

/// The value of two ASCII digits.
fn pair(tens: u8, ones: u8) -> Option<u8> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then(|| tens * 10 + ones)
}

/// Nanoseconds of the digits behind a point, at most nine.
fn nanos(digits: &[u8]) -> u32 {
    let digit = |index: usize| digits.get(index).map_or(0, |byte| u32::from(byte - b'0'));
    (0..9).fold(0, |sum, index| sum * 10 + digit(index))
}

fn epoch_secs(text: &str) -> Option<Timestamp> {
    let Some((whole, fraction)) = text.split_once('.') else {
        return Timestamp::from_unix(super::number::integer(text)?, 0);
    };
    let is_fraction =
        (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    // A fraction of a negative number would count the other way; no source writes one.
    if !is_fraction || whole.starts_with('-') {
        return None;
    }
    Timestamp::from_unix(super::number::integer(whole)?, nanos(fraction.as_bytes()))
}

fn epoch_millis(text: &str) -> Option<Timestamp> {
    let millis = super::number::integer(text)?;
    let nanos = u32::try_from(millis.rem_euclid(1000)).ok()? * 1_000_000;
    Timestamp::from_unix(millis.div_euclid(1000), nanos)
}

#[cfg(test)]
mod tests;
