//! Why a record is refused, in words.

use std::fmt;

use lienthong_standard::FieldFault;

/// A record that was refused, with every reason; made by [`Mapping::apply`](crate::Mapping::apply).
///
/// The texts hold no personal data: a value is quoted only where the standard gives its field no
/// personal tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// At least one reason.
    pub reasons: Vec<Reason>,
    /// The key of the record, if its key fields could be mapped.
    pub key: Option<String>,
}

/// One reason why a record is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The error code, a page of `docs/errors/`.
    pub code: &'static str,
    /// The national field, with group and row: `DanhSachLePhi[2].Gia`, rows from 0.
    pub field: Option<String>,
    /// The paths that the field is read from, as the mapping writes them.
    pub source_path: Option<String>,
    /// Where in the item, in bytes from its start; none for what is missing or was put together.
    pub offset: Option<usize>,
    /// What is wrong, in English.
    pub message: String,
    /// The same in Vietnamese.
    pub message_vi: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// What the record waits for, the same for every record that waits for it:
    /// `codes/status:XYZ` for an unmapped code.
    pub waiting_for: Option<String>,
}

impl Reason {
    pub(crate) fn of_standard(fault: FieldFault, source_path: Option<String>) -> Self {
        Self {
            code: fault.code,
            field: Some(fault.field),
            source_path,
            offset: None,
            message: fault.reason,
            message_vi: fault.reason_vi,
            hint: fault.hint,
            waiting_for: fault.waiting_for,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(field) = &self.field {
            write!(f, " {field}")?;
        }
        write!(f, ": {}", self.message)
    }
}
