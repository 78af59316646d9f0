//! Codes of administrative procedures, national and local, with and without their owner.

use std::fmt;

use super::{AgencyCode, is_letter_code, plain};
use crate::shape::Shape;

/// Groups of an owner of generation 1.
const OWNER_GROUPS: usize = 4;

/// The code of a procedure in canonical form: points, the owner in capitals. The number of a local
/// invention (`TS_lop1`) keeps its letters. Made by [`ProcedureCode::read`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProcedureCode {
    text: String,
    /// How many bytes are the number, without the owner.
    number: usize,
}

impl ProcedureCode {
    /// Reads `1.015045`, `1.001612.000.00.00.H48`, `2.002622.H56` and `TS_lop1.000.00.00.H22`, with
    /// the tolerance of [`AgencyCode::read`].
    pub fn read(text: &str) -> Option<Self> {
        let text = plain(text)?.replace('-', ".");
        let groups: Vec<&str> = text.split('.').collect();
        let number = groups.len() - owner_groups(&groups);
        let number = groups.iter().take(number).map(|group| group.len() + 1).sum::<usize>() - 1;
        let (own, owner) = text.split_at_checked(number)?;
        let text = format!("{own}{}", owner.to_ascii_uppercase());
        Shape::Procedure.is_match(&text).then_some(Self { text, number })
    }

    /// The canonical form, with the owner where one was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The code without its owner: `1.001612`, or a local word.
    pub fn number(&self) -> &str {
        self.text.get(..self.number).unwrap_or_default()
    }

    /// Whether the number is one of the national database: a digit, a point, six digits.
    pub fn is_national(&self) -> bool {
        match self.number().as_bytes() {
            [kind, b'.', number @ ..] => {
                kind.is_ascii_digit() && number.len() == 6 && number.iter().all(u8::is_ascii_digit)
            }
            _ => false,
        }
    }

    /// The body whose suffix it bears.
    pub fn owner(&self) -> Option<AgencyCode> {
        AgencyCode::read(self.text.get(self.number + 1..)?)
    }
}

/// How many groups at the end name an owner; one group alone is never an owner.
fn owner_groups(groups: &[&str]) -> usize {
    let Some((last, before)) = groups.split_last() else { return 0 };
    if before.is_empty() || !is_letter_code(last) {
        return 0;
    }
    let digits = |group: Option<&&str>, width: usize| {
        group.is_some_and(|group| {
            group.len() == width && group.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let mut above = before.iter().rev();
    let is_first_generation =
        digits(above.next(), 2) && digits(above.next(), 2) && digits(above.next(), 3);
    if is_first_generation && before.len() >= OWNER_GROUPS { OWNER_GROUPS } else { 1 }
}

impl fmt::Display for ProcedureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
