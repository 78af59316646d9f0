//! A batch made ready for the store: opened, each record verified, ordered by key.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use lienthong_protocol::{BATCH_BYTES_MAX, BatchHeader, Digest, OpenBatch, OpenError, Refusal};
use lienthong_standard::{FieldFault, RecordType, VerifyScratch};
use xxhash_rust::xxh3::xxh3_64;

use super::headers::Claim;
use super::refused;
use crate::app::Shared;
use crate::depth;
use crate::refused::Refused;
use crate::store::{BatchWork, Broken, Entry, FeedName, stored_receipt};

/// The most faults of one record that a receipt tells.
const FAULTS_MAX: usize = 8;

/// The most bytes a record's key may take.
const KEY_BYTES_MAX: usize = 500;

/// The most bytes the name of an agency, source or feed may take.
const NAME_BYTES_MAX: usize = 200;

/// What a batch came to.
#[derive(Debug)]
pub(super) enum Prepared {
    /// It was stored before: its receipt.
    Seen(Bytes),
    /// It is new.
    New(Box<BatchWork>),
}

/// Checks a batch's bytes and makes it ready. Blocks: decompressing and verifying take CPU.
pub(super) fn prepare(
    shared: &Shared,
    agency: &str,
    claim: &Claim,
    body: Bytes,
    now: Timestamp,
) -> Result<Prepared, Refused> {
    let digest = Digest::of(&body);
    if digest != claim.digest {
        return Err(Refused::ContentDigest { is_missing: false });
    }
    if digest.idempotency_key() != claim.key {
        return Err(Refused::IdempotencyKey { is_missing: false });
    }
    let seen = shared.store.read(|connection| stored_receipt(connection, &digest));
    if let Some((owner, receipt)) = seen.map_err(refused)? {
        let is_own = owner == agency;
        return if is_own { Ok(Prepared::Seen(receipt.into())) } else { Err(Refused::OtherAgency) };
    }
    let header = lienthong_protocol::open_header(&body).map_err(not_a_batch)?;
    let record_type = check_header(shared, agency, &header)?;
    let batch = lienthong_protocol::open(&body).map_err(not_a_batch)?;
    let Read { entries, refusals, breaches } = verify(shared, record_type, &batch)?;
    let provenance = header.provenance;
    Ok(Prepared::New(Box::new(BatchWork {
        digest,
        feed: FeedName {
            agency: provenance.agency,
            source: provenance.source,
            feed: provenance.feed,
        },
        record_type: Arc::clone(record_type),
        body,
        received_at: now,
        count: header.count,
        entries,
        refusals,
        breaches,
    })))
}

fn not_a_batch(error: OpenError) -> Refused {
    match error {
        OpenError::TooLong => Refused::TooLarge { bytes_max: BATCH_BYTES_MAX },
        OpenError::Form(form) => Refused::UnknownForm(form),
        other => Refused::NotABatch { why: lienthong_diagnostics::chain(&other) },
    }
}

fn check_header<'s>(
    shared: &'s Shared,
    agency: &str,
    header: &BatchHeader,
) -> Result<&'s Arc<RecordType>, Refused> {
    let provenance = &header.provenance;
    if provenance.agency != agency {
        return Err(Refused::OtherAgency);
    }
    let bad = |why: &str| Err(Refused::NotABatch { why: why.to_owned() });
    let is_name = |name: &str| {
        !name.is_empty() && name.len() <= NAME_BYTES_MAX && !name.chars().any(char::is_control)
    };
    if !is_name(&provenance.source) || !is_name(&provenance.feed) {
        return bad("the names of source and feed must be short and printable");
    }
    if !header.skipped.is_sorted_by(|a, b| a < b) {
        return bad("the skipped versions do not rise");
    }
    let reach = u64::from(u32::MAX) * 2;
    if header.version_first > i64::MAX.unsigned_abs() - reach {
        return bad("the versions are too high");
    }
    if provenance.standard != shared.standard.name() {
        return Err(Refused::UnknownStandard { known: shared.standard.name().to_owned() });
    }
    let record_type = shared.standard.record_type(&provenance.record_type);
    record_type.ok_or(Refused::UnknownRecordType)
}

/// What the records of a batch are.
struct Read {
    entries: Vec<Entry>,
    refusals: Vec<Refusal>,
    breaches: Vec<Broken>,
}

fn verify(shared: &Shared, record_type: &RecordType, batch: &OpenBatch) -> Result<Read, Refused> {
    let depth_max = shared.limits.depth_max;
    let mut scratch = VerifyScratch::default();
    let mut entries = Vec::with_capacity(batch.header.count as usize);
    let (mut refusals, mut breaches) = (Vec::new(), Vec::new());
    let lines = batch.lines();
    for ((place, record), version) in (0_u32..).zip(records(&lines)).zip(batch.versions()) {
        if depth::exceeds(record, depth_max) {
            return Err(Refused::TooDeep { depth_max });
        }
        match record_type.verify(&shared.standard, record, &mut scratch) {
            Ok(verified) if verified.key.len() > KEY_BYTES_MAX => refusals.push(long_key(place)),
            Ok(verified) => entries.push(Entry {
                key: verified.key,
                revision: verified.revision,
                version: i64::try_from(version).unwrap_or(i64::MAX),
                place,
                content: i64::from_ne_bytes(xxh3_64(record).to_ne_bytes()),
                state: verified.state,
                at: verified.at.map_or(0, micros),
            }),
            Err(faults) => {
                refusals.extend(faults.into_iter().take(FAULTS_MAX).map(|f| refusal(place, f)));
            }
        }
        let mut last = None;
        // Breaches of one rule follow each other.
        for breach in scratch.breaches() {
            if last.replace(breach.rule) != Some(breach.rule) {
                breaches.push(Broken { place, rule: breach.rule });
            }
        }
    }
    entries.sort_unstable();
    Ok(Read { entries, refusals, breaches })
}

/// An instant as the index keeps it: in microseconds, which are enough to tell steps apart.
fn micros(at: lienthong_standard::Timestamp) -> i64 {
    at.seconds().saturating_mul(1_000_000).saturating_add(i64::from(at.nanos() / 1000))
}

/// The records of a batch's lines. The same as `OpenBatch::records`, but the ends of lines are found
/// many bytes at a time.
fn records(lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut start = 0;
    memchr::memchr_iter(b'\n', lines).filter_map(move |end| {
        let line = lines.get(start..end);
        start = end + 1;
        line
    })
}

fn refusal(index: u32, fault: FieldFault) -> Refusal {
    Refusal {
        index,
        code: fault.code.to_owned(),
        field: Some(fault.field).filter(|field| !field.is_empty()),
        reason: fault.reason,
        reason_vi: fault.reason_vi,
    }
}

fn long_key(index: u32) -> Refusal {
    Refusal {
        index,
        code: "LT-7041".to_owned(),
        field: None,
        reason: format!("the record's key takes more than {KEY_BYTES_MAX} bytes"),
        reason_vi: format!("khóa của bản ghi dài hơn {KEY_BYTES_MAX} byte"),
    }
}
