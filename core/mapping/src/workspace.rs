//! Memory that is kept from record to record, so that a good record allocates nothing.

use std::collections::BTreeMap;

use lienthong_standard::{Breach, FieldFault, Rows};

use crate::draft::Drafts;
use crate::slots::Slots;

/// The memory of one thread that applies mappings; it serves any mapping and any record.
#[derive(Debug, Default)]
pub struct Workspace {
    pub(crate) slots: Slots<'static>,
    pub(crate) drafts: Drafts<'static>,
    pub(crate) rows: Vec<Rows<'static>>,
    pub(crate) spare: String,
    pub(crate) faults: Vec<FieldFault>,
    pub(crate) breaches: Vec<Breach>,
    pub(crate) detected: BTreeMap<&'static str, u64>,
}

impl Workspace {
    /// Makes an empty workspace.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many texts were found to be in each encoding, by its name, since this was asked last: of
    /// all records that were applied, the refused ones too.
    pub fn take_detected(&mut self) -> BTreeMap<&'static str, u64> {
        std::mem::take(&mut self.detected)
    }

    /// The rules that the record that was applied last broke, in the order of the rules; those that
    /// only warn, where it was accepted.
    pub fn breaches(&self) -> &[Breach] {
        &self.breaches
    }
}

/// Elements that a vector may keep room for between records; a giant record's room is given back.
pub(crate) const KEPT_MAX: usize = 1 << 14;

/// Empties a vector and gives its memory to elements of another lifetime.
///
/// The standard library collects a vector's own iterator in place, so nothing is allocated as long
/// as the two types have one layout; a test holds it to that.
pub(crate) fn recycle<A, B>(mut full: Vec<A>) -> Vec<B> {
    full.clear();
    if full.capacity() > KEPT_MAX {
        full = Vec::new();
    }
    full.into_iter().filter_map(|_| None).collect()
}

/// Empties a string and keeps a bounded part of its memory.
pub(crate) fn recycle_text(text: &mut String) {
    text.clear();
    text.shrink_to(KEPT_MAX * 16);
}

#[cfg(test)]
mod tests {
    //! Memory stays where it is, and does not grow without bound.

    use lienthong_standard::Value;

    use super::{KEPT_MAX, recycle};

    #[test]
    fn a_recycled_vector_keeps_its_memory() {
        let text = String::from("x");
        let mut values: Vec<Value<'_>> = vec![Value::Text(&text); 40];
        let before = values.as_ptr().cast::<u8>();
        values.truncate(3);
        let recycled: Vec<Value<'static>> = recycle(values);
        assert!(recycled.is_empty());
        assert!(recycled.capacity() >= 40);
        assert_eq!(recycled.as_ptr().cast::<u8>(), before);
    }

    #[test]
    fn a_giant_record_leaves_no_giant_behind() {
        let values = vec![Value::Null; KEPT_MAX + 1];
        assert_eq!(recycle::<_, Value<'static>>(values).capacity(), 0);
    }
}
