//! A calendar date of the proleptic Gregorian calendar, years 1 to 9999.

use std::fmt;

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: i64 = 719_468;

/// A calendar date; made by [`Date::new`], so it always exists in the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i16,
    month: u8,
    day: u8,
}

impl Date {
    /// The first date there is.
    pub const MIN: Self = Self { year: 1, month: 1, day: 1 };

    /// Makes a date of the years 1 to 9999, if the calendar has it.
    pub const fn new(year: i16, month: u8, day: u8) -> Option<Self> {
        if year < 1 || year > 9999 || day < 1 || day > days_in_month(year, month) {
            return None;
        }
        Some(Self { year, month, day })
    }

    /// The year, 1 to 9999.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The last day of the month that this date lies in.
    #[must_use]
    pub const fn last_of_month(self) -> Self {
        Self { day: days_in_month(self.year, self.month), ..self }
    }

    /// Days since 1970-01-01; negative before.
    pub fn days(self) -> i64 {
        // Years are counted from March, so that a leap day is the last day of its year. Nothing is
        // negative, since the first year is 1.
        let month = u32::from(self.month);
        let year = u32::from(self.year.unsigned_abs()) - u32::from(month <= 2);
        let (era, year_of_era) = (year / 400, year % 400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + u32::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        i64::from(era * 146_097 + day_of_era) - EPOCH
    }

    /// The date that lies so many days after 1970-01-01, within the years 1 to 9999.
    ///
    /// After C. Neri and L. Schneider, "Euclidean affine functions and their application to calendar
    /// algorithms" (2023): each division by a length of years or months becomes a multiplication.
    pub fn from_days(days: i64) -> Option<Self> {
        let shifted = u32::try_from(days.checked_add(EPOCH)?).ok()?;
        let quarters = shifted.checked_mul(4)? + 3;
        let (century, of_century) = (quarters / 146_097, quarters % 146_097 / 4);
        let product = 2_939_745 * u64::from(4 * of_century + 3);
        let year_of_century = u32::try_from(product >> 32).ok()?;
        let below = u32::try_from(product & u64::from(u32::MAX)).ok()?;
        let day_of_year = below / 2_939_745 / 4;
        let months = 2141 * day_of_year + 197_913;
        let (month, day) = (months >> 16, (months & 0xffff) / 2141 + 1);
        // Years are counted from March: January and February belong to the next one.
        let is_next = day_of_year >= 306;
        let year = 100 * century + year_of_century + u32::from(is_next);
        let month = if is_next { month - 12 } else { month };
        Self::new(i16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// Reads exactly `2025-06-20`.
    pub fn parse_iso(text: &str) -> Option<Self> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
        let year = i16::from(pair(y1, y2)?) * 100 + i16::from(pair(y3, y4)?);
        Self::new(year, pair(m1, m2)?, pair(d1, d2)?)
    }

    /// Appends `2025-06-20`.
    pub fn write_iso(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.iso());
    }

    /// `2025-06-20` as bytes.
    pub(crate) fn iso(self) -> [u8; 10] {
        let year = self.year.unsigned_abs();
        let [y1, y2] = digits(year / 100);
        let [y3, y4] = digits(year % 100);
        let [m1, m2] = digits(u16::from(self.month));
        let [d1, d2] = digits(u16::from(self.day));
        [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2]
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The value of two ASCII digits.
pub(crate) fn pair(tens: u8, ones: u8) -> Option<u8> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then(|| tens * 10 + ones)
}

/// Two ASCII digits of a number below 100.
#[inline]
pub(crate) fn digits(number: u16) -> [u8; 2] {
    PAIRS.get(usize::from(number)).copied().unwrap_or(*b"00")
}

/// `00` to `99`.
#[expect(
    clippy::indexing_slicing,
    reason = "the compiler goes through it, and stops where it panics"
)]
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [*b"00"; 100];
    let mut number = 0_u8;
    while number < 100 {
        pairs[number as usize] = [b'0' + number / 10, b'0' + number % 10];
        number += 1;
    }
    pairs
};

const fn days_in_month(year: i16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
