//! What is taken from one answer into a page.

use bytes::Bytes;
use lienthong_adapter_api::{Fault, OriginId, PageBuilder, Position as Place, PullRequest};

use super::answer::Told;
use super::digest;
use super::position::{Position, Reading};

/// How much of a faulty record is kept.
const EXCERPT_BYTES_MAX: usize = 4096;

/// How far a page was taken.
pub(super) enum Taken {
    Whole,
    /// Up to this record, which no longer fits.
    Part(usize),
}

/// What is taken from one answer.
pub(super) struct Taking<'a> {
    pub(super) request: PullRequest<'a>,
    pub(super) reading: &'a Reading,
    pub(super) told: &'a Told,
}

impl Taking<'_> {
    /// Copies the records from `start` on that are new into the page, as many as fit.
    pub(super) fn take(
        &self,
        start: usize,
        builder: &mut PageBuilder,
        position: &mut Position,
    ) -> Taken {
        let name = format!("{} ({})", self.told.answer.origin, self.reading.shown());
        let limit = self.request.bytes_max;
        let mut origin = None;
        for (index, record, bytes, content) in self.told.records(start) {
            let is_full = builder.len() + builder.faults_len() >= self.request.items_max
                || (!builder.is_empty() && builder.bytes() + bytes.len() > limit);
            if is_full {
                return Taken::Part(index);
            }
            let key = match &record.key {
                Ok(_) if bytes.len() > limit => {
                    Err(("LT-2076", format!("the record is larger than {limit} bytes")))
                }
                other => other.clone(),
            };
            if !position.memory.is_new(*key.as_ref().unwrap_or(&content), content) {
                continue;
            }
            let place = Place::Index(index as u64);
            match key {
                Ok(_) => {
                    let id: OriginId = *origin.get_or_insert_with(|| builder.origin(name.clone()));
                    builder.push(id, place, bytes);
                }
                Err((code, reason)) => builder.fault(Fault {
                    code,
                    reason,
                    hint: None,
                    origin: name.as_str().into(),
                    position: place,
                    excerpt: excerpt(bytes),
                    items: 1,
                }),
            }
        }
        Taken::Whole
    }

    /// Says how many records a system holds back. Said once for each number, not at every pull.
    pub(super) fn tell_missing(
        &self,
        total: u64,
        builder: &mut PageBuilder,
        position: &mut Position,
    ) {
        let read = self.reading.read;
        let items = total.saturating_sub(read).max(1);
        let name: &[u8] = b"missing from the total";
        if !position.memory.is_new(digest([name]), digest([name, &items.to_le_bytes()])) {
            return;
        }
        builder.fault(Fault {
            code: "LT-2078",
            reason: format!(
                "the system tells of {total} records, gave {read}, and the list does not settle"
            ),
            hint: Some("ask the system's owner whether its total and its list agree".to_owned()),
            origin: format!("{} ({})", self.told.answer.origin, self.reading.shown()).into(),
            position: Place::Index(read),
            excerpt: Bytes::new(),
            items,
        });
    }
}

fn excerpt(bytes: &[u8]) -> Bytes {
    Bytes::copy_from_slice(bytes.get(..EXCERPT_BYTES_MAX).unwrap_or(bytes))
}
