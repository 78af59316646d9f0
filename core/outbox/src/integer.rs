//! Integers as SQLite keeps them: signed, 64 bits.

/// Counts and versions stay far below 2^63; one that does not is kept at the bound.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A length as SQLite keeps it.
pub(crate) fn length(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A negative count can't have been written by us; it is read as none.
pub(crate) fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}
