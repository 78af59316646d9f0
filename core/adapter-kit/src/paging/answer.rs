//! A request for a page, and what a system answers.

use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use lienthong_adapter_api::PullError;

use super::{Digest, Values, digest};

/// One request for a page of a system.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What the templates are filled with.
    pub values: Values,
    /// The address that the system gave for this page, instead of a request of our own.
    pub link: Option<String>,
    /// The present moment, where it is known.
    pub now: Option<Timestamp>,
}

/// What a system answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The request, for places; no secret.
    pub origin: String,
    /// The buffer that the records lie in.
    pub body: Bytes,
    /// The records, in the order of the answer.
    pub records: Vec<Record>,
    /// How many records the system says there are, over all pages.
    pub total: Option<u64>,
    /// Whether the system says that this is the last page.
    pub is_last: Option<bool>,
    /// The token or address of the next page.
    pub next: Option<String>,
    /// What time it is for the system, by its own answer.
    pub date: Option<Timestamp>,
}

/// One record of an answer.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its bytes, as a range of the answer's buffer.
    pub range: Range<usize>,
    /// What tells it from other records, or why it can't be read: a code and words.
    pub key: Result<Digest, (&'static str, String)>,
}

/// Asks a system for one page.
#[async_trait]
pub trait Asker: Send + Sync {
    /// Asks and finds the records in the answer.
    ///
    /// # Errors
    /// As for [`lienthong_adapter_api::Adapter::pull`].
    async fn ask(&self, ask: &Ask) -> Result<Answer, PullError>;
}

/// An answer with the digests by which its records are known again.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) answer: Answer,
    contents: Vec<Digest>,
}

impl Told {
    pub(super) fn new(answer: Answer) -> Self {
        let of = |record| digest([answer.bytes(record)]);
        let contents = answer.records.iter().map(of).collect();
        Self { answer, contents }
    }

    /// How many records there are.
    pub(super) fn len(&self) -> usize {
        self.contents.len()
    }

    /// The records from one on, each with its number, bytes and digest.
    pub(super) fn records(
        &self,
        start: usize,
    ) -> impl Iterator<Item = (usize, &Record, &[u8], Digest)> {
        let records = self.answer.records.iter().zip(&self.contents).enumerate().skip(start);
        records.map(|(at, (record, content))| (at, record, self.answer.bytes(record), *content))
    }

    pub(super) fn content(&self, index: usize) -> Option<Digest> {
        self.contents.get(index).copied()
    }

    pub(super) fn last_content(&self) -> Option<Digest> {
        self.contents.last().copied()
    }

    /// One digest of the whole page.
    pub(super) fn content_of_all(&self) -> Digest {
        digest(self.contents.iter().map(<[u8; 8]>::as_slice))
    }

    /// Where a record of this content stands; the last one, if there are several.
    pub(super) fn find(&self, content: Digest) -> Option<usize> {
        self.contents.iter().rposition(|known| *known == content)
    }
}

impl Answer {
    fn bytes(&self, record: &Record) -> &[u8] {
        self.body.get(record.range.clone()).unwrap_or_default()
    }
}
