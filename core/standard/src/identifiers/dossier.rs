//! Codes of dossiers: who received it, when, and the how manieth of the day.

use std::fmt;

use super::{AgencyCode, plain};
use crate::Date;
use crate::shape::{Shape, dossier_date};

/// The code of a dossier in canonical form: points within the agency, hyphens between agency, date
/// and ordinal, capitals (Circular 01/2018/TT-VPCP, Article 19, and the wider forms in use). Made
/// by [`DossierCode::read`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DossierCode {
    text: String,
    /// How many bytes are the agency's code.
    agency: usize,
}

impl DossierCode {
    /// Reads a code with the tolerance of [`AgencyCode::read`]; points and hyphens may stand for
    /// each other. The digits of the date and the ordinal stay as they are.
    pub fn read(text: &str) -> Option<Self> {
        let mut plain = plain(text)?;
        plain.make_ascii_uppercase();
        let groups: Vec<&str> = plain.split(['.', '-']).collect();
        let [agency @ .., date, ordinal] = groups.as_slice() else { return None };
        let agency = agency.join(".");
        let text = format!("{agency}-{date}-{ordinal}");
        Shape::Dossier.is_match(&text).then_some(Self { text, agency: agency.len() })
    }

    /// The canonical form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The body that received it; none for codes with levels behind a code of generation 1.
    pub fn agency(&self) -> Option<AgencyCode> {
        AgencyCode::read(self.text.get(..self.agency)?)
    }

    /// The day it was received, if the digits are a day of the calendar.
    pub fn received_on(&self) -> Option<Date> {
        dossier_date(&self.text)
    }
}

impl fmt::Display for DossierCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
