//! Months, quarters and years as reports write them.

use std::fmt;

/// A month of a year, counted so that months can be subtracted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Month {
    pub(crate) year: u16,
    /// 1 to 12.
    pub(crate) month: u8,
}

/// The period of a report: a year, and its month where the report says one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReportPeriod {
    pub(crate) year: u16,
    pub(crate) month: Option<u8>,
}

impl Month {
    /// The month that many months earlier; `None` before the year 0.
    pub(crate) fn minus(self, months: u16) -> Option<Self> {
        let index = u32::from(self.year) * 12 + u32::from(self.month) - 1;
        let index = index.checked_sub(u32::from(months))?;
        let month = u8::try_from(index % 12).ok()? + 1;
        Some(Self { year: u16::try_from(index / 12).ok()?, month })
    }

    /// The quarter that the month lies in, 1 to 4.
    pub(crate) fn quarter(self) -> u8 {
        self.month.saturating_sub(1) / 3 + 1
    }
}

impl ReportPeriod {
    /// The month, where the report says one.
    pub(crate) fn month(self) -> Option<Month> {
        self.month.map(|month| Month { year: self.year, month })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}", self.year, self.month)
    }
}

impl fmt::Display for ReportPeriod {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.month() {
            Some(month) => month.fmt(out),
            None => write!(out, "{:04}", self.year),
        }
    }
}

/// Reads a month as digits or as the Vietnamese word for it.
pub(crate) fn month_number(text: &str) -> Option<u8> {
    if let Ok(number) = text.parse::<u8>() {
        return (1..=12).contains(&number).then_some(number);
    }
    let number = match text {
        "giêng" | "một" => 1,
        "hai" => 2,
        "ba" => 3,
        "tư" | "bốn" => 4,
        "năm" => 5,
        "sáu" => 6,
        "bảy" | "bẩy" => 7,
        "tám" => 8,
        "chín" => 9,
        "mười" => 10,
        "mười một" => 11,
        "mười hai" | "chạp" => 12,
        _ => return None,
    };
    Some(number)
}

/// Reads a quarter as a Roman or Arabic numeral.
pub(crate) fn quarter_number(text: &str) -> Option<u8> {
    match text {
        "i" | "1" => Some(1),
        "ii" | "2" => Some(2),
        "iii" | "3" => Some(3),
        "iv" | "4" => Some(4),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
