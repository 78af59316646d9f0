//! A page of items becomes sealed batches and quarantined items.
//!
//! Every item takes one version, in source order, whether it becomes a record or goes to quarantine:
//! what is released later then keeps its place among what the source said before and after it.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use lienthong_adapter_api::{Fault, Page, Place, Position, SourceItem};
use lienthong_mapping::{Mapping, Rejection, Workspace};
use lienthong_outbox::{NewQuarantined, QuarantineKind};
use lienthong_protocol::{
    BatchWriter, Provenance, RecordTooLong, RuleCount, SealedBatch, SourceSpan,
};

use crate::reasons;
use crate::tally::Tally;

/// Maps the pages of one feed. Keeps its buffers from page to page.
pub(crate) struct PageMapper {
    mapping: Arc<Mapping>,
    provenance: Arc<Provenance>,
    workspace: Workspace,
    writer: BatchWriter,
    tally: Tally,
}

/// What became of a page.
pub(crate) struct MappedPage {
    pub(crate) batches: Vec<SealedBatch>,
    pub(crate) quarantined: Vec<NewQuarantined>,
    /// Items read, faults included.
    pub(crate) pulled: u64,
    /// Records that the standard accepted.
    pub(crate) accepted: u64,
    /// How often they broke data-quality rules.
    pub(crate) rules: Vec<RuleCount>,
    /// The version of the next item.
    pub(crate) version_next: u64,
}

/// The batch that is being filled.
struct Open<'p> {
    first_item: usize,
    last_item: usize,
    version_first: u64,
    spans: Vec<(&'p str, Position, Position)>,
}

impl PageMapper {
    pub(crate) fn new(mapping: Arc<Mapping>, provenance: Arc<Provenance>) -> Self {
        let (workspace, writer) = (Workspace::default(), BatchWriter::default());
        Self { mapping, provenance, workspace, writer, tally: Tally::default() }
    }

    /// Whether it maps with this mapping.
    pub(crate) fn is_of(&self, mapping: &Arc<Mapping>) -> bool {
        Arc::ptr_eq(&self.mapping, mapping)
    }

    /// Maps a page. `version_first` is the version of its first item.
    ///
    /// # Errors
    /// When the compressor fails; nothing of the page may then be stored.
    pub(crate) fn map(&mut self, page: &Page, version_first: u64) -> std::io::Result<MappedPage> {
        let mut mapped = MappedPage {
            batches: Vec::with_capacity(4),
            quarantined: Vec::new(),
            pulled: page.len() as u64,
            accepted: 0,
            rules: Vec::new(),
            version_next: version_first,
        };
        let mut open: Option<Open<'_>> = None;
        for (index, item) in page.items().enumerate() {
            if self.writer.is_full() {
                self.seal(page, &mut open, &mut mapped)?;
            }
            let version = mapped.version_next;
            mapped.version_next += 1;
            match self.apply(item) {
                Ok(()) => {
                    mapped.accepted += 1;
                    self.tally.accepted(self.workspace.breaches());
                    note_item(&mut open, index, version, item.place);
                }
                Err(refused) => {
                    let record_type = self.mapping.record_type();
                    self.tally.refused(self.workspace.breaches(), record_type);
                    if !self.writer.is_empty() {
                        self.writer.skip();
                    }
                    mapped.quarantined.push(quarantined(item, version, refused, &self.provenance));
                }
            }
        }
        self.seal(page, &mut open, &mut mapped)?;
        for fault in page.faults() {
            mapped.pulled += fault.items;
            mapped.quarantined.push(self.quarantine_fault(fault));
        }
        mapped.rules = self.tally.take(self.mapping.record_type());
        Ok(mapped)
    }

    /// How many texts were found to be in each encoding since this was asked last.
    pub(crate) fn take_detected(&mut self) -> BTreeMap<&'static str, u64> {
        self.workspace.take_detected()
    }

    /// Maps one item into the open batch.
    fn apply(&mut self, item: SourceItem<'_>) -> Result<(), Refused> {
        let writer = &mut self.writer;
        let mut too_long: Option<RecordTooLong> = None;
        self.mapping
            .apply(item.bytes, &mut self.workspace, &mut |submission| {
                too_long = writer.push(submission).err();
            })
            .map_err(Refused::Mapping)?;
        too_long.map_or(Ok(()), |error| Err(Refused::TooLong(error)))
    }

    fn seal<'p>(
        &mut self,
        page: &'p Page,
        open: &mut Option<Open<'p>>,
        mapped: &mut MappedPage,
    ) -> std::io::Result<()> {
        let Some(open) = open.take() else { return Ok(()) };
        let source = page.stretch(open.first_item, open.last_item);
        let digest = blake3::hash(source).to_hex().to_string();
        let spans = open.spans.into_iter().map(|(origin, first, last)| SourceSpan {
            origin: origin.to_owned(),
            first: Place { origin, position: first }.to_string(),
            last: Place { origin, position: last }.to_string(),
        });
        let batch = self.writer.seal(
            &self.provenance,
            open.version_first,
            spans.collect(),
            Some(digest),
        )?;
        mapped.batches.push(batch);
        Ok(())
    }

    fn quarantine_fault(&self, fault: &Fault) -> NewQuarantined {
        let place = Place { origin: &fault.origin, position: fault.position };
        let hint = fault.hint.as_deref().unwrap_or_default();
        NewQuarantined {
            kind: QuarantineKind::Unreadable,
            version: None,
            key: None,
            code: fault.code.to_owned(),
            reasons: reasons::of_words(fault.code, &fault.reason, hint),
            place: place.to_string(),
            raw: fault.excerpt.clone(),
            source_digest: None,
            provenance: Arc::clone(&self.provenance),
            items: fault.items,
            waiting_for: None,
        }
    }
}

/// Why an item did not become a record.
pub(crate) enum Refused {
    Mapping(Rejection),
    TooLong(RecordTooLong),
}

/// An item that was refused, as the quarantine keeps it.
pub(crate) struct RefusedItem {
    pub(crate) version: u64,
    pub(crate) place: String,
    pub(crate) raw: Bytes,
    pub(crate) source_digest: Option<String>,
    /// How many items of the source it stands for.
    pub(crate) items: u64,
}

impl Refused {
    /// The row in quarantine of an item that was refused for this.
    pub(crate) fn row(self, item: RefusedItem, provenance: &Arc<Provenance>) -> NewQuarantined {
        let (key, waiting_for, code, reasons) = match self {
            Self::Mapping(rejection) => {
                let waiting_for = rejection.reasons.iter().find_map(|r| r.waiting_for.clone());
                let code = rejection.reasons.first().map_or("LT-3030", |reason| reason.code);
                let reasons = reasons::of_rejection(&rejection);
                (rejection.key, waiting_for, code, reasons)
            }
            Self::TooLong(error) => {
                let hint = "shorten what the mapping takes in, or cut it where it may be cut";
                (None, None, "LT-3090", reasons::of_words("LT-3090", &error.to_string(), hint))
            }
        };
        let RefusedItem { version, place, raw, source_digest, items } = item;
        NewQuarantined {
            kind: QuarantineKind::Rejected,
            version: Some(version),
            key,
            code: code.to_owned(),
            reasons,
            place,
            raw,
            source_digest,
            provenance: Arc::clone(provenance),
            items,
            waiting_for,
        }
    }
}

/// The row of an item of a page that was refused.
pub(crate) fn quarantined(
    item: SourceItem<'_>,
    version: u64,
    refused: Refused,
    provenance: &Arc<Provenance>,
) -> NewQuarantined {
    let item = RefusedItem {
        version,
        place: item.place.to_string(),
        raw: Bytes::copy_from_slice(item.bytes),
        source_digest: Some(blake3::hash(item.bytes).to_hex().to_string()),
        items: 1,
    };
    refused.row(item, provenance)
}

fn note_item<'p>(open: &mut Option<Open<'p>>, index: usize, version: u64, place: Place<'p>) {
    let position = place.position;
    let Some(open) = open else {
        let spans = vec![(place.origin, position, position)];
        *open = Some(Open { first_item: index, last_item: index, version_first: version, spans });
        return;
    };
    open.last_item = index;
    match open.spans.last_mut() {
        // Items of one origin share the origin's text, so that its address tells them apart.
        Some((origin, _, last)) if std::ptr::eq(*origin, place.origin) => *last = position,
        _ => open.spans.push((place.origin, position, position)),
    }
}

#[cfg(test)]
pub(crate) mod tests;
