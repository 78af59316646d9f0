//! The questions that a shape asks of texts, made from the very conversions that mappings use.
//!
//! That every text of a place has a form is then the same as that the conversion never fails there.

use std::collections::BTreeMap;
use std::sync::Arc;

use lienthong_shape::Probe;
use lienthong_standard::{Field, IdentifierKind, Pattern, Standard, Timestamp};

use crate::Mapping;
use crate::convert::format::{Format, Holds, Zone};
use crate::convert::moment::{Dates, Instants};
use crate::convert::number::{self, Canonical, Notation};
use crate::functions::{Outcome, Step};
use crate::plan::{DecimalAs, IntegerAs, Rule, Target};

/// Formats of dates and times that sources are known to write.
const FORMATS: [&str; 16] = [
    "rfc3339",
    "iso-basic-offset",
    "iso-local",
    "epoch-s",
    "epoch-ms",
    "%Y-%m-%d",
    "%Y%m%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y%m%d%H%M%S",
    "%d/%m/%Y",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%-d/%-m/%Y",
    "%-d/%-m/%Y %-H:%M:%S",
    "%d-%m-%Y",
];

/// Notations of numbers that sources are known to write: a point alone or with commas, a comma
/// alone or with points.
const NOTATIONS: [Notation; 4] = [
    Notation::PLAIN,
    Notation { point: '.', thousands: Some(',') },
    Notation { point: ',', thousands: None },
    Notation { point: ',', thousands: Some('.') },
];

/// Functions that read identifiers in all their spellings.
const READERS: [Step; 5] = [
    Step::AgencyCode,
    Step::AgencyCodeGeneration2,
    Step::DossierCode,
    Step::ProcedureCode,
    Step::ProcedureNumber,
];

/// Characters of a decimal that the standard accepts.
const DECIMAL_CHARS_MAX: usize = 64;

/// The questions to ask of a feed's texts: the known formats of dates, times, numbers and telephone
/// numbers, what the standard asks of its texts, and every format that the mapping uses. No two
/// have the same name.
pub fn probes(standard: &Standard, mapping: Option<&Mapping>) -> Vec<Box<dyn Probe>> {
    let mut forms = BTreeMap::new();
    let mut add = |form: Form| {
        forms.insert(form.name(), form);
    };
    for format in FORMATS.iter().filter_map(|format| Format::compile(format).ok()) {
        add(Form::of_format(format));
    }
    for notation in NOTATIONS {
        add(Form::Decimal(notation));
    }
    for form in [Form::Integer, Form::PhoneVn, Form::PhoneE164] {
        add(form);
    }
    READERS.into_iter().map(Form::Reads).for_each(&mut add);
    standard.patterns().for_each(|pattern| add(Form::Pattern(Arc::clone(pattern))));
    for kind in IdentifierKind::ALL {
        add(Form::Identifier(kind));
    }
    for record_type in standard.record_types() {
        let of_groups = record_type.groups.iter().flat_map(|group| &group.fields);
        let fields = record_type.fields.iter().chain(of_groups);
        fields.filter_map(Form::of_length).for_each(&mut add);
    }
    if let Some(mapping) = mapping {
        mapping.rules().flat_map(Form::of_rule).for_each(&mut add);
    }
    let named = forms.into_iter();
    named.map(|(name, form)| Box::new(Named { name, form }) as Box<dyn Probe>).collect()
}

impl Mapping {
    /// All rules, of the record and of its groups.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &Rule> {
        let groups = self.plan.groups.iter().flatten().flat_map(|group| &group.rules);
        self.plan.record.iter().chain(groups).flatten()
    }
}

struct Named {
    name: String,
    form: Form,
}

impl Probe for Named {
    fn name(&self) -> &str {
        &self.name
    }

    fn holds(&self, text: &str) -> bool {
        self.form.holds(text)
    }
}

/// A form of texts, by the conversion that reads it.
pub(crate) enum Form {
    Timestamp(Format),
    Date(Format),
    Decimal(Notation),
    /// A decimal with a zero fraction.
    WholeDecimal(Notation),
    Integer,
    PhoneVn,
    PhoneE164,
    /// What a function reads that makes an identifier of it.
    Reads(Step),
    Pattern(Arc<Pattern>),
    Identifier(IdentifierKind),
    MaxChars(u32),
}

impl Form {
    pub(crate) fn of_format(format: Format) -> Self {
        match format.holds() {
            Holds::Date => Self::Date(format),
            Holds::DateTime | Holds::Instant => Self::Timestamp(format),
        }
    }

    fn of_length(field: &Field) -> Option<Self> {
        field.max_chars.map(Self::MaxChars)
    }

    /// The forms that a rule's own conversion reads.
    fn of_rule(rule: &Rule) -> Vec<Self> {
        match &rule.target {
            Target::TimestampOfDate { formats, .. }
            | Target::Date(Dates::Plain(formats) | Dates::OfInstant(Instants { formats, .. }))
            | Target::Timestamp(Instants { formats, .. }) => {
                formats.iter().cloned().map(Self::of_format).collect()
            }
            Target::Decimal(DecimalAs::Text(notation)) => vec![Self::Decimal(*notation)],
            Target::Integer(IntegerAs::ExactDecimal(notation)) => {
                vec![Self::WholeDecimal(*notation)]
            }
            _ => Vec::new(),
        }
    }

    /// The name under which shapes keep it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Timestamp(format) => format!("timestamp:{format}"),
            Self::Date(format) => format!("date:{format}"),
            Self::Decimal(notation) => format!("decimal:{}", marks(*notation)),
            Self::WholeDecimal(notation) => format!("whole-decimal:{}", marks(*notation)),
            Self::Integer => "integer".to_owned(),
            Self::PhoneVn => "phone:vn".to_owned(),
            Self::PhoneE164 => "phone:e164".to_owned(),
            Self::Reads(step) => format!("reads:{}", reader(step)),
            Self::Pattern(pattern) => format!("pattern:{}", pattern.name),
            Self::Identifier(kind) => format!("identifier:{}", kind.name()),
            Self::MaxChars(max) => format!("max-chars:{max}"),
        }
    }

    /// Whether the conversion reads the text, whatever the zone of times without an offset is.
    pub(crate) fn holds(&self, text: &str) -> bool {
        match self {
            Self::Timestamp(format) => {
                let zones = [Zone::HoChiMinh, Zone::Utc];
                zones.into_iter().all(|zone| format.timestamp(text, zone).is_some())
            }
            // As a timestamp, too: the first day of all has no midnight in Vietnam.
            Self::Date(format) => {
                let midnight = |date| Timestamp::from_civil(date, 0, 0, 0, 0);
                format.date(text).and_then(midnight).is_some()
            }
            Self::Decimal(notation) => {
                let mut written = String::new();
                match number::decimal(text, *notation, &mut written) {
                    Some(Canonical::Kept(range)) => range.len() <= DECIMAL_CHARS_MAX,
                    Some(Canonical::Written) => written.len() <= DECIMAL_CHARS_MAX,
                    None => false,
                }
            }
            Self::WholeDecimal(notation) => number::integer_of_decimal(text, *notation).is_some(),
            Self::Integer => number::integer(text).is_some(),
            Self::PhoneVn => is_read(&Step::PhoneVn, text),
            Self::PhoneE164 => is_read(&Step::PhoneE164, text),
            Self::Reads(step) => is_read(step, text),
            Self::Pattern(pattern) => pattern.is_match(text),
            Self::Identifier(kind) => kind.is_match(text),
            Self::MaxChars(max) => text.chars().count() <= *max as usize,
        }
    }
}

/// The name of a function that reads identifiers.
fn reader(step: &Step) -> &'static str {
    match step {
        Step::AgencyCode => "agency-code",
        Step::AgencyCodeGeneration2 => "agency-code-generation-2",
        Step::DossierCode => "dossier-code",
        Step::ProcedureCode => "procedure-code",
        _ => "procedure-number",
    }
}

/// A notation in its own marks.
fn marks(notation: Notation) -> String {
    std::iter::once(notation.point).chain(notation.thousands).collect()
}

fn is_read(step: &Step, text: &str) -> bool {
    !matches!(step.apply(text, &mut String::new()), Outcome::Failed(_))
}

#[cfg(test)]
mod tests;
