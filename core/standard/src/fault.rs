//! What is wrong with one field of one record.

/// What is wrong with one field of one record, in both languages.
///
/// Made by [`RecordType::accept`](crate::RecordType::accept) and its kin. A value is quoted only
/// where its field bears no personal tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// The error code, a page of `docs/errors/`.
    pub code: &'static str,
    /// The field: `MaHoSo`, or with group and row `DanhSachLePhi[2].Gia`, rows from 0.
    pub field: String,
    /// What is wrong, in English.
    pub reason: String,
    /// The same in Vietnamese.
    pub reason_vi: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// What the record waits for, the same for every record that waits for it:
    /// `standard/provinces:99` for a code that the list does not have.
    pub waiting_for: Option<String>,
}
