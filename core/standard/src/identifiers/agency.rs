//! Codes of state bodies, of both generations.

use std::fmt;

use super::plain;
use crate::shape::Shape;

/// QĐ 20/2020/QĐ-TTg allows so many characters.
const CHARS_MAX: usize = 35;

/// Which rule a code is written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// QCVN 102:2016/BTTTT, read from right to left: `000.00.18.G12`.
    One,
    /// QĐ 20/2020/QĐ-TTg, read from left to right: `G12.18`.
    Two,
}

/// The code of a state body, in canonical form: points, capitals, nothing else. Made by
/// [`AgencyCode::read`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AgencyCode {
    text: String,
}

impl AgencyCode {
    /// Reads a code of either generation, tolerantly: hyphens for points, small letters, blanks,
    /// invisible characters and full-width forms. The generation stays as it is written.
    pub fn read(text: &str) -> Option<Self> {
        let mut text = plain(text)?.replace('-', ".");
        text.make_ascii_uppercase();
        (text.len() <= CHARS_MAX && Shape::Agency.is_match(&text)).then_some(Self { text })
    }

    /// The canonical form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Which rule it is written by.
    pub fn generation(&self) -> Generation {
        if self.text.starts_with(|first: char| first.is_ascii_digit()) {
            Generation::One
        } else {
            Generation::Two
        }
    }

    /// The ministry, province or state body that it belongs to: `G12`.
    pub fn root(&self) -> &str {
        let group = match self.generation() {
            Generation::One => self.text.rsplit('.').next(),
            Generation::Two => self.text.split('.').next(),
        };
        group.unwrap_or_default()
    }

    /// The same body in the form of generation 2: the groups from right to left, without the zero
    /// groups of levels that are not there. A zero group between two others stays, so that no two
    /// bodies get the same code. No published text states this conversion; it is inferred from
    /// codes that were seen in both forms.
    #[must_use]
    pub fn to_generation_2(&self) -> Self {
        if self.generation() == Generation::Two {
            return self.clone();
        }
        let mut groups: Vec<&str> = self.text.rsplit('.').collect();
        while groups.last().is_some_and(|group| group.bytes().all(|digit| digit == b'0')) {
            groups.pop();
        }
        Self { text: groups.join(".") }
    }

    /// The same body in the form of generation 1, if that has room for it: levels of two, two and
    /// three digits.
    pub fn to_generation_1(&self) -> Option<Self> {
        if self.generation() == Generation::One {
            return Some(self.clone());
        }
        let mut groups = self.text.split('.');
        let root = groups.next()?;
        let mut level = |zeros: &'static str| {
            let group = groups.next().unwrap_or(zeros);
            (group.len() == zeros.len()).then(|| group.to_owned())
        };
        let (unit, part, lowest) = (level("00")?, level("00")?, level("000")?);
        Some(Self { text: format!("{lowest}.{part}.{unit}.{root}") })
    }
}

impl fmt::Display for AgencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
