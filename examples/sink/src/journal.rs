//! What came to the endpoint.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write as _};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The sums of the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Requests that came, whatever became of them.
    pub requests: u64,
    /// Requests whose key had come before.
    pub repeated: u64,
    /// Requests whose key had come before with other bytes: must be 0.
    pub altered: u64,
    /// Requests without a key: must be 0.
    pub without_key: u64,
    /// Requests refused with 400.
    pub refused: u64,
    /// Records applied, each key once.
    pub records: u64,
    /// Bytes of the bodies that were applied.
    pub bytes: u64,
}

/// What came to the endpoint, by idempotency key.
#[derive(Debug, Default)]
pub struct Journal {
    totals: Totals,
    seen: HashMap<String, Entry>,
    store: Option<File>,
}

#[derive(Debug)]
struct Entry {
    digest: [u8; 32],
    is_applied: bool,
}

impl Journal {
    /// Makes a journal that also appends the applied records to a file, one a line.
    pub fn new(store: Option<File>) -> Self {
        Self { store, ..Self::default() }
    }

    /// The sums so far.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Notes that a request came.
    pub(crate) fn note(&mut self, key: Option<&str>, body: &[u8]) {
        self.totals.requests += 1;
        let Some(key) = key else {
            self.totals.without_key += 1;
            return;
        };
        let digest: [u8; 32] = Sha256::digest(body).into();
        match self.seen.get(key) {
            Some(entry) => {
                self.totals.repeated += 1;
                self.totals.altered += u64::from(entry.digest != digest);
            }
            None => {
                self.seen.insert(key.to_owned(), Entry { digest, is_applied: false });
            }
        }
    }

    pub(crate) fn note_refused(&mut self) {
        self.totals.refused += 1;
    }

    /// Applies a request once.
    pub(crate) fn apply(&mut self, key: Option<&str>, body: &[u8]) -> io::Result<()> {
        if let Some(entry) = key.and_then(|key| self.seen.get_mut(key)) {
            if entry.is_applied {
                return Ok(());
            }
            entry.is_applied = true;
        }
        self.totals.bytes += body.len() as u64;
        self.totals.records += memchr::memchr_iter(b'\n', body).count() as u64;
        match &mut self.store {
            Some(store) => store.write_all(body),
            None => Ok(()),
        }
    }
}
